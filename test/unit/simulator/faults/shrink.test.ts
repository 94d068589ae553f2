import fc from 'fast-check';
import { shrink } from '../../../../simulator/faults/shrink';

test('what is left is just what is needed for the failure', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(fc.integer(), { maxLength: 8 }), fc.func(fc.boolean()), async (things, isNeeded) => {
      const needed = things.filter((thing) => isNeeded(thing));
      const left = await shrink(things, (some) => Promise.resolve(needed.every((thing) => some.includes(thing))));
      expect(left).toEqual(needed);
    }),
  );
});

test('when either of two is enough, one of them is left', async () => {
  const left = await shrink(['a', 'b', 'c'], (some) => Promise.resolve(some.includes('a') || some.includes('c')));
  expect(left).toEqual(['c']);
});

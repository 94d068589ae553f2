import fc from 'fast-check';
import { START_TIME, VirtualClock } from '../../../../simulator/kernel/clock';
import { seeded, uuidOf } from '../../../../simulator/kernel/random';

describe('the virtual clock', () => {
  test('runs events in the order of time, and of two at one time the one scheduled first', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 1, maxLength: 60 }), async (delays) => {
        const clock = new VirtualClock();
        const ran: { delay: number; order: number; at: number }[] = [];
        delays.forEach((delay, order) => clock.after(delay, () => ran.push({ delay, order, at: clock.now() - START_TIME })));
        await clock.run(() => ran.length === delays.length);
        const expected = delays.map((delay, order) => ({ delay, order, at: delay })).sort((a, b) => a.delay - b.delay || a.order - b.order);
        expect(ran).toEqual(expected);
      }),
    );
  });

  test('time advances only when everything that runs is asleep', async () => {
    const clock = new VirtualClock();
    const seen: string[] = [];
    const walk = async (name: string, milliseconds: number): Promise<void> => {
      for (let i = 0; i < 3; i++) {
        await clock.sleep(milliseconds);
        for (let turn = 0; turn < 50; turn++) await Promise.resolve();
        seen.push(`${name}@${clock.now() - START_TIME}`);
      }
    };
    let done = false;
    void Promise.all([walk('a', 10), walk('b', 15)]).then(() => (done = true));
    await clock.run(() => done);
    expect(seen).toEqual(['a@10', 'b@15', 'a@20', 'b@30', 'a@30', 'b@45']);
  });

  test('a cancelled event does not run', async () => {
    const clock = new VirtualClock();
    let ran = false;
    clock.after(1, () => (ran = true)).cancel();
    clock.after(2, () => undefined);
    await clock.run(() => clock.now() >= START_TIME + 2);
    expect(ran).toBe(false);
  });

  test('says what it waits for when nothing is scheduled any more', async () => {
    await expect(
      new VirtualClock().run(
        () => false,
        () => 'the execution X',
      ),
    ).rejects.toThrow('Nothing is scheduled any more at 2026-01-06T01:00:00.000Z, but the simulation still waits for the execution X.');
  });

  test('says so when virtual time stands still', async () => {
    const clock = new VirtualClock();
    const again = (): void => void clock.after(0, again);
    again();
    await expect(clock.run(() => false)).rejects.toThrow('Virtual time stands still');
  });
});

describe('seeded random numbers', () => {
  test('a seed gives the same numbers again, another seed others', () => {
    const numbers = (seed: number): number[] =>
      Array.from(
        { length: 5 },
        (
          (random) => () =>
            random.next()
        )(seeded(seed)),
      );
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e6 }), (seed) => {
        expect(numbers(seed)).toEqual(numbers(seed));
        expect(numbers(seed)).not.toEqual(numbers(seed + 1));
      }),
    );
  });

  test('a fork neither disturbs its parent nor depends on how far that is', () => {
    const [a, b] = [seeded(5), seeded(5)];
    b.next();
    expect(a.fork('x').next()).toBe(b.fork('x').next());
    expect(a.fork('x').next()).not.toBe(a.fork('y').next());
    expect(a.next()).toBe(seeded(5).next());
  });

  test('whole numbers stay within their bounds and reach both', () => {
    const random = seeded(3);
    const drawn = new Set(Array.from({ length: 500 }, () => random.integer(2, 5)));
    expect([...drawn].sort()).toEqual([2, 3, 4, 5]);
  });

  test('a UUID is one of version 4', () => {
    expect(uuidOf(seeded(1))).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });
});

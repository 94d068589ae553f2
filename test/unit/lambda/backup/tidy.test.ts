/** Tidying touches exactly what carries this cluster's tags and one of the ids. */
import fc from 'fast-check';
import type { Snapshot } from '../../../../lambda/core/backup/snapshot';
import type { Discarded } from '../../../../lambda/core/backup/tidy';
import { tidyPart } from '../../../../lambda/shared/tidy-part';
import { BACKUP_TAGS } from '../../../../lib/contract/tags';
import { NOW, at, limits, plan } from '../support/build';
import { BACKUP_ID, FINISHED, HOME, failing, snapshot, tags } from './support/build';
import { fakeMade } from './support/fakes';

const old = { startedAt: at(-86_400).toISOString() };
const tidy = async (
  made: readonly Snapshot[],
  { mark = [], discard = [], since }: { mark?: readonly string[]; discard?: readonly string[]; since?: string },
  outcome: Discarded = 'gone',
  seconds = 0,
) => {
  const port = fakeMade(made, () => outcome);
  const input = { part: HOME, clusterName: plan().groupName, mark, discard, ...(since !== undefined && { since }) };
  return { port, look: await tidyPart(input, limits, at(seconds), port) };
};

test('marks the snapshots of a finished upgrade, once', async () => {
  const { port, look } = await tidy([snapshot('a', 'vol-1'), snapshot('b', 'vol-2', { tags: tags('shared-home', {}, FINISHED) })], {
    mark: [BACKUP_ID],
  });
  expect(port.marked).toEqual(['a']);
  expect(port.discarded).toEqual([]);
  expect(look.verdict).toBe('done');
});
test('deletes every snapshot of a backup, also those of a second call', async () => {
  const { port, look } = await tidy([snapshot('a', 'vol-1', old), snapshot('a2', 'vol-1', old), snapshot('b', 'vol-2', old)], {
    discard: [BACKUP_ID],
  });
  expect(port.discarded).toEqual(['a', 'a2', 'b']);
  expect(look.verdict).toBe('done');
});
test('never deletes a backup that is to be marked', async () => {
  expect((await tidy([snapshot('a', 'vol-1', old)], { mark: [BACKUP_ID], discard: [BACKUP_ID] })).port.discarded).toEqual([]);
});
test('waits for what cannot be deleted yet, within the limit', async () => {
  const creating = [snapshot('a', 'vol-1', { ...old, state: 'pending', said: 'creating' })];
  const { look } = await tidy(creating, { discard: [BACKUP_ID] }, 'later');
  expect(look).toMatchObject({ verdict: 'wait', since: NOW.toISOString(), detail: expect.stringContaining('a (creating)') as string });
  await expect(tidy(creating, { discard: [BACKUP_ID], since: NOW.toISOString() }, 'later', 7200)).rejects.toEqual(
    failing('BackupFailed', /by hand/),
  );
});
test('says which snapshot an image still uses', async () => {
  await expect(tidy([snapshot('a', 'vol-1', old)], { discard: [BACKUP_ID] }, 'in-use')).rejects.toEqual(
    failing('BackupFailed', /Deregister the image/),
  );
});
test('looks once more for what a task that still runs may make: of a fresh backup, and of one that is not seen', async () => {
  const since = NOW.toISOString();
  expect((await tidy([snapshot('a', 'vol-1')], { discard: [BACKUP_ID] })).look).toMatchObject({ verdict: 'wait', waitSeconds: 75 });
  expect((await tidy([], { discard: [BACKUP_ID], since }, 'gone', 30)).look).toMatchObject({ verdict: 'wait', waitSeconds: 45 });
  const { port, look } = await tidy(
    [snapshot('late', 'vol-1', { startedAt: at(20).toISOString() })],
    { discard: [BACKUP_ID], since },
    'gone',
    75,
  );
  expect(port.discarded).toEqual(['late']);
  expect(look.verdict).toBe('done');
});
test('does not count what is being deleted already', async () => {
  const { port } = await tidy([snapshot('a', 'vol-1', { state: 'leaving' })], { mark: [BACKUP_ID], discard: [] });
  expect(port.marked).toEqual([]);
});

test('never touches a snapshot that lacks one of the exact tags, however alike it looks', async () => {
  const alike = (value: string) =>
    fc.constantFrom(value, `${value}-2`, value.slice(0, -1), value.toUpperCase(), `${value}*`, '*', '', undefined);
  const inventory = fc.array(
    fc.record({
      cluster: alike(plan().groupName),
      part: alike('shared-home'),
      id: alike(BACKUP_ID),
      finished: fc.constantFrom('yes', undefined),
    }),
    { maxLength: 30 },
  );
  await fc.assert(
    fc.asyncProperty(inventory, fc.boolean(), async (items, isMark) => {
      const made = items.map(({ cluster, part, id, finished }, n) => {
        const wanted: [string, string | undefined][] = [
          [BACKUP_TAGS.cluster, cluster],
          [BACKUP_TAGS.part, part],
          [BACKUP_TAGS.id, id],
          [BACKUP_TAGS.finished, finished],
        ];
        return snapshot(`snap-${n}`, 'vol-1', {
          ...old,
          tags: Object.fromEntries(wanted.filter(([, value]) => value !== undefined)) as Record<string, string>,
        });
      });
      const { port } = await tidy(made, isMark ? { mark: [BACKUP_ID] } : { discard: [BACKUP_ID] });
      const ours = (withMark: boolean) =>
        items.flatMap(({ cluster, part, id, finished }, n) =>
          cluster === plan().groupName && part === 'shared-home' && id === BACKUP_ID && (withMark || finished === undefined)
            ? [`snap-${n}`]
            : [],
        );
      expect(port.marked).toEqual(isMark ? ours(false) : []);
      expect(port.discarded).toEqual(isMark ? [] : ours(true));
    }),
  );
});

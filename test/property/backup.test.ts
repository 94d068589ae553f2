/** Over random inventories: nothing goes that must stay, and no run stands on a backup that it cannot trust. */
import fc from 'fast-check';
import { chooseBackup } from '../../lambda/core/backup/choose';
import { knownBackups } from '../../lambda/core/backup/known';
import { chooseExpired } from '../../lambda/core/backup/retention';
import type { Snapshot } from '../../lambda/core/backup/snapshot';
import { toDiscard } from '../../lambda/core/backup/tidy';
import type { Tags } from '../../lambda/core/backup/tags';
import type { KnownBackup, PartObservation } from '../../lib/contract/events';
import { BACKUP_ID_PREFIX, BACKUP_TAGS } from '../../lib/contract/tags';
import { NOW, at } from '../unit/lambda/support/build';

const PARTS = ['database', 'shared-home'];
const CLUSTER = 'bitbucket-nodes';
const OWN = `${BACKUP_ID_PREFIX}own`;

/** Few ids, so that they meet; all with the prefix that the tool's own have. */
const ids = fc.integer({ min: 0, max: 7 }).map((n) => `${BACKUP_ID_PREFIX}${n}`);
const states = fc.constantFrom<Snapshot['state']>('complete', 'complete', 'complete', 'pending', 'failed', 'leaving');
const tagged: fc.Arbitrary<Tags> = fc
  .record({
    id: fc.oneof({ weight: 8, arbitrary: ids }, { weight: 1, arbitrary: fc.constant(OWN) }),
    cluster: fc.constantFrom(CLUSTER, CLUSTER, CLUSTER, `${CLUSTER}-2`, 'bitbucket'),
    part: fc.constantFrom(...PARTS, ...PARTS, 'mesh-1'),
    finished: fc.constantFrom('yes', 'yes', 'no', undefined),
  })
  .map(({ id, cluster, part, finished }) => ({
    [BACKUP_TAGS.id]: id,
    [BACKUP_TAGS.cluster]: cluster,
    [BACKUP_TAGS.part]: part,
    [BACKUP_TAGS.versions]: '9.4.20 to 9.4.23',
    ...(finished !== undefined && { [BACKUP_TAGS.finished]: finished }),
  }));
/** What others made: the same names and the same prefix, and not all of the tags. */
const foreign: fc.Arbitrary<Tags> = fc.oneof(
  fc.constant<Tags>({}),
  ids.map((id): Tags => ({ Name: id })),
  ids.map((id): Tags => ({ [BACKUP_TAGS.id]: id, [BACKUP_TAGS.finished]: 'yes' })),
  tagged.map((tags): Tags => Object.fromEntries(Object.entries(tags).filter(([key]) => key !== BACKUP_TAGS.cluster))),
);
const snapshots = fc
  .array(
    fc.record({
      tags: fc.oneof({ weight: 4, arbitrary: tagged }, { weight: 1, arbitrary: foreign }),
      state: states,
      seconds: fc.integer({ min: 60, max: 60 * 24 * 60 * 60 }),
    }),
    { maxLength: 40 },
  )
  .map((made) =>
    made.map(({ tags, state, seconds }, n): Snapshot => ({
      id: `snap-${n}`,
      tagTarget: `snap-${n}`,
      source: 'vol-1',
      state,
      said: state,
      percent: 0,
      startedAt: at(-seconds).toISOString(),
      encrypted: true,
      sizeGiB: 1,
      tags,
    })),
  );
const observe = (all: readonly Snapshot[]): PartObservation[] =>
  PARTS.map((part) => ({
    part,
    problems: [],
    warnings: [],
    ready: true,
    detail: '',
    backups: knownBackups(all, { clusterName: CLUSTER, part }, ['vol-1']),
  }));
const retentions = fc.oneof(
  fc.integer({ min: 1, max: 4 }).map((keepLast) => ({ keepLast })),
  fc.integer({ min: 1, max: 60 }).map((keepDays) => ({ keepDays })),
);

test('retention deletes only what this cluster’s upgrades have finished with, in every part, and keeps the youngest', () => {
  fc.assert(
    fc.property(snapshots, retentions, (all, retention) => {
      const observations = observe(all);
      const { mark, discard } = chooseExpired({ plan: { backupId: OWN }, observations, spec: { parts: PARTS, retention }, now: NOW });
      expect(mark).toEqual([OWN]);
      expect(discard).not.toContain(OWN);

      const deleted = PARTS.flatMap((name) =>
        toDiscard({ part: { name, title: name, specification: {} }, clusterName: CLUSTER, mark, discard }, all),
      );
      for (const { tags, state } of deleted) {
        expect(tags).toMatchObject({ [BACKUP_TAGS.cluster]: CLUSTER, [BACKUP_TAGS.finished]: 'yes' });
        expect(PARTS).toContain(tags[BACKUP_TAGS.part]);
        expect(state).not.toBe('leaving');
      }

      const known = new Map(PARTS.map((part, n) => [part, observations[n]!.backups]));
      const whole = (id: string): boolean =>
        PARTS.every((part) => known.get(part)!.some((one) => one.backupId === id && one.state === 'complete' && one.finished));
      const age = (id: string): number =>
        Math.max(
          ...PARTS.flatMap((part) =>
            known
              .get(part)!
              .filter((one) => one.backupId === id)
              .map((one) => Date.parse(one.startedAt)),
          ),
        );
      expect(discard.filter((id) => !whole(id))).toEqual([]);
      const candidates = [...new Set(observations.flatMap(({ backups }) => backups.map(({ backupId }) => backupId)))].filter(
        (id) => id !== OWN && whole(id),
      );
      const kept = candidates.filter((id) => !discard.includes(id));
      for (const gone of discard) for (const stays of kept) expect(age(stays)).toBeGreaterThanOrEqual(age(gone));
      if ('keepLast' in retention) expect(kept).toHaveLength(Math.min(candidates.length, retention.keepLast - 1));
      else for (const id of kept) expect((NOW.getTime() - age(id)) / 86_400_000).toBeLessThanOrEqual(retention.keepDays);
    }),
    { numRuns: 500 },
  );
});

test('without being asked for, retention deletes nothing', () => {
  fc.assert(
    fc.property(snapshots, (all) => {
      expect(chooseExpired({ plan: { backupId: OWN }, observations: observe(all), spec: { parts: PARTS }, now: NOW }).discard).toEqual([]);
    }),
  );
});

const knowns: fc.Arbitrary<KnownBackup[]> = fc.uniqueArray(
  fc.record({
    backupId: fc.constantFrom('a', 'b', 'c', 'd'),
    versions: fc.constantFrom('1 to 2', '1 to 2', '1 to 3'),
    run: fc.constant('arn'),
    startedAt: fc.oneof(
      fc.integer({ min: -300, max: 0 }).map((seconds) => at(seconds).toISOString()),
      fc.constant(''),
    ),
    state: fc.constantFrom<KnownBackup['state']>('complete', 'complete', 'pending', 'failed'),
    finished: fc.constantFrom(false, false, false, true),
  }),
  { selector: ({ backupId }) => backupId },
);

test('a run uses the one good backup if there is one, makes one otherwise, and names for deletion no good one', () => {
  fc.assert(
    fc.property(
      knowns,
      knowns,
      fc.integer({ min: 0, max: 200 }),
      fc.integer({ min: 0, max: 300 }),
      (database, home, skewLimit, reuseWithin) => {
        const observations = [database, home].map((backups, n) => ({ ...observe([])[n]!, backups }));
        const spec = { parts: PARTS, skewLimit, reuseWithin };
        const choice = chooseBackup({ newId: 'new', versions: '1 to 2', observations, spec, now: NOW });

        const pairOf = (id: string) => [database, home].map((backups) => backups.find(({ backupId }) => backupId === id));
        const isGood = (id: string): boolean => {
          const pair = pairOf(id);
          const moments = pair.map((one) => Date.parse(one?.startedAt ?? '') / 1000);
          return (
            pair.every((one) => one !== undefined && one.versions === '1 to 2' && one.state !== 'failed' && !one.finished) &&
            Math.abs(moments[0]! - moments[1]!) <= skewLimit &&
            NOW.getTime() / 1000 - Math.min(...moments) <= reuseWithin
          );
        };
        const good = ['a', 'b', 'c', 'd'].filter(isGood);
        expect(choice.reusesBackup).toBe(good.length > 0);
        if (choice.reusesBackup) expect(good).toContain(choice.backupId);
        else expect(choice.backupId).toBe('new');
        for (const id of choice.unfinishedBackups) {
          expect(good).not.toContain(id);
          expect(pairOf(id).some((one) => one === undefined || one.state === 'failed')).toBe(true);
          expect(pairOf(id).some((one) => one?.finished)).toBe(false);
        }
      },
    ),
    { numRuns: 500 },
  );
});

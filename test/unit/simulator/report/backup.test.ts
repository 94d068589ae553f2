import { backupCounts, backupResult, backupText, restorePlanOf } from '../../../../simulator/report/backup';
import { backupFacts, backupTags, evidence, snapshot, without, withEntries } from '../rules/evidence';

const plan = [
  { title: 'Stop', commands: ['aws a', 'aws b'] },
  { title: 'Start', commands: ['aws c'] },
];

test('a backup has its id, its parts with their moments and percent, and the skew', () => {
  expect(backupResult(evidence())).toEqual({
    id: 'a',
    versions: '9.4.20 to 9.4.23',
    complete: true,
    reused: false,
    skewSeconds: 0,
    skewLimitSeconds: 60,
    parts: [
      { part: 'database', ids: ['snap-db-a'], begun: 10, complete: 120, percent: 100 },
      { part: 'shared-home', ids: ['snap-vol-a'], begun: 10, complete: 100, percent: 100 },
    ],
    seconds: 110,
  });
});

test('one that failed is shown as far as it got', () => {
  const failed = backupResult(evidence(without(({ change }) => change === 'available')));
  expect(failed).toMatchObject({ complete: false, seconds: 0, parts: [{ complete: null, percent: 0 }, { percent: 100 }] });
  expect(backupText(failed, []).join('\n')).toMatch(/NOT complete[^]*not in the output/);
});

test('one of an earlier run takes no time of this one', () => {
  const atStart = ['db', 'vol'].map((of) => ({ id: `old-${of}`, of, tags: backupTags('old'), startedAt: -600_000, completedAt: -300_000 }));
  const used = backupResult(evidence({ ...without(({ kind }) => kind === 'snapshot'), backup: backupFacts({ atStart }) }));
  expect(used).toMatchObject({ id: 'old', reused: true, seconds: 0 });
  expect(backupText(used, plan).join('\n')).toMatch(/of an earlier run[^]*begun 10 min 0 s before the run, complete before it/);
});

test('without a backup there is none to show', () => {
  expect(backupResult(evidence(without(({ kind }) => kind === 'snapshot')))).toBeNull();
  expect(backupText(null, [])).toEqual(['Backup', '  none']);
});

test('the way back is counted from the output of the execution, as it is or as JSON', () => {
  for (const output of [{ restorePlan: plan }, JSON.stringify({ restorePlan: plan })]) expect(restorePlanOf({ output })).toEqual(plan);
  for (const output of [undefined, {}, '{"restorePlan": 1}']) expect(restorePlanOf({ output })).toEqual([]);
  expect(backupText(backupResult(evidence()), plan).join('\n')).toContain('2 steps, 3 commands');
});

test('what is there at the end is counted: complete backups, and what belongs to none', () => {
  expect(backupCounts(evidence())).toEqual({ complete: 1, leftovers: 0 });
  expect(backupCounts(evidence(withEntries(snapshot(5, 'db', 'failed', backupTags('dead')))))).toEqual({ complete: 1, leftovers: 1 });
  expect(backupCounts(evidence(withEntries(snapshot(1595, 'vol', 'deleted'))))).toEqual({ complete: 0, leftovers: 1 });
});

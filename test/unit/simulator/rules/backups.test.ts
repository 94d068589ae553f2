import { judge } from '../../../../simulator/rules';
import type { BackupItem } from '../../../../simulator/rules/backups';
import type { Evidence } from '../../../../simulator/rules/rule';
import { backupFacts, backupTags, calls, entry, evidence, snapshot, without, withEntries } from './evidence';

const broken = (overrides: Partial<Evidence>): number[] =>
  judge(evidence(overrides))
    .filter(({ kept }) => !kept)
    .map(({ id }) => id);
const said = (id: number, overrides: Partial<Evidence> = {}): string => judge(evidence(overrides)).find((rule) => rule.id === id)!.evidence;
const noSnapshots = (): Partial<Evidence> => without(({ kind }) => kind === 'snapshot');

/** A complete pair that was there when the run began, so many seconds before. */
const earlier = (secondsBefore: number, versions = '9.4.20 to 9.4.23', skew = 0): BackupItem[] =>
  ['db', 'vol'].map((of, index) => ({
    id: `old-${of}`,
    of,
    tags: backupTags('old', versions),
    startedAt: -(secondsBefore - skew * index) * 1000,
    completedAt: -10_000,
  }));

describe('rule 4, the backup first', () => {
  const suspends = (seconds: number) => calls(seconds, 'autoscaling:SuspendProcesses', { execution: 'run-1' });

  test('is broken by a change, or upgrade mode, before both parts are complete', () => {
    expect(broken(withEntries(suspends(110)))).toEqual([4]);
    expect(broken(withEntries(entry(110, 'bitbucket', { event: 'upgrade-mode', call: 'start', accepted: true })))).toEqual([4]);
  });

  test('is broken when a part is missing, or the parts do not belong together', () => {
    expect(broken({ ...without(({ kind, of }) => kind === 'snapshot' && of === 'vol') })).toContain(4);
    const other = without(({ kind, of }) => kind === 'snapshot' && of === 'vol').journal;
    const otherId = [snapshot(10, 'vol', 'pending', backupTags('b')), snapshot(100, 'vol', 'completed', backupTags('b'))];
    expect(broken({ journal: [...otherId, ...other] })).toContain(4);
  });

  test('is broken when a source of any part has no snapshot', () => {
    const mesh = { part: 'mesh-1', of: ['vol-mesh'] };
    const { sources } = backupFacts();
    expect(broken({ backup: backupFacts({ sources: [...sources, mesh] }) })).toContain(4);
    expect(said(4, { backup: backupFacts({ sources: [...sources, mesh] }) })).toContain(
      'no complete backup of database, shared-home, mesh-1',
    );
    const made = [snapshot(11, 'vol-mesh', 'pending'), snapshot(90, 'vol-mesh', 'completed')];
    expect(broken({ ...withEntries(...made), backup: backupFacts({ sources: [...sources, mesh] }) })).toEqual([]);
  });

  test('is broken when a snapshot failed, or was deleted before the change', () => {
    expect(broken({ ...without(({ change }) => change === 'available') })).toContain(4);
    expect(broken(withEntries(snapshot(125, 'vol', 'deleted')))).toContain(4);
  });

  test('is broken by parts that were not begun together; the skew is said', () => {
    const late = without(({ kind, of, time }) => kind === 'snapshot' && of === 'vol' && time === 10_000).journal;
    const journal = [...late, snapshot(71, 'vol', 'pending')].sort((a, b) => a.time - b.time);
    expect(broken({ journal })).toContain(4);
    expect(broken({ journal, backup: backupFacts({ skewLimitSeconds: 61 }) })).toEqual([]);
    expect(said(4, { journal, backup: backupFacts({ skewLimitSeconds: 61 }) })).toContain('skew 61 s of at most 61 s');
  });

  test('is kept with the backup of an earlier run between the same versions, as long as it is young enough', () => {
    const used = (atStart: BackupItem[]) => ({ ...noSnapshots(), backup: backupFacts({ atStart }) });
    expect(broken(used(earlier(3600)))).toEqual([]);
    expect(said(4, used(earlier(3600)))).toContain('of an earlier run');
    expect(broken(used(earlier(3601)))).toEqual([4]);
    expect(broken(used(earlier(1800, '9.4.19 to 9.4.20')))).toEqual([4]);
    expect(broken(used(earlier(1800, undefined, 61)))).toEqual([4]);
  });

  test('is kept without a backup when nothing was changed, and when the scenario chose none', () => {
    expect(broken({ journal: [], versionsAtEnd: ['9.4.20'], after: evidence().before })).toEqual([]);
    expect(broken({ ...noSnapshots(), backup: backupFacts({ sources: [] }) })).toEqual([]);
    expect(broken(noSnapshots())).toEqual([4]);
  });

  test('a call that was refused changed nothing', () => {
    expect(broken(withEntries(calls(110, 'autoscaling:EnterStandby', { error: 'ValidationError' })))).toEqual([]);
  });
});

describe('rule 14, what is kept of backups', () => {
  const orphan = snapshot(5, 'db', 'failed', backupTags('dead'));

  test('is broken by a snapshot that belongs to no complete backup, once a run has succeeded', () => {
    expect(broken(withEntries(orphan))).toEqual([14]);
    expect(broken({ ...withEntries(orphan), backup: backupFacts({ cleanedUp: false }) })).toEqual([]);
    expect(broken({ ...withEntries(orphan), backup: backupFacts({ keepsFailedParts: true }) })).toEqual([]);
    expect(broken(withEntries(orphan, snapshot(8, 'db', 'deleted', backupTags('dead'))))).toEqual([]);
  });

  test('is broken by half of a backup whose other half was deleted', () => {
    expect(broken(withEntries(snapshot(1595, 'vol', 'deleted')))).toEqual([14]);
    expect(broken(withEntries(snapshot(1595, 'vol', 'deleted'), snapshot(1596, 'db', 'deleted')))).toEqual([]);
  });

  test.each([
    ['without tags', {}],
    ['of another cluster', { ...backupTags('x'), 'x:cluster': 'bitbucket-staging' }],
    ['whose name begins alike', { Name: 'bitbucket-rolling-upgrade-9-4-20-to-9-4-23' }],
    ['of this cluster that is no backup', { 'x:cluster': 'bitbucket' }],
  ])('is broken by a deleted snapshot %s', (_, tags) => {
    const foreign: BackupItem = { id: 'foreign', of: 'db', tags, startedAt: -1000, completedAt: -500 };
    const deleted = entry(1595, 'snapshot', { id: 'foreign', of: 'db', change: 'deleted', tags });
    expect(broken({ ...withEntries(deleted), backup: backupFacts({ atStart: [foreign] }) })).toEqual([14]);
    expect(broken({ backup: backupFacts({ atStart: [foreign] }) })).toEqual([]);
  });

  test('is broken by a second backup where one could be used', () => {
    expect(broken({ backup: backupFacts({ atStart: earlier(1800) }) })).toEqual([14]);
    expect(said(14, { backup: backupFacts({ atStart: earlier(1800) }) })).toContain('a was begun at 0:10 though old could be used');
  });

  test('allows a second backup when the first is too old, of other versions, not complete, or its parts were not begun together', () => {
    const incomplete = earlier(1800).map(({ id, of, tags, startedAt }) => ({ id, of, tags, startedAt }));
    for (const atStart of [earlier(3600), earlier(1800, '9.4.19 to 9.4.20'), earlier(1800, undefined, 100)]) {
      expect(broken({ backup: backupFacts({ atStart }) })).toEqual([]);
    }
    expect(broken({ backup: backupFacts({ atStart: incomplete, cleanedUp: false }) })).toEqual([]);
  });
});

describe('rule 15, frozen file systems', () => {
  const freeze = (seconds: number, change: string, mountPoints = ['/home']) =>
    entry(seconds, 'freeze', { instanceId: 'i-server', mountPoints, change });

  test('is kept when each is thawed within the limit, by the run or by itself', () => {
    expect(broken(withEntries(freeze(9, 'frozen'), freeze(12, 'thawed')))).toEqual([]);
    expect(broken(withEntries(freeze(9, 'frozen'), freeze(39, 'thawed-by-timer')))).toEqual([]);
    expect(said(15, withEntries(freeze(9, 'frozen'), freeze(12, 'thawed')))).toBe('1 frozen, for 3 s at most');
  });

  test('is broken when one is thawed too late, or never', () => {
    expect(broken(withEntries(freeze(9, 'frozen'), freeze(40, 'thawed')))).toEqual([15]);
    expect(broken(withEntries(freeze(9, 'frozen', ['/home', '/data']), freeze(12, 'thawed')))).toEqual([15]);
    expect(said(15, withEntries(freeze(9, 'frozen')))).toBe('/home of i-server was frozen at 0:09 and never thawed');
  });
});

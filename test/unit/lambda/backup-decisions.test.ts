/** Which backup, when it can begin, whether its parts belong together, and what may go. */
import { chooseBackup } from '../../../lambda/core/backup/choose';
import { judgeReadiness } from '../../../lambda/core/backup/readiness';
import { chooseExpired } from '../../../lambda/core/backup/retention';
import { judgeSkew, skewOf } from '../../../lambda/core/backup/skew';
import type { BackupSpec } from '../../../lib/contract/environment';
import type { KnownBackup, PartObservation } from '../../../lib/contract/events';
import { FROM, NOW, TO, at, backupSpec, known, limits, observed } from './support/build';

const both = (database: readonly KnownBackup[], home = database): PartObservation[] => [
  observed({ part: 'database', backups: database }),
  observed({ part: 'shared-home', backups: home }),
];
const choose = (observations: readonly PartObservation[], spec: Partial<BackupSpec> = {}) =>
  chooseBackup({ newId: 'new', versions: `${FROM} to ${TO}`, observations, spec: backupSpec(spec), now: NOW });
/** What `toThrow` compares an error with. */
const failing = (error: { readonly name: string; readonly message: string }): Error => expect.objectContaining(error) as Error;
const begun = (seconds: number, change: Partial<KnownBackup> = {}): KnownBackup =>
  known({ startedAt: at(seconds).toISOString(), ...change });

describe('the backup that a run stands on', () => {
  test.each<[string, readonly PartObservation[]]>([
    ['is complete', both([known()])],
    ['is still on its way', both([known({ state: 'pending' })], [known()])],
    ['has parts that were begun within the limit', both([begun(-600)], [begun(-541)])],
    ['is as old as it may be', both([begun(-14_400)])],
  ])('is an earlier one that %s', (_, observations) => {
    expect(choose(observations)).toMatchObject({ backupId: 'earlier', reusesBackup: true, unfinishedBackups: [] });
  });

  test.each<[string, readonly PartObservation[], readonly string[]]>([
    ['there is none', both([]), []],
    ['it was made for other versions', both([known({ versions: '9.4.19 to 9.4.23' })]), []],
    ['it is too old', both([begun(-14_401)]), []],
    ['its parts are too far apart', both([begun(-600)], [begun(-539)]), []],
    ['an upgrade has finished with it', both([known({ finished: true })]), []],
    ['one part of it is marked as finished with', both([known({ finished: true })], [known()]), []],
    ['nobody can tell when it was begun', both([known({ startedAt: '' })]), []],
    ['a part failed', both([known()], [known({ state: 'failed' })]), ['earlier']],
    ['a part is missing', both([known()], []), ['earlier']],
  ])('is a new one when %s', (_, observations, unfinishedBackups) => {
    expect(choose(observations)).toMatchObject({ backupId: 'new', reusesBackup: false, unfinishedBackups });
  });

  test('is the youngest of several', () => {
    const two = [begun(-900, { backupId: 'older' }), begun(-300, { backupId: 'younger' })];
    expect(choose(both(two))).toMatchObject({ backupId: 'younger', unfinishedBackups: [] });
  });
  test('leaves alone what an upgrade has finished with, whatever is missing of it', () => {
    expect(choose(both([known({ finished: true })], [])).unfinishedBackups).toEqual([]);
  });
  test('leaves alone a complete backup of a time when there were other parts', () => {
    const parts = ['database', 'shared-home'];
    const observations = [...both([known({ parts })]), observed({ part: 'mesh-1' })];
    expect(choose(observations, { parts: [...parts, 'mesh-1'] })).toMatchObject({ backupId: 'new', unfinishedBackups: [] });
    // The other way round: a part that is not observed any more may be there.
    expect(choose(both([known({ parts: [...parts, 'mesh-1'] })]))).toMatchObject({ backupId: 'new', unfinishedBackups: [] });
    expect(choose(both([known({ parts })], []))).toMatchObject({ backupId: 'new', unfinishedBackups: ['earlier'] });
  });
  test('is none when there are no parts', () => {
    expect(choose([], { parts: [] })).toEqual({ backupId: 'new', reusesBackup: false, unfinishedBackups: [], backupParts: [] });
  });
});

describe('a backup can begin', () => {
  const judge = (observations: readonly PartObservation[], now = NOW) =>
    judgeReadiness({ plan: { backupId: 'earlier' }, observations, since: NOW.toISOString(), now, spec: backupSpec(), limits });
  const busy = observed({ ready: false, detail: 'db is backing-up' });
  test('when every part can', () => {
    expect(judge([observed(), observed({ part: 'shared-home' })])).toMatchObject({ verdict: 'done' });
  });
  test('not while a source is busy, and says which with what', () => {
    const look = judge([busy, observed({ part: 'shared-home' })], at(599));
    expect(look).toMatchObject({ verdict: 'wait', detail: 'waiting: database: db is backing-up' });
    expect(look.waitSeconds).toBeGreaterThanOrEqual(1);
  });
  test('not while there is a reason against it', () => {
    expect(judge([observed({ problems: [{ check: 'database', message: 'there is no db' }] })]).detail).toContain('there is no db');
  });
  test('never after the limit', () => {
    const home = observed({ part: 'shared-home', ready: false, detail: 'snap-1 is at 3 %' });
    expect(() => judge([busy, home], at(600))).toThrow(
      failing({
        name: 'BackupFailed',
        message: expect.stringMatching(/600 s.*database: db is backing-up; shared-home: snap-1/) as string,
      }),
    );
  });
  test('while a source is busy with this very backup', () => {
    expect(judge([{ ...busy, backups: [known({ state: 'pending' })] }], at(600))).toMatchObject({ verdict: 'done' });
    expect(judge([{ ...busy, backups: [known({ state: 'failed' })] }])).toMatchObject({ verdict: 'wait' });
  });
});

describe('the skew', () => {
  const part = (name: string, seconds: number) => ({ part: name, resource: 'r', snapshotIds: [], startedAt: at(seconds).toISOString() });
  test('within the limit is told', () => {
    expect(judgeSkew([part('database', 0), part('shared-home', 60), part('mesh-1', 30)], 60)).toEqual({
      seconds: 60,
      detail: expect.stringContaining('within 60 s') as string,
    });
  });
  test('above the limit fails the backup, with each part and its moment', () => {
    expect(() => judgeSkew([part('database', 0), part('shared-home', 60.001)], 60)).toThrow(
      failing({
        name: 'BackupFailed',
        message: expect.stringMatching(
          /61 s apart.*60 s.*database at 2026-03-01T12:00:00.000Z, shared-home at 2026-03-01T12:01:00.001Z/,
        ) as string,
      }),
    );
  });
  test('of moments that cannot be read is within no limit', () => {
    expect(() => judgeSkew([part('database', 0), { ...part('shared-home', 0), startedAt: '' }], 1e9)).toThrow('nobody can tell');
    expect([skewOf([]), skewOf(['2026-03-01T12:00:00Z']), skewOf([''])]).toEqual([0, 0, NaN]);
  });
});

describe('what is kept of finished backups', () => {
  const DAY = 24 * 60 * 60;
  const made = (...ids: readonly string[]): KnownBackup[] =>
    ids.map((backupId, n) => begun(-DAY * (n + 1), { backupId, finished: true, versions: 'any' }));
  const expire = (observations: readonly PartObservation[], retention: BackupSpec['retention']) =>
    chooseExpired({
      plan: { backupId: 'own' },
      observations,
      spec: { parts: ['database', 'shared-home'], ...(retention && { retention }) },
      now: NOW,
    });
  const own = begun(-60, { backupId: 'own' });
  test.each<[string, BackupSpec['retention'], readonly string[]]>([
    ['all, unless asked for', undefined, []],
    ['the last one: this run’s own', { keepLast: 1 }, ['a', 'b', 'c']],
    ['the last two', { keepLast: 2 }, ['b', 'c']],
    ['more than there are', { keepLast: 9 }, []],
    ['those of two days', { keepDays: 2 }, ['c']],
  ])('is %s', (_, retention, discard) => {
    expect(expire(both([own, ...made('a', 'b', 'c')]), retention)).toEqual({ mark: ['own'], discard });
  });
  test.each<[string, readonly PartObservation[]]>([
    ['not marked', both([own, begun(-DAY, { backupId: 'a' })])],
    ['marked in one part only', both([own, ...made('a')], [own, begun(-DAY, { backupId: 'a' })])],
    ['not complete', both([own, ...made('a')], [own, begun(-DAY, { backupId: 'a', finished: true, state: 'pending' })])],
    ['failed', both([own, ...made('a')], [own, begun(-DAY, { backupId: 'a', finished: true, state: 'failed' })])],
    ['without a part', both([own, ...made('a')], [own])],
    [
      'without a part that is not observed any more',
      both([own, ...made('a').map((one) => ({ ...one, parts: ['database', 'shared-home', 'mesh'] }))]),
    ],
    ['of an age that nobody can tell', both([own, known({ backupId: 'a', finished: true, startedAt: '' })])],
    ['this run’s own', both([{ ...own, startedAt: at(-DAY * 99).toISOString(), finished: true }])],
  ])('is also what is %s', (_, observations) => {
    expect(expire(observations, { keepLast: 1 }).discard).toEqual([]);
    expect(expire(observations, { keepDays: 0 }).discard).toEqual([]);
  });
  test('is nothing to decide without a backup', () => {
    expect(
      chooseExpired({ plan: { backupId: 'own' }, observations: [], spec: { parts: [], retention: { keepLast: 1 } }, now: NOW }),
    ).toEqual({
      mark: [],
      discard: [],
    });
  });
});

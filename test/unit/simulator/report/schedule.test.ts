import { scheduleDifferences } from '../../../../simulator/report/schedule-expected';
import type { NightResult } from '../../../../simulator/report/schedule-result';
import { localTime, nightLine } from '../../../../simulator/report/schedule-text';
import { parseScenario } from '../../../../simulator/scenario/parse';

const night = (change: Partial<NightResult> = {}): NightResult => ({
  startedAt: Date.UTC(2026, 0, 9, 1, 3),
  seconds: 1028,
  outcome: 'HELD',
  status: 'SUCCEEDED',
  error: null,
  cause: null,
  report: '',
  fromVersion: '9.4.20',
  toVersion: '9.4.22',
  versions: { '9.4.20': 2, '9.4.22': 2 },
  upgraded: 2,
  upgradeMode: true,
  backup: 'a',
  reusedBackup: false,
  backups: { complete: 1, leftovers: 0 },
  mutatingCalls: 30,
  minServing: 4,
  rules: [{ id: 1, title: 'Serving', kept: true, evidence: '' }],
  ...change,
});

test('a night is one line, in the time zone of the schedule', () => {
  expect(localTime(Date.UTC(2026, 6, 1, 0, 5), 'Europe/Berlin')).toBe('Wed 2026-07-01 02:05');
  expect(nightLine(night(), 'Europe/Berlin')).toBe(
    '  Fri 2026-01-09 02:03  HELD          17 min 8 s   2 on 9.4.20, 2 on 9.4.22   2 nodes to 9.4.22, backup made',
  );
  expect(nightLine(night({ upgraded: 1, reusedBackup: true }), 'UTC')).toContain('1 node to 9.4.22, backup of an earlier night');
});

describe('the days of a schedule', () => {
  const told = { time: 0, subject: 'Bitbucket: upgraded 9.4.20 to 9.4.22 (x)', message: '' };
  const given = {
    nights: [night(), night({ outcome: 'SUCCEEDED', versions: { '9.4.22': 4 } })],
    notifications: [told],
    doneTwice: [],
    deadLetters: 0,
    requests: { total: 9, failed: 0, byKind: {} },
    rules: [],
    status: 'SUCCEEDED',
  };
  const scenario = parseScenario({
    schedule: { expect: { outcomes: ['HELD', 'SUCCEEDED'], subjects: ['upgraded 9.4.20 to 9.4.22'] } },
    expect: { versions: ['9.4.22'], backups: 1 },
  });
  const differences = (change: object = {}) => scheduleDifferences(scenario, scenario.schedule!, { ...given, ...change });

  test('that go as expected have no differences', () => {
    expect(differences()).toEqual([]);
  });
  test.each([
    ['another outcome', { nights: [night(), night({ versions: { '9.4.22': 4 } })] }, ['run 2: HELD instead of SUCCEEDED']],
    ['a mail too many', { notifications: [told, told] }, [`notification 2: ${told.subject} instead of none`]],
    ['something done twice', { doneTwice: ['2 backups were made'] }, ['2 backups were made']],
    ['a start that was given up', { deadLetters: 1 }, ['1 starts were given up instead of 0']],
    ['a request that failed', { requests: { total: 9, failed: 1, byKind: {} } }, ['1 requests failed']],
    ['a failed last run', { status: 'FAILED' }, ['the last run ended FAILED instead of SUCCEEDED']],
    [
      'a broken rule in any night',
      { nights: [night({ rules: [{ id: 1, title: 'Serving', kept: false, evidence: 'too few' }] }), given.nights[1]] },
      ['run 1 broke rule 1 (Serving): too few'],
    ],
  ])('that have %s say so', (_, change, said) => {
    expect(differences(change)).toEqual(said);
  });
  test('say which versions and backups there should be', () => {
    expect(differences({ nights: [night(), night({ outcome: 'SUCCEEDED', backups: { complete: 2, leftovers: 0 } })] })).toEqual([
      'the nodes run 9.4.20 and 9.4.22 instead of 9.4.22',
      '2 complete backups at the end instead of 1',
    ]);
  });
});

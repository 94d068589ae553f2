import { costUsd } from '../../../../simulator/report/cost';
import { differences } from '../../../../simulator/report/expected';
import { duration } from '../../../../simulator/report/words';
import { criticalPath, timelines } from '../../../../simulator/report/timeline';
import type { NodeTimeline } from '../../../../simulator/report/timeline';
import { HTTP, SSH, entry, evidence, withEntries } from '../rules/evidence';

const leaves = (seconds: number, id: string, targetGroup: string) =>
  entry(seconds, 'target', { id, targetGroup, from: 'draining', to: 'unused' });

describe('the timeline of the nodes', () => {
  test('says when each was launched, good, out of service, drained and gone', () => {
    const nodes = timelines(evidence(withEntries(leaves(430, 'i-1', HTTP), leaves(500, 'i-1', SSH))));
    expect(nodes).toEqual([
      { instanceId: 'i-1', version: '9.4.20', leftService: 410, drained: 500, stopping: 712, gone: 740 },
      { instanceId: 'i-2', version: '9.4.20', leftService: 720 },
      { instanceId: 'i-3', version: '9.4.20' },
      { instanceId: 'i-new1', version: '9.4.23', launched: 165, asked: 160, good: 401 },
      { instanceId: 'i-new2', version: '9.4.23', launched: 411, asked: 160, good: 700 },
    ]);
  });

  test('a node is drained when it is out of every target group', () => {
    const [first] = timelines(evidence(withEntries(leaves(430, 'i-1', HTTP))));
    expect(first).not.toHaveProperty('drained');
  });
});

describe('the critical path', () => {
  const old = (leftService: number, drained: number): NodeTimeline => ({ instanceId: 'old', version: '1', leftService, drained });
  const fresh = (launched: number, good: number): NodeTimeline => ({ instanceId: 'new', version: '2', launched, good });

  test('is the backup, each boot, and the drain of the node that nothing replaces', () => {
    expect(criticalPath([fresh(300, 600), old(610, 700), fresh(612, 900), old(910, 1000)], 250, '1')).toBe(250 + 300 + 288 + 90);
  });

  test('of a drain and the boot beside it the longer counts', () => {
    expect(criticalPath([old(0, 500), fresh(2, 300)], 0, '1')).toBe(500);
  });

  test('does not grow by time in which nothing had to be waited for', () => {
    expect(criticalPath([fresh(300, 600), old(5000, 5010)], 0, '1')).toBe(310);
  });

  test('counts from asking the group, as far as that is its reaction, and the stop of the last old node', () => {
    expect(criticalPath([{ ...fresh(300, 600), asked: 296 }], 0, '1')).toBe(304);
    expect(criticalPath([{ ...fresh(300, 600), asked: 100 }], 0, '1')).toBe(310);
    expect(criticalPath([{ ...old(0, 20), stopping: 30, stopped: 60 }], 0, '1')).toBe(50);
  });

  test('does not count nodes of the original version: they are no part of the upgrade', () => {
    expect(criticalPath([{ instanceId: 'x', version: '1', launched: 10, good: 400 }], 0, '1')).toBe(0);
  });

  test('is only the backup when nothing was replaced', () => {
    expect(criticalPath([{ instanceId: 'old', version: '1' }], 200, '1')).toBe(200);
  });
});

test('the cost counts transitions, GB-seconds and invocations at the published prices', () => {
  expect(costUsd({ stateTransitions: 1000, lambdaGbSeconds: 0, lambdaInvocations: 0 })).toBe(0.025);
  expect(costUsd({ stateTransitions: 0, lambdaGbSeconds: 3000, lambdaInvocations: 0 })).toBe(0.05);
  expect(costUsd({ stateTransitions: 0, lambdaGbSeconds: 0, lambdaInvocations: 5_000_000 })).toBe(1);
});

test('durations are written for people', () => {
  expect([5, 245, 3845].map(duration)).toEqual(['5 s', '4 min 5 s', '1 h 4 min']);
});

describe('the expected end', () => {
  const result = {
    status: 'FAILED',
    error: 'RequestRefused',
    cause: 'a downgrade',
    report: null,
    versions: ['9.4.20'],
    mutatingCalls: [],
    notifications: [{ seconds: 1, subject: 'upgrade begins', text: 'Leave the apps alone.', body: null }],
    others: [],
    rules: [],
    backups: { complete: 1, leftovers: 0 },
  };

  test('is met when everything named is so', () => {
    const expected = {
      status: 'FAILED',
      error: 'RequestRefused',
      causeIncludes: 'downgrade',
      versions: ['9.4.20'],
      mutatingCalls: 0,
      backups: 1,
      leftovers: 0,
    } as const;
    expect(differences(expected, result)).toEqual([]);
  });

  test('is missed with each difference named', () => {
    const named = { status: 'SUCCEEDED', error: 'BackupFailed', causeIncludes: 'disk', versions: ['9.4.23'] } as const;
    const expected = { ...named, mutatingCalls: 2, backups: 2, leftovers: 3 };
    expect(differences(expected, result)).toEqual([
      'ended FAILED instead of SUCCEEDED: RequestRefused: a downgrade',
      'failed with RequestRefused instead of BackupFailed',
      'the cause does not say "disk"',
      'the nodes run 9.4.20 instead of 9.4.23',
      '0 mutating calls instead of 2: none',
      '1 complete backups at the end instead of 2',
      '0 snapshots of incomplete backups at the end instead of 3',
    ]);
  });

  test('is about what people are told, in subjects and texts', () => {
    const expected = { status: 'FAILED', notificationsInclude: ['upgrade begins', 'the apps alone', 'rolled back'] } as const;
    expect(differences(expected, result)).toEqual(['no notification says "rolled back"']);
  });

  test('is about what the report says, and does not say', () => {
    const said = { ...result, status: 'SUCCEEDED', report: 'Warnings: the app Commit Graphs' };
    expect(differences({ status: 'SUCCEEDED', reportIncludes: 'Commit Graphs', reportLacks: ['Time Sheets'] }, said)).toEqual([]);
    expect(differences({ status: 'SUCCEEDED', reportIncludes: ['Time Sheets'], reportLacks: 'Commit Graphs' }, said)).toEqual([
      'the report does not say "Time Sheets"',
      'the report says "Commit Graphs"',
    ]);
  });

  test('is about executions that somebody else started, and not about what follows by itself', () => {
    const other = {
      machine: 'RollingUpgradeStateMachine37',
      status: 'FAILED',
      error: 'RequestRefused',
      cause: 'run-1 is at work',
      seconds: 7,
    };
    const recovery = { machine: 'RecoverStateMachine', status: 'SUCCEEDED', error: null, cause: null, seconds: 3 };
    const met = [{ status: 'FAILED', error: 'RequestRefused', causeIncludes: 'run-1', withinSeconds: 10 }] as const;
    const missed = [{ status: 'SUCCEEDED', error: 'BackupFailed', causeIncludes: ['run-2'], withinSeconds: 5 }] as const;
    expect(differences({ status: 'FAILED', others: met }, { ...result, others: [recovery, other] })).toEqual([]);
    expect(differences({ status: 'FAILED', others: missed }, { ...result, others: [other] })).toEqual([
      'the other execution 1 ended FAILED instead of SUCCEEDED',
      'the other execution 1 failed with RequestRefused instead of BackupFailed',
      'the cause of the other execution 1 does not say "run-2"',
      'the other execution 1 took 7 s instead of at most 5 s',
    ]);
    expect(differences({ status: 'FAILED', others: [] }, { ...result, others: [other] })).toEqual([
      '1 other executions were started instead of 0',
    ]);
  });

  test('includes every rule but those that the scenario breaks by itself, which it must break', () => {
    const rule = (id: number, kept: boolean) => ({ id, title: `rule ${id}`, kept, evidence: 'seen' });
    const rules = [rule(1, true), rule(3, false), rule(10, false)];
    expect(differences({ status: 'FAILED', brokenRules: [10] }, { ...result, rules })).toEqual(['broke rule 3 (rule 3): seen']);
    expect(differences({ status: 'FAILED', brokenRules: [1, 3, 10] }, { ...result, rules })).toEqual([
      'kept rule 1, which this scenario should break: seen',
    ]);
  });
});

import { Assemblies } from '../../../../bin/simulate/assembly';
import { plain } from '../../../../simulator/faults/variants';
import type { JournalEntry } from '../../../../simulator/kernel/ports';
import { taskOf } from '../../../../simulator/scenario/call-names';
import { parseScenario } from '../../../../simulator/scenario/parse';
import { ScenarioRun } from '../../../../simulator/scenario/run';

jest.setTimeout(120_000);

const assemblies = new Assemblies();
afterAll(() => {
  assemblies.dispose();
});

const run = async (given: object, capacity: 'surge' | 'within-capacity' = 'surge', failurePolicy: 'roll-back' | 'hold' = 'roll-back') => {
  const scenario = plain({ capacity, failurePolicy }, { cluster: { nodes: 2 }, ...given });
  const going = new ScenarioRun(scenario, assemblies.for(scenario));
  const result = await going.run();
  const faults = going.simulation.journal.entries.filter(({ kind }: JournalEntry) => kind === 'fault');
  return { result, faults, journal: going.simulation.journal.entries };
};

test('short forms are faults, with their defaults', () => {
  const { faults } = parseScenario({ alarms: [{ alarm: 'a', good: 2 }], abort: { state: 'Hold the group' } });
  expect(faults).toEqual([
    { name: 'alarm', alarm: 'a', good: 2, seconds: 0, forSeconds: 600, nth: 1 },
    { name: 'abort', state: 'Hold the group', nth: 1 },
  ]);
});

test.each(['throttled', 'unavailable', 'unavailable-after', 'reset', 'reset-after', 'timeout', 'timeout-after', 'stale'])(
  'a call of an AWS API that is %s once is tried again',
  async (how) => {
    const { result, faults } = await run({ faults: [{ name: 'api-call', action: 'autoscaling:DescribeAutoScalingGroups', how, nth: 3 }] });
    expect(faults).toHaveLength(1);
    expect(result).toMatchObject({ status: 'SUCCEEDED', end: 'upgraded' });
  },
);

test('a request to Bitbucket whose answer is lost takes effect once', async () => {
  const { result, faults } = await run({ faults: [{ name: 'bitbucket-call', request: 'POST /rest/zdu/start', how: 'reset-after' }] });
  expect(new Set(faults.map(({ name }) => name))).toEqual(new Set(['bitbucket-call', 'http']));
  expect(result.status).toBe('SUCCEEDED');
  expect(result.mutatingCalls.filter((call) => call === 'bitbucket:start')).toHaveLength(1);
});

test('an instance that dies while it is watched is replaced, and the run goes on', async () => {
  const { result, faults } = await run({ faults: [{ name: 'instance-dies', launch: 1, good: true, seconds: 20 }] }, 'within-capacity');
  expect(faults).toMatchObject([{ name: 'instance-dies' }]);
  expect(result).toMatchObject({ status: 'SUCCEEDED', versions: ['9.4.23'] });
});

test('an operator answers with the token of the notification, once for each answer', async () => {
  const { result, journal } = await run(
    {
      faults: [{ name: 'alarm', alarm: 'bitbucket-errors', good: 1, forSeconds: 20 }],
      operator: [{ answer: 'retry', afterSeconds: 60, reason: 'a false alarm' }],
    },
    'within-capacity',
    'hold',
  );
  expect(journal.filter(({ kind }) => kind === 'operator')).toMatchObject([{ answer: 'retry' }]);
  expect(result.status).toBe('SUCCEEDED');
});

test('somebody stops the execution: it is restored from outside, and the next start goes on; both parts are judged', async () => {
  const { result } = await run(
    {
      cluster: { nodes: 3 },
      abort: { machine: 'ReplaceNode', state: 'Bake the new node', nth: 2 },
      expect: { status: 'ABORTED' },
      thenStart: { expect: { versions: ['9.4.23'] } },
    },
    'within-capacity',
  );
  expect(result.differences).toEqual([]);
  expect(result.others).toMatchObject([{ status: 'SUCCEEDED' }]);
  expect(result.others[0]?.machine).toContain('Recover');
  expect(result.end).toBe('held');
  expect(result.next).toMatchObject({ status: 'SUCCEEDED', end: 'upgraded' });
  expect(result.next?.rules).toHaveLength(16);
});

test('a password that rotates under the run is used at once, and appears nowhere', async () => {
  const { result, faults } = await run({ faults: [{ name: 'secret-rotates', state: 'Hold the group', seconds: 0 }] });
  expect(faults).toMatchObject([{ name: 'secret-rotates' }]);
  expect(result).toMatchObject({ status: 'SUCCEEDED', differences: [] });
});

test('somebody scales the group, which stays as they want it', async () => {
  const { result, faults } = await run({
    cluster: { nodes: 3, minSize: 2, maxSize: 4 },
    faults: [{ name: 'group-scaled', by: -1, state: 'Report the upgrade', seconds: 0 }],
  });
  expect(faults).toMatchObject([{ name: 'group-scaled', before: 3, desired: 2 }]);
  expect(result).toMatchObject({ status: 'SUCCEEDED', differences: [] });
});

test('somebody scales a cluster to one node, and gives it the other back after the refusal that asks for it', async () => {
  const { result } = await run({
    cluster: { nodes: 2, minSize: 1 },
    faults: [{ name: 'group-scaled', by: -1, seconds: 0 }],
    thenStart: { request: { targetVersion: '9.4.23' } },
  });
  expect(result).toMatchObject({ status: 'FAILED', error: 'RequestRefused' });
  expect(result.next).toMatchObject({ status: 'SUCCEEDED', versions: ['9.4.23'] });
});

test('a node in ERROR that came in the upgrade mode of a person is restarted by people, who then turn that mode off and wait until it serves', async () => {
  const discard = { nth: 1, state: 'Discard the failed backup', seconds: 0 };
  const { result } = await run({
    cluster: { nodes: 2, maxSize: 3 },
    faults: [
      { name: 'backup-fails', part: 'shared-home' },
      { name: 'group-scaled', by: 1, ...discard },
      { name: 'operator-starts', ...discard },
      { name: 'replacement-errors', launch: 1 },
    ],
    thenStart: { request: { targetVersion: '9.4.23' } },
  });
  expect(result).toMatchObject({ status: 'FAILED', error: 'BackupFailed' });
  expect(result.next).toMatchObject({ status: 'SUCCEEDED', versions: ['9.4.23'] });
});

test('a run is judged once a node has come that the group launched by itself, also one that a fault splits off, which load balancers find healthy', async () => {
  const { result } = await run({
    cluster: { nodes: 2 },
    request: { targetVersion: '9.4.19' },
    faults: [
      { name: 'health-check-replaces', node: 1, nth: 1, state: 'Report the refusal', seconds: 0 },
      { name: 'replacement-splits-off', launch: 1 },
    ],
  });
  expect(result).toMatchObject({ error: 'RequestRefused' });
  expect(result.rules.filter(({ kept }) => !kept)).toEqual([]);
});

test('a shared home that keeps the newest version makes a roll back impossible: the run holds, and says why', async () => {
  const { result } = await run(
    {
      cluster: { nodes: 3 },
      faults: [{ name: 'shared-home-keeps-version' }, { name: 'alarm', alarm: 'bitbucket-errors', good: 2, forSeconds: 60 }],
      expect: { status: 'FAILED', brokenRules: [] },
      thenStart: { expect: { versions: ['9.4.23'] } },
    },
    'within-capacity',
  );
  expect(result).toMatchObject({ status: 'FAILED', end: 'held' });
  expect(result.cause).toMatch(/shared home/i);
  expect(result.next?.status).toBe('SUCCEEDED');
});

test('the task of a function is known by its logical id', () => {
  expect(taskOf('UpgradeTasksStandByFunction0A1B2C3D')).toBe('stand-by');
  expect(taskOf('UpgradeTasksChooseExpiredBackupsFunction0A1B2C3D')).toBe('choose-expired-backups');
  expect(taskOf('UpgradeBackupObserveAwsBackupFunction0A1B2C3D')).toBe('observe-aws-backup');
  expect(taskOf('SomethingElse0A1B2C3D')).toBeUndefined();
});

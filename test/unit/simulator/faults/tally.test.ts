import { campaignJson, campaignText, replay } from '../../../../bin/simulate/campaign-report';
import { parseCampaignArguments } from '../../../../bin/simulate/campaign-arguments';
import { problemsOf } from '../../../../simulator/faults/campaign-run';
import type { CampaignResult } from '../../../../simulator/faults/campaign-run';
import { Tally } from '../../../../simulator/faults/tally';
import type { RunResult } from '../../../../simulator/report/result';

const edges = [
  {
    machine: 'Main',
    states: ['A', 'B'],
    catches: [
      { state: 'A', next: 'B' },
      { state: 'B', next: 'B' },
    ],
  },
];
const result = (run: number, change: Partial<CampaignResult> = {}): CampaignResult => ({
  run,
  faults: [{ name: 'upgrade-tasks-fail' }],
  kinds: ['upgrade-tasks-fail'],
  end: 'upgraded (SUCCEEDED)',
  problems: [],
  unrestored: false,
  redriven: false,
  coverage: [],
  simulatedSeconds: 60,
  cpuMilliseconds: 100,
  ...change,
});

describe('the tally of a campaign', () => {
  const tally = new Tally(edges);
  tally.add(result(0, { coverage: [{ machine: 'Main', states: ['A'], catches: [{ state: 'A', next: 'B' }] }] }));
  tally.add(result(1, { problems: ['with faults: rule 1'], end: 'held (BakeFailed)', cpuMilliseconds: 300 }));

  test('counts faults by kind, ends by kind, and CPU time', () => {
    expect(tally.kinds[0]).toEqual(['upgrade-tasks-fail', 2]);
    expect(tally.ends).toEqual(expect.arrayContaining([['upgraded (SUCCEEDED)', 1]]));
    expect(tally.cpuMilliseconds).toBe(200);
  });

  test('knows what was never reached', () => {
    expect(tally.statesNeverEntered).toEqual(['Main: B']);
    expect(tally.catchesNeverTaken).toEqual(['Main: B -> B']);
  });

  test('says how a failure is replayed, with the fewest faults', () => {
    const failures = [{ result: tally.failed[0]!, faults: [] }];
    expect(campaignText(tally, 9, failures)).toContain(replay(9, 1));
    expect(campaignText(tally, 9, failures)).toContain('with no fault at all');
    expect(campaignJson(tally, 9, failures)).toMatchObject({ runs: 2, failed: 1, failures: [{ run: 1, faults: [] }] });
  });
});

describe('what is wrong with a run', () => {
  const broken = (id: number) => ({ id, title: 'a rule', kept: false, evidence: 'seen' });
  const run = (change: object): RunResult =>
    ({
      status: 'FAILED',
      rules: [],
      others: [],
      next: { status: 'SUCCEEDED', versions: ['9.4.23'], error: null, cause: null, rules: [] },
      ...change,
    }) as unknown as RunResult;

  test('nothing, however it ended, when rules are kept and the next start upgraded', () => {
    expect(problemsOf(run({}), [])).toEqual([]);
  });

  test('a broken rule of either part, and a next start that did not upgrade', () => {
    expect(problemsOf(run({ rules: [broken(1)] }), [])).toEqual(['with faults: rule 1 (a rule): seen']);
    const failed = { status: 'FAILED', versions: ['9.4.20'], error: 'E', cause: 'c', rules: [broken(2)] };
    expect(problemsOf(run({ next: failed }), [])).toHaveLength(2);
    expect(problemsOf(run({ next: null }), [])).toEqual(['there was no next start']);
  });

  test('what a recovery left is excused only when its own calls failed, and it said so', () => {
    const left = { rules: [broken(7), broken(1)], others: [{ machine: 'Recover', status: 'FAILED', error: 'AwsRejected' }] };
    expect(problemsOf(run(left), [{ name: 'task-fails', task: 'restore-settings', how: 'fails', nth: 1, count: 9 }])).toHaveLength(1);
    expect(problemsOf(run(left), [{ name: 'secret-rotates', seconds: 1, nth: 1 }])).toHaveLength(2);
    const fails = { name: 'state-fails', machine: 'Recover', state: 'Restore capacity', error: 'AwsRejected', nth: 1 } as const;
    expect(problemsOf(run(left), [fails])).toHaveLength(1);
    expect(problemsOf(run({ ...left, end: null }), [fails])).toHaveLength(2); // mixed with upgrade mode off: never
    expect(problemsOf(run({ ...left, others: [] }), [{ name: 'task-fails', task: 'x', how: 'fails', nth: 1, count: 9 }])).toHaveLength(2);
  });
});

describe('the command line', () => {
  test('has defaults', () => {
    expect(parseCampaignArguments([])).toEqual({ runs: 100, seed: 1, workers: 2, shrink: 5, json: false, help: false });
    expect(parseCampaignArguments(['--seed', '7', '--run=3', '--json'])).toMatchObject({ seed: 7, run: 3, json: true });
  });

  test('names every mistake', () => {
    expect(() => parseCampaignArguments(['--runs', '0', '--seed', 'x'])).toThrow(/--runs takes .*\n--seed takes .*given is x/);
    expect(() => parseCampaignArguments(['--sed', '1'])).toThrow(/--sed/);
  });
});

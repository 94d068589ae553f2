import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { nearest } from '../../../../simulator/scenario/nearest';
import { ScenarioInvalid, parseScenario, parseScenarioText } from '../../../../simulator/scenario/parse';

const mistakesOf = (value: unknown): readonly string[] => {
  try {
    parseScenario(value);
    return [];
  } catch (error) {
    expect(error).toBeInstanceOf(ScenarioInvalid);
    return (error as ScenarioInvalid).mistakes;
  }
};

test('an empty scenario is the upgrade of four nodes with surge', () => {
  expect(parseScenario({})).toMatchObject({
    seed: 1,
    cluster: { nodes: 4, minSize: 4, maxSize: 4, version: '9.4.20', launchTemplate: '$Latest' },
    capacity: 'surge',
    request: { targetVersion: '9.4.23' },
    faults: [],
    expect: { status: 'SUCCEEDED' },
  });
});

test('what is given replaces the default, the rest stays', () => {
  const scenario = parseScenario({ cluster: { nodes: 8, maxSize: 10 }, timing: { stop: 5 }, denyAction: 'ec2:DescribeImages' });
  expect(scenario.cluster).toMatchObject({ nodes: 8, minSize: 8, maxSize: 10, version: '9.4.20' });
  expect(scenario.timing).toMatchObject({ stop: 5, deregistrationDelay: 600 });
  expect(scenario.faults).toEqual([{ name: 'deny-action', action: 'ec2:DescribeImages' }]);
});

test('a schedule has defaults of its own', () => {
  expect(parseScenario({ schedule: { maintenanceWindowMinutes: 60 } }).schedule).toEqual({
    expression: 'cron(0 2 * * ? *)',
    timeZone: 'UTC',
    targetVersion: 'LATEST_BUGFIX',
    maintenanceWindowMinutes: 60,
    days: 14,
    newImages: [],
    expect: {},
  });
});

test('what contradicts a schedule is named', () => {
  const newImages = [{ day: 3, version: '9.4.22' }];
  expect(
    mistakesOf({ schedule: { expression: 'cron(x)', days: 2, newImages }, thenStart: {}, abort: { state: 'Choose the next node' } }),
  ).toEqual([
    expect.stringContaining('no thenStart'),
    expect.stringContaining('no fault abort'),
    expect.stringContaining('9.4.22, of which there is an image from the beginning'),
    expect.stringContaining('on day 3, after the last day 2'),
    expect.stringMatching(/^schedule: /),
  ]);
});

test('an unknown key is named with its place and the nearest known key', () => {
  expect(mistakesOf({ cluster: { node: 4 } })).toEqual([
    expect.stringMatching(/^unknown key "node" at cluster: did you mean "nodes"\? allowed are nodes, minSize, /),
  ]);
  expect(mistakesOf({ tarffic: {} })[0]).toMatch(/^unknown key "tarffic" at the top level: did you mean "traffic"\?/);
});

test('every mistake is named at once', () => {
  expect(mistakesOf({ seed: -1, capacity: 'none', cluster: { version: '9.4' }, limits: { bootTimeOut: 5 } })).toEqual(
    expect.arrayContaining([
      expect.stringContaining('seed is -1'),
      'capacity is "none": allowed are surge, within-capacity',
      expect.stringContaining('cluster.version is "9.4"'),
      expect.stringContaining('unknown key "bootTimeOut" at limits: did you mean "bootTimeout"?'),
    ]),
  );
});

test('an unknown fault, or an unknown parameter of one, is named with what is allowed', () => {
  expect(mistakesOf({ faults: [{ name: 'instance-die' }] })).toEqual([
    expect.stringMatching(/^faults\.0 names no known fault: "instance-die" was given, did you mean "instance-dies"\?/),
  ]);
  expect(mistakesOf({ faults: [{ name: 'replacement-never-joins', lunch: 2 }] })).toEqual([
    expect.stringMatching(/^unknown key "lunch" at faults\.0: did you mean "launch"\? allowed are name, launch$/),
  ]);
});

test('what Bitbucket has, and what is around the cluster, is in order if not said otherwise', () => {
  expect(parseScenario({})).toMatchObject({
    bitbucket: { licence: 'valid', marketplace: 'reachable', failingHealthChecks: [], meshNodes: [], mirrors: [] },
    account: { calendars: {}, alarms: {}, cpuPercent: 35, warmPool: false, instanceRefresh: false, gracePeriodSeconds: 3600 },
  });
  expect(parseScenario({ bitbucket: { licence: 'none' }, account: { cpuPercent: 80 } })).toMatchObject({
    bitbucket: { licence: 'none', marketplace: 'reachable' },
    account: { cpuPercent: 80, warmPool: false },
  });
});

test('mistakes in them are named with what is allowed', () => {
  const given = { bitbucket: { licence: 'old' }, account: { calendars: { freeze: 'SHUT' }, cpuPercent: 101, warmpool: true } };
  expect(mistakesOf(given)).toEqual(
    expect.arrayContaining([
      'bitbucket.licence is "old": allowed are valid, expired, maintenance-over, none',
      'account.calendars.freeze is "SHUT": allowed are OPEN, CLOSED',
      expect.stringContaining('account.cpuPercent is 101'),
      expect.stringContaining('unknown key "warmpool" at account: did you mean "warmPool"?'),
    ]),
  );
});

test('a fault of a launch is about the first one, if not said otherwise', () => {
  const { faults } = parseScenario({ faults: [{ name: 'replacement-never-joins' }, { name: 'instance-dies', node: 2, seconds: 5 }] });
  expect(faults).toEqual([
    { name: 'replacement-never-joins', launch: 1 },
    { name: 'instance-dies', node: 2, seconds: 5, nth: 1 },
  ]);
});

test('contradictions are refused', () => {
  expect(mistakesOf({ cluster: { nodes: 4, maxSize: 3 } })).toEqual(['cluster.nodes is 4, allowed is minSize 4 to maxSize 3']);
  expect(mistakesOf({ cluster: { images: ['9.4.23'] } })).toEqual(['cluster.images has no image of the running version 9.4.20: add it']);
  expect(mistakesOf({ approvers: { afterPlan: [] } })).toEqual(['approvers.afterPlan answers what nobody asks: add approvals.afterPlan']);
  expect(mistakesOf({ timing: { start: [9, 3] } })).toEqual(['timing.start is [9, 3]: the least comes first, then the most']);
});

test('a text that is no JSON is refused by the name of its file', () => {
  expect(() => parseScenarioText('{', 'mine.json')).toThrow(/^mine\.json is no scenario:\n {2}- it is not JSON: /);
});

test('each example is a scenario with a title and an expected end', () => {
  const directory = join(__dirname, '../../../../examples/scenarios');
  const files = readdirSync(directory).filter((name) => name.endsWith('.json'));
  expect(files.length).toBeGreaterThan(10);
  for (const file of files) {
    const text = readFileSync(join(directory, file), 'utf8');
    expect(parseScenarioText(text, file).title).not.toBe('');
    expect(JSON.parse(text)).toHaveProperty('expect.status');
  }
});

test('the nearest name is suggested, a far one is not', () => {
  expect(nearest('seeed', ['seed', 'title'])).toBe('seed');
  expect(nearest('bananas', ['seed', 'title'])).toBeUndefined();
});

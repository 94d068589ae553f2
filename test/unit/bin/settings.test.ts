import type { Settings } from '../../../bin/app/settings';
import { SettingsError } from '../../../bin/app/reader';
import { readSettings } from '../../../bin/app/settings';
import { EXAMPLE_CONTEXT } from '../../support/settings';

type Changes = Readonly<Record<string, unknown>>;

const NOTHING = Object.fromEntries(Object.keys(EXAMPLE_CONTEXT).map((key) => [key, undefined]));

function read(changes: Changes = {}): Settings {
  const context: Changes = { ...EXAMPLE_CONTEXT, ...changes };
  return readSettings((key) => context[key]);
}

/** The lines that say what is wrong. */
function problemsOf(changes: Changes): string[] {
  try {
    read(changes);
  } catch (error) {
    return (error as Error).message.split('\n').slice(1, -1);
  }
  return [];
}

test('every setting that is missing is told at once, each with an example', () => {
  expect(() => read(NOTHING)).toThrow(SettingsError);
  const lines = problemsOf(NOTHING);
  const needed = Object.keys(EXAMPLE_CONTEXT).filter((key) => key !== 'sharedHomeVolumeIds'); // all data volumes of the file server
  expect(lines.map((line) => line.trim().split(' ')[0]).sort()).toEqual(needed.sort());
  for (const line of lines) expect(line).toMatch(/^ {2}(\w+) is missing, for example: -c \1=\S+$/);
});

test('each example is itself accepted', () => {
  const examples = Object.fromEntries(problemsOf(NOTHING).map((line) => /-c (\w+)='?([^']+)'?$/.exec(line)!.slice(1) as [string, string]));
  expect(() => readSettings((key) => examples[key])).not.toThrow();
});

test.each([
  ['launchTemplateId', 'bitbucket', 'lt-0123456789abcdef0'],
  ['nodeRoleArn', 'bitbucket-node', 'arn:aws:iam::111122223333:role/bitbucket-node'],
  ['baseUrl', 'bitbucket.example.com', 'https://bitbucket.example.com'],
  ['credentialsSecretArn', 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:admin', 'secret:bitbucket-admin-a1b2c3'],
  ['nodePort', '79.9', '7990'],
  ['bootTimeoutMinutes', 'long', '45'],
  ['capacity', 'more', 'surge or within-capacity'],
  ['nodeProtocol', 'ftp', 'http or https'],
  ['failurePolicy', 'panic', 'roll-back or hold or go-forward'],
  ['holdLimitHours', '0', '24'],
  ['unansweredApproval', 'wait', 'stop or approve or reject'],
  ['replacementBudget', '-1', '2'],
  ['changeCalendars', 'a calendar', 'release-freeze'],
  ['maxCpuPercent', '0', '80'],
  ['loadLookbackHours', 'all', '24'],
  ['imageMap', '{"9.4":"ami-01234567"}', '{"9.4.23":"ami-0123456789abcdef0"}'],
  ['imageMap', 'no JSON', '{"9.4.23":"ami-0123456789abcdef0"}'],
  ['scheduleExpression', 'every sunday', 'cron(0 2 ? * SUN *)'],
])('%s that is malformed (%s) is told with its value and an example', (key, value, example) => {
  const [line, ...more] = problemsOf({ [key]: value });
  expect(more).toEqual([]);
  expect(line).toContain(`  ${key} is '${value}', but must be like: `);
  expect(line).toContain(example);
});

test('each malformed item of a list is told', () => {
  expect(problemsOf({ subnetIds: 'subnet-01234567,a,b' })).toHaveLength(2);
});

test('a text with nothing in it counts as missing', () => {
  expect(problemsOf({ groupName: '' })).toEqual(['  groupName is missing, for example: -c groupName=bitbucket-nodes']);
});

test('lists come from a command line or from cdk.json', () => {
  expect(read({ deniedVersions: '9.4.21, 9.4.22' }).deniedVersions).toEqual(['9.4.21', '9.4.22']);
  expect(read({ deniedVersions: ['9.4.21', '9.4.22'] }).deniedVersions).toEqual(['9.4.21', '9.4.22']);
});

test('limits are in seconds, and left out where they are not given', () => {
  const { limits } = read({ bootTimeoutMinutes: '30', maxPollSeconds: 20 });
  expect(JSON.parse(JSON.stringify(limits))).toEqual({ bootTimeout: 1800, maxPollInterval: 20 });
});

test('what is said about failures is in seconds, and left out where it is not given', () => {
  const { failures } = read({
    failurePolicy: 'hold',
    holdLimitHours: '2',
    bakeFirstMinutes: '0',
    bakeEachMinutes: 5,
    replacementBudget: '0',
  });
  expect(JSON.parse(JSON.stringify(failures))).toEqual({
    policy: 'hold',
    holdLimit: 7200,
    replacementBudget: 0,
    bake: { first: 0, each: 300, alarms: [] },
  });
  expect(JSON.parse(JSON.stringify(read().failures))).toEqual({ bake: { alarms: [] } });
});

describe('images', () => {
  test.each<[string, Changes, Settings['images']]>([
    ['by tag unless said otherwise', {}, { kind: 'tag', tagKey: 'BitbucketVersion', owners: ['self'] }],
    [
      'by a tag of trusted owners',
      { imageTagKey: 'Version', imageOwners: '111122223333' },
      { kind: 'tag', tagKey: 'Version', owners: ['111122223333'] },
    ],
    ['by parameter', { imageParameterPrefix: '/bitbucket/ami' }, { kind: 'parameter', prefix: '/bitbucket/ami' }],
    ['by a map', { imageMap: '{"9.4.23":"ami-01234567"}' }, { kind: 'map', images: { '9.4.23': 'ami-01234567' } }],
    ['by a map in cdk.json', { imageMap: { '9.4.23': 'ami-01234567' } }, { kind: 'map', images: { '9.4.23': 'ami-01234567' } }],
  ])('are found %s', (_way, changes, images) => {
    expect(read(changes).images).toEqual(images);
  });

  test('cannot be found in two ways', () => {
    expect(problemsOf({ imageParameterPrefix: '/a', imageTagKey: 'Version' })).toEqual([
      '  imageParameterPrefix is one way to find images, imageMap another, imageTagKey with imageOwners a third: give one of them',
    ]);
  });
});

test('an e-mail address needs a new topic', () => {
  const changes = { topicArn: 'arn:aws:sns:eu-central-1:111122223333:upgrades', notificationEmail: 'admins@example.com' };
  expect(problemsOf(changes)).toEqual(['  notificationEmail is for a new topic; with topicArn, subscribe to that one']);
});

test('a schedule needs its expression, and a version', () => {
  expect(problemsOf({ scheduleTargetVersion: '9.4.23' })[0]).toContain('scheduleExpression is missing');
  expect(problemsOf({ scheduleExpression: 'rate(7 days)' })[0]).toContain('scheduleTargetVersion is missing');
  expect(read({ scheduleExpression: 'rate(7 days)', defaultTargetVersion: '9.4.23' }).schedule).toMatchObject({
    expression: 'rate(7 days)',
  });
});

describe('approvals', () => {
  test('are asked at the gates that are named, all with the same limit and the same answer of silence', () => {
    const gate = { timeLimit: 7200, ifUnanswered: 'reject' };
    const given = { approvals: 'after-plan, before-finalize', approvalLimitHours: '2', unansweredApproval: 'reject' };
    expect(read(given).approvals).toEqual({ afterPlan: gate, afterFirstNode: undefined, beforeFinalize: gate });
    expect(read({ approvals: ['after-first-node'] }).approvals).toMatchObject({ afterFirstNode: { timeLimit: undefined } });
    expect(read().approvals).toBeUndefined();
  });

  test('nowhere need no limit, and a gate that is none is told', () => {
    expect(problemsOf({ approvalLimitHours: '2', unansweredApproval: 'stop' }).map((line) => line.trim().split(' ')[0])).toEqual([
      'approvalLimitHours',
      'unansweredApproval',
    ]);
    expect(problemsOf({ approvals: 'after-plan,later' })).toEqual([
      "  approvals is 'later', but must be like: 'after-plan,before-finalize'",
    ]);
  });
});

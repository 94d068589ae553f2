import { Duration, Lazy, Token } from 'aws-cdk-lib';
import type { Stack } from 'aws-cdk-lib';
import type { IAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { LaunchTemplate } from 'aws-cdk-lib/aws-ec2';
import type { BitbucketRollingUpgradeProps } from '../../../lib';
import { FailurePolicy, NodeImages, SharedHome } from '../../../lib';
import { example, targetGroup, volume } from '../../support/construct';

jest.mock('../../../lib/private/bundle', () => jest.requireActual<object>('../../support/placeholder-bundle'));

type Overrides = Partial<BitbucketRollingUpgradeProps>;

function alarm(stack: Stack, name = 'bitbucket-errors'): IAlarm {
  return Alarm.fromAlarmName(stack, `Alarm-${name}`, name);
}

function messageOf(overrides: (stack: Stack) => Overrides): string {
  try {
    example(overrides);
  } catch (error) {
    return (error as Error).message;
  }
  return 'no error';
}

describe('one wrong prop is refused with what was given and what is allowed', () => {
  const cases: [string, (stack: Stack) => Overrides, string][] = [
    ['no target group', () => ({ targetGroups: [] }), 'targetGroups must name every target group of the nodes (HTTP and SSH); it is empty'],
    ['no security group', () => ({ securityGroups: [] }), 'securityGroups must name at least one group, or be left out for a new one'],
    [
      'base URL without scheme',
      () => ({ baseUrl: 'bitbucket.example.com' }),
      "baseUrl 'bitbucket.example.com' must be a URL like 'https://bitbucket.example.com/git'",
    ],
    [
      'base URL of another scheme',
      () => ({ baseUrl: 'ssh://bitbucket.example.com' }),
      "baseUrl 'ssh://bitbucket.example.com' must be a URL like",
    ],
    [
      'base URL with a query',
      () => ({ baseUrl: 'https://b.example.com/?a=b' }),
      "baseUrl 'https://b.example.com/?a=b' must not have a query or a fragment",
    ],
    ['context path without slash', () => ({ contextPath: 'git' }), "contextPath 'git' must begin with a slash, like '/git'"],
    [
      'two context paths',
      () => ({ baseUrl: 'https://b.example.com/git', contextPath: '/bitbucket' }),
      "contextPath '/bitbucket' is not the path '/git' of baseUrl: give one of them",
    ],
    ['port 0', () => ({ nodePort: 0 }), 'nodePort 0 must be a whole number from 1 to 65535'],
    ['port that is no whole number', () => ({ nodePort: 79.9 }), 'nodePort 79.9 must be a whole number from 1 to 65535'],
    ['boot time-out too short', () => ({ bootTimeout: Duration.minutes(4) }), 'bootTimeout of 4 minutes must be from 5 minutes to 6 hours'],
    ['boot time-out too long', () => ({ bootTimeout: Duration.hours(7) }), 'bootTimeout of 7 hours must be from 5 minutes to 6 hours'],
    ['drain limit too short', () => ({ drainLimit: Duration.seconds(59) }), 'drainLimit of 59 seconds must be from 1 minute to 24 hours'],
    [
      'backup time-out too long',
      () => ({ backupTimeout: Duration.hours(49) }),
      'backupTimeout of 2 days 1 hour must be from 5 minutes to 48 hours',
    ],
    [
      'finalize time-out too short',
      () => ({ finalizeTimeout: Duration.seconds(1) }),
      'finalizeTimeout of 1 second must be from 5 minutes to 24 hours',
    ],
    [
      'poll interval of 0',
      () => ({ minPollInterval: Duration.seconds(0) }),
      'minPollInterval of 0 seconds must be from 1 second to 10 minutes',
    ],
    [
      'poll intervals in the wrong order',
      () => ({ minPollInterval: Duration.seconds(90), maxPollInterval: Duration.minutes(1) }),
      'minPollInterval of 90 seconds must not be longer than maxPollInterval of 1 minute',
    ],
    [
      'looks that would fill the history',
      () => ({ backupTimeout: Duration.hours(48), maxPollInterval: Duration.minutes(1) }),
      'maxPollInterval of 1 minute is too short for these time limits and this replacementBudget: at least 236 seconds, or the history of an execution could overflow',
    ],
    [
      'limits that would fill the history whatever the pace',
      () => ({ backupTimeout: Duration.hours(48), drainLimit: Duration.hours(24), replacementBudget: 10 }),
      'the time limits, the parts of the backup and replacementBudget are too great together: the history of an execution could overflow; lower one of them',
    ],
    [
      'bakes that would fill the history',
      () => ({ bakeTimeFirst: Duration.hours(24), maxPollInterval: Duration.seconds(30) }),
      'maxPollInterval of 30 seconds is too short for these time limits and this replacementBudget: at least 56 seconds, or the history of an execution could overflow',
    ],
    ['bake that is too long', () => ({ bakeTimeFirst: Duration.hours(25) }), 'bakeTimeFirst of 1 day 1 hour must be at most 24 hours'],
    [
      'alarms without a bake',
      (stack) => ({ bakeAlarms: [alarm(stack)] }),
      'bakeAlarms are looked at only while a new node is watched: give bakeTimeFirst or bakeTimeEach',
    ],
    [
      'alarm given twice',
      (stack) => {
        const twice = alarm(stack);
        return { bakeAlarms: [twice, twice], bakeTimeEach: Duration.minutes(5) };
      },
      'bakeAlarms names bitbucket-errors more than once',
    ],
    [
      'too many alarms',
      (stack) => ({
        bakeAlarms: Array.from({ length: 101 }, (_, index) => alarm(stack, `alarm-${index}`)),
        bakeTimeEach: Duration.minutes(5),
      }),
      'bakeAlarms names 101 alarms; at most 100 can be looked at at once',
    ],
    [
      'calendar that is none',
      () => ({ changeCalendars: ['a calendar'] }),
      "changeCalendars: 'a calendar' must be the name or the ARN of a change calendar, like 'release-freeze'",
    ],
    [
      'calendar given twice',
      () => ({ changeCalendars: ['release-freeze', 'release-freeze'] }),
      'changeCalendars names release-freeze more than once',
    ],
    [
      'too many alarms at the start',
      (stack) => ({ startAlarms: Array.from({ length: 101 }, (_, index) => alarm(stack, `alarm-${index}`)) }),
      'startAlarms names 101 alarms; at most 100 can be looked at at once',
    ],
    ['no CPU', () => ({ maxCpuPercent: 0 }), 'maxCpuPercent 0 must be from 1 to 100, known at synth time'],
    ['too much CPU', () => ({ maxCpuPercent: 101 }), 'maxCpuPercent 101 must be from 1 to 100, known at synth time'],
    [
      'look back that is too short',
      () => ({ loadLookback: Duration.minutes(59) }),
      'loadLookback of 59 minutes must be from 1 hour to 336 hours',
    ],
    [
      'budget that is no whole number',
      () => ({ replacementBudget: 1.5 }),
      'replacementBudget 1.5 must be a whole number from 0 to 10, known at synth time',
    ],
    ['budget below 0', () => ({ replacementBudget: -1 }), 'replacementBudget -1 must be a whole number from 0 to 10'],
    [
      'hold that is too short',
      () => ({ failurePolicy: FailurePolicy.rollBack({ limit: Duration.minutes(4) }) }),
      'failurePolicy: limit of 4 minutes must be from 5 minutes to 720 hours',
    ],
    [
      'nobody to ask',
      () => ({ failurePolicy: FailurePolicy.hold() }),
      "failurePolicy 'hold' needs a notificationTopic: the operator is asked there, and told how to answer",
    ],
    [
      'nobody to ask when going forward fails',
      () => ({ failurePolicy: FailurePolicy.goForward() }),
      "failurePolicy 'go-forward' needs a notificationTopic",
    ],
    [
      'limit that is a token',
      () => ({ bootTimeout: Duration.minutes(Token.asNumber({ Ref: 'P' })) }),
      'bootTimeout must be known at synth time; it is a token',
    ],
    ['malformed denied version', () => ({ deniedVersions: ['9.4'] }), "deniedVersions: '9.4' must be a released version like '9.4.23'"],
    ['denied version given twice', () => ({ deniedVersions: ['9.4.1', '9.4.1'] }), 'deniedVersions names 9.4.1 more than once'],
    [
      'pre-release as default',
      () => ({ defaultTargetVersion: '10.0.0-rc1' }),
      "defaultTargetVersion '10.0.0-rc1' must be a released version like '9.4.23'",
    ],
    [
      'denied default',
      () => ({ deniedVersions: ['9.4.21'], defaultTargetVersion: '9.4.21' }),
      'defaultTargetVersion 9.4.21 is one of deniedVersions',
    ],
    [
      'malformed owner',
      () => ({ nodeImages: NodeImages.byTag({ owners: ['me'] }) }),
      "nodeImages: owner 'me' must be a 12-digit account id or 'self'",
    ],
    [
      'no owner',
      () => ({ nodeImages: NodeImages.byTag({ owners: [] }) }),
      "nodeImages: owners must name at least one account, for example ['self']",
    ],
    [
      'reserved tag key',
      () => ({ nodeImages: NodeImages.byTag({ tagKey: 'aws:version' }) }),
      "nodeImages: tagKey 'aws:version' must be a tag key of 1 to 128 characters, not 'aws:...'",
    ],
    [
      'parameter prefix with trailing slash',
      () => ({ nodeImages: NodeImages.byParameter('/bitbucket/') }),
      "nodeImages: parameter prefix '/bitbucket/' must be a path like '/bitbucket/ami', without a trailing slash",
    ],
    ['empty map of images', () => ({ nodeImages: NodeImages.fromMap({}) }), 'nodeImages: the map must hold at least one version'],
    [
      'malformed version of an image',
      () => ({ nodeImages: NodeImages.fromMap({ latest: 'ami-01234567' }) }),
      "nodeImages: 'latest' must be a released version like '9.4.23'",
    ],
    [
      'malformed image',
      () => ({ nodeImages: NodeImages.fromMap({ '9.4.23': 'image' }) }),
      "nodeImages: image 'image' of 9.4.23 must be like 'ami-0123456789abcdef0'",
    ],
    [
      'no volume',
      () => ({ sharedHome: SharedHome.ebsVolumes({ fileServerInstanceId: 'i-01234567', volumes: [] }) }),
      'sharedHome: volumes must name at least one volume',
    ],
    [
      'file server that is none',
      (stack) => ({ sharedHome: SharedHome.ebsVolumes({ fileServerInstanceId: 'nfs', volumes: [volume(stack, 'vol-01234567')] }) }),
      "sharedHome: instance 'nfs' must be like 'i-0123456789abcdef0'",
    ],
  ];

  test.each(cases)('%s', (_what, overrides, message) => {
    expect(messageOf(overrides)).toContain(`1 problem in its props:\n  - ${message}`);
  });
});

test('a target group that is given twice is refused', () => {
  const message = messageOf((stack) => {
    const group = targetGroup(stack, 'web');
    return { targetGroups: [group, group] };
  });
  expect(message).toContain(
    'targetGroups names arn:aws:elasticloadbalancing:eu-central-1:111122223333:targetgroup/web/0123456789abcdef more than once',
  );
});

test('a volume that is given twice is refused', () => {
  const message = messageOf((stack) => {
    const disk = volume(stack, 'vol-01234567');
    return { sharedHome: SharedHome.ebsVolumes({ fileServerInstanceId: 'i-01234567', volumes: [disk, disk] }) };
  });
  expect(message).toContain("sharedHome: volume 'vol-01234567' is given more than once");
});

test('a launch template that is known by its name only is refused', () => {
  const message = messageOf((stack) => ({
    launchTemplate: LaunchTemplate.fromLaunchTemplateAttributes(stack, 'Named', { launchTemplateName: 'bitbucket' }),
  }));
  expect(message).toContain('launchTemplate must be known by its id (policies name it)');
});

test('a map of images that does not fit into the environment of a function is refused', () => {
  const images = Object.fromEntries(Array.from({ length: 100 }, (_, patch) => [`9.4.${patch}`, 'ami-0123456789abcdef0']));
  expect(messageOf(() => ({ nodeImages: NodeImages.fromMap(images) }))).toContain('nodeImages: the map of 100 versions is too long');
});

test('everything that is wrong is said at once, with the path of the construct', () => {
  const message = messageOf(() => ({ targetGroups: [], baseUrl: 'nowhere', nodePort: -1, deniedVersions: ['x'] }));
  expect(message.split('\n')[0]).toBe('Stack/Upgrade has 4 problems in its props:');
  expect(message.split('\n')).toHaveLength(5);
});

test('a password in the base URL is refused and not repeated', () => {
  const message = messageOf(() => ({ baseUrl: 'https://admin:hunter2@bitbucket.example.com/?x' }));
  expect(message).toContain('baseUrl must not hold a user name or password: give adminCredentials');
  expect(message).not.toContain('hunter2');
});

test('what is known only at deployment is left to CloudFormation', () => {
  const token = (): string => Lazy.string({ produce: () => 'later' });
  expect(
    messageOf(() => ({
      baseUrl: token(),
      defaultTargetVersion: token(),
      nodeImages: NodeImages.byTag({ tagKey: token(), owners: [token()] }),
    })),
  ).toBe('no error');
});

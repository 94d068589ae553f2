import { VirtualClock } from '../../../../simulator/kernel/clock';
import { EventJournal } from '../../../../simulator/kernel/journal';
import { seeded } from '../../../../simulator/kernel/random';
import { buildCloud } from '../../../../simulator/scenario/account';
import { inventoryOptions } from '../../../../simulator/scenario/bitbucket';
import { BitbucketInventory } from '../../../../simulator/bitbucket/inventory';
import { parseScenario } from '../../../../simulator/scenario/parse';
import { SITE, imageId } from '../../../../simulator/scenario/site';
import { addSurroundings } from '../../../../simulator/scenario/surroundings';
import { targetOf } from '../../../../simulator/scenario/target';
import { CloudFormation } from '../../../../simulator/services/cloudformation/cloudformation';
import { CloudWatch } from '../../../../simulator/services/cloudwatch/cloudwatch';
import { ChangeCalendars } from '../../../../simulator/services/ssm/change-calendar';
import type { Caller } from '../../../../simulator/kernel/ports';
import { settingsFor } from '../../../../bin/simulate/assembly';

const world = () => {
  const clock = new VirtualClock();
  return { clock, random: seeded(1), journal: new EventJournal(clock) };
};

describe('what is around the cluster', () => {
  const account = (given: object) => parseScenario({ account: given }).account;
  const groupOf = (given: object) => buildCloud(parseScenario({ account: given }), world()).group(SITE.groupName);

  test('is in order when nothing is said', () => {
    expect(groupOf({})).toMatchObject({
      healthCheckGracePeriod: 3600,
      lifecycleHooks: [],
      warmPool: undefined,
      maxInstanceLifetime: undefined,
      instanceRefreshes: [],
      scheduledActions: [],
    });
  });

  test('is in the settings of the group', () => {
    const group = groupOf({
      scheduledActions: [{ name: 'evening', afterMinutes: 30, desired: 4 }],
      lifecycleHooks: [{ name: 'register', heartbeatSeconds: 600 }],
      warmPool: true,
      maxInstanceLifetimeDays: 7,
      instanceRefresh: true,
      stackStatus: 'UPDATE_IN_PROGRESS',
      gracePeriodSeconds: 120,
    });
    expect(group).toMatchObject({
      healthCheckGracePeriod: 120,
      lifecycleHooks: [{ LifecycleHookName: 'register', LifecycleTransition: 'autoscaling:EC2_INSTANCE_LAUNCHING', HeartbeatTimeout: 600 }],
      warmPool: { PoolState: 'Stopped' },
      maxInstanceLifetime: 7 * 24 * 3600,
      instanceRefreshes: [{ Status: 'InProgress' }],
      scheduledActions: [{ name: 'evening', desired: 4 }],
    });
    expect(group.tags.get('aws:cloudformation:stack-id')?.value).toContain('stack/bitbucket-cluster/');
    expect((group.scheduledActions[0]?.time ?? 0) - group.createdAt).toBe(30 * 60_000);
  });

  test('is in the services that calendars, alarms and stacks have', () => {
    const { clock, journal } = world();
    const services = {
      calendars: new ChangeCalendars(clock, SITE.region, SITE.account),
      alarms: new CloudWatch(clock, journal, SITE.region, SITE.account),
      stacks: new CloudFormation(clock, journal, SITE.region, SITE.account),
    };
    const caller: Caller = { roleLogicalId: 'Role', roleArn: 'arn', name: 'check-account' };
    const stackStatus = 'UPDATE_IN_PROGRESS';
    addSurroundings(services, account({ calendars: { freeze: 'CLOSED' }, alarms: { errors: 'ALARM', queue: 'missing' }, stackStatus }));
    expect(services.calendars.operations.GetCalendarState.call({ CalendarNames: ['freeze'] }, caller)).toMatchObject({ State: 'CLOSED' });
    expect(services.alarms.stateOf('errors')).toBe('ALARM');
    expect(services.alarms.stateOf('queue')).toBeUndefined();
    expect(services.stacks.operations.DescribeStacks.call({ StackName: 'bitbucket-cluster' }, caller)).toMatchObject({
      Stacks: [{ StackStatus: stackStatus }],
    });
  });

  test('is told to the construct: every calendar and every alarm', () => {
    const given = { calendars: { freeze: 'OPEN' }, alarms: { errors: 'OK', queue: 'missing' }, maxCpuPercent: 60 };
    expect(settingsFor(parseScenario({ account: given })).checks).toEqual({
      changeCalendars: ['freeze'],
      alarms: ['errors', 'queue'],
      maxCpu: 60,
    });
    expect(settingsFor(parseScenario({})).checks).toEqual({});
  });
});

describe('what Bitbucket has besides its nodes', () => {
  const NOW = Date.parse('2026-01-06T01:00:00Z');
  const inventoryOf = (given: object): BitbucketInventory => {
    const { clock, journal } = world();
    return new BitbucketInventory(clock, journal, inventoryOptions(parseScenario({ bitbucket: given }).bitbucket, NOW));
  };

  test('is in order when nothing is said', () => {
    const { licence, apps, failingHealthChecks, meshNodes, mirrors, banner, marketplace } = inventoryOf({});
    expect(licence).toBeDefined();
    expect(apps.length).toBeGreaterThan(0);
    expect({ failingHealthChecks, meshNodes, mirrors, banner, marketplace }).toEqual({
      failingHealthChecks: [],
      meshNodes: [],
      mirrors: [],
      banner: undefined,
      marketplace: 'reachable',
    });
  });

  test.each([
    ['expired', true, true],
    ['maintenance-over', false, true],
    ['valid', false, false],
  ])('a licence that is %s', (licence, expired, over) => {
    const is = inventoryOptions(parseScenario({ bitbucket: { licence } }).bitbucket, NOW).licence;
    expect((is?.expiresAt ?? Infinity) < NOW).toBe(expired);
    expect((is?.maintenanceExpiresAt ?? Infinity) < NOW).toBe(over);
  });

  test('no licence at all', () => {
    expect(inventoryOf({ licence: 'none' }).licence).toBeUndefined();
  });

  test('apps, health checks, Mesh nodes, mirrors and the banner are as they are named', () => {
    const has = inventoryOf({
      apps: [{ name: 'Commit Graphs', compatibility: { '9.4.23': 'incompatible' } }],
      failingHealthChecks: [{ name: 'Free disk space' }],
      meshNodes: [{ name: 'mesh-a', state: 'OFFLINE' }],
      mirrors: [{ name: 'Sydney', version: '9.4.20', enabled: false }],
      banner: 'Maintenance on Sunday',
    });
    expect(has.apps).toMatchObject([
      { key: 'com.example.commit-graphs', name: 'Commit Graphs', version: '1.0.0', userInstalled: true, enabled: true },
    ]);
    expect(has.failingHealthChecks).toEqual([{ name: 'Free disk space', reason: '', severity: 'WARNING' }]);
    expect(has.meshNodes).toMatchObject([{ id: '1', name: 'mesh-a', state: 'OFFLINE' }]);
    expect(has.mirrors).toMatchObject([{ id: 'sydney', name: 'Sydney', productVersion: '9.4.20', enabled: false }]);
    expect(has.banner).toMatchObject({ message: 'Maintenance on Sunday', enabled: true });
  });
});

test.each([
  ['the version that it names', { targetVersion: '9.4.22' }, '9.4.22'],
  ['the version of the image that it names', { imageId: imageId('9.4.21') }, '9.4.21'],
  ['the newest bug-fix image that is not denied', { targetVersion: 'LATEST_BUGFIX' }, '9.4.22'],
  ['none, when it names none', {}, null],
])('a request means %s', (_, request, version) => {
  expect(targetOf(parseScenario({ deniedVersions: ['9.4.23'] }), request)).toBe(version);
});

test('with nothing newer, the newest bug-fix version is the one that runs', () => {
  expect(targetOf(parseScenario({ cluster: { version: '9.4.23' } }), { targetVersion: 'LATEST_BUGFIX' })).toBe('9.4.23');
});

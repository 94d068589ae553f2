import { refusal, SSH, WEB, world } from './world';

const standby = (id: string, decrement = false) => ({
  AutoScalingGroupName: 'nodes',
  InstanceIds: [id],
  ShouldDecrementDesiredCapacity: decrement,
});
const NODES = { AutoScalingGroupName: 'nodes' };

describe('a group', () => {
  test('starts with its desired instances in service, healthy and balanced over the zones', () => {
    const { cloud, states } = world();
    expect(states()).toEqual(['InService', 'InService', 'InService', 'InService']);
    expect(cloud.healthy(WEB)).toHaveLength(4);
    expect(cloud.instances().map(({ availabilityZone }) => availabilityZone)).toEqual([
      'eu-west-1a',
      'eu-west-1b',
      'eu-west-1a',
      'eu-west-1b',
    ]);
    expect(new Set(cloud.instances().map(({ privateIp }) => privateIp)).size).toBe(4);
  });

  test('stays as it is while nothing changes', () => {
    const { clock, journal } = world();
    clock.pass(24 * 3600);
    expect(journal.entries).toEqual([]);
  });

  test('does the same again with the same seed', () => {
    const replay = (): string => {
      const { call, clock, ids, journal } = world();
      call('EnterStandby', standby(ids('InService')[0] ?? ''));
      clock.pass(3600);
      return JSON.stringify(journal.entries);
    };
    expect(replay()).toBe(replay());
  });

  test('launches what is missing: Pending, running, InService, registered, healthy', () => {
    const { call, clock, cloud, journal, states, ids, heard } = world();
    call('SetDesiredCapacity', { ...NODES, DesiredCapacity: 5 });
    expect(states()).toHaveLength(4);
    clock.pass(7);
    expect(ids('Pending')).toHaveLength(1);
    const [id] = ids('Pending');
    clock.pass(120);
    expect(ids('InService')).toContain(id);
    expect(heard).toEqual([`started ${id ?? ''}`]);
    expect(cloud.healthy(WEB)).toContain(id);
    expect(journal.entries.filter((entry) => entry.kind === 'lifecycle').map(({ from, to }) => [from, to])).toEqual([
      ['None', 'Pending'],
      ['Pending', 'InService'],
    ]);
    const { Activities } = call<{ Activities: { StatusCode: string; Description: string; Cause: string }[] }>(
      'DescribeScalingActivities',
      NODES,
    );
    expect(Activities[0]).toMatchObject({ StatusCode: 'Successful', Description: `Launching a new EC2 instance: ${id ?? ''}` });
    expect(Activities[0]?.Cause).toContain('changing the desired capacity from 4 to 5');
  });

  test('resolves $Latest when it launches, and instances keep the version they were launched with', () => {
    const { call, clock, cloud, ids } = world();
    const [old] = ids('InService');
    call('CreateLaunchTemplateVersion', { LaunchTemplateId: 'lt-1', SourceVersion: '1', LaunchTemplateData: { ImageId: 'ami-new' } });
    call('SetDesiredCapacity', { ...NODES, DesiredCapacity: 5 });
    clock.pass(120);
    const members = cloud.group('nodes').members;
    expect(members.get(old ?? '')?.launchTemplate.version).toBe('1');
    const newest = [...members.values()].at(-1);
    expect(newest?.launchTemplate.version).toBe('2');
    expect(newest?.instance.imageId).toBe('ami-new');
  });

  test('a mixed-instances policy launches its own launch template', () => {
    const { call, clock, cloud } = world({
      launchTemplate: undefined,
      mixedInstancesPolicy: {
        LaunchTemplate: {
          LaunchTemplateSpecification: { LaunchTemplateId: 'lt-1', Version: '$Default' },
          Overrides: [{ InstanceType: 'm7i.xlarge' }],
        },
      },
    });
    const data = { LaunchTemplateId: 'lt-1', SourceVersion: '1', LaunchTemplateData: { ImageId: 'ami-new' } };
    call('CreateLaunchTemplateVersion', data);
    call('SetDesiredCapacity', { ...NODES, DesiredCapacity: 5 });
    clock.pass(120);
    expect(cloud.instances().at(-1)).toMatchObject({ imageId: 'ami-old', instanceType: 'm7i.xlarge' });
  });

  test('a launch that fails leaves a failed activity, and is tried again', () => {
    let refused = true;
    const { call, clock, counted } = world(
      {},
      { hooks: { launchRefused: () => (refused ? { code: 'InsufficientInstanceCapacity', message: 'no capacity' } : undefined) } },
    );
    call('SetDesiredCapacity', { ...NODES, DesiredCapacity: 5 });
    clock.pass(10);
    expect(counted()).toBe(4);
    const { Activities } = call<{ Activities: object[] }>('DescribeScalingActivities', NODES);
    expect(Activities).toMatchObject([{ StatusCode: 'Failed', StatusMessage: 'no capacity. Launching EC2 instance failed.' }]);
    refused = false;
    clock.pass(200);
    expect(counted()).toBe(5);
  });

  test('scales in by deregistering, draining, then terminating; the operating system is told', () => {
    const { answers, call, clock, cloud, heard, ids } = world();
    for (const id of ids('InService')) answers.busy.set(`${WEB} ${id}`, clock.now() + 200_000);
    call('SetDesiredCapacity', { ...NODES, DesiredCapacity: 3 });
    clock.pass(60);
    const [victim = ''] = ids('Terminating');
    expect(cloud.targets(WEB).find(({ id }) => id === victim)?.health.state).toBe('draining');
    expect(heard).toEqual([]);
    const { Activities } = call<{ Activities: object[] }>('DescribeScalingActivities', NODES);
    expect(Activities).toMatchObject([{ StatusCode: 'WaitingForELBConnectionDraining' }]);
    clock.pass(145);
    expect(heard).toEqual([`stopped ${victim}`]);
    clock.pass(60);
    expect(ids('Terminating')).toEqual([]);
    expect(cloud.instances().find(({ id }) => id === victim)?.state).toBe('terminated');
  });

  test('never scales in a protected instance', () => {
    const { call, clock, ids } = world();
    const [, ...rest] = ids('InService');
    call('SetInstanceProtection', { ...NODES, InstanceIds: rest, ProtectedFromScaleIn: true });
    call('SetDesiredCapacity', { ...NODES, DesiredCapacity: 2 });
    clock.pass(600);
    expect(ids('InService').sort()).toEqual(rest.sort());
  });
});

describe('Standby', () => {
  test('without decrement the replacement is launched while the instance still drains', () => {
    const { answers, call, clock, cloud, ids } = world();
    const [id = ''] = ids('InService');
    answers.busy.set(`${WEB} ${id}`, clock.now() + 100_000);
    call('EnterStandby', standby(id));
    expect(cloud.group('nodes').desired).toBe(4);
    clock.pass(7);
    expect(ids('EnteringStandby')).toEqual([id]);
    expect(ids('Pending')).toHaveLength(1);
    clock.pass(100);
    expect(ids('Standby')).toEqual([id]);
    expect(ids('InService')).toHaveLength(4);
  });

  test('with decrement nothing is launched', () => {
    const { call, clock, cloud, ids } = world();
    const [id = ''] = ids('InService');
    call('EnterStandby', standby(id, true));
    clock.pass(600);
    expect(cloud.group('nodes').desired).toBe(3);
    expect(ids('InService')).toHaveLength(3);
    expect(ids('Standby')).toEqual([id]);
    expect(cloud.targets(SSH).map((target) => target.id)).not.toContain(id);
  });

  test('leaving raises the desired capacity and registers the instance again', () => {
    const { call, clock, cloud, ids } = world();
    const [id = ''] = ids('InService');
    call('EnterStandby', standby(id, true));
    clock.pass(60);
    call('ExitStandby', { ...NODES, InstanceIds: [id] });
    expect(ids('Pending')).toEqual([id]);
    expect(cloud.group('nodes').desired).toBe(4);
    clock.pass(120);
    expect(ids('InService')).toContain(id);
    expect(cloud.healthy(WEB)).toContain(id);
  });

  test('is not health-checked: a dead instance stays until it is returned, and is replaced then', () => {
    const { call, clock, cloud, ids } = world();
    const [id = ''] = ids('InService');
    call('EnterStandby', standby(id, true));
    clock.pass(60);
    cloud.killInstance(id);
    clock.pass(600);
    expect(ids('Standby')).toEqual([id]);
    call('ExitStandby', { ...NODES, InstanceIds: [id] });
    clock.pass(600);
    expect(cloud.group('nodes').members.has(id)).toBe(false);
    expect(ids('InService')).toHaveLength(4);
  });

  test.each([
    ['not in service', (id: string) => ['ExitStandby', { ...NODES, InstanceIds: [id] }] as const, `is not in Standby.`],
    ['no member', () => ['EnterStandby', standby('i-0')] as const, 'The instance i-0 is not part of Auto Scaling group nodes.'],
  ])('refuses an instance that is %s', (_, ask, message) => {
    const { call, ids } = world();
    const [name, input] = ask(ids('InService')[0] ?? '');
    expect(refusal(() => call(name, input))).toContain(message);
  });

  test('refuses to enter twice, to go below the minimum, and to leave above the maximum', () => {
    const { call, clock, ids } = world({ min: 4, max: 4 });
    const [id = ''] = ids('InService');
    expect(refusal(() => call('EnterStandby', standby(id, true)))).toBe(
      'ValidationError: AutoScalingGroup nodes has min-size=4, max-size=4, and desired-size=4. To place into standby 1 instance, please update the AutoScalingGroup sizes appropriately.',
    );
    call('EnterStandby', standby(id));
    expect(refusal(() => call('EnterStandby', standby(id)))).toBe(`ValidationError: The instance ${id} is not in InService.`);
    clock.pass(60);
    expect(refusal(() => call('ExitStandby', { ...NODES, InstanceIds: [id] }))).toMatch(
      /^ValidationError: .*max-size=4, and desired-size=4/u,
    );
  });
});

describe('TerminateInstanceInAutoScalingGroup', () => {
  const terminate = (id: string, decrement: boolean) => ({ InstanceId: id, ShouldDecrementDesiredCapacity: decrement });

  test('without decrement an instance in service is replaced; with decrement it is not', () => {
    const { call, clock, cloud, ids } = world();
    const [first = '', second = ''] = ids('InService');
    call('TerminateInstanceInAutoScalingGroup', terminate(first, false));
    clock.pass(300);
    expect(ids('InService')).toHaveLength(4);
    call('TerminateInstanceInAutoScalingGroup', terminate(second, true));
    clock.pass(300);
    expect(ids('InService')).toHaveLength(3);
    expect(cloud.group('nodes').desired).toBe(3);
  });

  test('of an instance in Standby launches nothing in the reading "not counted"', () => {
    const { call, clock, cloud, ids } = world();
    const [id = ''] = ids('InService');
    call('EnterStandby', standby(id));
    clock.pass(120);
    const launched = cloud.instances().length;
    call('TerminateInstanceInAutoScalingGroup', terminate(id, false));
    clock.pass(300);
    expect(cloud.instances()).toHaveLength(launched);
    expect(ids('InService')).toHaveLength(4);
  });

  test('of an instance in Standby launches one too many for a while in the reading "counted"', () => {
    const { call, clock, cloud, counted, ids } = world({}, { terminateInStandby: 'counted' });
    const [id = ''] = ids('InService');
    call('EnterStandby', standby(id));
    clock.pass(120);
    const launched = cloud.instances().length;
    call('TerminateInstanceInAutoScalingGroup', terminate(id, false));
    expect(counted()).toBe(5);
    clock.pass(300);
    expect(cloud.instances()).toHaveLength(launched + 1);
    expect(ids('InService')).toHaveLength(4);
  });

  test('is refused for an unknown instance, twice, and below the minimum', () => {
    const { call, ids } = world({ min: 4 });
    const [id = ''] = ids('InService');
    expect(refusal(() => call('TerminateInstanceInAutoScalingGroup', terminate('i-0', false)))).toBe(
      'ValidationError: Instance Id not found - No managed instance found for instance ID: i-0',
    );
    expect(refusal(() => call('TerminateInstanceInAutoScalingGroup', terminate(id, true)))).toMatch(
      /^ValidationError: Currently, desiredSize equals minSize \(4\)/u,
    );
    call('TerminateInstanceInAutoScalingGroup', terminate(id, false));
    expect(refusal(() => call('TerminateInstanceInAutoScalingGroup', terminate(id, false)))).toMatch(/^ScalingActivityInProgress/u);
  });
});

describe('health checks', () => {
  test('an instance that dies is replaced, unless ReplaceUnhealthy is suspended', () => {
    const { call, clock, cloud, ids } = world();
    const [first = '', second = ''] = ids('InService');
    cloud.killInstance(first);
    clock.pass(300);
    expect(ids('InService')).toHaveLength(4);
    expect(ids('InService')).not.toContain(first);

    call('SuspendProcesses', { ...NODES, ScalingProcesses: ['ReplaceUnhealthy'] });
    cloud.killInstance(second);
    clock.pass(300);
    expect(cloud.group('nodes').members.get(second)?.health).toBe('Unhealthy');
    call('ResumeProcesses', { ...NODES, ScalingProcesses: ['ReplaceUnhealthy'] });
    clock.pass(300);
    expect(cloud.group('nodes').members.has(second)).toBe(false);
  });

  test.each([
    ['EC2', false],
    ['ELB', true],
  ] as const)('health check type %s: an instance that boots longer than the grace period is replaced: %s', (healthCheckType, replaced) => {
    const { answers, call, clock, cloud, ids } = world({ healthCheckType, healthCheckGracePeriod: 300 });
    const before = new Set(cloud.instances().map(({ privateIp }) => privateIp));
    answers.get = (ip) => (before.has(ip) ? { status: 200, body: '' } : undefined);
    call('SetDesiredCapacity', { ...NODES, DesiredCapacity: 5 });
    clock.pass(280);
    const slow = ids('InService').at(-1) ?? '';
    expect(cloud.targets(WEB).find(({ id }) => id === slow)?.health.state).toBe('unhealthy');
    expect(cloud.group('nodes').members.get(slow)?.health).toBe('Healthy');
    clock.pass(300);
    expect(!cloud.group('nodes').members.has(slow)).toBe(replaced);
  });

  test('a target that becomes unhealthy after the grace period is replaced', () => {
    const { answers, clock, cloud, ids } = world({ healthCheckType: 'ELB', healthCheckGracePeriod: 60 });
    const sick = cloud.instances()[0];
    answers.get = (ip) => (ip === sick?.privateIp ? { status: 503, body: '' } : { status: 200, body: '' });
    clock.pass(400);
    expect(cloud.group('nodes').members.has(sick?.id ?? '')).toBe(false);
    expect(ids('InService')).toHaveLength(4);
  });
});

describe('scaling processes', () => {
  test('Launch suspended launches nothing until it is resumed', () => {
    const { call, clock, counted } = world({ suspendedProcesses: ['Launch'] });
    call('SetDesiredCapacity', { ...NODES, DesiredCapacity: 5 });
    clock.pass(600);
    expect(counted()).toBe(4);
    call('ResumeProcesses', NODES);
    clock.pass(10);
    expect(counted()).toBe(5);
  });

  test('Terminate suspended does not scale in', () => {
    const { call, clock, counted } = world({ suspendedProcesses: ['Terminate'] });
    call('SetDesiredCapacity', { ...NODES, DesiredCapacity: 2 });
    clock.pass(600);
    expect(counted()).toBe(4);
  });

  test('AddToLoadBalancer suspended registers no new instance', () => {
    const { call, clock, cloud, ids } = world({ suspendedProcesses: ['AddToLoadBalancer'] });
    call('SetDesiredCapacity', { ...NODES, DesiredCapacity: 5 });
    clock.pass(600);
    expect(ids('InService')).toHaveLength(5);
    expect(cloud.targets(WEB)).toHaveLength(4);
  });

  test.each([
    ['ScheduledActions', 'scheduledAction'],
    ['AlarmNotification', 'scalingAlarm'],
  ] as const)('%s changes the capacity within the bounds, and is ignored while suspended', (process, change) => {
    for (const suspendedProcesses of [[], [process]] as const) {
      const { clock, cloud } = world({ suspendedProcesses });
      cloud[change]('nodes', clock.now() + 1000, 99);
      clock.pass(2);
      expect(cloud.group('nodes').desired).toBe(suspendedProcesses.length === 0 ? 6 : 4);
    }
  });

  test.each([[[]], [['AZRebalance']]] as const)(
    'zones left uneven are rebalanced by launching first, unless suspended: %j',
    (suspendedProcesses) => {
      const { call, clock, cloud, ids } = world({ suspendedProcesses });
      const inZoneA = ids('InService').filter((_, index) => index % 2 === 0);
      call('EnterStandby', { ...NODES, InstanceIds: inZoneA, ShouldDecrementDesiredCapacity: true });
      let most = 0;
      for (let second = 0; second < 600; second += 5) {
        clock.pass(5);
        most = Math.max(most, cloud.group('nodes').counted().length);
      }
      const zones = cloud
        .group('nodes')
        .counted()
        .map(({ instance }) => instance.availabilityZone);
      const rebalanced = suspendedProcesses.length === 0;
      expect(new Set(zones).size).toBe(rebalanced ? 2 : 1);
      expect(most).toBe(rebalanced ? 3 : 2);
      expect(zones).toHaveLength(2);
    },
  );
});

import { world } from './world';

const NODES = { AutoScalingGroupName: 'nodes' };
type Group = Record<string, unknown>;

test('a group tells how long its instances may live, and that new ones are protected', () => {
  const { call } = world({ maxInstanceLifetime: 604_800, newInstancesProtectedFromScaleIn: true, healthCheckGracePeriod: 900 });
  const { AutoScalingGroups: groups } = call<{ AutoScalingGroups: (Group & { Instances: object[] })[] }>('DescribeAutoScalingGroups', {});
  expect(groups[0]).toMatchObject({ MaxInstanceLifetime: 604_800, NewInstancesProtectedFromScaleIn: true, HealthCheckGracePeriod: 900 });
  expect(groups[0]?.Instances[0]).toMatchObject({ ProtectedFromScaleIn: true });
  expect(world().call<{ AutoScalingGroups: Group[] }>('DescribeAutoScalingGroups', {}).AutoScalingGroups[0]).not.toHaveProperty(
    'MaxInstanceLifetime',
  );
});

test('lifecycle hooks can be asked for by name', () => {
  const hooks = [{ LifecycleHookName: 'launch' }, { LifecycleHookName: 'terminate' }];
  const { call } = world({ lifecycleHooks: hooks });
  expect(call('DescribeLifecycleHooks', NODES)).toEqual({ LifecycleHooks: hooks });
  expect(call('DescribeLifecycleHooks', { ...NODES, LifecycleHookNames: ['launch'] })).toEqual({ LifecycleHooks: hooks.slice(0, 1) });
});

test('a warm pool is told when there is one', () => {
  expect(world().call('DescribeWarmPool', NODES)).toEqual({ Instances: [] });
  expect(world({ warmPool: { MinSize: 2, PoolState: 'Stopped' } }).call('DescribeWarmPool', NODES)).toMatchObject({
    WarmPoolConfiguration: { MinSize: 2, PoolState: 'Stopped' },
  });
});

test('scheduled actions are told until their time, within the times asked for or by name', () => {
  const { call, clock, cloud } = world();
  const now = clock.now();
  cloud.scheduledAction('nodes', now + 60_000, 3, 'down');
  cloud.scheduledAction('nodes', now + 600_000, 6, 'up');
  const names = (input: object = {}): unknown[] =>
    call<{ ScheduledUpdateGroupActions: Group[] }>('DescribeScheduledActions', { ...NODES, ...input }).ScheduledUpdateGroupActions.map(
      (action) => action['ScheduledActionName'],
    );
  expect(names()).toEqual(['down', 'up']);
  expect(names({ StartTime: new Date(now + 120_000) })).toEqual(['up']);
  expect(names({ EndTime: new Date(now + 120_000) })).toEqual(['down']);
  expect(names({ ScheduledActionNames: ['up'], EndTime: new Date(now) })).toEqual(['up']);
  clock.pass(61);
  expect(names()).toEqual(['up']);
  expect(cloud.group('nodes').desired).toBe(3);
});

test('activities tell when launches began and ended, also those of long ago', () => {
  const { call, clock } = world({ pastLaunchSeconds: [300, 420] });
  call('SetDesiredCapacity', { ...NODES, DesiredCapacity: 5 });
  clock.pass(600);
  const { Activities: activities } = call<{ Activities: { StartTime: Date; EndTime: Date; Description: string }[] }>(
    'DescribeScalingActivities',
    NODES,
  );
  const seconds = activities.map(({ StartTime, EndTime }) => (EndTime.getTime() - StartTime.getTime()) / 1000);
  expect(activities.every(({ Description }) => Description.startsWith('Launching a new EC2 instance: i-'))).toBe(true);
  expect(seconds[0]).toBeGreaterThan(0);
  expect(seconds.slice(1)).toEqual([420, 300]);
});

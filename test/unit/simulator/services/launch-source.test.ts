import { refusal, WEB, world } from './world';

const NODES = { AutoScalingGroupName: 'nodes' };
const SPEC = { LaunchTemplateId: 'lt-1', Version: '$Default' };

/** Launches one more instance and tells its image. */
function launched({ call, clock, cloud }: ReturnType<typeof world>): string | undefined {
  call('SetDesiredCapacity', { ...NODES, DesiredCapacity: 5 });
  clock.pass(120);
  return cloud.group('nodes').in('InService').length === 5 ? cloud.instances().at(-1)?.imageId : undefined;
}

describe('the launch template', () => {
  test('of a mixed-instances policy changes without the rest of the policy', () => {
    const Overrides = [{ InstanceType: 'm7i.xlarge' }];
    const mixedInstancesPolicy = { LaunchTemplate: { LaunchTemplateSpecification: SPEC, Overrides }, InstancesDistribution: {} };
    const w = world({ launchTemplate: undefined, mixedInstancesPolicy });
    w.call('CreateLaunchTemplateVersion', { LaunchTemplateId: 'lt-1', SourceVersion: '1', LaunchTemplateData: { ImageId: 'ami-new' } });
    w.call('UpdateAutoScalingGroup', {
      ...NODES,
      MixedInstancesPolicy: { LaunchTemplate: { LaunchTemplateSpecification: { LaunchTemplateName: 'nodes', Version: '2' } } },
    });
    expect(w.call('DescribeAutoScalingGroups', { AutoScalingGroupNames: ['nodes'] })).toMatchObject({
      AutoScalingGroups: [
        {
          MixedInstancesPolicy: {
            LaunchTemplate: { LaunchTemplateSpecification: { LaunchTemplateId: 'lt-1', Version: '2' }, Overrides },
            InstancesDistribution: {},
          },
        },
      ],
    });
    expect(launched(w)).toBe('ami-new');
  });

  test('cannot have weights: the simulator says so', () => {
    const Overrides = [{ InstanceType: 'm7i.xlarge', WeightedCapacity: '2' }];
    const MixedInstancesPolicy = { LaunchTemplate: { LaunchTemplateSpecification: SPEC, Overrides } };
    expect(refusal(() => world().call('UpdateAutoScalingGroup', { ...NODES, MixedInstancesPolicy }))).toMatch(
      /^NotImplemented: .*WeightedCapacity/u,
    );
  });

  test.each([
    ['ami-new', 'ami-new'],
    [undefined, undefined],
  ])('may name an SSM parameter, which is looked up at launch: %s', (value, image) => {
    const w = world({}, { hooks: { resolveParameter: (name) => (name === '/images/node' ? value : undefined) } });
    const LaunchTemplateData = { ImageId: 'resolve:ssm:/images/node' };
    w.call('CreateLaunchTemplateVersion', { LaunchTemplateId: 'lt-1', SourceVersion: '1', LaunchTemplateData });
    expect(launched(w)).toBe(image);
  });
});

describe('selections', () => {
  test.each([
    [{ Filters: [{ Name: 'tag:team', Values: ['scm'] }] }, 1],
    [{ Filters: [{ Name: 'tag-key', Values: ['team'] }] }, 1],
    [{ Filters: [{ Name: 'tag-value', Values: ['web'] }] }, 0],
    [{ AutoScalingGroupNames: ['others'] }, 0],
  ])('groups by %j', (input, count) => {
    const { call } = world({ tags: { team: { value: 'scm', propagate: true } } });
    expect(call<{ AutoScalingGroups: unknown[] }>('DescribeAutoScalingGroups', input).AutoScalingGroups).toHaveLength(count);
  });

  test.each([
    ['DescribeAutoScalingGroups', { Filters: [{ Name: 'colour', Values: [] }] }, 'colour'],
    ['SuspendProcesses', { ...NODES, ScalingProcesses: ['Sleep'] }, 'Sleep'],
    ['EnterStandby', { ...NODES, InstanceIds: [], ShouldDecrementDesiredCapacity: false }, 'At least one instance'],
    ['SetDesiredCapacity', { AutoScalingGroupName: 'others', DesiredCapacity: 1 }, 'others'],
    [
      'SetDesiredCapacity',
      { ...NODES, DesiredCapacity: 7 },
      'New SetDesiredCapacity value 7 is above max value 6 for the AutoScalingGroup.',
    ],
  ])('%s of %j is refused', (name, input, message) => {
    expect(refusal(() => world().call(name, input))).toContain(message);
  });
});

test('a target that is registered again while it drains serves again', () => {
  const { answers, call, clock, cloud, cut, ids } = world();
  const [id = ''] = ids('InService');
  const Targets = [{ Id: id }];
  answers.busy.set(`${WEB} ${id}`, clock.now() + 600_000);
  call('DeregisterTargets', { TargetGroupArn: WEB, Targets });
  clock.pass(60);
  call('RegisterTargets', { TargetGroupArn: WEB, Targets });
  clock.pass(600);
  expect(cloud.healthy(WEB)).toContain(id);
  expect(cut).toEqual([]);
});

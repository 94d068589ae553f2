import { refusal, world } from './world';

const NODES = { AutoScalingGroupName: 'nodes' };

describe('UpdateAutoScalingGroup', () => {
  const update = (change: object) => ['UpdateAutoScalingGroup', { ...NODES, ...change }] as const;

  test.each([
    [{ MinSize: 5, DesiredCapacity: 4 }, 'Desired capacity:4 must be between the specified min size:5 and max size:6'],
    [{ MaxSize: 3, DesiredCapacity: 4 }, 'Desired capacity:4 must be between the specified min size:1 and max size:3'],
    [{ MinSize: 7 }, 'Max bound, 6, must be greater than or equal to min bound, 7'],
    [{ TerminationPolicies: ['Youngest'] }, 'Unknown termination policies: Youngest'],
    [{ LaunchTemplate: { LaunchTemplateId: 'lt-1', Version: '9' } }, 'You must use a valid fully-formed launch template.'],
  ])('refuses %j', (change, message) => {
    const { call } = world();
    expect(refusal(() => call(...update(change)))).toContain(`ValidationError: ${message}`);
  });

  test('names what it does not model', () => {
    const { call } = world();
    expect(refusal(() => call(...update({ PlacementGroup: 'x' })))).toBe(
      'NotImplemented: The simulator does not model PlacementGroup of UpdateAutoScalingGroup.',
    );
  });

  test('a new minimum raises the desired capacity, a new maximum lowers it', () => {
    const { call, cloud } = world();
    call(...update({ MinSize: 5 }));
    expect(cloud.group('nodes').desired).toBe(5);
    call(...update({ MinSize: 1, MaxSize: 2 }));
    expect(cloud.group('nodes').desired).toBe(2);
  });

  test('tags are written, read and removed', () => {
    const { call } = world();
    const tag = { ResourceId: 'nodes', ResourceType: 'auto-scaling-group', Key: 'run', Value: 'x', PropagateAtLaunch: false };
    call('CreateOrUpdateTags', { Tags: [tag] });
    expect(call('DescribeTags', { Filters: [{ Name: 'key', Values: ['run'] }] })).toMatchObject({ Tags: [tag] });
    call('DeleteTags', { Tags: [{ ResourceId: 'nodes', ResourceType: 'auto-scaling-group', Key: 'run' }] });
    expect(call('DescribeTags', {})).toMatchObject({ Tags: [] });
  });
});

import fc from 'fast-check';
import { refusal, world } from './world';

const NODES = { AutoScalingGroupName: 'nodes' };

/** What an operator or the workflow may do to a group, one of its members by index. */
const step = fc.oneof(
  fc.record({ do: fc.constant('SetDesiredCapacity' as const), size: fc.integer({ min: 0, max: 9 }) }),
  fc.record({
    do: fc.constant('UpdateAutoScalingGroup' as const),
    min: fc.integer({ min: 0, max: 7 }),
    max: fc.integer({ min: 0, max: 7 }),
  }),
  fc.record({ do: fc.constant('EnterStandby' as const), member: fc.nat(8), decrement: fc.boolean() }),
  fc.record({ do: fc.constant('Terminate' as const), member: fc.nat(8), decrement: fc.boolean() }),
  fc.record({ do: fc.constant('ExitStandby' as const), member: fc.nat(8) }),
  fc.record({ do: fc.constant('kill' as const), member: fc.nat(8) }),
  fc.record({ do: fc.constant('wait' as const), seconds: fc.integer({ min: 1, max: 400 }) }),
);

describe.each(['not-counted', 'counted'] as const)('whatever is done to a group (termination in Standby %s)', (terminateInStandby) => {
  test('desired stays within its bounds, nothing is in two states, and what serves converges to desired', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
        const { call, clock, cloud, journal } = world({}, { terminateInStandby });
        const group = cloud.group('nodes');
        const state = new Map<string, unknown>([...group.members.keys()].map((id) => [id, 'InService']));
        journal.listen((entry) => {
          if (entry.kind !== 'lifecycle') return;
          expect(state.get(entry.id as string) ?? 'None').toBe(entry.from);
          state.set(entry.id as string, entry.to);
        });
        for (const one of steps) {
          const id = [...group.members.keys()][('member' in one ? one.member : 0) % Math.max(1, group.members.size)] ?? 'i-none';
          refusal(() => {
            if (one.do === 'wait') clock.pass(one.seconds);
            else if (one.do === 'kill') cloud.killInstance(id);
            else if (one.do === 'SetDesiredCapacity') call(one.do, { ...NODES, DesiredCapacity: one.size });
            else if (one.do === 'UpdateAutoScalingGroup') call(one.do, { ...NODES, MinSize: one.min, MaxSize: one.max });
            else if (one.do === 'ExitStandby') call(one.do, { ...NODES, InstanceIds: [id] });
            else if (one.do === 'EnterStandby')
              call(one.do, { ...NODES, InstanceIds: [id], ShouldDecrementDesiredCapacity: one.decrement });
            else call('TerminateInstanceInAutoScalingGroup', { InstanceId: id, ShouldDecrementDesiredCapacity: one.decrement });
          });
          expect(group.desired).toBeGreaterThanOrEqual(group.min);
          expect(group.desired).toBeLessThanOrEqual(group.max);
        }
        clock.pass(3600);
        expect(group.in('InService')).toHaveLength(group.desired);
        expect(group.in('Pending', 'EnteringStandby', 'Terminating')).toHaveLength(0);
        const running = cloud
          .instances()
          .filter((instance) => instance.state === 'running')
          .map(({ id }) => id);
        expect(running.every((id) => group.members.has(id))).toBe(true);
      }),
      { numRuns: 40 },
    );
  });
});

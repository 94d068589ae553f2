import fc from 'fast-check';
import type { Member } from '../../lambda/core/observation';
import { isInService, isNew } from '../../lambda/core/observation';
import { nextRestoreStep } from '../../lambda/core/restore';
import { ARNS, at, group, healthy, member, node, plan, without } from '../unit/lambda/support/build';

/** How the roll stood when something failed. */
const situations = fc.record({
  size: fc.integer({ min: 2, max: 8 }),
  done: fc.integer({ min: 0, max: 8 }),
  surge: fc.boolean(),
  out: fc.boolean(),
  decremented: fc.boolean(),
  replacement: fc.constantFrom('good', 'booting', 'overdue', 'wrong version', 'serving the wrong version', 'none'),
});

type Situation = typeof situations extends fc.Arbitrary<infer T> ? T : never;

interface World {
  members: readonly Member[];
  desired: number;
  max: number;
}

function begin({ size, done, surge, out, decremented, replacement }: Situation): World {
  const upgraded = Math.min(done, size - 1);
  const olds = Array.from({ length: size - upgraded }, (_, n) => member(`i-old${n + 1}`));
  const news = Array.from({ length: upgraded + (surge ? 1 : 0) }, (_, n) => member(`i-new${n + 1}`));
  const away = out ? olds.map((one, n) => (n === 0 ? { ...one, lifecycleState: 'Standby', targets: [] } : one)) : olds;
  const next = out && !(decremented && surge) ? replacementOf(replacement) : [];
  const desired = size + (surge ? 1 : 0) - (out && decremented && surge ? 1 : 0);
  return { members: [...away, ...news, ...next], desired, max: Math.max(size, desired) };
}

function replacementOf(kind: Situation['replacement']): readonly Member[] {
  const fresh = member('i-new99');
  const wrong = node(fresh.privateIp, '9.4.22');
  const apart = without(fresh, 'node');
  switch (kind) {
    case 'good':
      return [fresh];
    case 'booting':
      return [{ ...apart, lifecycleState: 'Pending', targets: [] }];
    case 'overdue':
      return [{ ...apart, targets: [], launchedAt: '2026-03-01T10:00:00.000Z' }];
    case 'wrong version':
      return [{ ...fresh, targets: [], node: wrong }];
    case 'serving the wrong version':
      return [{ ...fresh, node: wrong }];
    case 'none':
      return [];
  }
}

const serving = (world: World): number => world.members.filter((one) => isInService(one) && one.targets.length > 0).length;

/** Does what a step says, as Auto Scaling documents it: https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-enter-exit-standby.html */
function apply(world: World, step: ReturnType<typeof nextRestoreStep>): World {
  const change = (id: string, to: Partial<Member>): readonly Member[] =>
    world.members.map((one) => (one.instanceId === id ? { ...one, ...to } : one));
  switch (step.kind) {
    case 'resize':
      expect(step.desired).toBeLessThanOrEqual(step.max);
      return { ...world, max: step.max, desired: step.desired };
    case 'exit-standby':
      expect(world.desired).toBeLessThan(world.max);
      return {
        ...world,
        desired: world.desired + 1,
        members: change(step.member.instanceId, { lifecycleState: 'InService', targets: healthy(step.member.instanceId) }),
      };
    case 'stand-by':
      return { ...world, desired: world.desired - 1, members: change(step.member.instanceId, { lifecycleState: 'Standby', targets: [] }) };
    case 'terminate':
      expect(step.member.targets.some(({ state }) => state === 'healthy' || state === 'draining')).toBe(false);
      return {
        ...world,
        desired: world.desired - (step.decrement ? 1 : 0),
        members: world.members.filter((one) => one.instanceId !== step.member.instanceId),
      };
    default:
      return world;
  }
}

test('whatever failed, capacity comes back before any goes, and the cluster ends with its original size', () => {
  fc.assert(
    fc.property(situations, (situation) => {
      const { size } = situation;
      const thePlan = plan({ sizes: { min: size, max: size, desired: size } });
      let world = begin(situation);
      const few = Math.min(size, serving(world));
      for (let look = 0; look < 60; look++) {
        const now = at(look * 120);
        const step = nextRestoreStep({
          plan: thePlan,
          group: group(world.members, world.desired, { sizes: { min: size, max: world.max, desired: world.desired } }),
          members: world.members,
          targetGroupArns: ARNS,
          now,
          bootTimeout: 2700,
        });
        if (step.kind === 'done') {
          const olds = world.members.filter((one) => !isNew(one, thePlan)).length;
          expect(serving(world)).toBe(size);
          expect(world.desired).toBe(size);
          expect(step.made).toBe(olds === size ? 'original' : 'mixed');
          return;
        }
        world = apply(world, step);
        expect(serving(world)).toBeGreaterThanOrEqual(few);
        expect(world.desired).toBeGreaterThanOrEqual(size);
      }
      throw new Error(`not restored: ${JSON.stringify(world)}`);
    }),
    { numRuns: 500 },
  );
});

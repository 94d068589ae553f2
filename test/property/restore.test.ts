import fc from 'fast-check';
import { turn } from '../../lambda/core/direction';
import type { Member } from '../../lambda/core/observation';
import { isAlive, isInService, isPending } from '../../lambda/core/observation';
import { nextRestoreStep } from '../../lambda/core/restore';
import { ARNS, FROM, NEW_IMAGE, OLD_IMAGE, TO, at, group, healthy, member, node, plan, without } from '../unit/lambda/support/build';

/** How the roll stood when something failed. */
const situations = fc.record({
  size: fc.integer({ min: 2, max: 8 }),
  done: fc.integer({ min: 0, max: 8 }),
  surge: fc.boolean(),
  out: fc.boolean(),
  decremented: fc.boolean(),
  /** A node that serves no more: the instance died. */
  dead: fc.boolean(),
  replacement: fc.constantFrom('good', 'booting', 'overdue', 'in error', 'wrong version', 'serving the wrong version', 'none'),
  /** The node that was out is back, and somebody scaled the group in, so that it went. */
  scaledIn: fc.boolean(),
  /** On the way there, or on the way back. */
  back: fc.boolean(),
  surplus: fc.constantFrom('keep' as const, 'give-back' as const),
});

type Situation = typeof situations extends fc.Arbitrary<infer T> ? T : never;

interface World {
  members: readonly Member[];
  desired: number;
  max: number;
  launched: number;
}

/** What is replaced and what it is replaced with: on the way back, the other way round. */
const oldOnes = ({ back }: Situation): string => (back ? 'i-new' : 'i-old');
const newOnes = ({ back }: Situation): string => (back ? 'i-old' : 'i-new');
const planOf = (situation: Situation) => {
  const forward = plan({ sizes: { min: situation.size, max: situation.size, desired: situation.size } });
  return situation.back ? turn(forward) : forward;
};

function begin(situation: Situation): World {
  const { size, done, surge, out, decremented, dead, replacement, scaledIn } = situation;
  const replaced = Math.min(done, size - 1);
  const olds = Array.from({ length: size - replaced }, (_, n) => member(`${oldOnes(situation)}${n + 1}`));
  const news = Array.from({ length: replaced + (surge ? 1 : 0) }, (_, n) => member(`${newOnes(situation)}${n + 1}`));
  const away = olds.map((one, n) => {
    if (n === 0 && out) return { ...one, lifecycleState: 'Standby', targets: [] };
    return n === olds.length - 1 && n > 0 && dead ? { ...one, ec2State: 'terminated', targets: [] } : one;
  });
  const next = out && !(decremented && surge) ? replacementOf(replacement, situation) : [];
  const desired = size + (surge ? 1 : 0) - (out && decremented && surge ? 1 : 0);
  const rest = out && scaledIn ? away.slice(1) : away;
  return { members: [...rest, ...news, ...next], desired, max: Math.max(size, desired), launched: 0 };
}

function replacementOf(kind: Situation['replacement'], situation: Situation): readonly Member[] {
  const fresh = { ...member(`${newOnes(situation)}99`), launchedAt: '2026-03-01T11:50:00.000Z' };
  const wrong = node(fresh.privateIp, '9.4.22');
  const apart = without(fresh, 'node');
  switch (kind) {
    case 'good':
      return [fresh];
    case 'booting':
      return [{ ...apart, lifecycleState: 'Pending', targets: [] }];
    case 'overdue':
      return [{ ...apart, targets: [], launchedAt: '2026-03-01T10:00:00.000Z' }];
    case 'in error':
      return [{ ...fresh, targets: [], node: node(fresh.privateIp, situation.back ? FROM : TO, 'ERROR') }];
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
    case 'raise-maximum':
      return { ...world, max: step.max };
    case 'lower-desired':
      expect(step.desired).toBeLessThan(world.desired);
      expect(step.desired).toBeGreaterThanOrEqual(world.members.filter(isInService).length);
      return { ...world, desired: step.desired };
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

/** In its own time the group launches what it lacks, from the image that it points at, and instances that boot become good. */
function grow(world: World, situation: Situation): World {
  const members = world.members.map((one) =>
    one.lifecycleState === 'Pending' ? { ...member(one.instanceId), launchedAt: one.launchedAt } : one,
  );
  const grows = situation.dead || situation.scaledIn;
  const lacks = grows && world.members.filter((one) => isInService(one) || isPending(one)).length < world.desired;
  if (!lacks) return { ...world, members };
  const id = `${newOnes(situation)}${70 + world.launched}`;
  const fresh = { ...member(id), lifecycleState: 'Pending', targets: [], launchedAt: at(0).toISOString() };
  return { ...world, members: [...members, without(fresh, 'node')], launched: world.launched + 1 };
}

test('whatever failed, on either way, capacity comes back before any goes, and the cluster ends with its original size', () => {
  fc.assert(
    fc.property(situations, (situation) => {
      const { size, surplus } = situation;
      const thePlan = planOf(situation);
      let world = begin(situation);
      const few = Math.min(size, serving(world));
      for (let look = 0; look < 60; look++) {
        const step = nextRestoreStep({
          plan: thePlan,
          group: group(world.members, world.desired, { sizes: { min: size, max: world.max, desired: world.desired } }),
          members: world.members,
          targetGroupArns: ARNS,
          now: at(look * 120),
          begunAt: at(0),
          bootTimeout: 2700,
          surplus,
        });
        if (step.kind === 'done') {
          expect(serving(world)).toBeGreaterThanOrEqual(size);
          if (surplus === 'give-back') expect([serving(world), world.desired]).toEqual([size, size]);
          expect(world.members.every((one) => isInService(one) && isAlive(one))).toBe(true);
          const images = new Set(world.members.map(({ imageId }) => imageId));
          const made = images.size === 2 ? 'mixed' : images.has(OLD_IMAGE) ? 'original' : images.has(NEW_IMAGE) ? 'upgraded' : '';
          expect(step.made).toBe(made);
          return;
        }
        world = grow(apply(world, step), situation);
        expect(serving(world)).toBeGreaterThanOrEqual(few);
        expect(world.desired).toBeGreaterThanOrEqual(size);
      }
      throw new Error(`not restored: ${JSON.stringify(world)}`);
    }),
    { numRuns: 1000 },
  );
});

/** Whether a further node fits into the maintenance window. */
import type { BakeSpec, Limits } from '../../lib/contract/environment';
import type { MaintenanceWindow, NodeReport, Plan, Rolled } from '../../lib/contract/events';
import type { WindowInput } from '../../lib/contract/request-schema';
import { bakeOf } from './bake';
import { unmeasuredBoot } from './checks/expected';
import { duration, moment } from './checks/words';
import { isTurned } from './direction';
import { TaskError } from './errors';

/** The window of a request; it opens with the run unless the request says when. A run that is redriven starts anew. */
export function openedWindow({ opens, minutes }: WindowInput, startedAt: string): MaintenanceWindow {
  const opensAt = new Date(opens ?? startedAt);
  return { opensAt: opensAt.toISOString(), endsAt: new Date(opensAt.getTime() + minutes * 60_000).toISOString() };
}

/** What the time of a node is told from. */
export interface NodeGround {
  readonly plan: Plan;
  readonly rolled: Rolled;
  readonly limits: Limits;
  readonly bake: BakeSpec;
}

/** A boot may take a quarter longer than the last one: caches are cold, the cluster is busier. */
const MARGIN = 1.25;

/** The window that counts: none on the way back, which is never stopped halfway. */
export const windowOf = (plan: Plan): MaintenanceWindow | undefined => (isTurned(plan) ? undefined : plan.window);

/**
 * Seconds from the launch of the next new node until it is good: as the last one took and a quarter more, but no longer than it may; before
 * any was measured, what is expected of a node that nobody knows.
 */
export function expectedBoot({ rolled, limits }: Pick<NodeGround, 'rolled' | 'limits'>): number {
  const measured = rolled.expectedBootSeconds;
  return Math.ceil(measured > 0 ? Math.min(measured * MARGIN, limits.bootTimeout) : unmeasuredBoot(limits));
}

/**
 * Seconds from taking a node out until its replacement is good and has proved itself, and the node is drained: its boot, its bake, and what
 * the last node went on draining after both. Draining begins together with the boot, and is mostly over before it.
 */
export const expectedNode = (ground: NodeGround): number =>
  expectedBoot(ground) + bakeOf(ground.bake, ground.plan, ground.rolled).duration + lateDrain(ground);

function lateDrain({ rolled, bake }: NodeGround): number {
  const replaced = rolled.completed.filter(({ goodAt }) => goodAt !== undefined);
  const last: NodeReport | undefined = replaced.at(-1);
  if (last?.goodAt === undefined) return 0;
  const baked = replaced.length === 1 ? bake.first : bake.each;
  const seconds = (Date.parse(last.drainedAt) - Date.parse(last.goodAt)) / 1000 - baked;
  return Math.max(0, Math.ceil(seconds));
}

/** For people: why what takes so many seconds does not fit into the window; undefined when it does, or when there is no window. */
export function tooLate(window: MaintenanceWindow | undefined, seconds: number, now: Date): string | undefined {
  if (window === undefined) return undefined;
  const left = (Date.parse(window.endsAt) - now.getTime()) / 1000;
  if (seconds <= left) return undefined;
  const ends = left <= 0 ? `ended at ${moment(window.endsAt)}` : `ends at ${moment(window.endsAt)}, in ${duration(left)}`;
  return `the maintenance window ${ends}; the next node is expected to be good ${duration(seconds)} after it is begun`;
}

/** Ends the run as a plan foresees it: all that was begun is finished, and the next start goes on. */
export const windowClosing = (why: string): TaskError =>
  new TaskError('WindowClosing', `No further node is begun: ${why}. The next start goes on from here.`);

/** Seconds that a backup is counted with before it is begun: how long it takes nobody tells, and it is looked at the clock again after it. */
export const EXPECTED_BACKUP = 600;

/** What a whole run is expected to come to. */
export type RunGround = Omit<NodeGround, 'rolled'>;

/**
 * Seconds that each boot of a run takes, in order, before anything is measured. With a surge the first one is the extra node's, whose place
 * in the end is that of an old node: N nodes take N boots in either way.
 */
export function plannedBoots({ plan, limits, bake }: RunGround): readonly number[] {
  const boot = Math.ceil(unmeasuredBoot(limits));
  const [surge, replaced] = plan.capacity === 'surge' ? [[boot], plan.nodes.length - 1] : [[], plan.nodes.length];
  if (plan.nodes.length === 0) return [];
  return [...surge, ...Array.from({ length: replaced }, (_, index) => boot + (index === 0 ? bake.first : bake.each))];
}

/** How many nodes are expected to be upgraded in so many seconds. */
export function nodesIn(seconds: number, boots: readonly number[]): number {
  let sum = 0;
  return boots.filter((boot) => (sum += boot) <= seconds).length;
}

import type { Limits } from '../../../lib/contract/environment';
import type { Plan } from '../../../lib/contract/events';
import type { Ground } from './check';

/** Seconds that Bitbucket takes to finalize, and the group to settle, roughly. */
const CLOSING = 300;

/** Seconds that a node is counted with of which nobody knows how long it boots: half of what the limits allow it. */
export const unmeasuredBoot = ({ bootTimeout }: Pick<Limits, 'bootTimeout'>): number => bootTimeout / 2;

/** Seconds that the upgrade is expected to take: as the plan says; without that, half of what the limits allow each node to boot in. */
export function expectedSeconds({ plan, limits }: Pick<Ground, 'plan' | 'limits'>): number {
  const told = (plan as Plan & { readonly expectedSeconds?: number }).expectedSeconds ?? 0;
  return told > 0 ? told : Math.max(1, plan.nodes.length) * unmeasuredBoot(limits) + CLOSING;
}

/** When it is expected to end. */
export const expectedEnd = (ground: Ground): Date => new Date(ground.now.getTime() + expectedSeconds(ground) * 1000);

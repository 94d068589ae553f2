import type { Plan, Sizes } from '../../lib/contract/events';
import { isTurned } from './direction';

/**
 * The sizes that give the group one node more than it had; or why it gets none. The minimum stays: taking nodes into Standby with
 * decrement must not fall below it. Once no node of the original version is left there is nothing to make room for,
 * unless all of them come back.
 */
export function surgeSizes(plan: Plan, now: Sizes): { readonly max: number; readonly desired: number } | { readonly none: string } {
  const desired = plan.sizes.desired + 1;
  if (plan.capacity === 'within-capacity') return { none: 'nodes are replaced within the capacity' };
  if (plan.nodes.length === 0 && !isTurned(plan)) return { none: 'no node of the original version is left' };
  if (now.desired >= desired) return { none: `the group already has room for ${now.desired} nodes` };
  return { max: Math.max(now.max, desired), desired };
}

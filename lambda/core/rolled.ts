import type { DrainLook, NodeRef, ReplacementLook, Rolled, StandbyResult } from '../../lib/contract/events';

/** Nothing rolled yet. */
export const NOTHING_ROLLED: Rolled = { completed: [], expectedBootSeconds: 0, failures: 0, postponed: [] };

/** What happened to one node. */
export interface RetiredNode {
  readonly node: NodeRef;
  readonly standby: StandbyResult;
  readonly drain: DrainLook;
  /** Undefined when nothing took the node's place. */
  readonly replacement: ReplacementLook | undefined;
  /** ISO 8601. */
  readonly retiredAt: string;
}

/** The roll with one more node done. A boot that was measured tells how long the next one will take. */
export function withNode(rolled: Rolled, { node, standby, drain, replacement, retiredAt }: RetiredNode): Rolled {
  const { replacement: ref, goodAt, bootSeconds = 0 } = replacement ?? {};
  const report = {
    old: node,
    ...(ref && { replacement: ref }),
    standbyAt: standby.standbyAt,
    drainedAt: drain.drainedAt,
    ...(goodAt && { goodAt }),
    retiredAt,
    bootSeconds,
  };
  return {
    ...rolled,
    completed: [...rolled.completed, report],
    expectedBootSeconds: bootSeconds > 0 ? bootSeconds : rolled.expectedBootSeconds,
  };
}

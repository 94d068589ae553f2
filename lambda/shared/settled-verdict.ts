import type { Plan } from '../../lib/contract/events';
import type { Nodes } from '../ports/bitbucket';
import type { ClusterPorts } from './observe';
import { judgeCluster } from './observe';
import { pause } from './task';

/** Milliseconds that a node may be in the state ERROR before it counts: a node that joins can pass through it. */
const ERROR_GRACE = 15_000;

/** Judges the cluster; what may be passing is looked at a second time before it is believed. */
export async function settledVerdict(
  ports: ClusterPorts & { readonly nodes: Nodes },
  plan: Plan,
  targetGroupArns: readonly string[],
): ReturnType<typeof judgeCluster> {
  const first = await judgeCluster(ports, plan, targetGroupArns);
  if (first.verdict.kind !== 'bad' || !first.verdict.perhapsPassing) return first;
  await pause(ERROR_GRACE);
  return judgeCluster(ports, plan, targetGroupArns);
}

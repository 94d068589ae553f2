import type { BakeSpec, Limits } from '../../lib/contract/environment';
import type { Look, Plan, ReplacementLook, Rolled } from '../../lib/contract/events';
import { alarms } from '../adapters/alarms';
import type { EnvironmentReader } from '../adapters/environment';
import { readEnvironment } from '../adapters/environment';
import { bakeOf, lookAtBake } from '../core/bake';
import type { Verdict } from '../core/judge';
import { done } from '../core/look';
import { NOTHING_ROLLED } from '../core/rolled';
import type { Alarms } from '../ports/alarms';
import type { Nodes } from '../ports/bitbucket';
import { clusterEnvironment, clusterPorts } from '../shared/live';
import type { ClusterPorts } from '../shared/observe';
import { settledVerdict } from '../shared/settled-verdict';
import { pause, SECOND_LOOK, task } from '../shared/task';

interface Input {
  readonly plan: Plan;
  readonly rolled?: Rolled;
  readonly replacement: ReplacementLook;
  readonly since?: string;
}

interface Settings {
  readonly bake: BakeSpec;
  readonly limits: Limits;
  readonly targetGroupArns: readonly string[];
  readonly now: () => Date;
}

interface Ports extends ClusterPorts {
  readonly nodes: Nodes;
  readonly alarms: Alarms;
}

/** Watches the new node while the old one can still return: its alarms, and whether it stays good. */
export async function bakeNode(
  { plan, rolled = NOTHING_ROLLED, since: began }: Input,
  { bake: spec, limits, targetGroupArns, now }: Settings,
  ports: Ports,
): Promise<Look> {
  const bake = bakeOf(spec, plan, rolled);
  const since = began ?? now().toISOString();
  if (bake.duration === 0 && bake.alarms.length === 0) return done(since, 'nothing is watched: the bake time is 0 s');
  const states = await ports.alarms.states(bake.alarms);
  let { verdict } = await settledVerdict(ports, plan, targetGroupArns);
  if (isIll(verdict)) {
    await pause(SECOND_LOOK);
    ({ verdict } = await settledVerdict(ports, plan, targetGroupArns));
  }
  return lookAtBake({ bake, plan, verdict, alarms: states, limits, now: now(), since });
}

const isIll = (verdict: Verdict): boolean => verdict.kind === 'wait' && verdict.awaited !== undefined;

const environment = (read: EnvironmentReader) => ({ ...clusterEnvironment(read), bake: read.bake() });

export const handler = task('bake-node', (input: Input) => {
  const env = readEnvironment(environment);
  return bakeNode(input, { ...env, now: () => new Date() }, { ...clusterPorts(env), alarms: alarms() });
});

import type { Limits } from '../../lib/contract/environment';
import type { NextNode, Plan, Rolled } from '../../lib/contract/events';
import { readEnvironment } from '../adapters/environment';
import { chooseNext } from '../core/choose';
import { TaskError } from '../core/errors';
import { done, waitOn } from '../core/look';
import { refOf } from '../core/observation';
import { secondsBetween } from '../core/time';
import { clusterEnvironment, clusterPorts } from '../shared/live';
import type { ClusterPorts } from '../shared/observe';
import { observe } from '../shared/observe';
import { task } from '../shared/task';

interface Input {
  readonly plan: Plan;
  readonly rolled: Rolled;
  readonly since?: string;
}

interface Settings {
  readonly limits: Limits;
  readonly targetGroupArns: readonly string[];
  readonly now: Date;
}

/** Chooses whom to take out next, once the cluster is ready for it. */
export async function chooseNode(
  { plan, since }: Input,
  { limits, targetGroupArns, now }: Settings,
  ports: ClusterPorts,
): Promise<NextNode> {
  const { group, members } = await observe(ports);
  const choice = chooseNext({ plan, group, members, targetGroupArns });
  const began = since ?? now.toISOString();
  if (choice.kind === 'take') return { ...done(began, choice.detail), action: choice.action, node: refOf(choice.member) };
  if (choice.kind === 'none') return { ...done(began, choice.detail), action: 'none' };
  const elapsed = secondsBetween(began, now);
  if (elapsed >= limits.bootTimeout) {
    throw new TaskError(
      'ClusterUnexpected',
      `For ${elapsed} s (limit ${limits.bootTimeout} s) no node could be taken out: ${choice.detail}.`,
    );
  }
  return { ...waitOn({ since: began, now, limits }, choice.detail), action: 'none' };
}

export const handler = task('choose-node', (input: Input) => {
  const env = readEnvironment(clusterEnvironment);
  return chooseNode(input, { ...env, now: new Date() }, clusterPorts(env));
});

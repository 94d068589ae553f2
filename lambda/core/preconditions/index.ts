import type { Problem } from '../../../lib/contract/events';
import { TaskError } from '../errors';
import { checkBackup, warnBackup } from './backup';
import { checkNodes, checkOneVersion, checkSameView, checkUpgradeMode } from './cluster';
import type { Check, Facts } from './facts';
import { checkGroup, checkImage, checkLock, checkTemplate, warnGroup } from './group';
import { checkHealthChecks, checkTargets, warnTargets } from './targets';
import { checkVersions } from './version';

export type { Facts } from './facts';

/** In the order in which people read them: who is at work already, what was asked for, the cluster, what is around it. */
const CHECKS: readonly Check[] = [
  checkLock,
  checkVersions,
  checkUpgradeMode,
  checkNodes,
  checkOneVersion,
  checkSameView,
  checkTargets,
  checkHealthChecks,
  checkGroup,
  checkTemplate,
  checkImage,
  checkBackup,
];
const WARNINGS: readonly Check[] = [warnTargets, warnGroup, warnBackup];

/**
 * Whether the upgrade is allowed; returns what should be known though it is. When there is nothing to do only the request counts.
 *
 * @throws RequestRefused with every reason, numbered
 */
export function checkPreconditions(facts: Facts): { readonly warnings: readonly Problem[] } {
  const checks = facts.plan.action === 'nothing' ? [checkVersions] : CHECKS;
  const problems = checks.flatMap((check) => check(facts));
  if (problems.length > 0) {
    const reasons = problems.map(({ check, message }, index) => `${index + 1}. [${check}] ${message}`);
    throw new TaskError(
      'RequestRefused',
      `The upgrade of ${facts.plan.groupName} is refused; nothing was changed. ${problems.length === 1 ? 'The reason' : `All ${problems.length} reasons`}:\n${reasons.join('\n')}`,
    );
  }
  return { warnings: WARNINGS.flatMap((check) => check(facts)) };
}

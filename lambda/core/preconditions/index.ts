import type { Problem } from '../../../lib/contract/events';
import { TaskError } from '../errors';
import { checkNodes, checkOneVersion, checkSameView, checkUpgradeMode } from './cluster';
import type { Check, Facts } from './facts';
import { checkGroup, checkImage, checkLock, checkTemplate, warnGroup } from './group';
import { checkObservations, warnBackup, warnObservations } from './observations';
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
  checkObservations,
];
const WARNINGS: readonly Check[] = [warnTargets, warnGroup, warnBackup, warnObservations];

/**
 * Whether the upgrade is allowed; returns what should be known though it is. When there is nothing to do only the request counts.
 *
 * @throws RequestRefused with every reason, numbered
 */
export function checkPreconditions(facts: Facts): { readonly warnings: readonly Problem[] } {
  const checks = facts.plan.action === 'nothing' ? [checkVersions] : CHECKS;
  const problems = once(checks.flatMap((check) => check(facts)));
  if (problems.length > 0) {
    const reasons = problems.map(({ check, message }, index) => `${index + 1}. [${check}] ${message}`);
    throw new TaskError(
      'RequestRefused',
      `The upgrade of ${facts.plan.groupName} is refused; nothing was changed. ${problems.length === 1 ? 'The reason' : `All ${problems.length} reasons`}:\n${reasons.join('\n')}`,
    );
  }
  return { warnings: once(WARNINGS.flatMap((check) => check(facts))) };
}

/** Parts of a backup may have the same to say: of the vault that they share. */
const once = (problems: readonly Problem[]): readonly Problem[] =>
  problems.filter((one, index) => problems.findIndex(({ check, message }) => check === one.check && message === one.message) === index);

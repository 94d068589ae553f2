import { Duration, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { CapacityStrategy } from '../capacity-strategy';
import type { ApprovalsSpec } from '../contract/approvals';
import type { ChecksSpec, Limits } from '../contract/environment';
import { LATEST_BUGFIX } from '../contract/request-schema';
import type { NodeImagesConfig } from '../node-images';
import { NodeProtocol } from '../node-protocol';
import type { BitbucketRollingUpgradeProps } from '../rolling-upgrade-props';
import { resolveBaseUrl } from './base-url';
import type { FailureHandling } from './failure-handling';
import { resolveFailureHandling } from './failure-handling';
import { resolveLimits } from './limits';
import { PATTERNS } from './patterns';
import { duplicates, malformed, Problems } from './problems';
import { REQUEST_FORMS } from './request-problems';
import { resolveApprovals } from './resolve-approvals';
import type { ResolvedBackup } from './resolve-backup';
import { resolveBackup } from './resolve-backup';
import { resolveChecks } from './resolve-checks';

/** The props with every default filled in and every strategy bound. */
export interface ResolvedProps {
  /** Base URL with its context path, without a trailing slash. */
  readonly baseUrl: string;
  readonly nodePort: number;
  readonly nodeProtocol: string;
  readonly launchTemplateId: string;
  readonly targetGroupArns: string[];
  readonly images: NodeImagesConfig;
  readonly backup: ResolvedBackup;
  readonly capacity: string;
  readonly limits: Limits;
  readonly failures: FailureHandling;
  readonly checks: ChecksSpec;
  readonly approvals: ApprovalsSpec;
  readonly deniedVersions: readonly string[];
  readonly defaultTargetVersion: string;
}

/**
 * Checks the props and fills in what they leave out.
 *
 * @throws one error that lists everything that is wrong
 */
export function resolveProps(scope: Construct, props: BitbucketRollingUpgradeProps): ResolvedProps {
  const problems = new Problems();
  const failures = resolveFailureHandling(props, problems);
  const { bake, replacementBudget } = failures;
  const backup = resolveBackup(scope, props, problems);
  const resolved: ResolvedProps = {
    baseUrl: resolveBaseUrl(props, problems),
    nodePort: props.nodePort ?? 7990,
    nodeProtocol: props.nodeProtocol ?? NodeProtocol.HTTP,
    launchTemplateId: props.launchTemplate.launchTemplateId ?? '',
    targetGroupArns: props.targetGroups.map((group) => group.targetGroupArn),
    images: props.nodeImages.bind(scope),
    backup,
    capacity: (props.capacity ?? CapacityStrategy.surge()).bind().mode,
    limits: resolveLimits(
      {
        bootTimeout: props.bootTimeout ?? Duration.minutes(45),
        drainLimit: props.drainLimit ?? Duration.minutes(60),
        backupTimeout: props.backupTimeout ?? Duration.hours(6),
        finalizeTimeout: props.finalizeTimeout ?? Duration.hours(1),
        minPollInterval: props.minPollInterval ?? Duration.seconds(3),
        maxPollInterval: props.maxPollInterval,
      },
      { bake: Math.max(bake.first, bake.each), replacementBudget, parts: backup.parts.length, startLimit: backup.spec.startLimit },
      problems,
    ),
    failures,
    checks: resolveChecks(props, problems),
    approvals: resolveApprovals(props, problems),
    deniedVersions: props.deniedVersions ?? [],
    defaultTargetVersion: props.defaultTargetVersion ?? '',
  };
  checkCluster(resolved, problems);
  checkVersions(resolved, problems);
  problems.add(...resolved.images.problems);
  problems.require(props.securityGroups?.length !== 0, 'securityGroups must name at least one group, or be left out for a new one');
  problems.throwIfAny(scope);
  return resolved;
}

function checkCluster({ targetGroupArns, launchTemplateId, nodePort }: ResolvedProps, problems: Problems): void {
  problems.require(targetGroupArns.length > 0, 'targetGroups must name every target group of the nodes (HTTP and SSH); it is empty');
  problems.add(...duplicates(targetGroupArns).map((arn) => `targetGroups names ${arn} more than once`));
  problems.require(
    launchTemplateId !== '',
    'launchTemplate must be known by its id (policies name it); import it with launchTemplateId, not with launchTemplateName',
  );
  problems.require(
    Token.isUnresolved(nodePort) || (Number.isInteger(nodePort) && nodePort >= 1 && nodePort <= 65535),
    `nodePort ${nodePort} must be a whole number from 1 to 65535`,
  );
}

function checkVersions({ deniedVersions, defaultTargetVersion }: ResolvedProps, problems: Problems): void {
  const bad = deniedVersions.filter((version) => malformed(version, PATTERNS.version));
  problems.add(...bad.map((version) => `deniedVersions: '${version}' must be a released version like '9.4.23'`));
  problems.add(...duplicates(deniedVersions).map((version) => `deniedVersions names ${version} more than once`));
  if (defaultTargetVersion === '') return;
  problems.require(
    !malformed(defaultTargetVersion, REQUEST_FORMS.targetVersion),
    `defaultTargetVersion '${defaultTargetVersion}' must be a released version like '9.4.23', or ${LATEST_BUGFIX}`,
  );
  problems.require(!deniedVersions.includes(defaultTargetVersion), `defaultTargetVersion ${defaultTargetVersion} is one of deniedVersions`);
}

import type { AwsBackupPart } from '../../../lib/contract/environment';
import type { PartObservation, PartRef, Problem } from '../../../lib/contract/events';
import type { Inventory } from './recovery-points';
import { knownInVault, saidOf } from './recovery-points';
import type { Resource } from './resource-arn';
import { resourceOf } from './resource-arn';

/** A resource as it is now. */
export interface ObservedSource {
  readonly arn: string;
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
  /** What it is busy with; empty when a backup can begin. */
  readonly busyWith: string;
}

/** What is asked before AWS Backup is asked to begin. */
export interface VaultFacts {
  readonly part: PartRef;
  readonly clusterName: string;
  readonly specification: AwsBackupPart;
  /** Region of this stack. */
  readonly region: string;
  /** `found`, or why the vault cannot be used. */
  readonly vault: string;
  readonly inventory: Inventory;
  readonly sources: readonly ObservedSource[];
}

/** Says what is against a backup by AWS Backup, and which backups there are. */
export function observeVault(facts: VaultFacts): PartObservation {
  const { part, clusterName, specification, vault, inventory, sources } = facts;
  const { vaultName, resourceArns } = specification;
  const problem = (text: string): Problem => ({ check: part.name, message: `The backup of ${part.title}: ${text}` });
  const problems = [
    // The same words from every part: they are said once.
    ...(vault === 'found' ? [] : [{ check: 'backup vault', message: `The backup vault ${vaultName} cannot be used: ${vault}` }]),
    ...roleProblems(specification).map(problem),
    ...resourceArns.flatMap((arn) => resourceProblems(resourceOf(arn), facts)).map(problem),
    ...sources.flatMap((source) => source.problems).map((text) => problem(`${text.replace(/\.$/, '')}.`)),
  ];
  const busy = [
    ...sources.map(({ busyWith }) => busyWith).filter((what) => what !== ''),
    ...inventory.active.map(
      (job) =>
        `AWS Backup makes a backup of ${job.resourceArn} already (job ${job.id} into ${job.vaultName}, ${saidOf(job)}, ${job.percent} %)`,
    ),
  ];
  return {
    part: part.name,
    problems,
    warnings: sources.flatMap(({ warnings }) => warnings).map(problem),
    ready: busy.length === 0,
    detail: busy.join('; ') || `AWS Backup can begin with ${resourceArns.join(', ')}`,
    backups: knownInVault(inventory, { clusterName, part: part.name }, resourceArns),
  };
}

function roleProblems({ roleArn }: AwsBackupPart): readonly string[] {
  return /^arn:[\w-]+:iam::\d{12}:role\/.+/.test(roleArn)
    ? []
    : [`'${roleArn}' is not the ARN of a role; AWS Backup needs one that it may assume (arn:aws:iam::111122223333:role/...).`];
}

function resourceProblems({ arn, kind, region, account }: Resource, { region: ours, specification }: VaultFacts): readonly string[] {
  const [, , , , roleAccount] = specification.roleArn.split(':');
  return [
    ...(kind === 'unknown'
      ? [`${arn} is none of what a home or a database can be: a DB instance, a DB cluster, a volume, an EC2 instance or a file system.`]
      : []),
    ...(region === ours
      ? []
      : [`${arn} is in the region ${region || '(none)'}, and this stack is in ${ours}. Deploy the stack to the region of the data.`]),
    ...(account === roleAccount
      ? []
      : [`${arn} is in the account ${account}, and the role of AWS Backup in ${roleAccount ?? '(none)'}: they must be in one.`]),
  ];
}

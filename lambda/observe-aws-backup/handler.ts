import type { AwsBackupPart } from '../../lib/contract/environment';
import type { PartObservation, PartRef } from '../../lib/contract/events';
import { awsBackup } from '../adapters/aws-backup';
import { databaseSnapshots } from '../adapters/database-snapshots';
import { recoveryPointTags } from '../adapters/recovery-point-tags';
import { volumes } from '../adapters/volumes';
import { observeVault } from '../core/backup/observe-vault';
import type { Inventory } from '../core/backup/recovery-points';
import { resourceOf } from '../core/backup/resource-arn';
import { isTaskError } from '../core/errors';
import type { SourcePorts } from '../shared/backed-up';
import { observeSource } from '../shared/backed-up';
import { task } from '../shared/task';
import type { VaultPorts } from '../shared/vault';
import { lookIntoVault } from '../shared/vault';

interface Input {
  readonly part: PartRef;
  readonly clusterName: string;
}

/** What the task calls. */
export type Ports = VaultPorts & SourcePorts;

const NOTHING: Inventory = { snapshots: [], active: [], untold: [] };

/** Looks at the vault, the role, the resources and the backups that there are. Changes nothing. */
export async function observeAwsBackup({ part, clusterName }: Input, region: string, ports: Ports): Promise<PartObservation> {
  const specification = part.specification as AwsBackupPart;
  const here = specification.resourceArns.map(resourceOf).filter((resource) => resource.region === region);
  const [{ vault, inventory }, sources] = await Promise.all([
    lookOrSay(specification, ports),
    Promise.all(here.map((resource) => observeSource(resource, part, ports))),
  ]);
  return observeVault({ part, clusterName, specification, region, vault, inventory, sources });
}

/** A vault that may not be used is a reason against the upgrade, to be told with all others. */
async function lookOrSay(specification: AwsBackupPart, ports: Ports): Promise<{ readonly vault: string; readonly inventory: Inventory }> {
  try {
    const vault = await ports.backup.vault(specification.vaultName);
    if (vault === 'missing')
      return { vault: 'there is none of this name in this region and account. Create it, or name another.', inventory: NOTHING };
    return { vault, inventory: await lookIntoVault(specification, ports) };
  } catch (error) {
    if (!isTaskError(error, 'AccessDenied')) throw error;
    // AWS Backup says this of a vault that does not exist, too.
    return {
      vault: `${error.message} If there is no such vault, create it; the vault's own access policy may deny the call as well.`,
      inventory: NOTHING,
    };
  }
}

export const handler = task('observe-aws-backup', (input: Input) =>
  observeAwsBackup(input, process.env.AWS_REGION ?? '', {
    backup: awsBackup(),
    tags: recoveryPointTags(),
    database: (kind, id) => databaseSnapshots({ kind, id }),
    volumes: volumes(),
  }),
);

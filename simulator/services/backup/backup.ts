import { AwsError } from '../../kernel/ports';
import type { Account } from '../account/account';
import { uuid } from '../account/account';
import type { Ec2 } from '../ec2/ec2';
import type { Databases } from '../rds/databases';
import { Describe } from './describe';
import { FileSystems } from './file-systems';
import { BackupJobs } from './jobs';
import type { RecoveryPoint } from './recovery-points';
import { RecoveryPoints } from './recovery-points';
import type { Source } from './source';
import { Sources } from './sources';
import { Vaults } from './vaults';

/** A recovery point that was there before: by default it is a day old, and complete. */
export interface RecoveryPointProps {
  readonly resourceArn: string;
  readonly vaultName: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly iamRoleArn?: string;
  readonly startedAt?: number;
  readonly status?: 'COMPLETED' | 'PARTIAL' | 'CREATING';
}

const DAY = 24 * 60 * 60 * 1000;

/** AWS Backup of the simulated account. */
export class Backup {
  readonly vaults: Vaults;
  readonly fileSystems: FileSystems;
  readonly points: RecoveryPoints;
  readonly jobs: BackupJobs;
  readonly describe: Describe;
  private readonly sources: Sources;

  constructor(
    readonly account: Account,
    ec2: Ec2,
    databases: Databases,
  ) {
    this.vaults = new Vaults(account);
    this.fileSystems = new FileSystems(account);
    this.points = new RecoveryPoints(account);
    this.jobs = new BackupJobs(account, this.points);
    this.describe = new Describe(account, this.vaults, this.jobs, this.points);
    this.sources = new Sources(ec2, databases, this.fileSystems);
  }

  findSource(arn: string | undefined): Source | undefined {
    return this.sources.find(arn ?? '');
  }

  /** The resource with this ARN. Errors: as `StartBackupJob` answers when there is none, or it cannot be backed up. */
  source(arn: string): Source {
    const source = this.findSource(arn);
    if (source === undefined) throw new AwsError('ResourceNotFoundException', `Cannot find resource ${arn}.`);
    return source;
  }

  /** A recovery point that was there before, and its snapshot; nothing is journalled. */
  addPoint(props: RecoveryPointProps): RecoveryPoint {
    const vault = this.vaults.find(props.vaultName);
    if (vault === undefined) throw new Error(`addRecoveryPoint: there is no vault ${props.vaultName}; add it first.`);
    const startedAt = props.startedAt ?? this.account.clock.now() - DAY;
    const request = {
      jobId: uuid(this.account.random).toUpperCase(),
      vault,
      source: this.source(props.resourceArn),
      iamRoleArn: props.iamRoleArn ?? `arn:aws:iam::${this.account.id}:role/service-role/AWSBackupDefaultServiceRole`,
      tags: props.tags ?? {},
      lifecycle: undefined,
      startedAt,
      endsAt: startedAt,
    };
    const point = this.points.begin(request, false);
    if (props.status !== 'CREATING') this.points.complete(point, props.status ?? 'COMPLETED', false);
    return point;
  }
}

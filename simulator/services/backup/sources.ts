import { hex } from '../account/account';
import type { Ec2 } from '../ec2/ec2';
import type { Volume } from '../ec2/volumes';
import type { Databases } from '../rds/databases';
import type { FileSystems } from './file-systems';
import type { BeginRequest, Made, Source } from './source';

/** What AWS Backup finds by an ARN: DB instances and clusters, EBS volumes, EC2 instances, EFS file systems. */
export class Sources {
  constructor(
    private readonly ec2: Ec2,
    private readonly databases: Databases,
    private readonly fileSystems: FileSystems,
  ) {}

  /** Undefined when there is no such resource, or AWS Backup cannot back it up. */
  find(arn: string): Source | undefined {
    const [type = '', id = ''] = arn.split(':').slice(5).join(':').split(/[:/]/);
    switch (`${arn.split(':')[2] ?? ''} ${type}`) {
      case 'rds db':
        return this.database(arn, id);
      case 'rds cluster':
        return this.cluster(arn, id);
      case 'ec2 volume':
        return this.volume(arn, id);
      case 'ec2 instance':
        return this.instance(arn, id);
      default:
        return this.fileSystems.source(arn);
    }
  }

  private database(arn: string, id: string): Source | undefined {
    const database = this.databases.find(id);
    if (database === undefined || database.clusterId !== undefined || this.databases.arn(database) !== arn) return undefined;
    const { sizeGiB, tags } = database;
    return {
      ...{ type: 'RDS', arn, id, sizeGiB, tags },
      restoreMetadata: {
        ...this.databaseMetadata(database),
        DBInstanceIdentifier: id,
        DBInstanceClass: database.instanceClass,
        DBParameterGroupName: database.parameterGroup,
        OptionGroupName: database.optionGroup,
        MultiAZ: String(database.multiAz),
        AvailabilityZone: database.availabilityZone,
        StorageType: database.storageType,
        PubliclyAccessible: 'false',
      },
      pointArns: this.snapshotArn('instance', '*'),
      ready: () => this.databases.statusOf(database) === 'available',
      begin: (request) => this.beginSnapshot('instance', id, request),
    };
  }

  private cluster(arn: string, id: string): Source | undefined {
    const cluster = this.databases.findCluster(id);
    if (cluster === undefined || this.databases.clusterArn(id) !== arn) return undefined;
    return {
      ...{ type: 'Aurora', arn, id, sizeGiB: 1, tags: cluster.tags },
      restoreMetadata: {
        ...this.databaseMetadata(cluster),
        DBClusterIdentifier: id,
        DBClusterParameterGroupName: cluster.parameterGroup,
        AvailabilityZones: JSON.stringify(cluster.availabilityZones),
        EngineMode: 'provisioned',
      },
      pointArns: this.snapshotArn('cluster', '*'),
      ready: () => this.databases.statusOf(cluster) === 'available',
      begin: (request) => this.beginSnapshot('cluster', id, request),
    };
  }

  /** What instances and clusters have in common. https://docs.aws.amazon.com/aws-backup/latest/devguide/restoring-rds.html */
  private databaseMetadata(of: {
    readonly engine: string;
    readonly engineVersion: string;
    readonly port: number;
    readonly subnetGroup: string;
    readonly securityGroupIds: readonly string[];
    readonly deletionProtection: boolean;
  }): Record<string, string> {
    return {
      Engine: of.engine,
      EngineVersion: of.engineVersion,
      Port: String(of.port),
      DBSubnetGroupName: of.subnetGroup,
      VpcSecurityGroupIds: JSON.stringify(of.securityGroupIds),
      DeletionProtection: String(of.deletionProtection),
    };
  }

  private snapshotArn(kind: 'instance' | 'cluster', jobId: string): string {
    return this.databases.snapshots.arn({ kind, id: `awsbackup:job-${jobId}` });
  }

  private beginSnapshot(kind: 'instance' | 'cluster', databaseId: string, { jobId, tags, endsAt }: BeginRequest): Made {
    const { snapshots } = this.databases;
    const made = snapshots.begin(kind, databaseId, { id: `awsbackup:job-${jobId}`, type: 'awsbackup', tags, endsAt });
    return {
      recoveryPointArn: snapshots.arn(made),
      encrypted: made.encrypted,
      kmsKeyId: made.kmsKeyId,
      deletions: [
        {
          action: kind === 'instance' ? 'rds:DeleteDBSnapshot' : 'rds:DeleteDBClusterSnapshot',
          resource: snapshots.arn(made),
          tags,
        },
      ],
      finish: (ok) => {
        snapshots.end(made, ok ? 'available' : 'failed');
      },
      remove: () => {
        if (made.status === 'creating') snapshots.end(made, 'failed');
        snapshots.remove(made);
      },
    };
  }

  private volume(arn: string, id: string): Source | undefined {
    const volume = this.ec2.volumes.find(id);
    if (volume === undefined || this.ec2.account.arn('ec2', `volume/${id}`) !== arn) return undefined;
    const { sizeGiB, tags } = volume;
    return {
      ...{ type: 'EBS', arn, id, sizeGiB, tags },
      restoreMetadata: {
        volumeId: id,
        volumeType: volume.type,
        volumeSize: String(sizeGiB),
        availabilityZone: volume.availabilityZone,
        encrypted: String(volume.encrypted),
        ...(volume.kmsKeyId !== undefined && { kmsKeyId: volume.kmsKeyId }),
      },
      pointArns: this.ec2.account.publicArn('ec2', 'snapshot/*'),
      ready: () => true,
      begin: (request) => this.beginVolume(volume, request),
    };
  }

  private beginVolume(volume: Volume, { tags, endsAt }: BeginRequest): Made {
    const { snapshots, account } = this.ec2;
    Object.assign(tags, ownTag(volume.id));
    const made = snapshots.begin(volume, 'This snapshot is created by the AWS Backup service.', tags, endsAt, true);
    const arn = account.publicArn('ec2', `snapshot/${made.id}`);
    return {
      recoveryPointArn: arn,
      encrypted: made.encrypted,
      kmsKeyId: made.kmsKeyId,
      deletions: [{ action: 'ec2:DeleteSnapshot', resource: arn, tags }],
      finish: (ok) => {
        made.state = ok ? 'completed' : 'error';
      },
      remove: () => {
        snapshots.remove(made.id);
      },
    };
  }

  private instance(arn: string, id: string): Source | undefined {
    const instance = this.ec2.instances.find(id);
    if (instance === undefined || this.ec2.account.arn('ec2', `instance/${id}`) !== arn) return undefined;
    const volumes = this.ec2.volumes.of({ InstanceId: id });
    return {
      ...{ type: 'EC2', arn, id, tags: instance.tags },
      sizeGiB: volumes.reduce((sum, { sizeGiB }) => sum + sizeGiB, 0),
      restoreMetadata: {
        InstanceType: instance.instanceType,
        SubnetId: instance.subnetId,
        SecurityGroupIds: JSON.stringify(instance.securityGroupIds),
        Placement: JSON.stringify({ AvailabilityZone: instance.availabilityZone, Tenancy: 'default' }),
        ...(instance.instanceProfileArn !== undefined && { IamInstanceProfileName: instance.instanceProfileArn.split('/').pop() ?? '' }),
      },
      pointArns: this.ec2.account.publicArn('ec2', 'image/*'),
      ready: () => instance.state === 'running' || instance.state === 'stopped',
      begin: (request) => this.beginImage(id, volumes, request),
    };
  }

  /** An image of the instance, with a snapshot of each of its volumes at one point in time. https://docs.aws.amazon.com/aws-backup/latest/devguide/ec2-backups.html */
  private beginImage(instanceId: string, volumes: readonly Volume[], request: BeginRequest): Made {
    const { images, snapshots, account } = this.ec2;
    const parts = volumes.map((volume) => ({ volume, snapshot: this.snapshotOf(volume, instanceId, request) }));
    Object.assign(request.tags, ownTag(instanceId));
    const image = images.add({
      id: `ami-0${hex(account.random, 16)}`,
      name: `AwsBackup_${instanceId}_${request.jobId}`,
      tags: request.tags,
      state: 'pending',
      devices: parts.map(({ volume, snapshot }) => ({ device: volume.device, snapshotId: snapshot.id, volume })),
    });
    const [root] = volumes;
    const arn = account.publicArn('ec2', `image/${image.id}`);
    return {
      recoveryPointArn: arn,
      encrypted: volumes.every(({ encrypted }) => encrypted),
      kmsKeyId: root?.kmsKeyId,
      deletions: [
        { action: 'ec2:DeregisterImage', resource: arn, tags: request.tags },
        ...parts.map(({ snapshot: { id, tags } }) => ({
          action: 'ec2:DeleteSnapshot',
          resource: account.publicArn('ec2', `snapshot/${id}`),
          tags,
        })),
      ],
      finish: (ok) => {
        image.state = ok ? 'available' : 'failed';
        for (const { snapshot } of parts) snapshot.state = ok ? 'completed' : 'error';
      },
      remove: () => {
        images.remove(image.id);
        for (const { snapshot } of parts) snapshots.remove(snapshot.id);
      },
    };
  }

  private snapshotOf(volume: Volume, instanceId: string, { jobId, endsAt }: BeginRequest) {
    const description = `This snapshot is created by the AWS Backup service for ${instanceId}, job ${jobId}.`;
    return this.ec2.snapshots.begin(volume, description, ownTag(instanceId), endsAt, true);
  }
}

/** The tag that AWS Backup itself gives to images and EBS snapshots. */
const ownTag = (sourceId: string): Record<string, string> => ({ 'aws:backup:source-resource': sourceId });

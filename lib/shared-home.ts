import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import { PATTERNS } from './private/patterns';
import { duplicates, malformed } from './private/problems';

/** What a {@link SharedHome} strategy comes to. */
export interface SharedHomeConfig {
  /** Identifier of the EC2 instance that the volumes are attached to. */
  readonly fileServerInstanceId: string;

  /** Identifiers of the EBS volumes that hold the shared home. */
  readonly volumeIds: string[];

  /** What is wrong with the strategy's arguments; empty when nothing is. */
  readonly problems: string[];
}

/** Options of `SharedHome.ebsVolumes`. */
export interface EbsSharedHomeOptions {
  /** Identifier of the EC2 instance (the NFS file server) that the volumes are attached to. */
  readonly fileServerInstanceId: string;

  /** Every volume that holds a part of the shared home. They are snapshotted together, at one point in time. */
  readonly volumes: ec2.IVolume[];
}

/** The cluster's shared home, and how its part of the backup pair is made. */
export abstract class SharedHome {
  /** EBS volumes of a file server: their part of the backup pair is one multi-volume snapshot. */
  public static ebsVolumes(options: EbsSharedHomeOptions): SharedHome {
    return new EbsVolumes(options);
  }

  /** Binds the strategy to the upgrade that uses it. */
  public abstract bind(scope: Construct): SharedHomeConfig;
}

class EbsVolumes extends SharedHome {
  public constructor(private readonly options: EbsSharedHomeOptions) {
    super();
  }

  public bind(): SharedHomeConfig {
    const { fileServerInstanceId } = this.options;
    const volumeIds = this.options.volumes.map((volume) => volume.volumeId);
    const problems = duplicates(volumeIds).map((id) => `sharedHome: volume '${id}' is given more than once`);
    if (volumeIds.length === 0) problems.push('sharedHome: volumes must name at least one volume');
    if (malformed(fileServerInstanceId, PATTERNS.instanceId)) {
      problems.push(`sharedHome: fileServerInstanceId '${fileServerInstanceId}' must be like 'i-0123456789abcdef0'`);
    }
    return { fileServerInstanceId, volumeIds, problems };
  }
}

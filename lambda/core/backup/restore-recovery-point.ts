/** Restores by AWS Backup itself. */
import type { RestoreStep } from '../../../lib/contract/events';
import { aws, quote } from './shell';

/** A recovery point that is restored. */
export interface Restorable {
  readonly arn: string;
  readonly roleArn: string;
  /** What AWS Backup noted of the resource when it was backed up (GetRecoveryPointRestoreMetadata). */
  readonly metadata: Readonly<Record<string, string>>;
}

/** The metadata with some values of its own; the case of keys does not count. */
function withValues(metadata: Restorable['metadata'], values: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const given = Object.keys(values).map((key) => key.toLowerCase());
  const rest = Object.entries(metadata).filter(([key, value]) => value !== '' && !given.includes(key.toLowerCase()));
  return { ...Object.fromEntries(rest), ...values };
}

/** https://docs.aws.amazon.com/aws-backup/latest/devguide/API_StartRestoreJob.html */
const startRestoreJob = ({ arn, roleArn, metadata }: Restorable, values: Readonly<Record<string, string>>): string =>
  aws('backup', 'start-restore-job', {
    'recovery-point-arn': arn,
    'iam-role-arn': roleArn,
    metadata: JSON.stringify(withValues(metadata, values)),
  });

/**
 * The same by a restore job, as a comment behind the commands: a job knows nothing of what a restore by the resource's own service is
 * given (security groups, parameter groups, windows), but it is the one way out of cold storage.
 */
export const alsoByAwsBackup = (
  steps: readonly RestoreStep[],
  restorable: Restorable,
  values: Readonly<Record<string, string>>,
): readonly RestoreStep[] => [
  ...steps,
  {
    title:
      'Only if the commands above cannot read the recovery point (it is in cold storage, or its key is for AWS Backup only): restore it by AWS Backup instead, then give it the settings that the commands above name',
    commands: [startRestoreJob(restorable, values)].map((command) => `# ${command}`),
  },
];

/**
 * A file system is restored into a new one, in a directory `aws-backup-restore_<time>` below its root
 * (https://docs.aws.amazon.com/aws-backup/latest/devguide/restoring-efs.html); the old one stays as it is.
 */
export function restoreFileSystem(fileSystemId: string, region: string, title: string, restorable: Restorable): readonly RestoreStep[] {
  const { metadata } = restorable;
  const values = {
    'file-system-id': fileSystemId,
    newFileSystem: 'true',
    Encrypted: metadata.Encrypted ?? metadata.encrypted ?? 'true',
    PerformanceMode: metadata.PerformanceMode ?? metadata.performanceMode ?? 'generalPurpose',
    CreationToken: `${fileSystemId}-restored`,
  };
  const describe = `aws backup describe-restore-job --restore-job-id "$JOB"`;
  const old = quote(fileSystemId);
  return [
    {
      title: `Restore ${title} into a new file system`,
      commands: [
        `JOB=$(${startRestoreJob(restorable, values)} --query RestoreJobId --output text)`,
        `until ${describe} --query Status --output text | grep -E 'COMPLETED|ABORTED|FAILED'; do sleep 60; done`,
        `NEW=$(${describe} --query CreatedResourceArn --output text | sed 's|.*/||')`,
      ],
    },
    {
      title: `Give the new file system mount targets like those of ${fileSystemId} (the same shell: it knows its id)`,
      commands: [
        `aws efs describe-mount-targets --file-system-id ${old} --query 'MountTargets[].[MountTargetId,SubnetId]' --output text | while read -r TARGET SUBNET; do aws efs create-mount-target --file-system-id "$NEW" --subnet-id "$SUBNET" --security-groups $(aws efs describe-mount-target-security-groups --mount-target-id "$TARGET" --query SecurityGroups --output text); done`,
        `until [ -z "$(aws efs describe-mount-targets --file-system-id "$NEW" --query 'MountTargets[?LifeCycleState!=\`available\`].MountTargetId' --output text)" ]; do sleep 15; done`,
        'echo "$NEW"   # needed below',
      ],
    },
    {
      title: `On a machine in the same network: move what was restored to the root of the new file system, then let every node mount it instead of ${fileSystemId}`,
      commands: [
        'NEW=   # the id from above',
        `sudo mkdir -p /mnt/restored && sudo mount -t nfs4 -o nfsvers=4.1,hard "$NEW.efs.${region}.amazonaws.com:/" /mnt/restored`,
        `sudo find /mnt/restored/aws-backup-restore_* -mindepth 1 -maxdepth 1 -exec mv -t /mnt/restored {} + && sudo rmdir /mnt/restored/aws-backup-restore_*`,
        `# Put "$NEW" in the place of ${fileSystemId} where nodes learn what they mount: user data, image, parameter, or DNS name. Deploy the stack with it, so that the next backup is of it.`,
      ],
    },
  ];
}

import { BACKUP_ID_PREFIX, BACKUP_TAGS } from '../contract/tags';
import type { Permission, PermissionTargets } from './permission';
import { describe } from './permission';

/** To make a DB snapshot with tags. https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonrds.html */
export function startRdsSnapshot(targets: PermissionTargets): Permission[] {
  return [
    { actions: ['rds:DescribeDBInstances'], resources: [targets.databaseInstanceArn] },
    { actions: ['rds:CreateDBSnapshot'], resources: [targets.databaseInstanceArn, ourDbSnapshots(targets)], reason: OUR_SNAPSHOTS },
    { actions: ['rds:AddTagsToResource'], resources: [ourDbSnapshots(targets)], reason: OUR_SNAPSHOTS },
    ...awaitRdsSnapshot(targets),
  ];
}

/** To look at DB snapshots: by the instance, or by their own identifier. */
export function awaitRdsSnapshot(targets: PermissionTargets): Permission[] {
  return [
    { actions: ['rds:DescribeDBSnapshots'], resources: [targets.databaseInstanceArn, ourDbSnapshots(targets)], reason: OUR_SNAPSHOTS },
  ];
}

/** To snapshot the shared home's volumes at one point in time: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSnapshots.html */
export function startEbsSnapshots(targets: PermissionTargets): Permission[] {
  const { partition, region, account, fileServerInstanceId, volumeIds } = targets;
  const reason = 'a snapshot has no id before it is made';
  const snapshots = `arn:${partition}:ec2:${region}::snapshot/*`; // the ARN of a snapshot names no account
  return [
    describe('ec2:DescribeInstances', 'ec2:DescribeVolumes', 'ec2:DescribeSnapshots'),
    {
      actions: ['ec2:CreateSnapshots'],
      resources: [
        `arn:${partition}:ec2:${region}:${account}:instance/${fileServerInstanceId}`,
        ...volumeIds.map((id) => `arn:${partition}:ec2:${region}:${account}:volume/${id}`),
      ],
    },
    {
      actions: ['ec2:CreateSnapshots'],
      resources: [snapshots],
      conditions: { StringEquals: { [`aws:RequestTag/${BACKUP_TAGS.cluster}`]: targets.groupName } },
      reason: `${reason}; the condition allows snapshots that are tagged as this cluster's only`,
    },
    {
      actions: ['ec2:CreateTags'],
      resources: [snapshots],
      conditions: { StringEquals: { 'ec2:CreateAction': 'CreateSnapshots' } },
      reason: `${reason}; the condition allows tags at the creation only`,
    },
  ];
}

const OUR_SNAPSHOTS = 'a snapshot is named after the run that makes it; the prefix is ours';

function ourDbSnapshots({ partition, region, account }: PermissionTargets): string {
  return `arn:${partition}:rds:${region}:${account}:snapshot:${BACKUP_ID_PREFIX}*`;
}

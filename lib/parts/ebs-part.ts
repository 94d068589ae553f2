import type { Construct } from 'constructs';
import type { BackupPartConfig, BackupPartName } from '../backup-part';
import type { EbsPart } from '../contract/environment';
import { BACKUP_TAGS } from '../contract/tags';
import type { FileSystemFreeze, FileSystemFreezeConfig } from '../file-system-freeze';
import type { BackupTargets } from '../functions/backup-functions';
import { BackupFunctions } from '../functions/backup-functions';
import type { Permission } from '../functions/permission';
import { describe } from '../functions/permission';
import { lazyPart } from './lazy-part';
import { marksOnly, tagged, tagging } from './tag-conditions';

/** What the part is made of. */
export interface EbsPartProps {
  /** Empty when it is found at run time. */
  readonly instanceId: string;
  readonly volumes: EbsPart['volumes'];
  readonly freeze?: FileSystemFreeze;
}

const INSTANCES = 'ec2:DescribeInstances';
const VOLUMES = 'ec2:DescribeVolumes';
const SNAPSHOTS = 'ec2:DescribeSnapshots';

/**
 * A part that is one multi-volume EBS snapshot: crash-consistent across its volumes.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSnapshots.html
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html
 */
export function ebsPart(scope: Construct, name: BackupPartName, props: EbsPartProps): BackupPartConfig {
  return lazyPart(name, () => {
    const functions = BackupFunctions.of(scope);
    const { targets } = functions;
    const freeze = props.freeze?.bind(scope);
    const tasks = functions.tasks({
      observe: { task: 'observe-ebs-snapshots', permissions: [describe(INSTANCES, VOLUMES, SNAPSHOTS, 'ec2:DescribeInstanceTypes')] },
      start: {
        task: 'start-ebs-snapshots',
        permissions: [
          describe(INSTANCES, VOLUMES, SNAPSHOTS),
          ...create(targets, props),
          ...(freeze ? command(targets, props.instanceId, freeze) : []),
        ],
      },
      look: { task: 'await-ebs-snapshots', permissions: [describe(SNAPSHOTS, VOLUMES, INSTANCES)] },
      tidy: { task: 'tidy-ebs-snapshots', permissions: [describe(SNAPSHOTS), ...tidy(targets)] },
    });
    const specification: EbsPart = { instanceId: props.instanceId, volumes: props.volumes, ...(freeze && { freeze }) };
    return { tasks, specification };
  });
}

/** ARN of every snapshot: it names no account. */
function snapshots({ partition, region }: BackupTargets): string {
  return `arn:${partition}:ec2:${region}::snapshot/*`;
}

/** CreateSnapshots is checked for the instance, for each volume, and for each snapshot. */
function create(targets: BackupTargets, { instanceId, volumes }: EbsPartProps): Permission[] {
  const { partition, region, account, clusterName } = targets;
  const actions = ['ec2:CreateSnapshots'];
  const arn = (type: string, id: string): string => `arn:${partition}:ec2:${region}:${account}:${type}/${id}`;
  const reason = 'a snapshot has no id before it is made';
  return [
    instanceId === ''
      ? {
          actions,
          resources: [arn('instance', '*')],
          reason: 'which instance the volumes are attached to is known only at run time; the volumes are named',
        }
      : { actions, resources: [arn('instance', instanceId)] },
    ofVolumes(volumes, arn),
    {
      actions,
      resources: [snapshots(targets)],
      conditions: tagging(clusterName),
      reason: `${reason}; the condition allows snapshots that are tagged as this cluster's only`,
    },
    {
      actions: ['ec2:CreateTags'],
      resources: [snapshots(targets)],
      conditions: { StringEquals: { 'ec2:CreateAction': 'CreateSnapshots' } },
      reason: `${reason}; the condition allows tags at the creation only`,
    },
  ];
}

function ofVolumes(volumes: EbsPart['volumes'], arn: (type: string, id: string) => string): Permission {
  const actions = ['ec2:CreateSnapshots'];
  const every = [arn('volume', '*')];
  if (volumes === 'data') {
    return {
      actions,
      resources: every,
      reason: 'which volumes the instance has is known only at run time; the instance of the same call is named',
    };
  }
  if ('ids' in volumes) return { actions, resources: volumes.ids.map((id) => arn('volume', id)) };
  const { key, value } = volumes.tag;
  const conditions = { StringEquals: { [`aws:ResourceTag/${key}`]: value } };
  return { actions, resources: every, conditions, reason: 'the volumes are found by their tag, and the condition names that tag' };
}

/** Only snapshots that carry this cluster's tag are deleted, and marked. */
function tidy(targets: BackupTargets): Permission[] {
  const conditions = tagged(targets.clusterName);
  const reason = "a snapshot has no id before it is made; the condition allows this cluster's only";
  const resources = [snapshots(targets)];
  return [
    { actions: ['ec2:DeleteSnapshot'], resources, conditions, reason },
    { actions: ['ec2:CreateTags'], resources, conditions: { ...conditions, ...marksOnly(BACKUP_TAGS.finished) }, reason },
  ];
}

/** One document on one instance. https://docs.aws.amazon.com/systems-manager/latest/userguide/run-command-setting-up.html */
function command(
  { partition, region, account }: BackupTargets,
  instanceId: string,
  { documentName }: FileSystemFreezeConfig,
): Permission[] {
  return [
    {
      actions: ['ssm:SendCommand'],
      resources: [
        `arn:${partition}:ssm:${region}:${account}:document/${documentName}`,
        `arn:${partition}:ec2:${region}:${account}:instance/${instanceId}`,
      ],
    },
    {
      actions: ['ssm:GetCommandInvocation'],
      resources: ['*'],
      reason: 'AWS offers no resource-level permissions to read how a command ended',
    },
  ];
}

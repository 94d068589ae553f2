import type { Plan } from '../../lib/contract/events';
import type { PlannedCalls } from '../../lib/contract/plan-page';
import { BACKUP_TAGS, INTERFERING_PROCESSES } from '../../lib/contract/tags';
import { surgeSizes } from './surge';

/** Scaling processes that the run suspends: those that would interfere and that nobody has suspended before. */
export const toSuspend = (plan: Plan): readonly { readonly process: string; readonly why: string }[] =>
  Object.entries(INTERFERING_PROCESSES)
    .filter(([process]) => !plan.suspendedBefore.includes(process))
    .map(([process, why]) => ({ process, why }));

/** Every kind of call that changes something, by the steps of the run. Calls that only read are not told. */
export function plannedCalls(plan: Plan, noneBecause: string): readonly PlannedCalls[] {
  const suspended = toSuspend(plan).map(({ process }) => process);
  const { sizes, backupId } = plan;
  const surge = surgeSizes(plan, sizes);
  const steps: readonly (PlannedCalls | undefined)[] = [
    { step: "Take the cluster's lock", calls: ['dynamodb:PutItem'] },
    { step: 'Announce the upgrade', calls: ['sns:Publish, if there is a topic; again after each node, and at a roll back'] },
    {
      step: "Put up Bitbucket's banner",
      calls: ['dynamodb:PutItem (the record of the banner from before, and of the apps)', 'Bitbucket: PUT /rest/api/latest/admin/banner'],
    },
    ...backupCalls(plan, noneBecause),
    {
      step: 'Hold the group',
      calls: [
        'autoscaling:CreateOrUpdateTags (the record of what must be put back)',
        ...(suspended.length > 0 ? [`autoscaling:SuspendProcesses (${suspended.join(', ')})`] : []),
      ],
    },
    { step: 'Turn on upgrade mode', calls: ['Bitbucket: POST /rest/zdu/start'] },
    { step: 'Point the group at the new image', calls: templateCalls(plan) },
    'none' in surge
      ? undefined
      : {
          step: 'Add the extra node',
          calls: [
            `autoscaling:UpdateAutoScalingGroup (desired ${sizes.desired} to ${surge.desired}, maximum ${sizes.max} to ${surge.max})`,
          ],
        },
    plan.nodes.length === 0 ? undefined : { step: `Replace ${plan.nodes.length} nodes, one after the other`, calls: nodeCalls(plan) },
    {
      step: `Finalize: from here on there is no way back${noneBecause === '' ? ' but the backup' : ''}`,
      calls: ['Bitbucket: POST /rest/zdu/approve'],
    },
    {
      step: "Restore the group's settings",
      calls: [
        `autoscaling:UpdateAutoScalingGroup (minimum ${sizes.min}, maximum ${sizes.max}, desired ${sizes.desired}), if they differ`,
        ...(suspended.length > 0 ? [`autoscaling:ResumeProcesses (${suspended.join(', ')})`] : []),
        'autoscaling:DeleteTags (the record)',
      ],
    },
    {
      step: "Take down Bitbucket's banner",
      calls: [
        'Bitbucket: PUT or DELETE /rest/api/latest/admin/banner (as it was before)',
        'dynamodb:DeleteItem (the record of the banner and the apps)',
      ],
    },
    { step: "Release the cluster's lock", calls: ['dynamodb:DeleteItem'] },
    noneBecause === ''
      ? {
          step: 'Tidy the backups',
          calls: [
            `mark ${backupId} with the tag ${BACKUP_TAGS.finished}`,
            'delete finished backups that the retention no longer keeps, if there is one',
          ],
        }
      : undefined,
    { step: 'Report', calls: ['sns:Publish, if there is a topic'] },
  ];
  return steps.filter((step) => step !== undefined);
}

function backupCalls(
  { backupId, reusesBackup, backupParts = [], unfinishedBackups = [] }: Plan,
  noneBecause: string,
): readonly PlannedCalls[] {
  if (noneBecause !== '') return [];
  const discard = unfinishedBackups.map((id) => `delete every part of ${id}`);
  return [
    ...(discard.length > 0 ? [{ step: 'Discard backups that will never be complete', calls: discard }] : []),
    ...(reusesBackup ? [] : [{ step: `Back up ${backupParts.join(', ') || 'every part'} as ${backupId}`, calls: BEGIN }]),
  ];
}

/** The page is made without asking which strategy each part has. */
const BEGIN = [
  'for each part, by its strategy: rds:CreateDBSnapshot, rds:CreateDBClusterSnapshot, ec2:CreateSnapshots or backup:StartBackupJob',
  'ssm:SendCommand before and after snapshots of file systems that are frozen, if a part is configured so',
];

function templateCalls({ launchTemplate: { id, version, versionSpec }, targetImageId }: Plan): readonly string[] {
  const create = `ec2:CreateLaunchTemplateVersion (${id}: version ${version} with ${targetImageId})`;
  if (versionSpec === '$Latest') return [create];
  if (versionSpec === '$Default') return [create, `ec2:ModifyLaunchTemplate (the new version becomes the default of ${id})`];
  return [create, `autoscaling:UpdateAutoScalingGroup (the new version instead of ${versionSpec})`];
}

/** The last node gives the surge back: nothing takes its place. */
function nodeCalls({ capacity, nodes }: Plan): readonly string[] {
  const retired = capacity === 'surge' ? 1 : 0;
  const replaced = nodes.length - retired;
  const times = (count: number): string => (count === 1 ? 'once' : `${count} times`);
  return [
    ...(replaced > 0 ? [`autoscaling:EnterStandby without decrement (its replacement starts while it drains), ${times(replaced)}`] : []),
    ...(retired > 0 ? ['autoscaling:EnterStandby with decrement (the last one gives the extra node back), once'] : []),
    `autoscaling:TerminateInstanceInAutoScalingGroup, once the node is drained and its replacement is good, ${times(nodes.length)}`,
  ];
}

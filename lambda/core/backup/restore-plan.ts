import type { BackupPart, Plan, RestoreStep } from '../../../lib/contract/events';
import { asMade } from '../direction';
import { aws, quote } from './shell';

/** A part with how it is restored, as far as it got. */
export type BackedUpPart = BackupPart & { readonly restore?: readonly RestoreStep[] };

/**
 * The way back once the upgrade is final: every command filled in, in order. A database of the new version and a home of the old one do
 * not fit, so all parts are restored, while no node runs; empty unless every part of the backup is complete.
 * https://confluence.atlassian.com/bitbucketserver/using-bitbucket-zero-downtime-backup-829920023.html,
 * https://confluence.atlassian.com/display/BITBUCKETSERVER0818/Running+integrity+checks+in+Bitbucket+Data+Center
 */
export function restorePlanOf(given: Plan, parts: readonly BackedUpPart[]): readonly RestoreStep[] {
  const restores = parts.flatMap(({ restore }) => (restore && restore.length > 0 ? [restore] : []));
  if (parts.length === 0 || restores.length < parts.length) return [];
  const plan = asMade(given);
  const { groupName, sizes, fromVersion } = plan;
  return [
    { title: 'Stop every Bitbucket node, and let nothing start one', commands: [...stopNodes(groupName), ...awaitNoNode(groupName)] },
    { title: `Let new nodes run Bitbucket ${fromVersion} again`, commands: pointBack(plan) },
    ...restores.flat(),
    {
      title:
        'On the machine that has the shared home mounted: ask for the integrity check, and remove what repositories had locked at that moment',
      commands: [
        'SHARED_HOME=/var/atlassian/application-data/bitbucket/shared   # where the shared home is mounted',
        `echo 'disaster.recovery=true' | sudo tee -a "$SHARED_HOME/bitbucket.properties"`,
        `sudo find "$SHARED_HOME/data/repositories" -type f \\( -name '*.lock' -o -name gc.pid \\) -delete`,
      ],
    },
    {
      title: 'Start one node, and wait until it serves',
      commands: [resize(groupName, { 'min-size': 1, 'max-size': sizes.max, 'desired-capacity': 1 })],
    },
    {
      title:
        'Await the integrity check: its log (atlassian-bitbucket.log) says what it found and mended. People can work meanwhile. Then take the property away',
      commands: [`sudo sed -i '/^disaster\\.recovery=true$/d' "$SHARED_HOME/bitbucket.properties"`],
    },
    {
      title: 'Start the other nodes, and let the group work as before',
      commands: [resize(groupName, { 'min-size': sizes.min, 'max-size': sizes.max, 'desired-capacity': sizes.desired }), ...resume(plan)],
    },
  ];
}

/** Scaling processes that could start a node in the middle of the restore. */
const STARTING = ['AlarmNotification', 'AZRebalance', 'ScheduledActions', 'ReplaceUnhealthy'];

const group = (name: string) => ({ 'auto-scaling-group-name': name });
const resize = (name: string, sizes: Readonly<Record<string, number>>): string =>
  aws('autoscaling', 'update-auto-scaling-group', { ...group(name), ...sizes });

const stopNodes = (name: string): readonly string[] => [
  aws('autoscaling', 'suspend-processes', { ...group(name), 'scaling-processes': STARTING }),
  resize(name, { 'min-size': 0, 'desired-capacity': 0 }),
];

/** What was suspended before the upgrade stays so. */
function resume({ groupName, suspendedBefore }: Plan): readonly string[] {
  const processes = STARTING.filter((process) => !suspendedBefore.includes(process));
  // Without names every process would be resumed.
  return processes.length > 0 ? [aws('autoscaling', 'resume-processes', { ...group(groupName), 'scaling-processes': processes })] : [];
}

const awaitNoNode = (name: string): readonly string[] => {
  const ask = aws('autoscaling', 'describe-auto-scaling-groups', {
    'auto-scaling-group-names': [name],
    query: 'AutoScalingGroups[0].Instances[].InstanceId',
    output: 'text',
  });
  return [`while [ -n "$(${ask})" ]; do sleep 15; done`];
};

/** The launch template launches the original image again, by the way that the group names its version. */
function pointBack({ launchTemplate, originalImageId, groupName }: Plan): readonly string[] {
  const { id, version, versionSpec, within } = launchTemplate;
  const template = { 'launch-template-id': id };
  if (versionSpec === '$Latest') {
    return [
      aws('ec2', 'create-launch-template-version', {
        ...template,
        'source-version': version,
        'launch-template-data': JSON.stringify({ ImageId: originalImageId }),
      }),
    ];
  }
  if (versionSpec === '$Default') return [aws('ec2', 'modify-launch-template', { ...template, 'default-version': version })];
  const specification = { LaunchTemplateId: id, Version: version };
  const options =
    within === 'group'
      ? `--launch-template ${quote(`LaunchTemplateId=${id},Version=${version}`)}`
      : `--mixed-instances-policy ${quote(JSON.stringify({ LaunchTemplate: { LaunchTemplateSpecification: specification } }))}`;
  return [`${aws('autoscaling', 'update-auto-scaling-group', group(groupName))} ${options}`];
}

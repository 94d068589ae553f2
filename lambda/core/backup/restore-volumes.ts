import type { EbsPart } from '../../../lib/contract/environment';
import type { RestoreStep } from '../../../lib/contract/events';
import type { Snapshot } from './snapshot';
import { aws, given, quote, tagList } from './shell';
import type { Volume } from './volumes';

/** What is put back: a snapshot, and the volume whose place a new one takes. */
export interface Replaced {
  readonly snapshot: Pick<Snapshot, 'id'>;
  readonly volume: Volume;
}

/** What the steps depend on. */
export interface VolumeRestore {
  readonly title: string;
  readonly instanceId: string;
  readonly specification: EbsPart;
  readonly replaced: readonly Replaced[];
}

/** Types whose IOPS are chosen: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVolume.html */
const WITH_IOPS = ['io1', 'io2', 'gp3'];

/** New volumes from the snapshots take the place of the old ones, which are kept. https://docs.aws.amazon.com/ebs/latest/userguide/ebs-restoring-volume.html */
export function restoreVolumes({ title, instanceId, specification, replaced }: VolumeRestore): readonly RestoreStep[] {
  const variable = (n: number): string => `VOLUME_${n + 1}`;
  const news = replaced.map((_, n) => `"$${variable(n)}"`).join(' ');
  const olds = replaced.map(({ volume }) => quote(volume.id)).join(' ');
  return [
    {
      title: `Make new volumes of ${title} from the snapshots`,
      commands: [
        ...replaced.map(({ snapshot, volume }, n) => `${variable(n)}=$(${create(snapshot.id, volume)} --query VolumeId --output text)`),
        `aws ec2 wait volume-available --volume-ids ${news}`,
      ],
    },
    {
      title: `Put the new volumes of ${title} in the place of the old ones (the same shell: it knows their ids)`,
      commands: [
        `# On ${instanceId}: stop what uses the file systems (such as the NFS server) and unmount them: sudo umount <mount point>`,
        ...replaced.map(({ volume }) => aws('ec2', 'detach-volume', { 'volume-id': volume.id, 'instance-id': instanceId })),
        `aws ec2 wait volume-available --volume-ids ${olds}`,
        ...replaced.map(
          ({ volume }, n) =>
            `aws ec2 attach-volume --volume-id "$${variable(n)}" --instance-id ${quote(instanceId)} --device ${quote(deviceOn(volume, instanceId))}`,
        ),
        `aws ec2 wait volume-in-use --volume-ids ${news}`,
        `# On ${instanceId}: mount them again as before (sudo mount -a), and start what was stopped. Keep ${olds} until you are sure.`,
        ...followUp(specification, olds),
      ],
    },
  ];
}

const deviceOn = ({ attachments }: Volume, instanceId: string): string =>
  attachments.find((attachment) => attachment.instanceId === instanceId)?.device ?? '';

/** A volume like the old one: same zone, same type, same key. */
const create = (snapshotId: string, volume: Volume): string =>
  aws('ec2', 'create-volume', {
    'snapshot-id': snapshotId,
    'availability-zone': volume.availabilityZone,
    'volume-type': volume.type,
    iops: WITH_IOPS.includes(volume.type) && volume.iops > 0 ? volume.iops : undefined,
    throughput: volume.type === 'gp3' && volume.throughput > 0 ? volume.throughput : undefined,
    encrypted: given(volume.encrypted),
    'kms-key-id': volume.encrypted ? volume.kmsKeyId : undefined,
    'multi-attach-enabled': given(volume.multiAttach),
    'tag-specifications': tagSpecification(volume),
  });

function tagSpecification({ tags }: Volume): string | undefined {
  const list = tagList(tags);
  return list === undefined ? undefined : `[{"ResourceType":"volume","Tags":${list}}]`;
}

/** What keeps the next backup right: it looks for volumes as the specification says. */
function followUp({ volumes }: EbsPart, olds: string): readonly string[] {
  if (volumes === 'data') return [];
  if ('ids' in volumes) return ['# Deploy the stack with the new volume ids, so that the next backup is of them.'];
  return [`aws ec2 delete-tags --resources ${olds} --tags ${quote(JSON.stringify([{ Key: volumes.tag.key }]))}`];
}

import type { EbsPart } from '../../../lib/contract/environment';
import type { Source } from './snapshot';
import type { Tags } from './tags';

/** An EC2 instance that volumes are attached to. */
export interface FileServer {
  readonly instanceId: string;
  readonly state: string;
  readonly instanceType: string;
  /** `ebs`, or `instance-store`. */
  readonly rootDeviceType: string;
  /** The volume that it boots from; empty when that is none. */
  readonly rootVolumeId: string;
  readonly dataVolumeIds: readonly string[];
}

/** An EBS volume. */
export interface Volume extends Source {
  readonly state: string;
  readonly attachments: readonly { readonly instanceId: string; readonly device: string }[];
  readonly availabilityZone: string;
  readonly type: string;
  /** 0 where it cannot be chosen. */
  readonly iops: number;
  /** MiB/s; 0 where it cannot be chosen. */
  readonly throughput: number;
  /** Empty when it is not encrypted. */
  readonly kmsKeyId: string;
  readonly multiAttach: boolean;
  readonly tags: Tags;
}

/** What was found for a part's specification. */
export interface Found {
  /** The instance whose volumes are meant: the one that was named, or the one that the tagged volumes are attached to. */
  readonly instanceId: string;
  /** Undefined when there is no such instance. */
  readonly server: FileServer | undefined;
  /** The volumes that were named, or tagged, or all data volumes of the instance; as far as they exist. */
  readonly volumes: readonly Volume[];
}

/** The instance that tagged volumes are attached to: the first of them, if there are several; empty without any. */
export const instanceOf = (volumes: readonly Volume[]): string => volumes.flatMap(attachedTo)[0] ?? '';

const attachedTo = ({ attachments }: Volume): readonly string[] => attachments.map(({ instanceId }) => instanceId);

/** Ids of the volumes that are snapshotted. */
export const idsOf = (volumes: readonly Volume[]): readonly string[] => volumes.map(({ id }) => id);

/** Why the volumes cannot be snapshotted at one point in time; all reasons at once. */
export function problemsOf({ volumes: chosen }: EbsPart, { instanceId, server, volumes }: Found): readonly string[] {
  if (chosen === 'data' && instanceId !== '' && !server) return serverProblems(instanceId, server); // it says it all
  return [
    ...(instanceId === '' ? [] : serverProblems(instanceId, server)),
    ...selectionProblems(chosen, volumes, instanceId),
    ...volumes.flatMap((volume) => volumeProblems(volume, instanceId, server)),
  ];
}

function serverProblems(instanceId: string, server: FileServer | undefined): readonly string[] {
  if (!server)
    return [`there is no instance ${instanceId} in this region and account. Check its id, and the region that the stack is deployed to`];
  return [
    ...(['running', 'stopped'].includes(server.state) ? [] : [`the instance ${instanceId} is ${server.state}; it must be running`]),
    ...(server.rootDeviceType === 'instance-store'
      ? [
          `the root device of ${instanceId} is an instance store volume: no snapshot can hold it, and a new instance would have to be built by hand. Use an instance that boots from EBS`,
        ]
      : []),
  ];
}

function selectionProblems(chosen: EbsPart['volumes'], volumes: readonly Volume[], instanceId: string): readonly string[] {
  if (chosen === 'data') return volumes.length === 0 && instanceId !== '' ? [`the instance ${instanceId} has no data volume`] : [];
  if ('ids' in chosen) {
    const unknown = chosen.ids.filter((id) => !volumes.some((volume) => volume.id === id));
    return unknown.map((id) => `there is no volume ${id} in this region and account`);
  }
  const { key, value } = chosen.tag;
  return volumes.length === 0 ? [`no volume in this region and account has the tag ${key} = ${value}`] : [];
}

function volumeProblems(volume: Volume, instanceId: string, server: FileServer | undefined): readonly string[] {
  const on = attachedTo(volume);
  const wanted = instanceId === '' ? 'the file server' : instanceId;
  return [
    ...(on.includes(instanceId)
      ? []
      : [
          `${volume.id} is attached to ${on.join(', ') || 'nothing'}, not to ${wanted}: only volumes of one instance can be snapshotted at one point in time`,
        ]),
    ...(on.includes(instanceId) && volume.state !== 'in-use' ? [`${volume.id} is ${volume.state}, not in-use`] : []),
    ...(server !== undefined && volume.id === server.rootVolumeId
      ? [`${volume.id} is the root volume of ${instanceId}: the home must be on data volumes`]
      : []),
  ];
}

/** What an operator should know. `instanceStore`: the instance's type comes with instance store volumes. */
export function warningsOf({ server, volumes }: Found, instanceStore: boolean): readonly string[] {
  const plain = volumes.filter(({ encrypted }) => !encrypted).map(({ id }) => id);
  return [
    ...(server && instanceStore
      ? [
          `${server.instanceId} (${server.instanceType}) has instance store volumes: what is on those is in no snapshot, and is lost when the instance stops. No home may be there.`,
        ]
      : []),
    ...(plain.length > 0 ? [`${plain.join(', ')}: not encrypted, and so the snapshots are not.`] : []),
  ];
}

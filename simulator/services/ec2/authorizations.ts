import type {
  CreateSnapshotRequest,
  CreateSnapshotsRequest,
  CreateTagsRequest,
  DeleteSnapshotRequest,
  TerminateInstancesRequest,
} from '@aws-sdk/client-ec2';
import type { Authorization } from '../../kernel/ports';
import { requestTags, tagKeys, tagRecord } from '../account/operation';
import type { Ec2 } from './ec2';
import type { TemplateName } from './launch-templates';
import { tagsFor } from './snapshots';
import { taggable } from './tags';
import type { Volume } from './volumes';

type Tags = Readonly<Record<string, string>>;

/** Condition keys of the tags that a resource has. */
export const resourceTags = (tags: Tags): Record<string, string> => tagKeys(['aws:ResourceTag', 'ec2:ResourceTag'], tags);

/**
 * What EC2 checks for its own calls: resource types and condition keys of
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html
 */
export class Ec2Authorizations {
  constructor(private readonly ec2: Ec2) {}

  /** The condition key that every EC2 call has. */
  get region(): Record<string, string> {
    return { 'ec2:Region': this.ec2.account.region };
  }

  launchTemplate(action: string, name: TemplateName): Authorization[] {
    const template = this.ec2.launchTemplates.find(name);
    const resource = this.ec2.account.arn('ec2', `launch-template/${template?.id ?? name.LaunchTemplateId ?? '*'}`);
    return [{ action, resources: [resource], context: { ...this.region, ...resourceTags(template?.tags ?? {}) } }];
  }

  createSnapshot(input: CreateSnapshotRequest): Authorization[] {
    const volume = this.ec2.volumes.find(input.VolumeId ?? '');
    const tags = tagsFor(input.TagSpecifications);
    return [
      this.volume('ec2:CreateSnapshot', input.VolumeId ?? '*', volume),
      this.newSnapshot('ec2:CreateSnapshot', tags, volume),
      ...this.tagOnCreate('CreateSnapshot', tags),
    ];
  }

  createSnapshots(input: CreateSnapshotsRequest): Authorization[] {
    const action = 'ec2:CreateSnapshots';
    const instanceId = input.InstanceSpecification?.InstanceId ?? '*';
    const volumes = this.ec2.volumes.of(input.InstanceSpecification);
    const tags = tagsFor(input.TagSpecifications);
    return [
      this.instance(action, instanceId),
      ...volumes.map((volume) => this.volume(action, volume.id, volume)),
      ...volumes.map((volume) => this.newSnapshot(action, tags, volume)),
      ...this.tagOnCreate('CreateSnapshots', tags),
    ];
  }

  deleteSnapshot(input: DeleteSnapshotRequest): Authorization[] {
    const snapshot = this.ec2.snapshots.find(input.SnapshotId ?? '');
    const resources = [this.ec2.account.publicArn('ec2', `snapshot/${input.SnapshotId ?? '*'}`)];
    return [
      {
        action: 'ec2:DeleteSnapshot',
        resources,
        context: { ...this.region, 'ec2:SnapshotID': input.SnapshotId ?? '*', ...resourceTags(snapshot?.tags ?? {}) },
      },
    ];
  }

  createTags(input: CreateTagsRequest): Authorization[] {
    const request = requestTags(tagRecord(input.Tags));
    return (input.Resources ?? []).map((id) => {
      const { arn, tags } = taggable(this.ec2, id);
      return { action: 'ec2:CreateTags', resources: [arn], context: { ...this.region, ...request, ...resourceTags(tags) } };
    });
  }

  terminateInstances(input: TerminateInstancesRequest): Authorization[] {
    return (input.InstanceIds ?? []).map((id) => this.instance('ec2:TerminateInstances', id));
  }

  private instance(action: string, id: string): Authorization {
    const instance = this.ec2.instances.find(id);
    const described = instance && {
      'ec2:InstanceID': id,
      'ec2:InstanceType': instance.instanceType,
      'ec2:AvailabilityZone': instance.availabilityZone,
    };
    const context = { ...this.region, ...described, ...resourceTags(instance?.tags ?? {}) };
    return { action, resources: [this.ec2.account.arn('ec2', `instance/${id}`)], context };
  }

  private volume(action: string, id: string, volume: Volume | undefined): Authorization {
    const described = volume && {
      'ec2:VolumeID': id,
      'ec2:VolumeSize': String(volume.sizeGiB),
      'ec2:VolumeType': volume.type,
      'ec2:Encrypted': String(volume.encrypted),
    };
    const context = { ...this.region, ...described, ...resourceTags(volume?.tags ?? {}) };
    return { action, resources: [this.ec2.account.arn('ec2', `volume/${id}`)], context };
  }

  private newSnapshot(action: string, tags: Tags, volume: Volume | undefined): Authorization {
    const parent = volume && {
      'ec2:ParentVolume': this.ec2.account.arn('ec2', `volume/${volume.id}`),
      'ec2:VolumeSize': String(volume.sizeGiB),
    };
    return {
      action,
      resources: [this.ec2.account.publicArn('ec2', 'snapshot/*')],
      context: { ...this.region, ...parent, ...requestTags(tags) },
    };
  }

  /** Tags given when something is made need `ec2:CreateTags`: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/supported-iam-actions-tagging.html */
  private tagOnCreate(by: string, tags: Tags): Authorization[] {
    if (Object.keys(tags).length === 0) return [];
    const context = { ...this.region, 'ec2:CreateAction': by, ...requestTags(tags) };
    return [{ action: 'ec2:CreateTags', resources: [this.ec2.account.publicArn('ec2', 'snapshot/*')], context }];
  }
}

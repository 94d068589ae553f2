import type {
  CreateLaunchTemplateVersionCommandOutput,
  CreateLaunchTemplateVersionRequest,
  CreateSnapshotCommandOutput,
  CreateSnapshotRequest,
  CreateSnapshotsCommandOutput,
  CreateSnapshotsRequest,
  CreateTagsCommandOutput,
  CreateTagsRequest,
  DeleteSnapshotCommandOutput,
  DeleteSnapshotRequest,
  DescribeImagesCommandOutput,
  DescribeImagesRequest,
  DescribeInstancesCommandOutput,
  DescribeInstancesRequest,
  DescribeInstanceStatusCommandOutput,
  DescribeInstanceStatusRequest,
  DescribeInstanceTypesCommandOutput,
  DescribeInstanceTypesRequest,
  DescribeLaunchTemplatesCommandOutput,
  DescribeLaunchTemplatesRequest,
  DescribeLaunchTemplateVersionsCommandOutput,
  DescribeLaunchTemplateVersionsRequest,
  DescribeSnapshotsCommandOutput,
  DescribeSnapshotsRequest,
  DescribeTagsCommandOutput,
  DescribeTagsRequest,
  DescribeVolumesCommandOutput,
  DescribeVolumesRequest,
  ModifyLaunchTemplateCommandOutput,
  ModifyLaunchTemplateRequest,
  RunInstancesRequest,
  TerminateInstancesCommandOutput,
  TerminateInstancesRequest,
} from '@aws-sdk/client-ec2';
import type { AwsOperation, AwsService } from '../../kernel/ports';
import { operation, reading, refuseUnmodelled } from '../account/operation';
import { Ec2Authorizations } from './authorizations';
import { lookAtLaunch, runInstances, withDryRun } from './dry-run';
import { describeInstances, describeInstanceStatus, describeState } from './describe-instances';
import type { Ec2 } from './ec2';
import { describeInstanceTypes } from './instance-types';
import type { RoleOf } from './launch-authorizations';
import { createTags, describeTags } from './tags';

/** The EC2 API. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Operations.html */
export function ec2Service(ec2: Ec2, roleOf: RoleOf): AwsService {
  const { images, launchTemplates, instances, snapshots, volumes } = ec2;
  const authorized = new Ec2Authorizations(ec2);
  const { region } = authorized;
  const operations: Record<string, AwsOperation> = {
    RunInstances: runInstances(ec2, roleOf),
    DescribeInstances: reading<DescribeInstancesRequest, DescribeInstancesCommandOutput>(
      'ec2:DescribeInstances',
      (input) => describeInstances(ec2, input),
      region,
    ),
    DescribeInstanceStatus: reading<DescribeInstanceStatusRequest, DescribeInstanceStatusCommandOutput>(
      'ec2:DescribeInstanceStatus',
      (input) => describeInstanceStatus(instances, input),
      region,
    ),
    DescribeInstanceTypes: reading<DescribeInstanceTypesRequest, DescribeInstanceTypesCommandOutput>(
      'ec2:DescribeInstanceTypes',
      (input) => {
        refuseUnmodelled('DescribeInstanceTypes', input, ['InstanceTypes', 'MaxResults']);
        return describeInstanceTypes(input);
      },
      region,
    ),
    DescribeTags: reading<DescribeTagsRequest, DescribeTagsCommandOutput>('ec2:DescribeTags', (input) => describeTags(ec2, input), region),
    DescribeImages: reading<DescribeImagesRequest, DescribeImagesCommandOutput>(
      'ec2:DescribeImages',
      (input) => images.describe(input),
      region,
    ),
    DescribeLaunchTemplates: reading<DescribeLaunchTemplatesRequest, DescribeLaunchTemplatesCommandOutput>(
      'ec2:DescribeLaunchTemplates',
      (input) => launchTemplates.describe(input),
      region,
    ),
    DescribeLaunchTemplateVersions: reading<DescribeLaunchTemplateVersionsRequest, DescribeLaunchTemplateVersionsCommandOutput>(
      'ec2:DescribeLaunchTemplateVersions',
      (input) => {
        refuseUnmodelled('DescribeLaunchTemplateVersions', input, MODELLED.describeVersions);
        return launchTemplates.describeVersions(input);
      },
      region,
    ),
    DescribeVolumes: reading<DescribeVolumesRequest, DescribeVolumesCommandOutput>(
      'ec2:DescribeVolumes',
      (input) => volumes.describe(input),
      region,
    ),
    DescribeSnapshots: reading<DescribeSnapshotsRequest, DescribeSnapshotsCommandOutput>(
      'ec2:DescribeSnapshots',
      (input) => snapshots.describe(input),
      region,
    ),
    CreateLaunchTemplateVersion: operation<CreateLaunchTemplateVersionRequest, CreateLaunchTemplateVersionCommandOutput>({
      mutates: true,
      authorize: (input) => authorized.launchTemplate('ec2:CreateLaunchTemplateVersion', input),
      call: (input) => {
        refuseUnmodelled('CreateLaunchTemplateVersion', input, MODELLED.createVersion);
        return launchTemplates.createVersion(input);
      },
    }),
    ModifyLaunchTemplate: operation<ModifyLaunchTemplateRequest, ModifyLaunchTemplateCommandOutput>({
      mutates: true,
      authorize: (input) => authorized.launchTemplate('ec2:ModifyLaunchTemplate', input),
      call: (input) => {
        refuseUnmodelled('ModifyLaunchTemplate', input, ['ClientToken', 'LaunchTemplateId', 'LaunchTemplateName', 'DefaultVersion']);
        return launchTemplates.modify(input);
      },
    }),
    CreateSnapshot: operation<CreateSnapshotRequest, CreateSnapshotCommandOutput>({
      mutates: true,
      authorize: (input) => authorized.createSnapshot(input),
      call: (input) => {
        refuseUnmodelled('CreateSnapshot', input, ['VolumeId', 'Description', 'TagSpecifications']);
        return snapshots.createOne(input);
      },
    }),
    CreateSnapshots: operation<CreateSnapshotsRequest, CreateSnapshotsCommandOutput>({
      mutates: true,
      authorize: (input) => authorized.createSnapshots(input),
      call: (input) => {
        refuseUnmodelled('CreateSnapshots', input, ['InstanceSpecification', 'Description', 'TagSpecifications', 'CopyTagsFromSource']);
        return snapshots.createAll(input);
      },
    }),
    DeleteSnapshot: operation<DeleteSnapshotRequest, DeleteSnapshotCommandOutput>({
      mutates: true,
      authorize: (input) => authorized.deleteSnapshot(input),
      call: (input) => {
        snapshots.delete(input.SnapshotId ?? '');
        return {};
      },
    }),
    CreateTags: operation<CreateTagsRequest, CreateTagsCommandOutput>({
      mutates: true,
      authorize: (input) => authorized.createTags(input),
      call: (input) => {
        createTags(ec2, input);
        return {};
      },
    }),
    TerminateInstances: operation<TerminateInstancesRequest, TerminateInstancesCommandOutput>({
      mutates: true,
      authorize: (input) => authorized.terminateInstances(input),
      call: (input) => {
        const named = (input.InstanceIds ?? []).map((id) => instances.get(id));
        const before = named.map(({ state }) => describeState(state));
        for (const { id } of named) instances.terminate(id);
        const changes = named.map(({ id, state }, index) => ({
          InstanceId: id,
          CurrentState: describeState(state),
          PreviousState: before[index],
        }));
        return { TerminatingInstances: changes };
      },
    }),
  };
  return {
    client: 'client-ec2',
    operations: withDryRun(operations, {
      RunInstances: (input: RunInstancesRequest) => {
        lookAtLaunch(ec2, input);
      },
      CreateLaunchTemplateVersion: (input: CreateLaunchTemplateVersionRequest) => launchTemplates.get(input),
      ModifyLaunchTemplate: (input: ModifyLaunchTemplateRequest) => launchTemplates.get(input),
    }),
  };
}

const MODELLED = {
  describeVersions: ['LaunchTemplateId', 'LaunchTemplateName', 'Versions', 'MinVersion', 'MaxVersion', 'NextToken', 'MaxResults'],
  createVersion: ['ClientToken', 'LaunchTemplateId', 'LaunchTemplateName', 'SourceVersion', 'VersionDescription', 'LaunchTemplateData'],
};

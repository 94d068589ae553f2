import type { CreateTagsRequest, DescribeTagsRequest, DescribeTagsResult, TagDescription } from '@aws-sdk/client-ec2';
import { AwsError } from '../../kernel/ports';
import { page, tagRecord } from '../account/operation';
import type { Ec2 } from './ec2';
import type { Filterable } from './filters';
import { filtered } from './filters';

interface Tagged {
  readonly tags: Record<string, string>;
}

/** Resources whose tags can be changed, by the prefix of their ids: how they are called in ARNs, found, and missed. */
const TAGGABLE: Readonly<
  Record<string, { readonly type: string; readonly missing: string; find(ec2: Ec2, id: string): Tagged | undefined }>
> = {
  'snap-': { type: 'snapshot', missing: 'InvalidSnapshot.NotFound', find: ({ snapshots }, id) => snapshots.find(id) },
  'i-': { type: 'instance', missing: 'InvalidInstanceID.NotFound', find: ({ instances }, id) => instances.find(id) },
  'ami-': { type: 'image', missing: 'InvalidAMIID.NotFound', find: ({ images }, id) => images.find(id) },
};

const kindOf = (id: string) => TAGGABLE[/^[a-z]+-/.exec(id)?.[0] ?? ''];

/** The resource with this id, as a policy sees it: its ARN and its tags. */
export function taggable(ec2: Ec2, id: string): { readonly arn: string; readonly tags: Readonly<Record<string, string>> } {
  const kind = kindOf(id);
  const type = kind?.type ?? 'instance';
  const arn = type === 'instance' ? ec2.account.arn('ec2', `instance/${id}`) : ec2.account.publicArn('ec2', `${type}/${id}`);
  return { arn, tags: kind?.find(ec2, id)?.tags ?? {} };
}

/** Tags snapshots, instances and images: all or none. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateTags.html */
export function createTags(ec2: Ec2, input: CreateTagsRequest): void {
  const tagged = (input.Resources ?? []).map((id) => {
    const kind = kindOf(id);
    if (kind === undefined) throw new AwsError('NotImplemented', `The simulator does not model CreateTags of ${id}.`, 501);
    const resource = kind.find(ec2, id);
    if (resource === undefined) throw new AwsError(kind.missing, `The ID '${id}' does not exist`);
    return resource;
  });
  for (const resource of tagged) Object.assign(resource.tags, tagRecord(input.Tags));
}

/** A tag as it is told; it has no tags of its own. */
interface Told {
  readonly tag: TagDescription;
  readonly tags: Readonly<Record<string, never>>;
}

const FIELDS: Filterable<Told> = {
  'resource-id': ({ tag }) => [tag.ResourceId],
  'resource-type': ({ tag }) => [tag.ResourceType],
  key: ({ tag }) => [tag.Key],
  value: ({ tag }) => [tag.Value],
};

/** Tags of snapshots, instances, images and volumes. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeTags.html */
export function describeTags({ snapshots, instances, images, volumes }: Ec2, input: DescribeTagsRequest): DescribeTagsResult {
  const of = (type: TagDescription['ResourceType'], items: readonly { readonly id: string; readonly tags: object }[]): Told[] =>
    items.flatMap(({ id, tags }) =>
      Object.entries(tags).map(([Key, Value]) => ({
        tag: { ResourceId: id, ResourceType: type, Key, Value: String(Value) },
        tags: {},
      })),
    );
  const all = [
    ...of('snapshot', snapshots.all()),
    ...of('instance', instances.visible()),
    ...of('image', images.all()),
    ...of('volume', volumes.all()),
  ];
  const { items, next } = page(filtered(all, input.Filters, FIELDS), input.MaxResults ?? 1000, input.NextToken);
  return { Tags: items.map(({ tag }) => tag), NextToken: next };
}

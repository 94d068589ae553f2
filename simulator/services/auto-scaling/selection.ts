import type { AutoScalingGroupNamesType, Filter, TagDescription } from '@aws-sdk/client-auto-scaling';
import { AwsError } from '../../kernel/ports';
import type { Group, ScalingProcess } from './group';
import { PROCESSES } from './group';

const unknownFilter = (name: string): AwsError => new AwsError('ValidationError', `Filter name ${name} is not supported.`);

/** https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DescribeAutoScalingGroups.html */
export function filterGroups(groups: readonly Group[], input: AutoScalingGroupNamesType): Group[] {
  const named = groups.filter(({ name }) => !input.AutoScalingGroupNames?.length || input.AutoScalingGroupNames.includes(name));
  return named.filter((group) => (input.Filters ?? []).every((filter) => passes(group, filter)));
}

function passes(group: Group, { Name: name = '', Values: values = [] }: Filter): boolean {
  if (name === 'tag-key') return values.some((key) => group.tags.has(key));
  if (name === 'tag-value') return [...group.tags.values()].some(({ value }) => values.includes(value));
  if (name.startsWith('tag:')) return values.includes(group.tags.get(name.slice('tag:'.length))?.value ?? '');
  throw unknownFilter(name);
}

/** https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DescribeTags.html */
export function filterTags(tags: readonly TagDescription[], filters: readonly Filter[] | undefined): TagDescription[] {
  return tags.filter((tag) =>
    (filters ?? []).every(({ Name: name = '', Values: values = [] }) => {
      if (name === 'auto-scaling-group') return values.includes(tag.ResourceId ?? '');
      if (name === 'key') return values.includes(tag.Key ?? '');
      if (name === 'value') return values.includes(tag.Value ?? '');
      if (name === 'propagate-at-launch') return values.includes(String(tag.PropagateAtLaunch));
      throw unknownFilter(name);
    }),
  );
}

/** 1 to 20 instance ids, each once. */
export function instanceIds(ids: readonly string[] | undefined): string[] {
  const distinct = [...new Set(ids ?? [])];
  if (distinct.length === 0) throw new AwsError('ValidationError', 'At least one instance ID is needed.');
  if (distinct.length > 20) throw new AwsError('ValidationError', `At most 20 instance IDs are allowed; ${distinct.length} were given.`);
  return distinct;
}

/** The named processes; all of them when none is named. */
export function processes(names: readonly string[] | undefined): ScalingProcess[] {
  if (!names?.length) return [...PROCESSES];
  return names.map((name) => {
    const process = PROCESSES.find((known) => known === name);
    if (process !== undefined) return process;
    throw new AwsError('ValidationError', `Invalid process name ${name}. Known: ${PROCESSES.join(', ')}.`);
  });
}

/** The record on the group: what a run must put back, kept where it survives the run. */
import type { Plan, Sizes } from '../../lib/contract/events';
import { GROUP_TAGS } from '../../lib/contract/tags';

/** What an interrupted run left on the group; each part may be missing. */
export interface GroupRecord {
  readonly run?: string;
  readonly versions?: { readonly from: string; readonly to: string };
  readonly sizes?: Sizes;
  readonly suspended?: readonly string[];
  readonly original?: { readonly imageId: string; readonly templateVersion: string };
}

type Tags = Readonly<Record<string, string>>;

/** The tags that record what `plan` will change. */
export function recordTags(plan: Plan): Tags {
  return {
    [GROUP_TAGS.run]: plan.run.executionArn,
    [GROUP_TAGS.versions]: `${plan.fromVersion}>${plan.toVersion}`,
    [GROUP_TAGS.sizes]: [plan.sizes.min, plan.sizes.max, plan.sizes.desired].join(','),
    [GROUP_TAGS.suspended]: plan.suspendedBefore.join(' ') || '-',
    [GROUP_TAGS.original]: `${plan.originalImageId}@${plan.launchTemplate.version}`,
  };
}

/** Reads the record from a group's tags; what is malformed counts as missing. */
export function readRecord(tags: Tags): GroupRecord {
  const run = tags[GROUP_TAGS.run];
  const versions = /^([^>]+)>([^>]+)$/.exec(tags[GROUP_TAGS.versions] ?? '');
  const sizes = /^(\d+),(\d+),(\d+)$/.exec(tags[GROUP_TAGS.sizes] ?? '');
  const suspended = tags[GROUP_TAGS.suspended];
  const original = /^([^@]+)@(\d+)$/.exec(tags[GROUP_TAGS.original] ?? '');
  return {
    ...(run !== undefined && { run }),
    ...(versions && { versions: { from: versions[1] ?? '', to: versions[2] ?? '' } }),
    ...(sizes && { sizes: { min: Number(sizes[1]), max: Number(sizes[2]), desired: Number(sizes[3]) } }),
    ...(suspended !== undefined && { suspended: suspended.split(' ').filter((process) => process !== '-' && process !== '') }),
    ...(original && { original: { imageId: original[1] ?? '', templateVersion: original[2] ?? '' } }),
  };
}

/** Whether a run has recorded what it changes, which it does before it changes anything. */
export const isHeld = (tags: Tags): boolean => GROUP_TAGS.run in tags;

/**
 * The record's tags that can go once the settings are back: all of them, but while upgrade mode stays on those that the
 * next run needs to go on from here.
 */
export const recordTagsToRemove = (tags: Tags, upgradeModeStaysOn: boolean): readonly string[] =>
  (upgradeModeStaysOn ? [GROUP_TAGS.sizes, GROUP_TAGS.suspended] : Object.values(GROUP_TAGS)).filter((key) => key in tags);

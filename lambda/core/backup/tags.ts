import type { Plan } from '../../../lib/contract/events';
import { BACKUP_TAGS, toRdsTagValue } from '../../../lib/contract/tags';

/** Tags by key. */
export type Tags = Readonly<Record<string, string>>;

/** The tags that make a part of a backup known. That it belongs to a finished upgrade is written later. */
export const tagsOf = (plan: Plan, part: string): Tags => ({
  [BACKUP_TAGS.id]: plan.backupId,
  [BACKUP_TAGS.run]: plan.run.executionArn,
  [BACKUP_TAGS.cluster]: plan.groupName,
  [BACKUP_TAGS.versions]: `${plan.fromVersion} to ${plan.toVersion}`,
  [BACKUP_TAGS.time]: plan.run.startedAt,
  [BACKUP_TAGS.part]: part,
  ...partsTag(plan.backupParts ?? []),
});

/** Longest value of a tag, in characters: https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html */
const LONGEST_VALUE = 256;

/** What the backup is made of: what a later run finds missing is judged by this, and not by the parts of that day. */
function partsTag(names: readonly string[]): Tags {
  const value = names.join(' ');
  return value === '' || value.length > LONGEST_VALUE ? {} : { [BACKUP_TAGS.parts]: value };
}

/** The parts that the tags name; undefined when they name none. */
export const partsOf = (tags: Tags): readonly string[] | undefined => tags[BACKUP_TAGS.parts]?.split(' ');

/** Whose backups are meant: one part of one cluster. */
export interface Owner {
  readonly clusterName: string;
  readonly part: string;
}

/** Whether the tool made this for that part of that cluster: every tag must be equal, and there must be a backup id. */
export const belongsTo = (tags: Tags, { clusterName, part }: Owner): boolean =>
  tags[BACKUP_TAGS.cluster] === clusterName && tags[BACKUP_TAGS.part] === part && idOf(tags) !== '';

/** The backup that these tags name; empty without one. */
export const idOf = (tags: Tags): string => tags[BACKUP_TAGS.id] ?? '';

/** Whether an upgrade that used the backup has succeeded. */
export const isFinished = (tags: Tags): boolean => tags[BACKUP_TAGS.finished] === 'yes';

/** A tag's value as RDS takes it. */
export const toRdsTag = toRdsTagValue;

/** The value that {@link toRdsTag} wrote. */
export const fromRdsTag = (value: string): string =>
  value.replace(/=([0-9a-f]{1,6})=/g, (_, code: string) => String.fromCodePoint(Math.min(Number.parseInt(code, 16), 0x10ffff)));

import type { Filter, Tag } from '@aws-sdk/client-ec2';
import type { Tags } from '../core/backup/tags';

/** Tags by key. */
export const tagsFrom = (tags: readonly Tag[] = []): Tags => Object.fromEntries(tags.map(({ Key = '', Value = '' }) => [Key, Value]));

/** Exactly this tag: in a filter `*` and `?` are wildcards unless a backslash precedes them (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Filtering.html). */
export const tagFilter = (key: string, value: string): Filter => ({ Name: `tag:${key}`, Values: [value.replace(/[\\*?]/g, '\\$&')] });

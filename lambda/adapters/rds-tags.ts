import type { Tag } from '@aws-sdk/client-rds';
import type { Tags } from '../core/backup/tags';
import { fromRdsTag, toRdsTag } from '../core/backup/tags';
import { TAG_PREFIX } from '../../lib/contract/tags';

/** Tags as RDS takes them. */
export const toRdsTags = (tags: Tags): Tag[] => Object.entries(tags).map(([Key, value]) => ({ Key, Value: toRdsTag(value) }));

/** Tags as they were meant; those of others as they are. */
export const fromRdsTags = (tags: readonly Tag[] = []): Tags =>
  Object.fromEntries(tags.map(({ Key = '', Value = '' }) => [Key, Key.startsWith(TAG_PREFIX) ? fromRdsTag(Value) : Value]));

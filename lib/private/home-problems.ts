import type { BackupPartName } from '../backup-part';
import type { FileSystemFreeze } from '../file-system-freeze';
import { PATTERNS } from './patterns';
import { duplicates, malformed } from './problems';

/** The part that holds the cluster's shared home. */
export const SHARED_HOME_PART: BackupPartName = { name: 'shared-home', title: 'the shared home' };

/** The prop that a home was given in, for messages. */
export function propOf({ name }: BackupPartName): string {
  return name === SHARED_HOME_PART.name ? 'sharedHome' : `otherHomes '${name}'`;
}

/** What is wrong with the id of an instance; nothing when it is empty, that is, found at run time. */
export function instanceProblems(part: BackupPartName, id: string): string[] {
  return id !== '' && malformed(id, PATTERNS.instanceId) ? [`${propOf(part)}: instance '${id}' must be like 'i-0123456789abcdef0'`] : [];
}

/** What is wrong with the ids of volumes. */
export function volumeProblems(part: BackupPartName, ids: readonly string[]): string[] {
  const what = propOf(part);
  if (ids.length === 0) return [`${what}: volumes must name at least one volume`];
  return [
    ...duplicates(ids).map((id) => `${what}: volume '${id}' is given more than once`),
    ...[...new Set(ids)].filter((id) => malformed(id, PATTERNS.volumeId)).map((id) => `${what}: volume '${id}' ${whyNot(id)}`),
  ];
}

/** Instance store volumes have no snapshots: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/InstanceStorage.html */
function whyNot(id: string): string {
  if (malformed(id, PATTERNS.instanceStore)) return "must be like 'vol-0123456789abcdef0'";
  return "is an instance store volume, which has no snapshots and is lost when the instance stops: give EBS volumes, like 'vol-0123456789abcdef0'";
}

/** What is wrong with the tag that finds volumes. */
export function tagProblems(part: BackupPartName, key: string, value: string): string[] {
  const problems = malformed(key, PATTERNS.tagKey)
    ? [`${propOf(part)}: tag key '${key}' must be a tag key of 1 to 128 characters, not 'aws:...'`]
    : [];
  return value === '' ? [...problems, `${propOf(part)}: the value of the tag '${key}' must not be empty`] : problems;
}

/** What is wrong with a freeze. */
export function freezeProblems(part: BackupPartName, instanceId: string, freeze?: FileSystemFreeze): string[] {
  if (!freeze) return [];
  const problems = freeze._problems().map((problem) => `${propOf(part)}: ${problem}`);
  if (instanceId === '') problems.push(`${propOf(part)}: freeze needs the id of the instance that it is sent to`);
  return problems;
}

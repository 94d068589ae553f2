import type { ReleaseNotes } from '../../lib/contract/plan-page';
import type { Version } from './versions';
import { parseVersion } from './versions';

/** The release notes of all versions. */
export const ALL_RELEASE_NOTES = 'https://confluence.atlassian.com/bitbucketserver/release-notes-872139866.html';

/** Most versions between: whoever is further behind reads on by himself. */
const MOST = 50;

/**
 * Where the target and every version between are described, oldest first; none when a version is malformed, or the target is not later in
 * the same line. Every bug-fix version is counted, though Atlassian may have left a number out. The notes of a feature version, found by
 * their title, list its bug-fix versions: https://confluence.atlassian.com/bitbucketserver/bitbucket-data-center-10-2-release-notes-1738146526.html
 */
export function releaseNotes(from: string, to: string): readonly ReleaseNotes[] {
  const [source, target] = [parseVersion(from), parseVersion(to)];
  if (!source || target?.major !== source.major || target.minor !== source.minor) return [];
  const count = Math.min(MOST, Math.max(0, target.patch - source.patch));
  return Array.from({ length: count }, (_, index) => {
    const version = `${target.major}.${target.minor}.${target.patch - count + 1 + index}`;
    return { version, notes: notesOf(target), issues: issuesOf(version) };
  });
}

/** Until 8.19 the title named the server, too: https://confluence.atlassian.com/bitbucketserver/bitbucket-data-center-and-server-8-1-release-notes-1130726463.html */
function notesOf({ major, minor }: Version): string {
  const product = major < 9 ? 'Bitbucket Data Center and Server' : 'Bitbucket Data Center';
  return `https://confluence.atlassian.com/display/BitbucketServer/${`${product} ${major}.${minor} release notes`.replaceAll(' ', '+')}`;
}

/** Bitbucket Data Center is the project BSERV: https://jira.atlassian.com/browse/BSERV */
const issuesOf = (version: string): string =>
  `https://jira.atlassian.com/issues/?jql=${encodeURIComponent(`project = BSERV AND fixVersion = "${version}"`)}`;

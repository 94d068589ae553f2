/** A Bitbucket version in parts; `label` is what follows the numbers (`-rc1`), empty for a release. */
export interface Version {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
  readonly label: string;
}

/** Parses `9.4.20` or `10.0.0-rc1`. Throws an `Error` that says what is allowed. */
export function parseVersion(text: string): Version {
  const match = /^(\d+)\.(\d+)\.(\d+)(-[\w.-]+)?$/.exec(text);
  if (match === null) {
    throw new Error(`"${text}" is no Bitbucket version: allowed is major.minor.patch, for example 9.4.20, or 10.0.0-rc1 for a pre-release`);
  }
  return { major: Number(match[1]), minor: Number(match[2]), patch: Number(match[3]), label: match[4] ?? '' };
}

/** Negative when `left` is older than `right`, zero when they are the same, positive when it is newer. */
export function compareVersions(left: string, right: string): number {
  const [a, b] = [parseVersion(left), parseVersion(right)];
  const numbers = a.major - b.major || a.minor - b.minor || a.patch - b.patch;
  if (numbers !== 0 || a.label === b.label) return numbers;
  if (a.label === '') return 1;
  if (b.label === '') return -1;
  return a.label < b.label ? -1 : 1;
}

/**
 * Whether `candidate` is a release with a higher patch number within the major.minor line of `base`: all that a rolling upgrade
 * allows (https://docs.atlassian.com/bitbucket-server/javadoc/9.3.0/api/com/atlassian/bitbucket/zdu/RollingUpgradeService.html).
 */
export function isBugFixOf(candidate: string, base: string): boolean {
  const [a, b] = [parseVersion(candidate), parseVersion(base)];
  return a.label === '' && a.major === b.major && a.minor === b.minor && a.patch > b.patch;
}

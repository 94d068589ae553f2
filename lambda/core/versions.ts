/** A released Bitbucket version: three numbers, nothing behind them. */
export interface Version {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
}

/** First version whose documentation has rolling upgrades: https://confluence.atlassian.com/bitbucketserver079/upgrade-a-bitbucket-cluster-without-downtime-1043905547.html */
const FIRST_WITH_ROLLING_UPGRADES = { major: 7, minor: 9 };

/** Parses `9.4.23`; undefined for anything else: fewer numbers, leading zeros, and pre-releases such as `10.0.0-rc1`. */
export function parseVersion(text: string): Version | undefined {
  const match = /^(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})$/.exec(text);
  return match ? { major: Number(match[1]), minor: Number(match[2]), patch: Number(match[3]) } : undefined;
}

/** Negative when `a` is older than `b`, zero when they are the same. */
export const compareVersions = (a: Version, b: Version): number => a.major - b.major || a.minor - b.minor || a.patch - b.patch;

/** Why a text is no version that this upgrades to; undefined when it is one. */
export function versionProblem(text: string): string | undefined {
  if (parseVersion(text)) return undefined;
  if (/^\d+\.\d+\.\d+[-._+a-zA-Z]/.test(text)) {
    return `"${text}" is a pre-release or a special build. Only released versions of the form 9.4.23 are upgraded to.`;
  }
  return `"${text}" is no Bitbucket version. Give a released version of the form 9.4.23.`;
}

/**
 * The bug-fix policy, all reasons at once; empty when the upgrade is allowed. Bitbucket upgrades without downtime only
 * between bug-fix versions of one feature version ("higher patch version"):
 * https://docs.atlassian.com/bitbucket-server/javadoc/9.3.0/api/com/atlassian/bitbucket/zdu/RollingUpgradeService.html
 */
export function bugFixPolicy(from: string, to: string, denied: readonly string[]): readonly string[] {
  const reasons: string[] = [];
  const source = parseVersion(from);
  const target = parseVersion(to);
  if (!source)
    reasons.push(`The cluster runs "${from}", which is no released version of the form 9.4.20: it cannot be upgraded without downtime.`);
  const malformed = versionProblem(to);
  if (malformed !== undefined) reasons.push(malformed);
  if (denied.includes(to))
    reasons.push(`Version ${to} is on this cluster's list of denied versions (${denied.join(', ')}). Choose another bug-fix version.`);
  if (source && (source.major - FIRST_WITH_ROLLING_UPGRADES.major || source.minor - FIRST_WITH_ROLLING_UPGRADES.minor) < 0) {
    reasons.push(`Rolling upgrades need Bitbucket Data Center 7.9 or later; the cluster runs ${from}.`);
  }
  if (source && target) reasons.push(...orderReasons(from, source, to, target));
  return reasons;
}

function orderReasons(from: string, source: Version, to: string, target: Version): readonly string[] {
  const order = compareVersions(target, source);
  if (order === 0) return [`The cluster already runs ${to}.`];
  const allowed = `Allowed are later bug-fix versions of ${source.major}.${source.minor}, such as ${source.major}.${source.minor}.${source.patch + 1}.`;
  if (order < 0) return [`${from} to ${to} is a downgrade, which Bitbucket does not support. ${allowed}`];
  if (target.major !== source.major) return [`${from} to ${to} is a platform upgrade, which needs downtime. ${allowed}`];
  if (target.minor !== source.minor) return [`${from} to ${to} is a feature upgrade, which needs downtime. ${allowed}`];
  return [];
}

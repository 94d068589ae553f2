/** What LATEST_BUGFIX means now. */
import { compareVersions, parseVersion } from './versions';

/** What the choice is made from. */
export interface LatestGround {
  /** The version that the cluster runs; in upgrade mode the one that the upgrade began with. */
  readonly running: string;
  /** True when somebody turned upgrade mode on. */
  readonly upgradeModeEnabled: boolean;
  /** Target of an interrupted run, as recorded on the group. */
  readonly recorded: string | undefined;
  /** Everything that an available image is named after: versions of any line, and perhaps what is no version. */
  readonly available: readonly string[];
  readonly denied: readonly string[];
  /** For people: where the images were looked for. */
  readonly where: string;
}

/** A target, and how it was found; or why there is none. */
export type Latest =
  | { readonly version: string; readonly upToDate: boolean; readonly resolution: string }
  | { readonly version: undefined; readonly problem: string };

/**
 * An interrupted run's target counts first: two targets in one cluster would be three versions. A record of an older version than what runs
 * is left over from an upgrade that is over, and counts no more. Otherwise the newest bug-fix version for which there is an image; when
 * that is none, the running one.
 */
export function chooseLatest(ground: LatestGround): Latest {
  const { running, recorded, available, denied, where } = ground;
  const source = parseVersion(running);
  const going = recorded === undefined ? undefined : parseVersion(recorded);
  if (recorded !== undefined && going && !(source && compareVersions(going, source) < 0)) {
    return { version: recorded, upToDate: false, resolution: `The interrupted upgrade to ${recorded} is gone on with: it comes first.` };
  }
  if (!source) {
    return {
      version: undefined,
      problem: `The cluster runs "${running}", which is no released version of the form 9.4.20: there is no line of bug-fix versions to look in. Give targetVersion.`,
    };
  }
  const line = `${source.major}.${source.minor}`;
  const newest = newestBugFix(running, available, denied);
  const seen = lookedAt(available, denied, line);
  const version = newest ?? running;
  return {
    version,
    // Whoever turned upgrade mode on has something in hand: the checks say so.
    upToDate: newest === undefined && !ground.upgradeModeEnabled,
    resolution: `${version} is the newest bug-fix version of ${line} for which there is an image (looked at: ${where}: ${seen}).`,
  };
}

/** The newest of the line of `running` that is later than it, and not denied; undefined when there is none. */
export function newestBugFix(running: string, available: readonly string[], denied: readonly string[]): string | undefined {
  const source = parseVersion(running);
  if (!source) return undefined;
  return available
    .filter((text) => !denied.includes(text))
    .flatMap((text) => {
      const version = parseVersion(text);
      return version?.major === source.major && version.minor === source.minor && version.patch > source.patch ? [{ text, version }] : [];
    })
    .sort((a, b) => compareVersions(b.version, a.version))[0]?.text;
}

/** Most versions that a message names. */
const NAMED = 12;

/** The versions of the line, newest first, and how many others there are. */
function lookedAt(available: readonly string[], denied: readonly string[], line: string): string {
  const own = [...new Set(available)]
    .flatMap((text) => {
      const version = parseVersion(text);
      return version && `${version.major}.${version.minor}` === line ? [{ text, version }] : [];
    })
    .sort((a, b) => compareVersions(b.version, a.version))
    .map(({ text }) => (denied.includes(text) ? `${text} (denied)` : text));
  const others = new Set(available).size - own.length;
  const more = own.length > NAMED ? ` and ${own.length - NAMED} older` : '';
  const elsewhere = others > 0 ? `; ${others} of other lines or no released versions` : '';
  return `${own.slice(0, NAMED).join(', ') || 'none of this line'}${more}${elsewhere}`;
}

import { compareVersions, isBugFixOf } from '../bitbucket/version';
import type { Scenario } from './scenario';
import { imageId } from './site';

/** The word of a request for the newest bug-fix version of the line that runs. */
const LATEST = 'LATEST_BUGFIX';

/**
 * The version that a request means at the simulated site; null when it names none, or none that there is an image of.
 *
 * @param running the version that the cluster began with
 */
export function targetOf(scenario: Scenario, request: Scenario['request'], running = scenario.cluster.version): string | null {
  const { images } = scenario.cluster;
  const { targetVersion: version, imageId: image } = request;
  if (version === LATEST) {
    const newer = images.filter((each) => isBugFixOf(each, running) && !scenario.deniedVersions.includes(each));
    return newer.sort(compareVersions).at(-1) ?? running;
  }
  if (typeof version === 'string') return version;
  return images.find((each) => imageId(each) === image) ?? null;
}

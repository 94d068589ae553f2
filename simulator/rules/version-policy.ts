import { isBugFixOf } from '../bitbucket/version';
import { at, launches } from './events';
import type { Rule } from './rule';
import { finding } from './rule';

/** Only bug-fix upgrades within one major.minor, never a downgrade, never a pre-release, never a denied version. */
export const versionPolicy: Rule = {
  id: 5,
  title: 'Only bug-fix upgrades within one line: no downgrade, no pre-release, no denied version',
  check: (evidence) => {
    const { originalVersion, versionOfImage, deniedVersions } = evidence;
    const violations: string[] = [];
    const versions = new Set<string>();
    for (const { time, instanceId, imageId } of launches(evidence)) {
      const version = versionOfImage[imageId];
      versions.add(version ?? imageId);
      const allowed =
        version === originalVersion || (version !== undefined && isBugFixOf(version, originalVersion) && !deniedVersions.includes(version));
      if (!allowed)
        violations.push(
          `${instanceId} of ${version ?? imageId} was launched at ${at(time, evidence)}; the cluster began with ${originalVersion}`,
        );
    }
    return finding(
      violations,
      versions.size === 0 ? 'no node was launched' : `launched from ${originalVersion}: ${[...versions].sort().join(', ')}`,
    );
  },
};

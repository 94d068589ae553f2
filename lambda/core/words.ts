/** What people are told about a node that is not what it should be: what was seen, why it may be so, and what to do. */
import type { Plan } from '../../lib/contract/events';
import { isTurned } from './direction';
import type { Member } from './observation';
import { isNew, nameOf } from './observation';

/**
 * A node that runs another version than its image was chosen for. Some installations keep the version in a file on the shared home,
 * `<shared>/bitbucket.version` (https://bitbucket.org/atlassian/dc-deployments-automation): a node that boots installs the newer of that
 * and its own. So an image of another version cannot be told from such a file, and going back is blocked by it.
 */
export function wrongVersion(member: Member, runs: string, plan: Plan): string {
  const seen = `${nameOf(member)} was launched from ${member.imageId || plan.targetImageId} and runs Bitbucket ${runs}, not ${plan.toVersion}`;
  if (isTurned(plan) && runs === plan.fromVersion) {
    return (
      `${seen}: the node comes back with the newer version. A version file on the shared home (such as bitbucket.version) overrides the image: ` +
      `nodes install the newer of the two, and that blocks the way back. Write ${plan.toVersion} into the file, or delete it and its cached ` +
      'installation, then go on rolling back. Restoring the backup pair is not needed for this.'
    );
  }
  return (
    `${seen}: the image holds another version, or a version file on the shared home (such as bitbucket.version) overrides it: ` +
    'nodes install the newer of the two. Correct the image or the file, then start the upgrade again.'
  );
}

/** An instance that should serve, and is gone. */
export const death = (member: Member, plan: Plan): string =>
  `${nameOf(member)} is ${member.ec2State}: ${isNew(member, plan) ? 'the replacement' : `a node of ${plan.fromVersion}`} died. ` +
  "A fresh instance takes its place. If that was not the cloud's doing, look at its system log and the group's activities.";

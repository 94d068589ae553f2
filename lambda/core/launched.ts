import type { Plan, Rolled } from '../../lib/contract/events';
import { isTurned } from './direction';
import type { Member } from './observation';
import { isNew, nameOf } from './observation';

/**
 * What is wrong when the group launched an original node in place of one that was taken out: somebody pointed it back at the original image, and to
 * go on would replace originals by originals for ever. Undefined when nothing is. While a run is rolled back, what it launched before looks the same:
 * nothing can be told then.
 */
export function launchedAsBefore(plan: Plan, { completed }: Rolled, members: readonly Member[]): string | undefined {
  const since = Date.parse(completed.at(-1)?.standbyAt ?? '');
  if (isTurned(plan)) return undefined;
  const strange = members.find((member) => !isNew(member, plan) && Date.parse(member.launchedAt) > since);
  if (!strange) return undefined;
  return (
    `${nameOf(strange)} was launched in place of a node that was taken out, but of ${strange.imageId}, not of ${plan.targetImageId} (${plan.toVersion}). ` +
    `Who changed the launch template ${plan.launchTemplate.id}, or the version that the group uses? Start the same request again: it points the group at the image again.`
  );
}

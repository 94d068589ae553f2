import { wantedByOthers } from './events';
import type { Evidence, GroupSettings, Rule } from './rule';
import { finding } from './rule';

const isNumber = (spec: string): boolean => /^\d+$/.test(spec);
const inOrder = (names: readonly string[]): string => [...names].sort().join(', ') || 'none';
const tagsInOrder = (tags: Readonly<Record<string, string>>): string =>
  Object.entries(tags)
    .map(([key, value]) => `${key}=${value}`)
    .sort()
    .join(', ');

/** Group sizes, suspended processes, launch-template semantics and the banner end exactly as they were, but for the new image. */
export const settingsRestored: Rule = {
  id: 7,
  title: "The group's sizes, suspended processes, tags, launch-template semantics and Bitbucket's banner end as they were",
  check: (evidence) => {
    const { before, after } = evidence;
    const violations = [
      ...(scaledTo(evidence).has(sizes(after)) ? [] : changed('the sizes (min, max, desired)', sizes(before), sizes(after))),
      ...changed('the suspended processes', inOrder(before.suspendedProcesses), inOrder(after.suspendedProcesses)),
      ...changed("the group's tags", tagsInOrder(before.tags), tagsInOrder(left(evidence))),
      ...changed('where the launch template is named', before.within, after.within),
      ...changed('how its version is written', semantics(before), semantics(after)),
      ...(before.versionSpec === '$Default'
        ? []
        : changed("the launch template's default version", before.defaultVersion, after.defaultVersion)),
      ...(after.standby.length > 0 ? [`${after.standby.join(', ')} was left in Standby`] : []),
      ...wrongImage(evidence),
      ...changed("Bitbucket's banner", evidence.banner.wanted, evidence.banner.atEnd),
    ];
    return finding(
      violations,
      `sizes ${sizes(after)}; suspended: ${inOrder(after.suspendedProcesses)}; launch template version ${after.versionSpec}`,
    );
  },
};

function changed(what: string, before: string, after: string): string[] {
  return before === after ? [] : [`${what} changed from ${before} to ${after}`];
}

/** While an upgrade is unfinished, what must be put back later stays written on the group: those tags may be there as well. */
function left({ before, after, upgradeModeAtEnd }: Evidence): Readonly<Record<string, string>> {
  if (!upgradeModeAtEnd) return after.tags;
  return Object.fromEntries(Object.entries(after.tags).filter(([key]) => key in before.tags));
}

/** What somebody else made of the sizes meanwhile may stay, without the surge node that it may have counted. */
function scaledTo(evidence: Evidence): ReadonlySet<string> {
  const wanted = wantedByOthers(evidence).flatMap(({ desired }) => [desired, desired - 1]);
  return new Set(wanted.map((desired) => sizes({ ...evidence.before, desired })));
}

const sizes = ({ min, max, desired }: GroupSettings): string => `${min}, ${max}, ${desired}`;

/** A pinned version stays pinned, to another number when the image changed. */
const semantics = ({ versionSpec }: GroupSettings): string => (isNumber(versionSpec) ? 'a number' : versionSpec);

/** With one version everywhere, the next launch must have that version: another would not be let in. */
function wrongImage({ versionsAtEnd, after, versionOfImage, upgradeModeAtEnd }: Evidence): string[] {
  const [version, ...others] = new Set(versionsAtEnd);
  const next = versionOfImage[after.imageId];
  if (version === undefined || others.length > 0 || upgradeModeAtEnd || next === version) return [];
  return [`the nodes run ${version}, but the next launch would be ${next ?? after.imageId}`];
}

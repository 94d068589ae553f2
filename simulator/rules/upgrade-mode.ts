import { at, calls, entriesOf, launches, modeAt } from './events';
import type { Call } from './events';
import type { Ending, Evidence, Rule } from './rule';
import { finding } from './rule';

/** The image is switched only while upgrade mode is on; it ends off with one version everywhere, or the run says loudly that it does not. */
export const upgradeModeRule: Rule = {
  id: 6,
  title: 'The image is switched only in upgrade mode; the run ends with it off and one version, or says so',
  check: (evidence) => {
    const violations: string[] = [];
    for (const call of calls(evidence.journal).filter(switchesImage)) {
      if (!modeAt(evidence, call.time).on && !modeAt(evidence, call.time - UNSEEN_MS).on && !putsBack(evidence, call))
        violations.push(`${call.action} at ${at(call.time, evidence)} while upgrade mode was off`);
    }
    for (const { time, instanceId, imageId } of launches(evidence)) {
      const mode = modeAt(evidence, time);
      const version = evidence.versionOfImage[imageId];
      if (!mode.on && version !== mode.version && !cancelledByPerson(evidence, time))
        violations.push(`${instanceId} of ${version ?? imageId} was launched at ${at(time, evidence)} while upgrade mode was off`);
    }
    violations.push(...unsaid(evidence));
    const versions = [...new Set(evidence.versionsAtEnd)].sort().join(' and ');
    return finding(
      violations,
      `upgrade mode is ${evidence.upgradeModeAtEnd ? 'on, and the run says so' : 'off'}, the nodes run ${versions}`,
    );
  },
};

/** What happened so short a time before a call cannot have been seen by who made it, in milliseconds. */
const UNSEEN_MS = 5000;

/** Away from the target's image after somebody turned upgrade mode off: nodes of the version that serves are all that may be launched then. */
function putsBack(evidence: Evidence, { input, time }: Call): boolean {
  const { ImageId: imageId } = (input['LaunchTemplateData'] ?? {}) as { ImageId?: string };
  if (imageId !== undefined) return evidence.versionOfImage[imageId] === modeAt(evidence, time).version;
  return cancelledByPerson(evidence, time);
}

/** Somebody turned upgrade mode off under the run: what the group launches until the run has seen it is not the run's doing. */
function cancelledByPerson({ journal }: Evidence, time: number): boolean {
  return entriesOf(journal, 'fault').some(
    (entry) => entry['name'] === 'operator-cancels' && entry['accepted'] === true && entry.time <= time,
  );
}

function switchesImage({ action, mutates, error, input }: Call): boolean {
  if (!mutates || error !== undefined) return false;
  if (action === 'ec2:CreateLaunchTemplateVersion' || action === 'ec2:ModifyLaunchTemplate') return true;
  return action === 'autoscaling:UpdateAutoScalingGroup' && ('LaunchTemplate' in input || 'MixedInstancesPolicy' in input);
}

/** Held until the next maintenance window, as it was planned, and the output says so. */
function saysHeld({ output }: Ending): boolean {
  const { outcome, text } = ((typeof output === 'string' ? JSON.parse(output) : output) ?? {}) as { outcome?: unknown; text?: unknown };
  return outcome === 'HELD' && typeof text === 'string' && /upgrade mode stays on/i.test(text);
}

/** What is left at the end and was not said. */
function unsaid({ journal, ending, others, upgradeModeAtEnd, versionsAtEnd }: Evidence): string[] {
  const mixed = new Set(versionsAtEnd).size > 1;
  if (!upgradeModeAtEnd && !mixed) return [];
  if (ending.status === 'SUCCEEDED') {
    if (upgradeModeAtEnd && saysHeld(ending)) return [];
    return [
      `the run SUCCEEDED, but ${upgradeModeAtEnd ? 'upgrade mode is still on' : `nodes run ${[...new Set(versionsAtEnd)].sort().join(' and ')}`}`,
    ];
  }
  const told = entriesOf(journal, 'notification').map(({ message }) => String(message));
  const words = [ending, ...others].flatMap(({ cause, output }) => [cause ?? '', JSON.stringify(output ?? '')]);
  const said = [...words, ...told].some((text) => /upgrade mode|mixed/i.test(text));
  return said ? [] : ['the run ended with upgrade mode on or with more than one version, and nothing says so'];
}

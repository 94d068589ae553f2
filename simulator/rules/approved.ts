import { isRecovery } from '../faults/catalogue';
import { at, calls, entriesOf, launches, rootOf, wantedByOthers } from './events';
import type { Call } from './events';
import type { Evidence, Rule } from './rule';
import { finding } from './rule';

/** The gates, as the journal and the scenario name them. */
type Gate = Evidence['gates'][number]['gate'];

/**
 * Nothing goes on without the approvals that are configured: nothing is changed but the lock before that of the plan; once an old node is replaced, by whichever
 * run, no other is taken out, nor is the upgrade finalized, before that of the gate. Silence is one where it is configured so.
 */
export const approved: Rule = {
  id: 16,
  title: 'Nothing goes on without the approvals that are configured',
  check: (evidence) => {
    const { gates } = evidence;
    if (gates.length === 0) return { kept: true, evidence: 'no approval is configured' };
    const early = gates.flatMap(({ gate }) => EARLY[gate](evidence).map((what) => `${what}, with no approval of ${gate}`));
    const seen = gates.map(({ gate }) => `${gate}: ${consents(evidence, gate).length} given`);
    return finding(early, seen.join(', '));
  },
};

/** An approval of a gate: when, and of which execution. */
interface Consent {
  readonly time: number;
  readonly execution: string;
}

function consents({ journal: own, journalBefore, gates }: Evidence, gate: Gate): Consent[] {
  // One that is redriven may go on where it was, with what it was given.
  const journal = [...journalBefore, ...own];
  const of = (change: string) => entriesOf(journal, 'approval').filter((entry) => entry['change'] === change && entry['gate'] === gate);
  const said = of('answered').filter((entry) => entry['answer'] === 'approve');
  const asked = new Set(of('asked').map((entry) => entry['token']));
  const isSilence = gates.some((each) => each.gate === gate && each.silenceApproves);
  const silent = entriesOf(journal, 'token').filter((entry) => entry['change'] === 'timed-out' && asked.has(entry['token']));
  return [...said, ...(isSilence ? silent : [])].map((entry) => ({ time: entry.time, execution: String(entry['execution']) }));
}

/** What was done too early, for each gate. */
const EARLY: Readonly<Record<Gate, (evidence: Evidence) => string[]>> = {
  afterPlan: (evidence) => {
    const given = consents(evidence, 'afterPlan');
    const changed = [...changesOfRuns(evidence).map(({ time, action, root }) => ({ time, what: action, root })), ...turnedOn(evidence)];
    return changed.filter(({ time, root }) => !isGiven(given, time, root)).map(({ time, what }) => `${what} at ${at(time, evidence)}`);
  },
  afterFirstNode: (evidence) => {
    const given = consents(evidence, 'afterFirstNode');
    let isReplaced =
      Object.values(evidence.initialVersions).filter((version) => version === evidence.originalVersion).length < wanted(evidence);
    return changesOfRuns(evidence).flatMap(({ time, action, root, input, caller }) => {
      const [id] = idsIn(input);
      if (id === undefined || !isOld(evidence, id)) return [];
      const isEarly = isReplaced && action === 'autoscaling:EnterStandby' && /StandBy/.test(caller) && !isGiven(given, time, root);
      isReplaced ||= action === 'autoscaling:TerminateInstanceInAutoScalingGroup' && /RetireNode/.test(caller);
      return isEarly ? [`${id} was taken out at ${at(time, evidence)}`] : [];
    });
  },
  beforeFinalize: (evidence) => {
    const given = consents(evidence, 'beforeFinalize');
    const finalized = upgradeCalls(evidence, 'approve').filter(({ time }) => !isGiven(given, time));
    return finalized.map(({ time }) => `the upgrade was finalized at ${at(time, evidence)}`);
  },
};

/** Of the execution itself; Bitbucket is not told whose a call is, so there any counts. */
const isGiven = (given: readonly Consent[], time: number, root?: string): boolean =>
  given.some((consent) => consent.time <= time && (root === undefined || consent.execution === root));

/** Calls that may be made before anything is approved: the lock, and telling people. */
const HARMLESS = /^(dynamodb|sns|states):/;

/** What runs changed, without the recoveries: each with its outermost execution. */
function changesOfRuns({ journal }: Evidence): (Call & { readonly root: string })[] {
  const machines = new Map(entriesOf(journal, 'execution').map((entry) => [entry['execution'], String(entry['machine'])]));
  return calls(journal)
    .filter(({ mutates, error, action, execution }) => mutates && error === undefined && execution !== '' && !HARMLESS.test(action))
    .map((call) => ({ ...call, root: rootOf(journal, call.execution) }))
    .filter(({ root }) => !isRecovery(machines.get(root) ?? ''));
}

const turnedOn = (evidence: Evidence) =>
  upgradeCalls(evidence, 'start').map(({ time }) => ({ time, what: 'upgrade mode was turned on', root: undefined }));

function upgradeCalls({ journal }: Evidence, call: string) {
  return entriesOf(journal, 'bitbucket').filter(
    (entry) => entry['event'] === 'upgrade-mode' && entry['call'] === call && entry['accepted'] === true && entry['by'] !== 'person',
  );
}

/** `InstanceIds` of one call, `InstanceId` of another. */
function idsIn(input: Call['input']): readonly string[] {
  const { InstanceIds: many = [], InstanceId: one } = input as { InstanceIds?: string[]; InstanceId?: string };
  return one === undefined ? many : [one];
}

/** Nodes that the group should have, unless somebody scaled it. */
const wanted = (evidence: Evidence): number => Math.min(evidence.before.desired, ...wantedByOthers(evidence).map(({ desired }) => desired));

function isOld(evidence: Evidence, id: string): boolean {
  const { initialVersions, originalVersion, versionOfImage } = evidence;
  const launched = launches(evidence).find(({ instanceId }) => instanceId === id);
  return (initialVersions[id] ?? (launched && versionOfImage[launched.imageId])) === originalVersion;
}

/** Reads the journal: the only place of the rules that knows what its entries look like. */
import type { JournalEntry } from '../kernel/ports';
import type { Evidence } from './rule';

/** A call of an AWS API. */
export interface Call {
  readonly time: number;
  /** `autoscaling:EnterStandby` */
  readonly action: string;
  readonly mutates: boolean;
  readonly caller: string;
  readonly execution: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly error?: string;
  readonly message?: string;
}

/** `mm:ss` since the run began. */
export function at(time: number, { startedAt }: Pick<Evidence, 'startedAt'>): string {
  const seconds = Math.round((time - startedAt) / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** The entries of one kind, in order. */
export function entriesOf(journal: readonly JournalEntry[], kind: string): JournalEntry[] {
  return journal.filter((entry) => entry.kind === kind);
}

/** All calls. */
export function calls(journal: readonly JournalEntry[]): Call[] {
  return entriesOf(journal, 'call').map((entry) => ({
    time: entry.time,
    action: `${text(entry['service'])}:${text(entry['operation'])}`,
    mutates: entry['mutates'] === true,
    caller: text(entry['caller']),
    execution: text(entry['execution']),
    input: (entry['input'] ?? {}) as Record<string, unknown>,
    // One that took effect and whose answer was lost was made.
    ...(entry['error'] === undefined || entry['tookEffect'] === true
      ? {}
      : { error: text(entry['error']), message: text(entry['message']) }),
  }));
}

/** Calls that changed the group, its nodes or its launch template. */
export function clusterChanges(journal: readonly JournalEntry[]): Call[] {
  const launchTemplates = new Set(['ec2:CreateLaunchTemplateVersion', 'ec2:ModifyLaunchTemplate', 'ec2:DeleteLaunchTemplateVersions']);
  const instances = new Set(['ec2:TerminateInstances', 'ec2:StopInstances', 'ec2:RebootInstances', 'ec2:RunInstances']);
  return calls(journal).filter(
    ({ action, mutates, error }) =>
      mutates &&
      error === undefined &&
      (/^(autoscaling|elasticloadbalancing):/.test(action) || launchTemplates.has(action) || instances.has(action)),
  );
}

/** The execution that a person, or a schedule, started: the outermost parent. */
export function rootOf(journal: readonly JournalEntry[], execution: string): string {
  const parents = new Map(
    entriesOf(journal, 'execution')
      .filter(({ change }) => change === 'started')
      .map((entry) => [text(entry['execution']), text(entry['parent'])]),
  );
  let root = execution;
  for (let parent = parents.get(root); parent !== undefined && parent !== ''; parent = parents.get(root)) root = parent;
  return root;
}

/** How many nodes of a target group serve from a moment on: healthy there, and answering. */
export interface Serving {
  readonly time: number;
  readonly targetGroupArn: string;
  readonly instanceIds: readonly string[];
}

/** The last of some steps that a condition holds for. */
export function lastOf<T>(steps: readonly T[], holds: (step: T) => boolean): T | undefined {
  for (let index = steps.length - 1; index >= 0; index--) {
    const step = steps[index];
    if (step !== undefined && holds(step)) return step;
  }
  return undefined;
}

/** The counts, whenever one changed. */
export function serving(journal: readonly JournalEntry[]): Serving[] {
  return entriesOf(journal, 'serving').map((entry) => ({
    time: entry.time,
    targetGroupArn: text(entry['targetGroupArn']),
    instanceIds: entry['instanceIds'] as string[],
  }));
}

/** When an instance changed its lifecycle state in the group. */
export interface Lifecycle {
  readonly time: number;
  readonly instanceId: string;
  readonly state: string;
}

/** Changes of the group's members. */
export function lifecycle(journal: readonly JournalEntry[]): Lifecycle[] {
  return entriesOf(journal, 'lifecycle').map((entry) => ({
    time: entry.time,
    instanceId: text(entry['id']),
    state: text(entry['to']),
  }));
}

/** Launches in the run: when, and of which image. */
export function launches({ journal, startedAt, initialInstances }: Evidence): { time: number; instanceId: string; imageId: string }[] {
  return entriesOf(journal, 'instance')
    .filter((entry) => entry['change'] === 'pending' && entry.time >= startedAt && !initialInstances.includes(text(entry['id'])))
    .map((entry) => ({ time: entry.time, instanceId: text(entry['id']), imageId: text(entry['imageId']) }));
}

/** Instances that a fault made fail. */
export function faulty({ journal, faultyBefore }: Pick<Evidence, 'journal' | 'faultyBefore'>): ReadonlySet<string> {
  return new Set([...faultyBefore, ...entriesOf(journal, 'fault').map((entry) => text(entry['instanceId']))]);
}

const TAKES: ReadonlySet<unknown> = new Set(['instance-dies', 'availability-zone-lost', 'health-check-replaces']);

/** Launches with which the group began to balance its zones by itself: another instance goes when the new one is in service. */
const balancing = (journal: readonly JournalEntry[]): JournalEntry[] =>
  entriesOf(journal, 'activity').filter(({ cause }) => text(cause).includes('to balance instances in zones'));

/**
 * Instances that a fault took away, or a group that somebody scaled, or that balances zones which faults left uneven, now or in an earlier part, and
 * when.
 */
export function taken(
  evidence: Pick<Evidence, 'journal' | 'scaledBefore' | 'faultyBefore'>,
): { readonly time: number; readonly instanceId: string }[] {
  const { journal, faultyBefore } = evidence;
  const faults = entriesOf(journal, 'fault').filter(({ name }) => TAKES.has(name));
  const lost = faults.map((entry) => ({ time: entry.time, instanceId: text(entry['instanceId']) }));
  const scaledAt = wantedByOthers(evidence)[0]?.time ?? Infinity;
  const asked = terminatedByRun(journal);
  const unhealthy = new Set([...having(journal, 'health-check-replaces'), ...faultyBefore]);
  const apart = splitOff(journal);
  const balancedAt = faulty(evidence).size > 0 ? (balancing(journal)[0]?.time ?? Infinity) : Infinity;
  // A mark of the health check that came while the group was held takes effect when it is let go, or in a later part.
  const chosen = lifecycle(journal).filter(
    ({ time, instanceId, state }) =>
      state === 'Terminating' && (time >= scaledAt || time >= balancedAt || unhealthy.has(instanceId)) && !asked.has(instanceId),
  );
  const sent = lifecycle(journal).filter(({ instanceId, state }) => apart.has(instanceId) && /^(EnteringStandby|Terminating)$/.test(state));
  return [...lost, ...chosen, ...sent].sort((a, b) => a.time - b.time);
}

/** Nodes that a fault made clusters of their own: no capacity, though load balancers find them healthy. That they have to go is the fault's doing. */
export const splitOff = (journal: readonly JournalEntry[]): ReadonlySet<string> => having(journal, 'replacement-splits-off');

/** Instances that had a fault. */
const having = (journal: readonly JournalEntry[], fault: string): ReadonlySet<string> =>
  new Set(
    entriesOf(journal, 'fault')
      .filter(({ name }) => name === fault)
      .map((entry) => text(entry['instanceId'])),
  );

/** Instances that the run terminated by name. */
function terminatedByRun(journal: readonly JournalEntry[]): ReadonlySet<unknown> {
  const calling = calls(journal).filter(
    ({ action, error }) => action === 'autoscaling:TerminateInstanceInAutoScalingGroup' && error === undefined,
  );
  return new Set(calling.map(({ input }) => input['InstanceId']));
}

/** Desired capacities that somebody else than the run set, and when. */
export function scaled(journal: readonly JournalEntry[]): { readonly time: number; readonly desired: number }[] {
  return entriesOf(journal, 'fault')
    .filter(({ name }) => name === 'group-scaled')
    .map((entry) => ({ time: entry.time, desired: Number(entry['desired']) }));
}

/** Desired capacities that the group may have because somebody else set them, and from when on. */
export function wantedByOthers({ journal, scaledBefore }: Pick<Evidence, 'journal' | 'scaledBefore'>): ReturnType<typeof scaled> {
  return [...scaledBefore.map((desired) => ({ time: -Infinity, desired })), ...scaled(journal)];
}

const OUT = /^(EnteringStandby|Standby|Detaching|Terminating)/;

/** When nodes that were there at the beginning left service because of the run, or came back; without those that a fault made fail. */
export function moves(evidence: Evidence): (Lifecycle & { readonly out: boolean })[] {
  const { journal, initialInstances } = evidence;
  const faults = faulty(evidence);
  const asked = terminatedByRun(journal);
  const byOthers = scaled(journal).length > 0;
  const out = new Set(evidence.standbyAtStart);
  return lifecycle(journal).flatMap((entry) => {
    const { instanceId, state } = entry;
    if (!initialInstances.includes(instanceId) || faults.has(instanceId)) return [];
    // Whom a group that somebody scaled terminates is not the run's choice.
    if (byOthers && state.startsWith('Terminating') && !asked.has(instanceId) && !out.has(instanceId)) return [];
    if (OUT.test(state)) out.add(instanceId);
    else out.delete(instanceId);
    return [{ ...entry, out: OUT.test(state) }];
  });
}

/** Whether upgrade mode was on at a moment, and the cluster's version then. */
export function modeAt(
  { journal, originalVersion, upgradeModeAtStart }: Evidence,
  time: number,
): { readonly on: boolean; readonly version: string } {
  let mode = { on: upgradeModeAtStart, version: originalVersion };
  for (const entry of entriesOf(journal, 'bitbucket')) {
    if (entry.time > time) break;
    if (entry['event'] === 'cluster') mode = { on: entry['upgradeModeEnabled'] === true, version: text(entry['version']) };
  }
  return mode;
}

/** When an instance began to leave service because of the workflow; undefined when it never did. */
export function leftServiceAt(journal: readonly JournalEntry[], instanceId: string): number | undefined {
  const leaving = new Set(['EnteringStandby', 'Standby', 'Detaching', 'Terminating']);
  return lifecycle(journal).find((entry) => entry.instanceId === instanceId && leaving.has(entry.state))?.time;
}

/** When an instance first was good: in service, serving in every target group. */
export function goodAt(evidence: Pick<Evidence, 'journal' | 'targetGroupArns'>, instanceId: string): number | undefined {
  const entry = entriesOf(evidence.journal, 'good').find((good) => good['instanceId'] === instanceId);
  return entry?.time;
}

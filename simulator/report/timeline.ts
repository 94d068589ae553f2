import type { JournalEntry } from '../kernel/ports';
import { calls, entriesOf, goodAt, launches, leftServiceAt, lifecycle } from '../rules/events';
import type { Evidence } from '../rules/rule';

/** What became of one instance, in seconds since the run began. */
export interface NodeTimeline {
  readonly instanceId: string;
  readonly version: string;
  /** Absent for nodes that were there at the beginning. */
  readonly launched?: number;
  /** When the group was asked for it: the last call before its launch that made the group want another instance. */
  readonly asked?: number;
  readonly good?: number;
  /** Left service: new connections go elsewhere, open ones end. */
  readonly leftService?: number;
  readonly drained?: number;
  /** When Bitbucket began to stop, and when it had left the cluster. */
  readonly stopping?: number;
  readonly stopped?: number;
  /** When the instance had left the group. */
  readonly gone?: number;
}

/** The nodes that were there at the beginning, then the new ones in the order of their launch. */
export function timelines(evidence: Evidence): NodeTimeline[] {
  const { journal, startedAt, initialInstances, versionOfImage, originalVersion } = evidence;
  const seconds = (time: number | undefined): number | undefined =>
    time === undefined ? undefined : Math.round((time - startedAt) / 1000);
  const of = (instanceId: string, version: string, launched?: number): NodeTimeline => {
    const left = leftServiceAt(journal, instanceId);
    const gone = lifecycle(journal).find((entry) => entry.instanceId === instanceId && entry.state === 'Terminated');
    return defined({
      instanceId,
      version,
      launched: seconds(launched),
      asked: launched === undefined ? undefined : seconds(askedAt(evidence, launched)),
      good: seconds(goodAt(evidence, instanceId)),
      leftService: seconds(left),
      drained: left === undefined ? undefined : seconds(drainedAt(evidence, instanceId, left)),
      stopping: seconds(phaseAt(journal, instanceId, 'stopping')),
      stopped: seconds(phaseAt(journal, instanceId, 'gone')),
      gone: seconds(gone?.time),
    });
  };
  return [
    ...initialInstances.map((id) => of(id, originalVersion)),
    ...launches(evidence).map(({ time, instanceId, imageId }) => of(instanceId, versionOfImage[imageId] ?? imageId, time)),
  ];
}

const ASKS = new Set([
  'EnterStandby',
  'UpdateAutoScalingGroup',
  'SetDesiredCapacity',
  'TerminateInstanceInAutoScalingGroup',
  'DetachInstances',
]);

function askedAt({ journal }: Evidence, launched: number): number {
  const before = calls(journal).filter(
    ({ time, action, error }) => time <= launched && error === undefined && ASKS.has(action.split(':')[1] ?? ''),
  );
  return before.at(-1)?.time ?? launched;
}

function phaseAt(journal: readonly JournalEntry[], instanceId: string, phase: string): number | undefined {
  return entriesOf(journal, 'bitbucket').find((entry) => entry['instanceId'] === instanceId && entry['phase'] === phase)?.time;
}

/** When an instance was out of the last target group. */
function drainedAt({ journal, targetGroupArns }: Evidence, instanceId: string, since: number): number | undefined {
  const left = new Map<string, number>();
  for (const entry of entriesOf(journal, 'target')) {
    if (entry['id'] === instanceId && entry.time >= since && entry['to'] === 'unused') left.set(String(entry['targetGroup']), entry.time);
  }
  return targetGroupArns.every((arn) => left.has(arn)) ? Math.max(...left.values()) : undefined;
}

function defined(timeline: { [K in keyof NodeTimeline]: NodeTimeline[K] | undefined }): NodeTimeline {
  return Object.fromEntries(Object.entries(timeline).filter(([, value]) => value !== undefined)) as unknown as NodeTimeline;
}

/**
 * The time, in seconds, that no workflow can save, from what the world did:
 * - the backup pair;
 * - each node of the new version, from asking the group for it until it was good, one after the other, as only one old node may be out at a time;
 * - the drains that no boot covers: the drain of a node that is replaced runs while its replacement boots, of the two the longer
 *   counts; the drain of a node that nothing replaces counts as it is;
 * - the stop of the last old node, since the upgrade cannot be finalized while Bitbucket runs there.
 */
export function criticalPath(nodes: readonly NodeTimeline[], backupSeconds: number, originalVersion: string): number {
  const boots = nodes.flatMap(({ version, launched, asked, good }) => {
    if (version === originalVersion || launched === undefined || good === undefined) return [];
    return [{ launched, seconds: good - Math.max(asked ?? launched, launched - REACTION_SECONDS) }];
  });
  const drains = nodes
    .flatMap(({ leftService, drained }) =>
      leftService === undefined || drained === undefined ? [] : [{ leftService, seconds: drained - leftService }],
    )
    .sort((a, b) => a.leftService - b.leftService);
  let sum = backupSeconds + lastStop(nodes);
  const covered = new Set<(typeof boots)[number]>();
  drains.forEach(({ leftService, seconds }, index) => {
    const until = drains[index + 1]?.leftService ?? Infinity;
    const boot = boots.find(({ launched }) => launched >= leftService && launched < until);
    if (boot !== undefined) covered.add(boot);
    sum += Math.max(seconds, boot?.seconds ?? 0);
  });
  for (const boot of boots) if (!covered.has(boot)) sum += boot.seconds;
  return sum;
}

/** An Auto Scaling group acts within seconds; what is longer is not its reaction. */
const REACTION_SECONDS = 10;

function lastStop(nodes: readonly NodeTimeline[]): number {
  const old = nodes.filter(({ launched, stopped }) => launched === undefined && stopped !== undefined);
  const last = old.sort((a, b) => (a.stopped ?? 0) - (b.stopped ?? 0)).at(-1);
  return last?.stopping === undefined || last.stopped === undefined ? 0 : last.stopped - last.stopping;
}

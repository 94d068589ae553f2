import type { JournalEntry } from '../kernel/ports';
import { entriesOf } from '../rules/events';
import { progressOf } from './backup-world';
import type { Scenario } from './scenario';
import { SITE } from './site';
import type { NodeView, Snapshot } from './snapshot';
import type { World } from './world';

/** Share of a run's time that the backup takes, and that the end takes, roughly. */
const BACKUP_SHARE = 0.12;
const FINISH_SHARE = 0.02;

/** Makes snapshots of the world for the live view. */
export class Observer {
  readonly #world: World;
  readonly #scenario: Scenario;
  readonly #startedAt: number;
  readonly #journal: readonly JournalEntry[];
  #state = 'starting';
  #read = 0;
  #backupBegan = false;
  #upgradeModeBegan = false;
  /** The run's own execution: the first that was started. */
  #execution: string | undefined;
  #finished = false;
  #newNodesGood = 0;

  constructor(world: World, scenario: Scenario, journal: readonly JournalEntry[], startedAt: number) {
    this.#world = world;
    this.#scenario = scenario;
    this.#journal = journal;
    this.#startedAt = startedAt;
  }

  /** The world now. */
  look(now: number): Snapshot {
    for (; this.#read < this.#journal.length; this.#read++) this.#note(this.#journal[this.#read]);
    const { capacity, cluster, backup } = this.#scenario;
    const { cluster: bitbucket } = this.#world;
    const viewer = bitbucket.nodes.find((node) => bitbucket.serves(node.instance.id));
    return {
      seconds: Math.floor((now - this.#startedAt) / 1000),
      state: this.#state,
      nodes: this.#nodes(),
      backup: this.#backupBegan && !this.#upgradeModeBegan ? progressOf(this.#world.cloud, backup, this.#startedAt, now) : [],
      serving: this.#world.watch.least,
      planned: capacity === 'surge' ? cluster.nodes : cluster.nodes - 1,
      clusterState: viewer === undefined ? 'unknown' : bitbucket.state(viewer),
      requests: this.#world.traffic.totals,
      progress: this.#progress(now),
    };
  }

  #note(entry: JournalEntry | undefined): void {
    if (entry === undefined) return;
    if (entry.kind === 'state' && entry['change'] === 'entered' && isWork(entry)) this.#state = String(entry['state']);
    if (entry.kind === 'snapshot') this.#backupBegan = true;
    if (entry.kind === 'good') this.#newNodesGood += 1;
    if (entry.kind === 'execution') this.#execution ??= String(entry['execution']);
    if (entry.kind === 'execution' && entry['change'] === 'ended' && entry['execution'] === this.#execution) this.#finished = true;
    if (entry.kind === 'bitbucket' && entry['event'] === 'cluster') this.#upgradeModeBegan ||= entry['upgradeModeEnabled'] === true;
  }

  #nodes(): NodeView[] {
    const { cloud, cluster, traffic } = this.#world;
    const members = [...cloud.group(SITE.groupName).members.values()];
    return members.map(({ id, state, instance }) => {
      const node = cluster.node(id);
      return {
        instanceId: id,
        version: node?.version ?? this.#world.versionOfImage[instance.imageId] ?? '?',
        lifecycle: state,
        phase: node?.phase ?? 'pending',
        health: [SITE.httpTargetGroupArn, SITE.sshTargetGroupArn].map(
          (arn) => cloud.targets(arn).find((target) => target.id === id)?.health.state ?? 'unused',
        ),
        connections: traffic.openTo(id),
      };
    });
  }

  /** Good new nodes of those needed, and a share for the node that boots now, by the boot time that the scenario means. */
  #progress(now: number): number {
    if (this.#finished) return 1;
    const { cluster, timing } = this.#scenario;
    const sinceStart = (now - this.#startedAt) / 1000;
    if (!this.#upgradeModeBegan) {
      return this.#backupBegan ? Math.min(BACKUP_SHARE, (BACKUP_SHARE * sinceStart) / Math.max(1, timing.databaseSnapshot[1] + 30)) : 0;
    }
    const boot = timing.operatingSystem[1] + timing.start[1] + timing.join[1] + 60;
    const newest = Math.max(0, ...this.#world.cloud.instances().map(({ launchedAt }) => launchedAt));
    const goodNow = entriesOf(this.#journal, 'good').at(-1)?.time ?? 0;
    const share = newest > goodNow && newest > this.#startedAt ? Math.min(0.95, (now - newest) / 1000 / boot) : 0;
    const rolled = Math.min(1, (this.#newNodesGood + share) / cluster.nodes);
    return BACKUP_SHARE + (1 - BACKUP_SHARE - FINISH_SHARE) * rolled;
  }
}

/** States that say what is done or awaited: tasks and ends, not the waits and choices between them. */
function isWork(entry: JournalEntry): boolean {
  return ['Task', 'Succeed', 'Fail'].includes(String(entry['type']));
}

/** States that say what is done: without those that only look how far it is. */
export function isPhase(entry: JournalEntry): boolean {
  return isWork(entry) && !/^Look /.test(String(entry['state']));
}

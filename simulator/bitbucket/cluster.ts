import type { Clock, Guests, Instance, Journal, Network, ProbeAnswer, Random } from '../kernel/ports';
import { statusOf, zduState } from './node';
import type { BitbucketNode, Misbehaviour, Phase } from './node';
import { LEGAL_IN, clusterState, refusalToJoin } from './upgrade-mode';
import type { ClusterState, NodeState, UpgradeMode } from './upgrade-mode';
import { compareVersions } from './version';

/** Least and most seconds that something takes; each time a number in between is drawn. */
export type SecondsRange = readonly [least: number, most: number];

/** How long the steps of a node's life take. */
export interface NodeTiming {
  /** From `running` until Bitbucket's process listens. */
  readonly operatingSystem: SecondsRange;
  /** From listening until it joins: STARTING, 503. */
  readonly start: SecondsRange;
  /** What the first node of a newer version needs longer, for the database. */
  readonly migration: SecondsRange;
  /** From joining until RUNNING. */
  readonly join: SecondsRange;
  /** Grace for open requests when it is told to stop; Bitbucket's default is 30 s (https://github.com/atlassian/data-center-helm-charts/pull/249). */
  readonly stop: number;
  /** How long the upgrade tasks run after `approve`; 0 for none. */
  readonly finalize: number;
}

/** What a cluster is made with. */
export interface ClusterOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly journal: Journal;
  /** Version that the database is at when the simulation begins. */
  readonly version: string;
  readonly timing: NodeTiming;
  readonly contextPath: string;
  readonly httpPort: number;
  readonly sshPort: number;
  /** The version that an image holds; undefined: no Bitbucket starts from it. */
  readonly versionOf: (imageId: string) => string | undefined;
  /** Asked for each instance that starts after {@link BitbucketCluster.adopt}. */
  readonly misbehaviour: (instance: Instance, launch: number) => Misbehaviour;
  /** Connections that are open to an instance now. */
  readonly openConnections: (instanceId: string) => number;
  /** Asked when the upgrade is finalized: whether its tasks will fail. Default: they do not. */
  readonly upgradeTasksFail?: () => boolean;
  /** Nothing on the instance answers any longer: open connections to it fail. */
  readonly vanished: (instanceId: string, why: string) => void;
}

/** A node as the cluster overview lists it. */
export interface ListedNode {
  readonly node: BitbucketNode;
  readonly state: NodeState;
}

/** A Bitbucket Data Center cluster: its nodes, its shared database as far as an upgrade needs it, and its upgrade mode. */
export class BitbucketCluster implements Guests, Network {
  readonly #options: ClusterOptions;
  readonly #nodes = new Map<string, BitbucketNode>();
  readonly #byAddress = new Map<string, BitbucketNode>();
  /** Nodes that were members while upgrade mode was on: listed as OFFLINE once they left, until it is off. */
  readonly #known = new Map<string, BitbucketNode>();
  #mode: UpgradeMode | undefined;
  #version: string;
  #schema: string;
  /** The node that migrates the database; stays after its sudden death, as Liquibase's lock row does. */
  #migrating: BitbucketNode | undefined;
  #launches = 0;
  #reported: ClusterState = 'STABLE';

  constructor(options: ClusterOptions) {
    this.#options = options;
    this.#version = options.version;
    this.#schema = options.version;
  }

  /** Version of the cluster: nodes of it may join when upgrade mode is off. */
  get version(): string {
    return this.#version;
  }

  /** What is on, or undefined when upgrade mode is off. */
  get upgradeMode(): UpgradeMode | undefined {
    return this.#mode;
  }

  /** The newest version that ever reached the database. */
  get newestVersion(): string {
    return this.#schema;
  }

  /** Makes an instance a running node at once: the fleet that is there when the simulation begins. */
  adopt(instance: Instance): void {
    this.#add(instance, {}).phase = 'running';
  }

  started(instance: Instance): void {
    if (this.#nodes.has(instance.id) || this.#options.versionOf(instance.imageId) === undefined) return;
    this.#launches += 1;
    const node = this.#add(instance, this.#options.misbehaviour(instance, this.#launches));
    this.#record(node);
    this.#next(node, this.#options.timing.operatingSystem, () => {
      this.#become(node, 'starting');
      this.#next(node, this.#options.timing.start, () => {
        this.#reachDatabase(node);
      });
    });
  }

  stopped(instance: Instance, abrupt: boolean): void {
    const node = this.#nodes.get(instance.id);
    if (node === undefined || node.phase === 'gone') return;
    node.timer?.cancel();
    const serving = node.phase === 'running';
    if (abrupt || !serving) {
      this.#vanish(node, abrupt ? 'the instance vanished' : 'the instance stopped');
      return;
    }
    if (node.phase === 'running') this.#become(node, 'stopping');
    node.timer = this.#options.clock.after(this.#options.timing.stop * 1000, () => {
      this.#vanish(node, `Bitbucket stopped and waited no longer than ${this.#options.timing.stop} s for open requests`);
    });
  }

  /** Whether clients' requests to this instance are answered. */
  serves(instanceId: string): boolean {
    return this.#nodes.get(instanceId)?.phase === 'running';
  }

  get(privateIp: string, port: number, path: string): ProbeAnswer | undefined {
    const node = this.at(privateIp, port);
    const status = node && statusOf(node);
    if (status === undefined || node?.misbehaviour.unhealthyIn === 'http') return undefined;
    if (path === `${this.#options.contextPath}/status`) return { status: status.status, body: JSON.stringify({ state: status.state }) };
    return { status: status.status === 200 ? 404 : status.status, body: '' };
  }

  connects(privateIp: string, port: number): boolean {
    const node = this.#byAddress.get(privateIp);
    if (node === undefined) return false;
    if (port === this.#options.sshPort) {
      return node.misbehaviour.unhealthyIn !== 'ssh' && (node.phase === 'running' || node.phase === 'maintenance');
    }
    return this.at(privateIp, port) !== undefined;
  }

  /** The node that listens at `ip:port` for HTTP. */
  at(privateIp: string, port: number): BitbucketNode | undefined {
    const node = this.#byAddress.get(privateIp);
    return node !== undefined && port === this.#options.httpPort && statusOf(node) !== undefined ? node : undefined;
  }

  /** The node on an instance, also when it is gone. */
  node(instanceId: string): BitbucketNode | undefined {
    return this.#nodes.get(instanceId);
  }

  /** All nodes that ever were, in the order in which they started. */
  get nodes(): readonly BitbucketNode[] {
    return [...this.#nodes.values()];
  }

  /** What `viewer` lists: the members of its island and, while upgrade mode is on, the nodes that left (OFFLINE). */
  listed(viewer: BitbucketNode): ListedNode[] {
    const listed: ListedNode[] = [];
    for (const node of this.#nodes.values()) {
      const state = zduState(node);
      if (state !== undefined && node.island === viewer.island) listed.push({ node, state });
      else if (state === undefined && this.#known.has(node.id)) listed.push({ node, state: 'OFFLINE' });
    }
    return listed;
  }

  /** The cluster's state as `viewer` sees it. */
  state(viewer: BitbucketNode): ClusterState {
    return clusterState(
      this.#mode,
      this.listed(viewer).map(({ node, state }) => ({ version: node.version, state })),
    );
  }

  /**
   * POST `start`, `cancel` or `approve`: false when it is not legal in the state that `viewer` sees (409).
   * @param by `person` when somebody did it in the administration, not over REST
   */
  turn(call: keyof typeof LEGAL_IN, viewer: BitbucketNode, by: 'rest' | 'person' = 'rest'): boolean {
    const legal = this.state(viewer) === LEGAL_IN[call];
    this.#options.journal.record({ kind: 'bitbucket', event: 'upgrade-mode', call, accepted: legal, nodeId: viewer.id, by });
    if (!legal) return false;
    if (call === 'start') {
      this.#mode = { originalVersion: this.#version, tasks: 'none' };
      for (const { node } of this.listed(viewer)) this.#known.set(node.id, node);
    } else if (call === 'cancel') {
      this.#end(this.#version);
    } else {
      const finalized = viewer.version;
      if (this.#options.timing.finalize === 0) this.#runUpgradeTasks(finalized);
      else {
        this.#mode = { originalVersion: this.#version, tasks: 'running' };
        this.#options.clock.after(this.#options.timing.finalize * 1000, () => {
          this.#runUpgradeTasks(finalized);
        });
      }
    }
    this.#recordCluster();
    return true;
  }

  /** Somebody mends upgrade tasks that failed: no call of the API does. */
  mendUpgradeTasks(): void {
    const newest = this.nodes.find((node) => zduState(node) === 'ACTIVE')?.version;
    if (this.#mode?.tasks === 'failed' && newest !== undefined) this.#end(newest);
  }

  /** Somebody removes the lock row of a migration whose node died: nobody else does. */
  releaseMigrationLock(): void {
    if (this.#migrating?.phase === 'gone') this.#migrating = undefined;
  }

  #runUpgradeTasks(version: string): void {
    if (this.#options.upgradeTasksFail?.() === true) {
      this.#mode = { originalVersion: this.#version, tasks: 'failed' };
      this.#recordCluster();
    } else this.#end(version);
  }

  /**
   * People restart the nodes that a fault spoilt, as a refusal asks them to. Not in the upgrade mode of a run: these are replacements then, and to deal
   * with them is the workflow's. In that of a person it is theirs, as long as no other version has come.
   *
   * @returns whether a node has to come back
   */
  mendNodes(isModeOfPerson: boolean): boolean {
    const original = this.#mode?.originalVersion;
    if (original !== undefined && !(isModeOfPerson && this.nodes.every(({ version }) => version === original))) return false;
    const spoilt = this.nodes.filter(({ misbehaviour }) => Object.keys(misbehaviour).length > 0);
    for (const node of spoilt) {
      node.misbehaviour = {};
      node.island = 'main';
      if (node.phase === 'starting') this.#reachDatabase(node);
      else if (node.phase === 'running' || node.phase === 'maintenance' || node.phase === 'error') this.#become(node, 'running');
    }
    return spoilt.length > 0;
  }

  #end(version: string): void {
    this.#mode = undefined;
    this.#version = version;
    this.#known.clear();
    this.#recordCluster();
  }

  #add(instance: Instance, misbehaviour: Misbehaviour): BitbucketNode {
    const id = uuid(this.#options.random);
    const version = misbehaviour.version ?? this.#options.versionOf(instance.imageId) ?? this.#version;
    const node: BitbucketNode = { id, instance, version, misbehaviour, island: 'main', phase: 'booting' };
    this.#nodes.set(instance.id, node);
    this.#byAddress.set(instance.privateIp, node);
    return node;
  }

  /** The schema is upgraded by the first node of a newer version, under a lock that makes others wait. */
  #reachDatabase(node: BitbucketNode): void {
    if (node.misbehaviour.neverJoins === true) return;
    if (this.#migrating !== undefined) {
      node.timer = this.#options.clock.after(1000, () => {
        this.#reachDatabase(node);
      });
      return;
    }
    const alone = !this.nodes.some((other) => zduState(other) !== undefined);
    const refusal = refusalToJoin(node.version, this.#mode, this.#version, alone);
    if (refusal !== undefined) {
      this.#become(node, 'refused', refusal);
      return;
    }
    if (compareVersions(node.version, this.#schema) <= 0) {
      this.#join(node);
      return;
    }
    this.#migrating = node;
    this.#options.journal.record({ kind: 'bitbucket', event: 'migration', instanceId: node.instance.id, to: node.version });
    this.#next(node, this.#options.timing.migration, () => {
      this.#migrating = undefined;
      this.#schema = node.version;
      this.#join(node);
    });
  }

  #join(node: BitbucketNode): void {
    const refusal = refusalToJoin(node.version, this.#mode, this.#version, false);
    if (refusal !== undefined && this.nodes.some((other) => zduState(other) !== undefined)) {
      this.#become(node, 'refused', refusal);
      return;
    }
    if (this.#mode === undefined) this.#version = node.version;
    if (node.misbehaviour.splitBrain === true) node.island = node.id;
    else if (this.#mode !== undefined) this.#known.set(node.id, node);
    this.#become(node, 'joining');
    this.#next(node, this.#options.timing.join, () => {
      this.#become(node, node.misbehaviour.endsIn ?? 'running');
    });
  }

  #vanish(node: BitbucketNode, why: string): void {
    node.timer?.cancel();
    this.#options.vanished(node.instance.id, why);
    this.#byAddress.delete(node.instance.privateIp);
    this.#become(node, 'gone', why);
  }

  #become(node: BitbucketNode, phase: Phase, why?: string): void {
    node.phase = phase;
    this.#record(node, why);
    this.#recordCluster();
  }

  #next(node: BitbucketNode, range: SecondsRange, event: () => void): void {
    const extra = node.phase === 'starting' ? (node.misbehaviour.extraSeconds ?? 0) : 0;
    const seconds = range[0] + (range[1] - range[0]) * this.#options.random.next() + extra;
    node.timer = this.#options.clock.after(Math.round(seconds * 1000), event);
  }

  #record(node: BitbucketNode, why?: string): void {
    const { id: instanceId } = node.instance;
    this.#options.journal.record({
      kind: 'bitbucket',
      event: 'node',
      instanceId,
      nodeId: node.id,
      version: node.version,
      phase: node.phase,
      openConnections: this.#options.openConnections(instanceId),
      ...(why === undefined ? {} : { why }),
    });
  }

  #recordCluster(): void {
    const viewer = this.nodes.find((node) => node.island === 'main' && zduState(node) !== undefined);
    const state = viewer === undefined ? this.#reported : this.state(viewer);
    if (state === this.#reported) return;
    this.#reported = state;
    this.#options.journal.record({
      kind: 'bitbucket',
      event: 'cluster',
      state,
      upgradeModeEnabled: this.#mode !== undefined,
      originalVersion: this.#mode?.originalVersion ?? null,
      version: this.#version,
    });
  }
}

/** A version 4 UUID from the simulation's own random numbers. */
function uuid(random: Random): string {
  const hex = (digits: number): string =>
    random
      .integer(0, 16 ** digits - 1)
      .toString(16)
      .padStart(digits, '0');
  return `${hex(8)}-${hex(4)}-4${hex(3)}-${(8 + random.integer(0, 3)).toString(16)}${hex(3)}-${hex(8)}${hex(4)}`;
}

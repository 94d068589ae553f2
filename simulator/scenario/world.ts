import { Authentication } from '../bitbucket/authentication';
import { BitbucketCluster } from '../bitbucket/cluster';
import { BitbucketFront } from '../bitbucket/front';
import { BitbucketInventory } from '../bitbucket/inventory';
import type { Misbehaviour } from '../bitbucket/node';
import { compareVersions } from '../bitbucket/version';
import type { Cloud } from '../cloud';
import type { Clock, Instance, Journal, Random } from '../kernel/ports';
import { Traffic } from '../traffic/traffic';
import type { ClientKind } from '../traffic/traffic';
import { buildCloud } from './account';
import { BackupTroubles } from './backup-troubles';
import { inventoryOptions } from './bitbucket';
import { misbehaviourOf } from './faults';
import { ImageShelf } from './image-shelf';
import type { Scenario } from './scenario';
import { CREDENTIALS, SITE } from './site';
import { Outages, WorldFaults } from './world-faults';
import { Watch } from './watch';

/** What the world lives in. */
export interface WorldContext {
  readonly clock: Clock;
  readonly random: Random;
  readonly journal: Journal;
  /** Puts the administrator's password into the secret. */
  readonly putPassword: (password: string) => void;
  readonly setAlarm: (name: string, state: 'ALARM' | 'OK') => void;
  readonly skewClocks: (milliseconds: number) => void;
}

/** The simulated site as a whole: the AWS account, the Bitbucket cluster on it, its clients, and what goes wrong. */
export class World {
  readonly cloud: Cloud;
  readonly cluster: BitbucketCluster;
  readonly traffic: Traffic;
  readonly front: BitbucketFront;
  readonly watch: Watch;
  /** Licence, banner, apps, health checks, Mesh nodes, mirrors. */
  readonly inventory: BitbucketInventory;
  readonly images: ImageShelf;
  /** Instances that are nodes when the run begins. */
  readonly initialInstances: readonly string[];
  readonly #scenario: Scenario;
  readonly #context: WorldContext;
  readonly #outages: Outages;
  readonly #backupTroubles: BackupTroubles;
  readonly #faults: WorldFaults;
  readonly #authentication: Authentication;
  #password: string = CREDENTIALS.password;

  constructor(scenario: Scenario, context: WorldContext) {
    this.#scenario = scenario;
    this.#context = context;
    this.#outages = new Outages(context.clock);
    this.#backupTroubles = new BackupTroubles(scenario.backup, scenario.faults, context.clock, context.journal);
    this.cloud = buildCloud(scenario, context, this.#outages, this.#backupTroubles.hooks());
    const { images } = scenario.cluster;
    const has = inventoryOptions(scenario.bitbucket, context.clock.now());
    this.inventory = new BitbucketInventory(context.clock, context.journal, { productVersions: images, ...has });
    this.images = new ImageShelf(context.clock, context.journal, this.cloud, this.inventory, images);
    const members = [...this.cloud.group(SITE.groupName).members.values()];
    this.initialInstances = members.map(({ id }) => id);
    this.cluster = this.#buildCluster();
    this.traffic = this.#buildTraffic();
    for (const { instance } of members) this.cluster.adopt(instance);
    this.cloud.connect({ guests: this.cluster, network: this.cluster, connections: this.traffic });
    this.#authentication = this.#buildAuthentication();
    this.front = this.#buildFront();
    this.#faults = this.#buildFaults();
    this.watch = new Watch(
      {
        journal: context.journal,
        cluster: this.cluster,
        loadBalancers: this.cloud,
        targetGroupArns: [SITE.httpTargetGroupArn, SITE.sshTargetGroupArn],
        versionOf: (image) => this.images.versionOf(image),
      },
      this.initialInstances,
    );
  }

  /** The clients come, and the faults of a given time are due: the run begins. */
  begin(): void {
    this.traffic.start();
    this.#faults.begin(this.#scenario.faults);
    this.#backupTroubles.begin();
  }

  /** Whether the faults are over. */
  get healed(): boolean {
    return this.#outages.healed;
  }

  /** The faults are over: what they did stays, but for the lock of a database migration whose node died, without which no node can start. */
  stopFaults(): void {
    this.#outages.heal();
    this.#backupTroubles.heal();
    for (const alarm of this.#scenario.bake.alarms ?? []) this.#context.setAlarm(alarm, 'OK');
    this.cluster.releaseMigrationLock();
  }

  /**
   * People put in order what only they can: the account's password, upgrade tasks that failed, upgrade mode that one of them turned on, what an
   * alarm is about, images that they withdrew, original nodes that came up spoilt, and a group that no start could go on with.
   *
   * @returns whether nodes have to come (back) for that
   */
  mend(): boolean {
    for (const alarm of this.#scenario.bake.alarms ?? []) this.#context.setAlarm(alarm, 'OK');
    this.#authentication.change({ ...CREDENTIALS, password: this.#password, systemAdministrator: true });
    this.cluster.mendUpgradeTasks();
    const restarted = this.cluster.mendNodes(this.#faults.isModeOfPerson);
    this.#faults.undoUpgradeMode();
    this.#faults.putBackImages();
    const grown = this.#faults.growBack();
    return restarted || grown;
  }

  /** Whether the group has what it wants, and every node that can serve does. */
  isAtRest(): boolean {
    const group = this.cloud.group(SITE.groupName);
    const members = [...group.members.values()];
    if (!this.cloud.backupsDone()) return false;
    return (
      members.filter(({ state }) => state === 'InService').length === group.desired &&
      members.every(({ id, state }) => state === 'Standby' || (state === 'InService' && (this.watch.serves(id) || this.#isSpoilt(id))))
    );
  }

  /** A fault made the node one that will never serve. */
  #isSpoilt(instanceId: string): boolean {
    const node = this.cluster.node(instanceId);
    if (node === undefined) return false;
    const { neverJoins, endsIn, unhealthyIn } = node.misbehaviour;
    return node.phase === 'refused' || neverJoins === true || endsIn !== undefined || unhealthyIn !== undefined;
  }

  /** What must appear nowhere. */
  get secrets(): string[] {
    const passwords = [...new Set([CREDENTIALS.password, this.#password])];
    return [CREDENTIALS.username, ...passwords, ...passwords.map((password) => `${CREDENTIALS.username}:${password}`)];
  }

  /** Version by image id. */
  get versionOfImage(): Readonly<Record<string, string>> {
    return Object.fromEntries(this.images.versions);
  }

  #buildCluster(): BitbucketCluster {
    const { cluster, timing } = this.#scenario;
    const { clock, random, journal } = this.#context;
    return new BitbucketCluster({
      clock,
      random: random.fork('bitbucket'),
      journal,
      version: cluster.version,
      timing,
      contextPath: cluster.contextPath,
      httpPort: SITE.httpPort,
      sshPort: SITE.sshPort,
      versionOf: (image) => this.images.versionOf(image),
      misbehaviour: (instance, launch) => this.#misbehave(instance, launch),
      upgradeTasksFail: () => this.#upgradeTasksFail(),
      openConnections: (instanceId) => this.traffic.openTo(instanceId),
      vanished: (instanceId, why) => {
        this.traffic.cutAll(instanceId, why);
      },
    });
  }

  #buildTraffic(): Traffic {
    const { clock, random, journal } = this.#context;
    const { traffic } = this.#scenario;
    const http = SITE.httpTargetGroupArn;
    const kinds: ClientKind[] = [
      { name: 'web', targetGroupArn: http, perSecond: traffic.webPerSecond, seconds: [0.05, 0.8] },
      { name: 'clone', targetGroupArn: http, perSecond: traffic.clonesPerMinute / 60, seconds: traffic.cloneSeconds },
      { name: 'push', targetGroupArn: http, perSecond: traffic.pushesPerMinute / 60, seconds: traffic.pushSeconds },
      { name: 'ssh', targetGroupArn: SITE.sshTargetGroupArn, perSecond: traffic.sshPerMinute / 60, seconds: traffic.sshSeconds },
    ];
    const serves = (instanceId: string): boolean => this.cluster.serves(instanceId);
    return new Traffic({ clock, random: random.fork('traffic'), journal, loadBalancers: this.cloud, kinds, serves });
  }

  #buildAuthentication(): Authentication {
    const bad = this.#scenario.faults.find((fault) => fault.name === 'bad-credentials');
    const systemAdministrator = bad?.notAdministrator !== true;
    const password = bad !== undefined && systemAdministrator ? 'changed since' : CREDENTIALS.password;
    return new Authentication({ username: CREDENTIALS.username, password, systemAdministrator });
  }

  #buildFront(): BitbucketFront {
    return new BitbucketFront({
      cluster: this.cluster,
      inventory: this.inventory,
      authentication: this.#authentication,
      contextPath: this.#scenario.cluster.contextPath,
      httpPort: SITE.httpPort,
      host: SITE.host,
      route: () => this.cloud.route(SITE.httpTargetGroupArn),
      load: (instanceId) => this.traffic.load(instanceId),
    });
  }

  #buildFaults(): WorldFaults {
    const { clock, journal, putPassword, setAlarm, skewClocks } = this.#context;
    const { cloud, cluster, inventory, initialInstances } = this;
    const rotateSecret = (): void => {
      this.#password = `${CREDENTIALS.password}-rotated`;
      this.#authentication.change({ username: CREDENTIALS.username, password: this.#password, systemAdministrator: true });
      putPassword(this.#password);
    };
    return new WorldFaults(
      { clock, journal, cloud, cluster, inventory, initialInstances, rotateSecret, setAlarm, skewClocks },
      this.#outages,
    );
  }

  #misbehave(instance: Instance, launch: number): Misbehaviour {
    if (this.#outages.healed) return {};
    const { faults } = this.#scenario;
    const { misbehaviour, names } = misbehaviourOf(faults, launch);
    for (const name of names) this.#context.journal.record({ kind: 'fault', name, instanceId: instance.id });
    this.#faults.launched(faults, launch, instance.id);
    return { ...this.#keptVersion(instance), ...misbehaviour };
  }

  /** https://github.com/aws-quickstart/quickstart-atlassian-services keeps the newest version on the shared home, and installs it on each node. */
  #keptVersion(instance: Instance): Misbehaviour {
    const keeps = this.#scenario.faults.some(({ name }) => name === 'shared-home-keeps-version');
    const newest = this.cluster.newestVersion;
    const own = this.images.versionOf(instance.imageId);
    if (!keeps || own === undefined || compareVersions(own, newest) >= 0) return {};
    this.#context.journal.record({ kind: 'fault', name: 'shared-home-keeps-version', instanceId: instance.id });
    return { version: newest };
  }

  #upgradeTasksFail(): boolean {
    const fails = !this.#outages.healed && this.#scenario.faults.some(({ name }) => name === 'upgrade-tasks-fail');
    if (fails) this.#context.journal.record({ kind: 'fault', name: 'upgrade-tasks-fail' });
    return fails;
  }
}

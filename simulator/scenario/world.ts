import { Authentication } from '../bitbucket/authentication';
import { BitbucketCluster } from '../bitbucket/cluster';
import { BitbucketFront } from '../bitbucket/front';
import type { Misbehaviour } from '../bitbucket/node';
import type { Cloud } from '../cloud';
import type { Clock, Instance, Journal, Random } from '../kernel/ports';
import { Traffic } from '../traffic/traffic';
import type { ClientKind } from '../traffic/traffic';
import { buildCloud } from './account';
import { misbehaviourOf } from './faults';
import type { Scenario } from './scenario';
import { CREDENTIALS, SITE, imageId } from './site';
import { Watch } from './watch';

/** What the world lives in. */
export interface WorldContext {
  readonly clock: Clock;
  readonly random: Random;
  readonly journal: Journal;
}

/** The simulated site as a whole: the AWS account, the Bitbucket cluster on it, its clients, and what goes wrong. */
export class World {
  readonly cloud: Cloud;
  readonly cluster: BitbucketCluster;
  readonly traffic: Traffic;
  readonly front: BitbucketFront;
  readonly watch: Watch;
  /** Instances that are nodes when the run begins. */
  readonly initialInstances: readonly string[];
  readonly #scenario: Scenario;
  readonly #context: WorldContext;
  readonly #versions: ReadonlyMap<string, string>;

  constructor(scenario: Scenario, context: WorldContext) {
    this.#scenario = scenario;
    this.#context = context;
    this.#versions = new Map(scenario.cluster.images.map((version) => [imageId(version), version]));
    this.cloud = buildCloud(scenario, context);
    const members = [...this.cloud.group(SITE.groupName).members.values()];
    this.initialInstances = members.map(({ id }) => id);
    this.cluster = this.#buildCluster();
    this.traffic = this.#buildTraffic();
    for (const { instance } of members) this.cluster.adopt(instance);
    this.cloud.connect({ guests: this.cluster, network: this.cluster, connections: this.traffic });
    this.front = this.#buildFront();
    this.watch = new Watch(
      {
        journal: context.journal,
        cluster: this.cluster,
        loadBalancers: this.cloud,
        targetGroupArns: [SITE.httpTargetGroupArn, SITE.sshTargetGroupArn],
        versionOf: (image) => this.#versions.get(image),
      },
      this.initialInstances,
    );
  }

  /** The clients come, and the faults of a given time are due: the run begins. */
  begin(): void {
    this.traffic.start();
    for (const fault of this.#scenario.faults) {
      if (fault.name !== 'instance-dies' || fault.node === undefined) continue;
      this.#killLater(this.initialInstances[fault.node - 1], fault.seconds);
    }
  }

  /** Version by image id. */
  get versionOfImage(): Readonly<Record<string, string>> {
    return Object.fromEntries(this.#versions);
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
      versionOf: (image) => this.#versions.get(image),
      misbehaviour: (instance, launch) => this.#misbehave(instance, launch),
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

  #buildFront(): BitbucketFront {
    const { faults, cluster } = this.#scenario;
    const bad = faults.find((fault) => fault.name === 'bad-credentials');
    const systemAdministrator = bad?.notAdministrator !== true;
    const password = bad !== undefined && systemAdministrator ? 'changed since' : CREDENTIALS.password;
    return new BitbucketFront({
      cluster: this.cluster,
      authentication: new Authentication({ username: CREDENTIALS.username, password, systemAdministrator }),
      contextPath: cluster.contextPath,
      httpPort: SITE.httpPort,
      host: SITE.host,
      route: () => this.cloud.route(SITE.httpTargetGroupArn),
      load: (instanceId) => this.traffic.load(instanceId),
    });
  }

  #misbehave(instance: Instance, launch: number): Misbehaviour {
    const { misbehaviour, names } = misbehaviourOf(this.#scenario.faults, launch);
    for (const name of names) this.#context.journal.record({ kind: 'fault', name, instanceId: instance.id });
    for (const fault of this.#scenario.faults) {
      if (fault.name === 'instance-dies' && fault.launch === launch) this.#killLater(instance.id, fault.seconds);
    }
    return misbehaviour;
  }

  #killLater(instanceId: string | undefined, seconds: number): void {
    if (instanceId === undefined) return;
    this.#context.clock.after(seconds * 1000, () => {
      this.#context.journal.record({ kind: 'fault', name: 'instance-dies', instanceId });
      this.cloud.killInstance(instanceId);
    });
  }
}

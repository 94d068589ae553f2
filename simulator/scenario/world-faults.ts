import type { Cloud } from '../cloud';
import type { BitbucketCluster } from '../bitbucket/cluster';
import type { Image } from '../services/ec2/images';
import type { BitbucketInventory } from '../bitbucket/inventory';
import type { Clock, Journal } from '../kernel/ports';
import type { AppChanges, BannerEdited, Fault, InstanceDies, WorldFault } from './fault';
import { installedApp } from './bitbucket';
import { Moments } from './moments';
import type { CloudTroubles } from './account';
import { SITE, imageId } from './site';

/** What the faults act on. */
export interface FaultyWorld {
  readonly clock: Clock;
  readonly journal: Journal;
  readonly cloud: Cloud;
  readonly cluster: BitbucketCluster;
  readonly inventory: BitbucketInventory;
  readonly initialInstances: readonly string[];
  /** Changes the administrator's password, in Bitbucket and in the secret. */
  readonly rotateSecret: () => void;
  readonly setAlarm: (name: string, state: 'ALARM' | 'OK') => void;
  /** From now on the clocks of the Lambda functions are off by so many milliseconds. */
  readonly skewClocks: (milliseconds: number) => void;
}

/** Zones in which EC2 launches nothing, and until when. */
export class Outages implements CloudTroubles {
  readonly #clock: Clock;
  readonly #until = new Map<string, number>();
  #healed = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get healed(): boolean {
    return this.#healed;
  }

  /** No fault comes any more, and those that last are over. */
  heal(): void {
    this.#healed = true;
    this.#until.clear();
  }

  refuse(zones: readonly string[], seconds: number): void {
    for (const zone of zones) this.#until.set(zone, this.#clock.now() + seconds * 1000);
  }

  launchRefused(zone: string): { code: string; message: string } | undefined {
    if (this.#clock.now() >= (this.#until.get(zone) ?? 0)) return undefined;
    return { code: 'InsufficientInstanceCapacity', message: `We currently do not have sufficient capacity in ${zone}.` };
  }
}

/** Lets the faults of a scenario come over the world, each at its moment. */
export class WorldFaults {
  readonly #world: FaultyWorld;
  readonly #outages: Outages;
  readonly #moments: Moments;
  #turnedOn = false;
  readonly #withdrawn: Image[] = [];

  constructor(world: FaultyWorld, outages: Outages) {
    this.#world = world;
    this.#outages = outages;
    this.#moments = new Moments(world.clock, world.journal);
  }

  /** The run begins: moments count from now. */
  begin(faults: readonly Fault[]): void {
    for (const fault of faults) {
      if (fault.name === 'instance-dies') this.#scheduleDeath(fault);
      else if (fault.name === 'alarm' && fault.good !== undefined) {
        this.#moments.good({ nth: fault.good }, fault.seconds, () => {
          this.#happen(fault);
        });
      } else if (isTimed(fault)) {
        this.#moments.at(fault, () => {
          this.#happen(fault);
        });
      }
    }
  }

  /** An instance of the run's nth launch boots. */
  launched(faults: readonly Fault[], launch: number, instanceId: string): void {
    for (const fault of faults) {
      if (fault.name !== 'instance-dies' || fault.launch !== launch || this.#outages.healed) continue;
      const die = (): void => {
        this.#kill(instanceId, fault.name);
      };
      if (fault.good === true) this.#moments.good({ instanceId }, fault.seconds, die);
      else this.#world.clock.after(fault.seconds * 1000, die);
    }
  }

  /** Whether somebody, no run, turned upgrade mode on. */
  get isModeOfPerson(): boolean {
    return this.#turnedOn;
  }

  /** Who turned upgrade mode on turns it off again, if it is legal. */
  undoUpgradeMode(): void {
    if (this.#turnedOn) this.#turn('cancel', 'operator-cancels');
  }

  /** A cluster of one gets its other nodes back, as a refused start asks for. @returns whether it needed them */
  growBack(): boolean {
    const { cloud, initialInstances } = this.#world;
    const isEnough = cloud.group(SITE.groupName).desired >= Math.min(2, initialInstances.length);
    if (!isEnough) cloud.resizeByHand(SITE.groupName, { desired: initialInstances.length });
    return !isEnough;
  }

  /** Images that were withdrawn are built again. */
  putBackImages(): void {
    for (const image of this.#withdrawn.splice(0)) this.#world.cloud.addImage(image);
  }

  #scheduleDeath({ node, ...moment }: InstanceDies): void {
    const instanceId = node === undefined ? undefined : this.#world.initialInstances[node - 1];
    if (instanceId === undefined) return;
    this.#moments.at(moment, () => {
      this.#kill(instanceId, 'instance-dies');
    });
  }

  #happen(fault: Exclude<WorldFault, InstanceDies>): void {
    if (this.#outages.healed) return;
    const { cloud, initialInstances, setAlarm, rotateSecret, skewClocks, clock } = this.#world;
    switch (fault.name) {
      case 'availability-zone-lost':
        this.#loseZone(fault.zone, fault.forSeconds);
        break;
      case 'launches-refused':
        this.#record(fault.name);
        this.#outages.refuse(SITE.availabilityZones, fault.forSeconds);
        break;
      case 'health-check-replaces': {
        const instanceId = initialInstances[fault.node - 1];
        if (instanceId === undefined || cloud.group(SITE.groupName).members.get(instanceId)?.state !== 'InService') break;
        this.#record(fault.name, { instanceId });
        cloud.markUnhealthy(SITE.groupName, instanceId);
        break;
      }
      case 'group-scaled':
        this.#scale(fault.by);
        break;
      case 'operator-cancels':
        this.#turn('cancel', fault.name);
        break;
      case 'operator-starts':
        this.#turn('start', fault.name);
        break;
      case 'secret-rotates':
        this.#record(fault.name);
        rotateSecret();
        break;
      case 'image-withdrawn':
        this.#withdraw(fault.version);
        break;
      case 'clock-jumps':
        this.#record(fault.name, { by: fault.by });
        skewClocks(fault.by * 1000);
        break;
      case 'banner-edited':
        this.#record(fault.name);
        this.#editBanner(fault);
        break;
      case 'app-changes':
        this.#record(fault.name, { app: fault.app });
        this.#changeApp(fault);
        break;
      case 'alarm':
        this.#record(fault.name, { alarm: fault.alarm });
        setAlarm(fault.alarm, 'ALARM');
        clock.after(fault.forSeconds * 1000, () => {
          setAlarm(fault.alarm, 'OK');
        });
        break;
    }
  }

  #withdraw(version: string): void {
    const image = this.#world.cloud.withdrawImage(imageId(version));
    if (image === undefined) return;
    this.#withdrawn.push(image);
    this.#record('image-withdrawn', { version });
  }

  #loseZone(number: number, forSeconds: number): void {
    const zone = SITE.availabilityZones[number - 1];
    if (zone === undefined) return;
    this.#outages.refuse([zone], forSeconds);
    for (const { id, instance } of [...this.#world.cloud.group(SITE.groupName).members.values()]) {
      if (instance.availabilityZone === zone) this.#kill(id, 'availability-zone-lost');
    }
  }

  #scale(by: number): void {
    const { cloud } = this.#world;
    const { min, max, desired: before } = cloud.group(SITE.groupName);
    const desired = Math.min(max, Math.max(min, before + by));
    if (desired === before) return;
    this.#record('group-scaled', { before, desired });
    cloud.resizeByHand(SITE.groupName, { desired });
  }

  #editBanner({ message }: BannerEdited): void {
    this.#world.inventory.setBanner(message === undefined ? undefined : { message, enabled: true, audience: 'ALL' });
  }

  #changeApp({ app, version, enabled, removed }: AppChanges): void {
    const { inventory } = this.#world;
    const there = inventory.apps.find(({ name }) => name === app);
    const changed = {
      ...(there ?? installedApp({ name: app })),
      ...(version !== undefined && { version }),
      ...(enabled !== undefined && { enabled }),
    };
    if (removed === true) inventory.removeApp(changed.key);
    else inventory.installApp(changed);
  }

  #turn(call: 'start' | 'cancel', name: string): void {
    const { cluster } = this.#world;
    const viewer = cluster.nodes.find((node) => node.island === 'main' && cluster.serves(node.instance.id));
    if (viewer === undefined) return;
    const accepted = cluster.turn(call, viewer, 'person');
    if (call === 'start' && accepted) this.#turnedOn = true;
    this.#record(name, { accepted });
  }

  #kill(instanceId: string, name: string): void {
    if (this.#outages.healed) return;
    const { state } = this.#world.cloud.instances().find(({ id }) => id === instanceId) ?? {};
    if (state !== 'running' && state !== 'pending') return;
    this.#record(name, { instanceId });
    this.#world.cloud.killInstance(instanceId);
  }

  #record(name: string, more: Readonly<Record<string, unknown>> = {}): void {
    this.#world.journal.record({ kind: 'fault', name, ...more });
  }
}

const TIMED: ReadonlySet<string> = new Set([
  'availability-zone-lost',
  'launches-refused',
  'health-check-replaces',
  'group-scaled',
  'operator-cancels',
  'operator-starts',
  'secret-rotates',
  'image-withdrawn',
  'clock-jumps',
  'banner-edited',
  'app-changes',
  'alarm',
]);

function isTimed(fault: Fault): fault is Exclude<WorldFault, InstanceDies> {
  return TIMED.has(fault.name);
}

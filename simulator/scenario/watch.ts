import type { BitbucketCluster } from '../bitbucket/cluster';
import type { Journal, JournalEntry, LoadBalancers } from '../kernel/ports';

/** What the watch looks at. */
export interface WatchOptions {
  readonly journal: Journal;
  readonly cluster: BitbucketCluster;
  readonly loadBalancers: LoadBalancers;
  readonly targetGroupArns: readonly string[];
  /** The version that an instance's image holds. */
  readonly versionOf: (imageId: string) => string | undefined;
}

/**
 * Records what no single part of the world knows: `serving`, which nodes of a target group serve clients (healthy there, and Bitbucket
 * answers), whenever that changes; and `good`, once for each new instance that is in service, a member on its image's version, and
 * serving in every target group.
 */
export class Watch {
  readonly #options: WatchOptions;
  readonly #serving = new Map<string, string>();
  readonly #inService = new Set<string>();
  readonly #good: Set<string>;

  /** @param initial instances that are good when the run begins */
  constructor(options: WatchOptions, initial: readonly string[]) {
    this.#options = options;
    this.#good = new Set(initial);
    for (const id of initial) this.#inService.add(id);
    this.#look();
    options.journal.listen((entry) => {
      if (entry.kind === 'lifecycle') this.#note(entry);
      if (entry.kind === 'lifecycle' || entry.kind === 'target' || entry.kind === 'bitbucket') this.#look();
    });
  }

  /** How many nodes serve now, in the target group where they are fewest. */
  get least(): number {
    return Math.min(...this.#options.targetGroupArns.map((arn) => this.#servingIn(arn).length));
  }

  /** Whether an instance serves clients in every target group now. */
  serves(instanceId: string): boolean {
    return this.#options.targetGroupArns.every((arn) => this.#servingIn(arn).includes(instanceId));
  }

  /** Records again what serves now: a new run is judged from here. */
  tell(): void {
    this.#serving.clear();
    this.#look();
  }

  #note(entry: JournalEntry): void {
    const id = String(entry['id']);
    if (entry['to'] === 'InService') this.#inService.add(id);
    else this.#inService.delete(id);
  }

  #servingIn(targetGroupArn: string): string[] {
    const { loadBalancers, cluster } = this.#options;
    return loadBalancers.healthy(targetGroupArn).filter((id) => cluster.serves(id));
  }

  #look(): void {
    const { journal, targetGroupArns } = this.#options;
    for (const targetGroupArn of targetGroupArns) {
      const instanceIds = this.#servingIn(targetGroupArn);
      const seen = instanceIds.join();
      if (this.#serving.get(targetGroupArn) === seen) continue;
      this.#serving.set(targetGroupArn, seen);
      journal.record({ kind: 'serving', targetGroupArn, instanceIds });
    }
    for (const id of this.#inService) {
      if (this.#good.has(id) || !this.serves(id) || !this.#isMember(id)) continue;
      this.#good.add(id);
      journal.record({ kind: 'good', instanceId: id });
    }
  }

  #isMember(instanceId: string): boolean {
    const node = this.#options.cluster.node(instanceId);
    return node?.island === 'main' && node.version === this.#options.versionOf(node.instance.imageId);
  }
}

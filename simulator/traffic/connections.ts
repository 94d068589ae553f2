/** One or more connections of the same kind that were opened to the same target in the same moment and end together. */
export interface Connection {
  readonly kind: string;
  readonly count: number;
  readonly startedAt: number;
  readonly endsAt: number;
}

/** The connections that are open, by target group and instance. */
export class OpenConnections {
  readonly #open = new Map<string, Map<string, Connection[]>>();

  add(targetGroupArn: string, instanceId: string, connection: Connection): void {
    const targets = this.#open.get(targetGroupArn) ?? new Map<string, Connection[]>();
    this.#open.set(targetGroupArn, targets);
    const connections = targets.get(instanceId);
    if (connections === undefined) targets.set(instanceId, [connection]);
    else connections.push(connection);
  }

  /** Forgets the connections that have ended by `now`. */
  sweep(now: number): void {
    for (const targets of this.#open.values()) {
      for (const [instanceId, connections] of targets) {
        if (!connections.some(({ endsAt }) => endsAt <= now)) continue;
        const left = connections.filter(({ endsAt }) => endsAt > now);
        if (left.length === 0) targets.delete(instanceId);
        else targets.set(instanceId, left);
      }
    }
  }

  /** Those that are open at `now` through one target group. */
  through(targetGroupArn: string, instanceId: string, now: number): Connection[] {
    return (this.#open.get(targetGroupArn)?.get(instanceId) ?? []).filter(({ endsAt }) => endsAt > now);
  }

  /** Those that are open at `now`, through whatever target group. */
  to(instanceId: string, now: number): Connection[] {
    return [...this.#open.keys()].flatMap((targetGroupArn) => this.through(targetGroupArn, instanceId, now));
  }

  /** Forgets those of one target group, or of all. */
  drop(instanceId: string, targetGroupArn?: string): void {
    for (const [arn, targets] of this.#open) {
      if (targetGroupArn === undefined || arn === targetGroupArn) targets.delete(instanceId);
    }
  }
}

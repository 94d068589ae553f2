import type { Timer } from '../../kernel/ports';
import type { Account } from '../account/account';

/** What a freeze script is told. */
export interface FreezeRequest {
  readonly action: 'freeze' | 'thaw';
  readonly mountPoints: readonly string[];
  /** Seconds after which the script's own timer thaws; undefined when the script arms none. */
  readonly limitSeconds: number | undefined;
}

/**
 * File systems that are frozen on the instances: `fsfreeze` stops writing until it is told otherwise. It fails for one that is frozen already,
 * and so does thawing for one that is not. https://man7.org/linux/man-pages/man8/fsfreeze.8.html
 */
export class FrozenMounts {
  private readonly byInstance = new Map<string, Set<string>>();
  /** By instance and mount points: a freeze of the same ones sets the timer anew. */
  private readonly timers = new Map<string, Timer>();

  constructor(private readonly account: Account) {}

  /** The mount points that are frozen on an instance now. */
  of(instanceId: string): readonly string[] {
    return [...(this.byInstance.get(instanceId) ?? [])];
  }

  /** Whether the script succeeds. Its timer is armed before anything is frozen; what it cannot freeze whole it leaves as it was. */
  apply(instanceId: string, { action, mountPoints, limitSeconds }: FreezeRequest): boolean {
    const timer = `${instanceId} ${mountPoints.join(' ')}`;
    this.timers.get(timer)?.cancel();
    const frozen = this.byInstance.get(instanceId) ?? new Set<string>();
    if (action === 'thaw') {
      const all = mountPoints.every((mountPoint) => frozen.has(mountPoint));
      this.thaw(instanceId, mountPoints, 'thawed');
      return all;
    }
    if (limitSeconds !== undefined) {
      const thaw = (): void => {
        this.thaw(instanceId, mountPoints, 'thawed-by-timer');
      };
      this.timers.set(timer, this.account.clock.after(limitSeconds * 1000, thaw));
    }
    if (mountPoints.some((mountPoint) => frozen.has(mountPoint))) return false;
    this.byInstance.set(instanceId, new Set([...frozen, ...mountPoints]));
    this.record(instanceId, mountPoints, 'frozen');
    return true;
  }

  private thaw(instanceId: string, mountPoints: readonly string[], change: string): void {
    const frozen = this.byInstance.get(instanceId) ?? new Set<string>();
    const thawed = mountPoints.filter((mountPoint) => frozen.delete(mountPoint));
    if (thawed.length > 0) this.record(instanceId, thawed, change);
  }

  private record(instanceId: string, mountPoints: readonly string[], change: string): void {
    this.account.journal.record({ kind: 'freeze', instanceId, mountPoints: [...mountPoints], change });
  }
}

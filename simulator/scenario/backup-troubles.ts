import type { Clock, Journal } from '../kernel/ports';
import type { CloudHooks } from '../services/account/account';
import type { ScenarioBackup } from './backup';
import { sourcesOf } from './backup';
import { BACKUP_SITE } from './backup-site';
import type { Fault } from './fault';
import { Moments } from './moments';
import { SITE } from './site';

/** What a vault that denies jobs lets nobody do; looking is allowed. */
const CHANGES = /^backup:(Start|Delete)/;

/** What goes wrong with the backup, as the account's services are told. */
export class BackupTroubles {
  readonly #backup: ScenarioBackup;
  readonly #faults: readonly Fault[];
  readonly #clock: Clock;
  readonly #journal: Journal;
  #healed = false;
  #busyUntil = 0;
  #rateExceededUntil = 0;

  constructor(backup: ScenarioBackup, faults: readonly Fault[], clock: Clock, journal: Journal) {
    this.#backup = backup;
    this.#faults = faults;
    this.#clock = clock;
    this.#journal = journal;
  }

  /** No fault comes any more, and those that last are over. What is wrong with the site stays. */
  heal(): void {
    this.#healed = true;
  }

  /** The run begins: moments count from now. */
  begin(): void {
    const moments = new Moments(this.#clock, this.#journal);
    for (const fault of this.#faults) {
      if (fault.name !== 'database-busy' && fault.name !== 'snapshot-rate-exceeded') continue;
      moments.at(fault, () => {
        if (this.#healed) return;
        this.#record(fault.name);
        const until = this.#clock.now() + fault.forSeconds * 1000;
        if (fault.name === 'database-busy') this.#busyUntil = until;
        else this.#rateExceededUntil = until;
      });
    }
  }

  /** What the services ask. */
  hooks(): CloudHooks {
    const failing = this.#sources('backup-fails');
    const expiring = this.#sources('backup-job-expires');
    const database = this.#backup.database === 'aurora' ? BACKUP_SITE.clusterId : SITE.databaseId;
    return {
      snapshotEnds: (source) => (this.#meets(failing.has(source), 'backup-fails', source) ? 'error' : 'completed'),
      snapshotRateExceeded: () => !this.#healed && this.#clock.now() < this.#rateExceededUntil,
      databaseStatus: (id) => (!this.#healed && id === database && this.#clock.now() < this.#busyUntil ? 'backing-up' : undefined),
      backupJob: (resource) => (this.#meets(expiring.has(resource), 'backup-job-expires', resource) ? 'never-starts' : undefined),
      vaultDenies: (vault, action) => this.#vaultDenies(vault, action),
      command: () => {
        if (this.#meets(this.#has('command-never-runs'), 'command-never-runs')) return 'never-starts';
        return this.#meets(this.#has('command-fails'), 'command-fails') ? 'fails' : undefined;
      },
    };
  }

  #vaultDenies(vault: string, action: string): boolean {
    if (vault !== BACKUP_SITE.vaultName) return false;
    if (this.#backup.mistakes.includes('vault-denied')) return this.#meets(true, 'vault-denied', vault);
    return this.#meets(CHANGES.test(action) && this.#has('vault-denied'), 'vault-denied', vault);
  }

  /** The things whose snapshots a fault is about. */
  #sources(name: 'backup-fails' | 'backup-job-expires'): ReadonlySet<string> {
    const sources = sourcesOf(this.#backup);
    return new Set(
      this.#faults.flatMap((fault) => {
        if (fault.name !== name) return [];
        const of = sources.find(({ part }) => part === fault.part)?.of ?? [];
        return 'volume' in fault && fault.volume !== undefined ? of.slice(fault.volume - 1, fault.volume) : of;
      }),
    );
  }

  #has(name: Fault['name']): boolean {
    return this.#faults.some((fault) => fault.name === name);
  }

  #meets(met: boolean, name: Fault['name'], source?: string): boolean {
    if (!met || this.#healed) return false;
    this.#record(name, source);
    return true;
  }

  #record(name: Fault['name'], source?: string): void {
    this.#journal.record({ kind: 'fault', name, ...(source !== undefined && { source }) });
  }
}

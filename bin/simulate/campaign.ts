import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import type { CampaignResult } from '../../simulator/faults/campaign-run';
import { VARIANTS, plain } from '../../simulator/faults/variants';
import { shrink } from '../../simulator/faults/shrink';
import type { Fault } from '../../simulator/scenario/fault';
import type { Scenario } from '../../simulator/scenario/scenario';
import type { Assemblies } from './assembly';

/** One run, as a worker is told. */
export interface CampaignJob {
  readonly run: number;
  /** The seed that it is drawn from, or what it is. */
  readonly what: { readonly seed: number } | { readonly scenario: Scenario };
  /** Directory of the cloud assembly of each variant. */
  readonly directories: Readonly<Record<string, string>>;
  /** Instead of those that are drawn. */
  readonly faults?: readonly Fault[];
}

/** The part of a scenario that its cloud assembly depends on. */
export function variantKey({
  capacity,
  failurePolicy,
  backup,
  approvals,
}: Pick<Scenario, 'capacity' | 'failurePolicy' | 'backup' | 'approvals'>): string {
  return `${capacity} ${failurePolicy ?? ''} ${JSON.stringify(backup)} ${JSON.stringify(approvals)}`;
}

/** Synthesizes the assemblies of all variants. */
export function directoriesOf(assemblies: Assemblies): Record<string, string> {
  return Object.fromEntries(VARIANTS.map((variant) => plain(variant)).map((scenario) => [variantKey(scenario), assemblies.for(scenario)]));
}

/** Runs that a worker does before another process takes its place: what it remembers of them goes with it. */
const RUNS_OF_A_WORKER = 400;

/**
 * The work is spread over many bundles, each used a little, and every core has a process of its own. So V8 does not do part of its work on cores that
 * others need, and takes longer to decide that optimizing a function pays: together a sixth less work for the same runs. The default is some 130 000.
 */
const V8_FLAGS = ['--single-threaded-gc', '--interrupt-budget=400000'];

/** A process that runs one job at a time. */
class Worker {
  #process: ChildProcess | undefined;
  #done = 0;

  run(job: CampaignJob): Promise<CampaignResult> {
    if (this.#done >= RUNS_OF_A_WORKER) this.end();
    this.#done += 1;
    const child = (this.#process ??= fork(join(__dirname, 'campaign-worker.ts'), [], { execArgv: [...V8_FLAGS, '--import', 'tsx'] }));
    return new Promise((resolve, reject) => {
      const ended = (code: number | null): void => {
        reject(new Error(`A worker ended with ${code ?? 'a signal'} in run ${job.run}.`));
      };
      child.once('exit', ended);
      child.once('message', (result) => {
        child.off('exit', ended);
        resolve(result as CampaignResult);
      });
      child.send(job);
    });
  }

  end(): void {
    this.#process?.removeAllListeners('exit');
    this.#process?.kill();
    this.#process = undefined;
    this.#done = 0;
  }
}

/** The processes of a campaign. */
export class Workers {
  readonly #workers: readonly Worker[];

  constructor(count: number) {
    this.#workers = Array.from({ length: count }, () => new Worker());
  }

  /** Runs the jobs, each in the next process that is free. */
  async runAll(jobs: readonly CampaignJob[], told: (result: CampaignResult) => void): Promise<void> {
    const waiting = [...jobs];
    await Promise.all(
      this.#workers.map(async (worker) => {
        for (let job = waiting.shift(); job !== undefined; job = waiting.shift()) told(await worker.run(job));
      }),
    );
  }

  /** The fewest faults with which a run still fails. */
  async shrink(job: CampaignJob, faults: readonly Fault[]): Promise<readonly Fault[]> {
    const [worker] = this.#workers;
    if (worker === undefined) return faults;
    return shrink(faults, async (fewer) => (await worker.run({ ...job, faults: fewer })).problems.length > 0);
  }

  end(): void {
    for (const worker of this.#workers) worker.end();
  }
}

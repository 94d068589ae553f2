import type { Assemblies } from '../../../bin/simulate/assembly';
import { Workers, directoriesOf } from '../../../bin/simulate/campaign';
import type { CampaignJob } from '../../../bin/simulate/campaign';
import type { CampaignResult } from '../../../simulator/faults/campaign-run';

/** Processes that share the work: `npm test` has two cores. */
const COUNT = 2;

/** The processes in which the runs of a test file are made, from first to last: what they have evaluated stays warm. */
export class Processes {
  readonly #workers = new Workers(COUNT);
  readonly #directories: Readonly<Record<string, string>>;

  constructor(assemblies: Assemblies) {
    this.#directories = directoriesOf(assemblies);
  }

  /** @returns what became of each job, in their order */
  async run(jobs: readonly CampaignJob['what'][]): Promise<readonly CampaignResult[]> {
    const results: CampaignResult[] = [];
    await this.#workers.runAll(
      jobs.map((what, run) => ({ run, what, directories: this.#directories })),
      (result) => (results[result.run] = result),
    );
    return results;
  }

  end(): void {
    this.#workers.end();
  }
}

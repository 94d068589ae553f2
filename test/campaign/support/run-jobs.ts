import { Assemblies } from '../../../bin/simulate/assembly';
import { Workers, directoriesOf } from '../../../bin/simulate/campaign';
import type { CampaignJob } from '../../../bin/simulate/campaign';
import type { CampaignResult } from '../../../simulator/faults/campaign-run';

/** Processes that share the work: `npm test` has two cores. */
const WORKERS = 2;

/** Runs the jobs in processes of their own. @returns what became of each, by its number */
export async function runJobs(jobs: readonly Omit<CampaignJob, 'directories'>[]): Promise<ReadonlyMap<number, CampaignResult>> {
  const assemblies = new Assemblies();
  const workers = new Workers(WORKERS);
  const results = new Map<number, CampaignResult>();
  try {
    const directories = directoriesOf(assemblies);
    await workers.runAll(
      jobs.map((job) => ({ ...job, directories })),
      (result) => results.set(result.run, result),
    );
    return results;
  } finally {
    workers.end();
    assemblies.dispose();
  }
}

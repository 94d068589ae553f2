import { replay } from '../../bin/simulate/campaign-report';
import { CATALOGUE } from '../../simulator/faults/catalogue';
import type { CampaignResult } from '../../simulator/faults/campaign-run';
import { runJobs } from './support/run-jobs';

/** How many, and which. By hand many more are run: `docs/reliability.md`. */
const RUNS = 300;
const SEED = 1;

jest.setTimeout(15 * 60_000);

let results: readonly CampaignResult[] = [];
beforeAll(async () => {
  results = [...(await runJobs(Array.from({ length: RUNS }, (_, run) => ({ run, what: { seed: SEED } })))).values()];
});

test('whatever goes wrong, every rule is kept, and the next start upgrades the cluster', () => {
  const failed = results.filter(({ problems }) => problems.length > 0).sort((a, b) => a.run - b.run);
  expect(failed.map(({ run, problems }) => [replay(SEED, run), ...problems].join('\n'))).toEqual([]);
  expect(results).toHaveLength(RUNS);
});

test('most kinds of faults were met, and the runs ended in every state that a run may leave', () => {
  const kinds = new Set(results.flatMap((result) => result.kinds));
  expect(kinds.size).toBeGreaterThan(0.8 * CATALOGUE.length);
  const ends = new Set(results.map(({ end }) => end.split(' ')[0]));
  expect([...ends].sort()).toEqual(['held', 'original', 'upgraded']);
});

/** A process of the campaign: runs what its parent sends, one after the other, and sends back what became of it. */
import { surfaceOfAll } from '../../simulator/faults/surface';
import type { Surface } from '../../simulator/faults/surface';
import { loadAssembly } from '../../simulator/assembly/load';
import { runOnce } from '../../simulator/faults/campaign-run';
import { drawScenario } from '../../simulator/faults/draw';
import { SITE } from '../../simulator/scenario/site';
import { variantKey } from './campaign';
import type { CampaignJob } from './campaign';

/** Of all assemblies: they are the same in every job. */
let surface: Surface | undefined;

process.on('message', (job: CampaignJob) => {
  void work(job);
});

async function work({ run, what, directories, faults }: CampaignJob): Promise<void> {
  surface ??= surfaceOfAll(
    Object.values(directories).map((directory) => loadAssembly(directory, { region: SITE.region, account: SITE.account })),
  );
  const drawn = 'scenario' in what ? what.scenario : drawScenario(what.seed, run, surface);
  const scenario = faults === undefined ? drawn : { ...drawn, faults };
  process.send?.(await runOnce(run, scenario, directories[variantKey(scenario)] ?? ''));
}

/** A process of the campaign: runs what its parent sends, one after the other, and sends back what became of it. */
import { surfaceOf } from '../../simulator/faults/surface';
import { loadAssembly } from '../../simulator/assembly/load';
import { runOnce } from '../../simulator/faults/campaign-run';
import { drawScenario } from '../../simulator/faults/draw';
import { SITE } from '../../simulator/scenario/site';
import { variantKey } from './campaign';
import type { CampaignJob } from './campaign';

const surfaces = new Map<string, ReturnType<typeof surfaceOf>>();

process.on('message', (job: CampaignJob) => {
  void work(job);
});

async function work({ run, what, directories, faults }: CampaignJob): Promise<void> {
  const [any = ''] = Object.values(directories);
  let surface = surfaces.get(any);
  if (surface === undefined) surfaces.set(any, (surface = surfaceOf(loadAssembly(any, { region: SITE.region, account: SITE.account }))));
  const drawn = 'scenario' in what ? what.scenario : drawScenario(what.seed, run, surface);
  const scenario = faults === undefined ? drawn : { ...drawn, faults };
  process.send?.(await runOnce(run, scenario, directories[variantKey(scenario)] ?? ''));
}

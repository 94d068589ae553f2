/** The command line of the fault simulation: see `simulate/campaign-arguments.ts` for what it takes. */
import { loadAssembly } from '../simulator/assembly/load';
import { problemsOf } from '../simulator/faults/campaign-run';
import type { CampaignResult } from '../simulator/faults/campaign-run';
import { drawScenario } from '../simulator/faults/draw';
import { surfaceOfAll } from '../simulator/faults/surface';
import { Tally } from '../simulator/faults/tally';
import { APPROVAL_VARIANT, plain } from '../simulator/faults/variants';
import { report } from '../simulator/report/text';
import { ScenarioRun } from '../simulator/scenario/run';
import { SITE } from '../simulator/scenario/site';
import { edgesOf } from '../simulator/states/coverage';
import { UsageError } from './simulate/arguments';
import { Assemblies } from './simulate/assembly';
import { CAMPAIGN_USAGE, parseCampaignArguments } from './simulate/campaign-arguments';
import type { CampaignArguments } from './simulate/campaign-arguments';
import { Workers, directoriesOf, variantKey } from './simulate/campaign';
import { campaignJson, campaignText } from './simulate/campaign-report';
import type { Failure } from './simulate/campaign-report';
import { PlainView } from './simulate/plain-view';
import { exitOnSignals } from './simulate/signals';

async function main(): Promise<number> {
  const given = parseCampaignArguments(process.argv.slice(2));
  if (given.help) {
    process.stdout.write(CAMPAIGN_USAGE);
    return 0;
  }
  exitOnSignals();
  const assemblies = new Assemblies();
  try {
    if (!given.json) process.stderr.write('Synthesizing the templates ...\n');
    const directories = directoriesOf(assemblies);
    return await (given.run === undefined ? campaign(given, directories) : one(given, given.run, directories));
  } finally {
    assemblies.dispose();
  }
}

type Directories = Readonly<Record<string, string>>;

const load = (directory: string) => loadAssembly(directory, { region: SITE.region, account: SITE.account });

async function campaign({ runs, seed, workers: count, shrink, json }: CampaignArguments, directories: Directories): Promise<number> {
  const directory = directories[variantKey(plain(APPROVAL_VARIANT))] ?? '';
  const tally = new Tally(load(directory).machines.map(edgesOf));
  const workers = new Workers(count);
  const progress = json ? undefined : new Progress(runs);
  try {
    const jobs = Array.from({ length: runs }, (_, run) => ({ run, what: { seed }, directories }));
    await workers.runAll(jobs, (result) => {
      tally.add(result);
      if (result.problems.length > 0) progress?.failed(result);
      progress?.show(tally.runs, tally.failed.length);
    });
    const failures: Failure[] = [];
    for (const result of tally.failed.sort((a, b) => a.run - b.run).slice(0, shrink)) {
      failures.push({ result, faults: await workers.shrink({ run: result.run, what: { seed }, directories }, result.faults) });
    }
    console.log(json ? JSON.stringify(campaignJson(tally, seed, failures), undefined, 2) : campaignText(tally, seed, failures));
    return tally.failed.length === 0 ? 0 : 1;
  } finally {
    workers.end();
  }
}

/** One run, with everything that happened in it. */
async function one({ seed, shrink, json }: CampaignArguments, run: number, directories: Directories): Promise<number> {
  const scenario = drawScenario(seed, run, surfaceOfAll(Object.values(directories).map(load)));
  const directory = directories[variantKey(scenario)] ?? '';
  const going = new ScenarioRun(scenario, directory);
  if (!json) {
    console.log(JSON.stringify(scenario, undefined, 2));
    const view = new PlainView(going.startedAt, (line) => {
      console.log(line);
    });
    going.simulation.journal.listen((entry) => {
      view.note(entry);
    });
  }
  const result = await going.run();
  const problems = problemsOf(result, scenario.faults);
  if (json) console.log(JSON.stringify({ scenario, problems, result }, undefined, 2));
  else console.log(`\n${report(result)}`);
  if (problems.length === 0) return 0;
  if (shrink === 0) return 1;
  const workers = new Workers(1);
  try {
    const faults = await workers.shrink({ run, what: { seed }, directories }, scenario.faults);
    if (!json)
      console.log(['', 'FAILED', ...problems, 'with these faults only:', ...faults.map((fault) => JSON.stringify(fault))].join('\n'));
  } finally {
    workers.end();
  }
  return 1;
}

/** A line on a terminal that says how far the campaign is, a few times a second. */
class Progress {
  readonly #runs: number;
  readonly #began = Date.now();
  #shownAt = 0;

  constructor(runs: number) {
    this.#runs = runs;
  }

  /** A run failed: said at once, the fewest faults come at the end. */
  failed({ run, problems: [first = '', ...more] }: CampaignResult): void {
    const text = `run ${run} failed: ${first.slice(0, 200)}${more.length > 0 ? `, and ${more.length} more` : ''}`;
    process.stderr.write(process.stderr.isTTY ? `\r${text}\u001b[K\n` : `${text}\n`);
  }

  show(done: number, failed: number): void {
    const now = Date.now();
    if (done < this.#runs && now - this.#shownAt < (process.stderr.isTTY ? 200 : 10_000)) return;
    this.#shownAt = now;
    const left = Math.round((((now - this.#began) / 1000) * (this.#runs - done)) / done);
    const line = `${done} of ${this.#runs} runs, ${failed} failed, ${left} s left`;
    process.stderr.write(process.stderr.isTTY ? `\r${line}\u001b[K${done === this.#runs ? '\n' : ''}` : `${line}\n`);
  }
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    const usage = error instanceof UsageError;
    console.error(usage ? `${error.message}\n\nnpm run simulate:faults -- --help says what is allowed.` : error);
    process.exitCode = usage ? 2 : 1;
  },
);

/** The simulator's command line: see `simulate/arguments.ts` for what it takes. */
import { readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { RunResult } from '../simulator/report/result';
import type { ScheduleResult } from '../simulator/report/schedule-result';
import { scheduleReport } from '../simulator/report/schedule-text';
import { report } from '../simulator/report/text';
import { ScenarioInvalid, parseScenarioText } from '../simulator/scenario/parse';
import { ScenarioRun } from '../simulator/scenario/run';
import type { Scenario } from '../simulator/scenario/scenario';
import { ScheduledRun } from '../simulator/scenario/scheduled-run';
import { USAGE, UsageError, parseArguments } from './simulate/arguments';
import type { Arguments } from './simulate/arguments';
import { Assemblies } from './simulate/assembly';
import { LiveView } from './simulate/live-view';
import { watchNights } from './simulate/nights-view';
import { PlainView } from './simulate/plain-view';
import { exitOnSignals } from './simulate/signals';
import { table } from './simulate/table';

const EXAMPLES = join(__dirname, '..', 'examples', 'scenarios');
const DEFAULT_SCENARIO = join(EXAMPLES, 'four-nodes.json');

/** Real time that the live view takes for a run, and the frames in it. */
const LIVE_FRAMES = 100;

async function main(): Promise<number> {
  const given = parseArguments(process.argv.slice(2));
  if (given.help) {
    process.stdout.write(USAGE);
    return 0;
  }
  const scenarios = given.all ? examples() : [given.file ?? DEFAULT_SCENARIO];
  const read = scenarios.map((file) => ({ name: basename(file, '.json'), scenario: readScenario(file, given) }));
  if (!given.json) process.stderr.write('Bundling the tasks and synthesizing the template ...\n');
  exitOnSignals();
  const assemblies = new Assemblies();
  try {
    const results = [];
    for (const { name, scenario } of read) {
      const result = await simulate(scenario, assemblies, given);
      if (given.all && !given.json) process.stderr.write(`${result.asExpected ? 'as expected' : 'NOT as expected'}  ${name}\n`);
      results.push({ name, result });
    }
    print(results, given);
    return results.every(({ result }) => result.asExpected) ? 0 : 1;
  } finally {
    assemblies.dispose();
  }
}

function examples(): string[] {
  return readdirSync(EXAMPLES)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => join(EXAMPLES, name));
}

function readScenario(file: string, { seed }: Arguments): Scenario {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${(error as Error).message}`);
  }
  const scenario = parseScenarioText(text, file);
  return seed === undefined ? scenario : { ...scenario, seed };
}

async function simulate(scenario: Scenario, assemblies: Assemblies, { json, all }: Arguments): Promise<RunResult | ScheduleResult> {
  if (scenario.schedule !== undefined) {
    const days = new ScheduledRun(scenario, scenario.schedule, assemblies.for(scenario));
    return json || all ? days.run() : watchNights(days, scenario.schedule, console.log);
  }
  const run = new ScenarioRun(scenario, assemblies.for(scenario));
  if (json || all) return run.run();
  return process.stdout.isTTY ? watchLive(run, scenario) : watchPlain(run);
}

function watchPlain(run: ScenarioRun): Promise<RunResult> {
  const view = new PlainView(run.startedAt, (line) => {
    console.log(line);
  });
  run.simulation.journal.listen((entry) => {
    view.note(entry);
  });
  return run.run();
}

async function watchLive(run: ScenarioRun, scenario: Scenario): Promise<RunResult> {
  const color = (process.env['NO_COLOR'] ?? '') === '' && process.env['TERM'] !== 'dumb';
  const view = new LiveView(process.stdout, scenario.title, color, expectedSeconds(scenario) / LIVE_FRAMES);
  const look = () => run.observer.look(run.simulation.clock.now());
  const interrupted = (): void => {
    view.end();
    process.exit(130);
  };
  process.prependOnceListener('SIGINT', interrupted);
  run.everySecond((seconds) => {
    view.tick(seconds, look);
  });
  try {
    const result = await run.run();
    view.end(look());
    return result;
  } catch (error) {
    view.end();
    throw error;
  } finally {
    process.off('SIGINT', interrupted);
  }
}

/** How long a run will take in virtual seconds, roughly: the live view's pace follows from it. */
function expectedSeconds({ cluster, timing }: Scenario): number {
  const boot = timing.operatingSystem[1] + timing.start[1] + timing.join[1] + 90;
  return timing.databaseSnapshot[1] + timing.migration[1] + (cluster.nodes + 1) * boot;
}

function print(results: readonly { name: string; result: RunResult | ScheduleResult }[], { json, all }: Arguments): void {
  const [first] = results;
  if (json)
    console.log(JSON.stringify(all ? Object.fromEntries(results.map(({ name, result }) => [name, result])) : first?.result, undefined, 2));
  else if (all) console.log(table(results));
  else if (first !== undefined) console.log(`\n${'nights' in first.result ? scheduleReport(first.result) : report(first.result)}`);
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    const usage = error instanceof UsageError || error instanceof ScenarioInvalid;
    console.error(usage ? `${error.message}\n\nnpm run simulate -- --help says what is allowed.` : error);
    process.exitCode = usage ? 2 : 1;
  },
);

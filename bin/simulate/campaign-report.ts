import type { CampaignResult } from '../../simulator/faults/campaign-run';
import type { Tally } from '../../simulator/faults/tally';
import type { Fault } from '../../simulator/scenario/fault';

/** A run that failed, with the fewest faults with which it still does. */
export interface Failure {
  readonly result: CampaignResult;
  readonly faults: readonly Fault[];
}

/** What a campaign was: as JSON. */
export function campaignJson(tally: Tally, seed: number, failures: readonly Failure[]) {
  return {
    seed,
    runs: tally.runs,
    failed: tally.failed.length,
    unrestored: tally.unrestored,
    redriven: tally.redriven,
    cpuMillisecondsPerRun: tally.cpuMilliseconds,
    faults: Object.fromEntries(tally.kinds),
    ends: Object.fromEntries(tally.ends),
    ...tally.size,
    statesNeverEntered: tally.statesNeverEntered,
    catchesNeverTaken: tally.catchesNeverTaken,
    failures: failures.map(({ result, faults }) => ({
      run: result.run,
      replay: replay(seed, result.run),
      problems: result.problems,
      faults,
    })),
  };
}

/** The command that replays a run. */
export function replay(seed: number, run: number): string {
  return `npm run simulate:faults -- --seed ${seed} --run ${run}`;
}

/** What a campaign was, for people. */
export function campaignText(tally: Tally, seed: number, failures: readonly Failure[]): string {
  const { states, catches } = tally.size;
  return [
    `Runs       ${tally.runs} of seed ${seed}, ${tally.cpuMilliseconds} ms of CPU each`,
    `Failed     ${tally.failed.length}`,
    `Unrestored ${tally.unrestored}: the recovery met faults, too, and said so; the next start put it right`,
    `Redriven   ${tally.redriven}: the run with faults was redriven; if that did not succeed, a start followed`,
    `States     ${states - tally.statesNeverEntered.length} of ${states} entered`,
    ...tally.statesNeverEntered.map((state) => `             never: ${state}`),
    `Catches    ${catches - tally.catchesNeverTaken.length} of ${catches} taken`,
    ...tally.catchesNeverTaken.map((edge) => `             never: ${edge}`),
    '',
    'Faults by kind',
    ...table(tally.kinds),
    '',
    'Ends of the runs with faults',
    ...table(tally.ends),
    ...failures.flatMap(failureText(seed)),
    ...(tally.failed.length > failures.length
      ? [
          '',
          `And ${tally.failed.length - failures.length} more failed: runs ${tally.failed
            .slice(failures.length)
            .map(({ run }) => run)
            .join(', ')}.`,
        ]
      : []),
  ].join('\n');
}

const failureText =
  (seed: number) =>
  ({ result, faults }: Failure): string[] => [
    '',
    `FAILED: run ${result.run}: ${result.end}`,
    ...result.problems.map((problem) => `  ${problem}`),
    `  with ${faults.length === 0 ? 'no fault at all' : 'these faults only:'}`,
    ...faults.map((fault) => `    ${JSON.stringify(fault)}`),
    `  replay: ${replay(seed, result.run)}`,
  ];

function table(rows: readonly (readonly [string, number])[]): string[] {
  const width = Math.max(0, ...rows.map(([name]) => name.length));
  return rows.map(([name, number]) => `  ${name.padEnd(width)}  ${String(number).padStart(6)}`);
}

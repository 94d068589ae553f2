import { parseArgs } from 'node:util';
import { UsageError } from './arguments';

/** What the command line of the campaign asks for. */
export interface CampaignArguments {
  readonly runs: number;
  readonly seed: number;
  readonly workers: number;
  /** One run of the campaign, to look at; undefined for all. */
  readonly run?: number;
  /** Failures whose faults are reduced to the fewest that still fail. */
  readonly shrink: number;
  readonly json: boolean;
  readonly help: boolean;
}

/** Text of `--help`. */
export const CAMPAIGN_USAGE = `Simulates many upgrades in which several things go wrong, drawn at random from a seed, and judges each by all rules.

Usage: npm run simulate:faults [-- [--runs N] [--seed S] [--workers W] [--run Y] [--shrink F] [--json] [--help]]

  --runs N     number of runs (default 100)
  --seed S     a whole number from 0 to 4294967295: the same seed gives the same runs (default 1)
  --workers W  processes that share the work, 1 to 64 (default 2)
  --run Y      only run Y of this seed: prints its scenario, what happened, and the fewest faults with which it still fails
  --shrink F   look for the fewest faults of so many failures (default 5)
  --json       print one JSON object, and nothing else
  --help       print this

Each run: a small cluster, an upgrade with faults until it and its recovery have ended, then an upgrade without faults, which must succeed.
Exit status: 0 when every run kept the rules, 1 when not, 2 for bad usage.
`;

const NUMBERS = { runs: [1, 1_000_000], seed: [0, 2 ** 32 - 1], workers: [1, 64], run: [0, 1_000_000], shrink: [0, 1000] } as const;

/** Reads the command line. Throws {@link UsageError} with every mistake and what is allowed. */
export function parseCampaignArguments(given: readonly string[]): CampaignArguments {
  const mistakes: string[] = [];
  const number = (name: keyof typeof NUMBERS, text: string | undefined): number | undefined => {
    if (text === undefined) return undefined;
    const [least, most] = NUMBERS[name];
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    mistakes.push(`--${name} takes a whole number from ${least} to ${most}, given is ${text}`);
    return undefined;
  };
  const values = read(given);
  const run = number('run', values.run);
  const result = {
    runs: number('runs', values.runs) ?? 100,
    seed: number('seed', values.seed) ?? 1,
    workers: number('workers', values.workers) ?? 2,
    ...(run !== undefined && { run }),
    shrink: number('shrink', values.shrink) ?? 5,
    json: values.json === true,
    help: values.help === true,
  };
  if (mistakes.length > 0) throw new UsageError(mistakes.join('\n'));
  return result;
}

function read(given: readonly string[]) {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  try {
    return parseArgs({
      args: [...given],
      options: { runs: text, seed: text, workers: text, run: text, shrink: text, json: flag, help: flag },
    }).values;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

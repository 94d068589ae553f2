/** What the command line asks for. */
export interface Arguments {
  /** Scenario file; undefined for the default. */
  readonly file?: string;
  readonly json: boolean;
  readonly all: boolean;
  readonly help: boolean;
  readonly seed?: number;
}

/** A command line that is not allowed. */
export class UsageError extends Error {}

/** Text of `--help`. */
export const USAGE = `Simulates a rolling upgrade: the synthesized template and the bundled Lambda tasks, on a simulated AWS account and Bitbucket cluster.

Usage: npm run simulate [-- [FILE.json] [--json] [--seed N] [--all] [--help]]

  FILE.json   a scenario; without one: four nodes, 9.4.20 to 9.4.23 (see examples/scenarios)
  --json      print one JSON object with the result, and nothing else
  --seed N    a whole number from 0 to 4294967295: the same seed gives the same run
  --all       run every scenario of examples/scenarios and print a table
  --help      print this

Exit status: 0 when the run ends as the scenario expects and every rule is kept, 1 when not, 2 for bad usage.
`;

const OPTIONS = ['--json', '--seed', '--all', '--help'];
const GREATEST_SEED = 2 ** 32 - 1;

/** Reads the command line. Throws {@link UsageError} with every mistake and what is allowed. */
export function parseArguments(given: readonly string[]): Arguments {
  const mistakes: string[] = [];
  const files: string[] = [];
  const seen = new Set<string>();
  let seed: number | undefined;
  for (let i = 0; i < given.length; i++) {
    const [option = '', inline] = (given[i] ?? '').split('=', 2);
    if (!option.startsWith('-')) files.push(given[i] ?? '');
    else if (!OPTIONS.includes(option)) mistakes.push(`unknown option ${option}: allowed are ${OPTIONS.join(', ')}`);
    else if (seen.has(option)) mistakes.push(`${option} is given twice`);
    else if (option === '--seed') seed = readSeed(inline ?? given[++i], mistakes);
    else if (inline !== undefined) mistakes.push(`${option} takes no value`);
    seen.add(option);
  }
  if (files.length > 1) mistakes.push(`one scenario file is allowed, given are ${files.join(', ')}`);
  const [file] = files;
  const [json, all, help] = ['--json', '--all', '--help'].map((option) => seen.has(option)) as [boolean, boolean, boolean];
  if (all && file !== undefined) mistakes.push(`--all runs every example: ${file} cannot be given with it`);
  if (mistakes.length > 0) throw new UsageError(mistakes.join('\n'));
  return { json, all, help, ...(file !== undefined && { file }), ...(seed !== undefined && { seed }) };
}

function readSeed(value: string | undefined, mistakes: string[]): number | undefined {
  const seed = Number(value);
  if (value !== undefined && /^\d+$/.test(value) && seed <= GREATEST_SEED) return seed;
  mistakes.push(`--seed takes a whole number from 0 to ${GREATEST_SEED}, given is ${value ?? 'nothing'}`);
  return undefined;
}

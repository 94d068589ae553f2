// Applies deliberate defects to a copy of the repository, one by one, and shows that each is caught: by the scenarios and a short
// campaign of faults, or by the test that the list names.  node scripts/mutations.mjs [--check] [name ...]
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const given = process.argv.slice(2);
const names = given.filter((argument) => !argument.startsWith('--'));
const { scenarios, campaign, mutations } = JSON.parse(readFileSync(join(root, 'scripts', 'mutations.json'), 'utf8'));

/** Why a mutation cannot be applied; undefined when it can. */
function problemOf({ file, find }) {
  const found = readFileSync(join(root, file), 'utf8').split(find).length - 1;
  return found === 1 ? undefined : `the text is found ${found} times in ${file}, it must be there once: ${find}`;
}

const unknown = names.filter((name) => !mutations.some((mutation) => mutation.name === name));
const stale = mutations.flatMap((mutation) => {
  const problem = problemOf(mutation);
  return problem === undefined ? [] : [`${mutation.name}: ${problem}`];
});
for (const line of [...unknown.map((name) => `there is no mutation called ${name}`), ...stale]) console.error(line);
if (unknown.length + stale.length > 0) process.exit(2);
if (given.includes('--check')) {
  console.log(`All ${mutations.length} mutations can be applied.`);
  process.exit(0);
}

const copy = mkdtempSync(join(tmpdir(), 'mutations-'));
const LEFT_OUT = new Set(['node_modules', '.git', 'assets', 'cdk.out', 'dist', 'coverage', '.cache', 'pkg']);
cpSync(root, copy, { recursive: true, filter: (path) => path === root || !LEFT_OUT.has(basename(path)) });
symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));

/** Runs a command in the copy. @returns what it said, if it failed */
function failureOf(command, args) {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: copy, encoding: 'utf8', timeout: 15 * 60_000 });
  return status === 0 ? undefined : `${stdout}\n${stderr}`;
}

const node = (...args) => failureOf(process.execPath, args);
const bundle = () => node('scripts/bundle.mjs');

/** The checks, the cheapest first: each is a name with a function that gives what it found wrong. */
function checksOf({ test, scenario }) {
  if (test !== undefined) return [[test, () => node('node_modules/jest/bin/jest.js', '--randomize=false', test)]];
  const run = (name) => [name, () => node('--import', 'tsx', 'bin/simulate.ts', `examples/scenarios/${name}.json`, '--json')];
  const { runs, seed, workers } = campaign;
  const args = ['--runs', runs, '--seed', seed, '--workers', workers, '--shrink', 0].map(String);
  return [
    ...(scenario === undefined ? scenarios : [scenario]).map(run),
    ['campaign', () => node('--import', 'tsx', 'bin/simulate-faults.ts', ...args)],
  ];
}

/** The line of an output that says best what was found. */
const telling = (output) =>
  output
    .split('\n')
    .find((line) => /rule \d+|"(ended|failed|broke|the nodes run)|●|next start|Error:/.test(line))
    ?.trim() ?? '';

const rows = [];
for (const mutation of mutations.filter(({ name }) => names.length === 0 || names.includes(name))) {
  const { name, file, find, replace } = mutation;
  const path = join(copy, file);
  const original = readFileSync(path, 'utf8');
  writeFileSync(
    path,
    original.replace(find, () => replace),
  );
  const broken = bundle();
  let caught = broken === undefined ? undefined : { by: 'bundling', what: telling(broken) };
  for (const [by, check] of broken === undefined ? checksOf(mutation) : []) {
    const output = check();
    if (output === undefined) continue;
    caught = { by, what: telling(output) };
    break;
  }
  writeFileSync(path, original);
  rows.push({ name, caught });
  console.log(
    `${caught === undefined ? 'NOT CAUGHT' : 'caught    '}  ${name.padEnd(60)}  ${caught === undefined ? '' : `${caught.by}: ${caught.what}`.slice(0, 200)}`,
  );
}
rmSync(copy, { recursive: true, force: true });

const missed = rows.filter(({ caught }) => caught === undefined);
console.log(`\n${rows.length - missed.length} of ${rows.length} mutations are caught.`);
process.exit(missed.length === 0 ? 0 : 1);

/**
 * Applies deliberate defects to copies of the repository, one by one, and shows that each is caught by the check that the list
 * (mutations.json) names, for the reason that it names: a scenario of the simulator, a test, or a short campaign of faults.
 *
 *   node scripts/mutations.mjs [--check] [--jobs N] [name ...]
 *
 * --check only looks whether every defect can be applied. The copy without defects must pass all checks first: a check that fails
 * anyway would catch everything. Exit status: 0 all are caught, 1 not all, 2 it could not be tried.
 */
import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

const root = fileURLToPath(new URL('..', import.meta.url));
const LEFT_OUT = new Set(['node_modules', '.git', 'assets', 'cdk.out', 'dist', 'coverage', '.cache', 'pkg']);

/** A check takes seconds, a campaign a minute; one that does not end, however busy the machine, has caught nothing. */
const TIME_OUT = 10 * 60_000;

const { values: given, positionals: names } = parseArgs({
  allowPositionals: true,
  options: { check: { type: 'boolean' }, jobs: { type: 'string', default: String(Math.min(2, availableParallelism())) } },
});
const { campaign, mutations } = JSON.parse(readFileSync(join(root, 'scripts', 'mutations.json'), 'utf8'));
const editsOf = ({ edits, file, find, replace }) => edits ?? [{ file, find, replace }];

/** What is wrong with the list, or with what was asked for. */
const mistakes = [
  ...names.filter((name) => !mutations.some((mutation) => mutation.name === name)).map((name) => `there is no mutation called ${name}`),
  ...(/^[1-9]\d?$/.test(given.jobs) ? [] : [`--jobs takes a number from 1 to 99, given is ${given.jobs}`]),
  ...mutations.flatMap((mutation) => [
    ...editsOf(mutation).flatMap(({ file, find }) => {
      const found = readFileSync(join(root, file), 'utf8').split(find).length - 1;
      return found === 1 ? [] : [`${mutation.name}: the text is found ${found} times in ${file}, it must be there once: ${find}`];
    }),
    ...([mutation.test, mutation.scenario, mutation.campaign].filter(Boolean).length === 1
      ? []
      : [`${mutation.name}: name one of test, scenario and campaign`]),
    ...(mutation.says ? [] : [`${mutation.name}: name what the check must say`]),
  ]),
];
for (const line of mistakes) console.error(line);
if (mistakes.length > 0) process.exit(2);
if (given.check) {
  console.log(`All ${mutations.length} mutations can be applied.`);
  process.exit(0);
}

const folder = mkdtempSync(join(tmpdir(), 'mutations-'));
const children = new Set();
process.on('exit', () => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(130));

/** A copy of the repository, without what is made from it. */
function copy(number) {
  const directory = join(folder, String(number));
  cpSync(root, directory, { recursive: true, filter: (path) => path === root || !LEFT_OUT.has(basename(path)) });
  symlinkSync(join(root, 'node_modules'), join(directory, 'node_modules'));
  return directory;
}

/** Runs Node in a copy. @returns its exit status (undefined: it did not end in time) and what it said */
function node(cwd, ...args) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'], timeout: TIME_OUT, killSignal: 'SIGKILL' });
    children.add(child);
    const said = { stdout: '', stderr: '' };
    for (const stream of ['stdout', 'stderr']) child[stream].setEncoding('utf8').on('data', (text) => (said[stream] += text));
    child.on('close', (status) => {
      children.delete(child);
      resolve({ status: status ?? undefined, ...said });
    });
  });
}

const NOT_IN_TIME = `it did not end within ${TIME_OUT / 60_000} minutes`;

/** What a program that failed found, by how it writes it; `read` throws when it broke off before it could write. */
function foundBy({ status, stdout, stderr }, read) {
  if (status === 0) return [];
  if (status === undefined) return [NOT_IN_TIME];
  try {
    return read(stdout, stderr);
  } catch {
    return [`broke off: ${stderr.trim() || stdout.trim()}`];
  }
}

/** The bundles of a copy, made once; `remake` makes those again that contain a file, and gives what is wrong and the way back. */
async function bundlesOf(cwd) {
  const { bundle } = await import(pathToFileURL(join(cwd, 'scripts', 'bundle.mjs')).href);
  const { metafile } = await bundle({ write: true, metafile: true });
  const remake = async (files) => {
    const outputs = Object.entries(metafile.outputs).filter(([, { inputs }]) => files.some((file) => file in inputs));
    if (outputs.length === 0) return { problems: [], undo: () => undefined };
    const before = outputs.map(([path]) => [join(cwd, path), readFileSync(join(cwd, path))]);
    const undo = () => before.forEach(([path, contents]) => writeFileSync(path, contents));
    const entryPoints = outputs.map(([path, { entryPoint }]) => ({ in: join(cwd, entryPoint), out: `${basename(dirname(path))}/index` }));
    try {
      await bundle({ write: true, logLevel: 'silent', entryPoints });
      return { problems: [], undo };
    } catch (error) {
      return { problems: [`bundling: ${error.message}`], undo };
    }
  };
  return { cwd, remake };
}

/** Jest, without its global set-up: that would make every bundle once more. */
async function tests(cwd, ...paths) {
  writeFileSync(join(cwd, 'no-set-up.js'), 'module.exports = () => {};\n');
  const result = await node(cwd, 'node_modules/jest/bin/jest.js', '--randomize=false', '--globalSetup=<rootDir>/no-set-up.js', ...paths);
  return foundBy(result, (_, stderr) => {
    const failed = stderr.match(/^ +● .*$/gm) ?? [];
    return failed.length > 0 ? [...new Set(failed.map((line) => line.trim()))] : [`broke off: ${stderr.trim()}`];
  });
}

/** A scenario: the name of an example, or what it is. */
async function scenario(cwd, what) {
  let file = `examples/scenarios/${what}.json`;
  if (typeof what !== 'string') writeFileSync(join(cwd, (file = 'mutation.json')), JSON.stringify(what));
  const result = await node(cwd, '--import', 'tsx', 'bin/simulate.ts', file, '--json');
  return foundBy(result, (stdout) => JSON.parse(stdout).differences);
}

/** The campaign, and what is wrong with the first of its runs that failed. */
async function faults(cwd) {
  const simulate = (...args) =>
    node(cwd, '--import', 'tsx', 'bin/simulate-faults.ts', '--seed', `${campaign.seed}`, '--shrink', '0', ...args);
  const result = await simulate('--runs', `${campaign.runs}`, '--workers', '1');
  const run = /failed: runs (\d+)/.exec(result.stdout)?.[1];
  if (result.status !== 1 || run === undefined) return foundBy(result, () => [`broke off: ${result.stderr.trim()}`]);
  return foundBy(await simulate('--run', run, '--json'), (stdout) =>
    JSON.parse(stdout).problems.map((problem) => `run ${run}: ${problem}`),
  );
}

/** How the check of a mutation is called, and what it finds in a copy. */
function checkOf({ test, scenario: what, campaign: drawn }) {
  if (test) return { called: test, find: (cwd) => tests(cwd, test) };
  if (drawn) return { called: `${campaign.runs} runs of seed ${campaign.seed}`, find: faults };
  return { called: typeof what === 'string' ? what : 'a scenario of its own', find: (cwd) => scenario(cwd, what) };
}

/** Does the tasks, as many at a time as there are copies. */
async function share(copies, tasks, act) {
  const left = [...tasks];
  await Promise.all(
    copies.map(async (copy) => {
      for (let task = left.shift(); task !== undefined; task = left.shift()) await act(copy, task);
    }),
  );
}

/** Applies a mutation, looks what its check finds, and takes it back. */
async function tryOut({ cwd, remake }, mutation) {
  const edits = editsOf(mutation);
  const files = [...new Set(edits.map(({ file }) => file))];
  const originals = files.map((file) => readFileSync(join(cwd, file), 'utf8'));
  for (const { file, find, replace } of edits) {
    const text = readFileSync(join(cwd, file), 'utf8');
    writeFileSync(
      join(cwd, file),
      text.replace(find, () => replace),
    );
  }
  const { problems, undo } = await remake(files);
  const found = problems.length > 0 ? problems : await checkOf(mutation).find(cwd);
  files.forEach((file, index) => writeFileSync(join(cwd, file), originals[index]));
  undo();
  return found;
}

const line = (text, length) => text.replace(/\s+/g, ' ').slice(0, length);
const chosen = mutations.filter(({ name }) => names.length === 0 || names.includes(name));
const copies = [];
for (let number = 0; number < Number(given.jobs); number += 1) copies.push(await bundlesOf(copy(number)));

// Without a defect everything passes: otherwise nothing that follows would mean anything.
const paths = [...new Set(chosen.flatMap(({ test }) => test ?? []))];
const others = new Map(chosen.filter(({ test }) => !test).map((mutation) => [JSON.stringify([mutation.scenario]), checkOf(mutation)]));
const sound = [...(paths.length > 0 ? [{ called: 'the tests', find: (cwd) => tests(cwd, ...paths) }] : []), ...others.values()];
const ill = [];
await share(copies, sound, async ({ cwd }, { called, find }) => {
  if (ill.length === 0) ill.push(...(await find(cwd)).map((problem) => `${called}: ${problem}`));
});
if (ill.length > 0) {
  console.error(['Without any defect these checks fail, so nothing was tried:', ...ill.map((problem) => `  ${problem}`)].join('\n'));
  process.exit(2);
}
console.log(`Without a defect all ${paths.length + others.size} checks pass.`);

let caught = 0;
await share(copies, chosen, async (copy, mutation) => {
  const found = await tryOut(copy, mutation);
  const reason = found.find((problem) => problem.includes(mutation.says));
  if (reason !== undefined) caught += 1;
  const verdict = reason !== undefined ? 'caught      ' : found.length === 0 ? 'NOT CAUGHT  ' : 'OTHER REASON';
  const told = reason ?? found[0] ?? 'it passes';
  console.log(`${verdict}  ${mutation.name.padEnd(55)}  ${checkOf(mutation).called}: ${line(told, 220)}`);
});
console.log(`\n${caught} of ${chosen.length} mutations are caught, each for the reason that the list names.`);
process.exitCode = caught === chosen.length ? 0 : 1;

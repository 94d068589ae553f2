/** Prints each bundle's size and how long a new process takes to import it: the best of five. The bars: 400 kB, 150 ms. Run `npm run bundle` first. */
import { execFileSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const RUNS = 5;

const rows = readdirSync('assets').map((task) => {
  const file = join(process.cwd(), 'assets', task, 'index.js');
  const code = `const t=performance.now();require(${JSON.stringify(file)});console.log(performance.now()-t)`;
  const times = Array.from({ length: RUNS }, () => Number(execFileSync(process.execPath, ['-e', code], { encoding: 'utf8' })));
  return { task, bytes: statSync(file).size, milliseconds: Math.min(...times) };
});
for (const { task, bytes, milliseconds } of rows.sort((a, b) => b.bytes - a.bytes)) {
  console.log(`${String(Math.round(bytes / 1000)).padStart(4)} kB ${milliseconds.toFixed(0).padStart(4)} ms  ${task}`);
}

// Fails when API.md is not what jsii-docgen would write from the compiled assembly.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folder = mkdtempSync(join(tmpdir(), 'api-docs-'));
try {
  const fresh = join(folder, 'API.md');
  execFileSync('npx', ['jsii-docgen', '-o', fresh], { stdio: 'inherit' });
  if (readFileSync(fresh, 'utf8') !== readFileSync('API.md', 'utf8')) {
    console.error('API.md is stale: run `npm run compile && npm run docs` and commit the result');
    process.exitCode = 1;
  }
} finally {
  rmSync(folder, { recursive: true });
}

import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..', '..');

test('every deliberate defect of the list can still be applied to the code, and names the check that must catch it', () => {
  const said = execFileSync(process.execPath, [join(ROOT, 'scripts', 'mutations.mjs'), '--check'], { encoding: 'utf8', stdio: 'pipe' });
  expect(said).toMatch(/^All \d+ mutations can be applied\.\n$/);
});

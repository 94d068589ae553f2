import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checksPage } from '../../../../lambda/core/checks/table';

test('docs/checks.md is what the classes say (else run `npx tsx scripts/checks-table.ts`)', () => {
  expect(readFileSync(join(__dirname, '../../../../docs/checks.md'), 'utf8')).toBe(checksPage());
});

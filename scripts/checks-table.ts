/** Writes docs/checks.md from the classes of lambda/core/checks: `npx tsx scripts/checks-table.ts`. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checksPage } from '../lambda/core/checks/table';

writeFileSync(join(__dirname, '../docs/checks.md'), checksPage());

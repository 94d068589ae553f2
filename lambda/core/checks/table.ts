import { ALL_CHECKS } from './catalogue';
import type { CheckDescription } from './check';
import { ALLOWED } from './check';

/** The page of the documentation that lists every check: Markdown, generated. */
export function checksPage(checks: readonly CheckDescription[] = ALL_CHECKS): string {
  return [
    '# Checks before an upgrade',
    '',
    '<!-- Generated from lambda/core/checks by scripts/checks-table.ts: change the classes, then run `npx tsx scripts/checks-table.ts`. -->',
    '',
    'Every check is made before anything is changed, and all that they find is reported together. A check that refuses stops the upgrade; one that warns does not, and the report says what it found. A check whose facts could not be read counts like one that',
    'failed. A request overrides a check by its name, with a reason of 10 to 500 characters that is recorded in the report:',
    '',
    '```json',
    '{ "overrides": { "app-compatibility": "all apps were tested on staging, CHG-4711" } }',
    '```',
    '',
    '| check | severity | looks at | source | override |',
    '|---|---|---|---|---|',
    ...checks.map(row),
    '',
  ].join('\n');
}

const row = ({ name, severity, looksAt, source, override }: CheckDescription): string =>
  `| \`${name}\` | ${severity} | ${looksAt} | [source](${source}) | ${override === ALLOWED ? 'allowed' : `no: ${override}`} |`;

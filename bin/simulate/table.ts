import type { EndResult } from '../../simulator/report/schedule-result';
import { duration } from '../../simulator/report/words';

/** One row of the table of `--all`. */
export interface Row {
  readonly name: string;
  readonly result: EndResult;
}

const HEAD = ['scenario', 'end', 'nodes', 'time', 'serving', 'requests', 'failed', 'rules', 'as expected'];

/** All scenarios with how they ended, then what is not as expected. */
export function table(rows: readonly Row[]): string {
  const cells = [HEAD, ...rows.map(row)];
  const widths = HEAD.map((_, column) => Math.max(...cells.map((line) => line[column]?.length ?? 0)));
  const lines = cells.map((line) =>
    line
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  lines.splice(1, 0, widths.map((width) => '-'.repeat(width)).join('  '));
  const surprises = rows.flatMap(({ name, result }) =>
    result.differences.map((difference) => `${name} (seed ${result.seed}): ${difference}`),
  );
  return [...lines, '', ...(surprises.length === 0 ? [`All ${rows.length} scenarios ended as expected.`] : surprises)].join('\n');
}

function row({ name, result }: Row): string[] {
  const { status, error, nodes, simulatedSeconds, minServing, requests, rules, asExpected } = result;
  const kept = rules.filter((rule) => rule.kept).length;
  return [
    name,
    error ?? status,
    String(nodes),
    duration(simulatedSeconds),
    String(minServing),
    String(requests.total),
    String(requests.failed),
    `${kept}/${rules.length}`,
    asExpected ? 'yes' : 'NO',
  ];
}

/** The plan page for people. */
import type { PlanPage, PlannedBackup, PlannedCheck, PlannedDuration } from '../../lib/contract/plan-page';
import { plannedText } from './approval-words';
import { counted } from './checks/check';
import { fitting } from './checks/account/window';
import { duration, moment } from './checks/words';
import { nameOf } from './observation';
import { ALL_RELEASE_NOTES } from './release-notes';

/** The page as sections of a report: what, with which risk, how, and what was checked. */
export function planPageText(page: PlanPage): readonly string[] {
  return [
    section('The plan', [
      `cluster: ${page.groupName}, ${counted(page.sizes.desired, 'node')} (minimum ${page.sizes.min}, maximum ${page.sizes.max})`,
      `version: ${page.fromVersion} becomes ${page.toVersion}`,
      `image: ${page.image.from} becomes ${page.image.to} in launch template ${page.image.launchTemplate}`,
      ...(page.resolution === '' ? [] : [`why this version: ${page.resolution}`]),
      ...(page.continues ? ['this goes on with an interrupted upgrade: what it has done already is not done again'] : []),
      `capacity: ${page.capacity}`,
      backupText(page.backup),
      `way back: until it is finalized, the upgraded nodes are replaced by original ones; after that ${page.backup.id === '' ? 'there is none' : 'only the backup is left'}`,
    ]),
    section('How long', durationLines(page.duration)),
    section('People are asked by the notification topic; the time that they take comes on top', page.approvals.map(plannedText)),
    section('Nodes in this order, decided again before each', page.nodes.map(nodeLine), '1'),
    section(
      'Suspended until the end',
      page.suspended.map(({ process, why }) => `${process}: ${why}`),
    ),
    section(
      'Everything that is changed, in order',
      page.calls.flatMap(({ step, calls }) => [`${step}:`, ...calls.map((call) => `  ${call}`)]),
      '1',
    ),
    checksText(page.checks),
    section('Read before you agree', notesLines(page)),
  ].filter((text) => text !== '');
}

/** Lines under a title; with `1` they are numbered, but for those that belong to the line before. Nothing without lines. */
function section(title: string, lines: readonly string[], mark: '-' | '1' = '-'): string {
  if (lines.length === 0) return '';
  let number = 0;
  const marked = lines.map((line) => (line.startsWith('  ') ? `   - ${line.trim()}` : mark === '-' ? `- ${line}` : `${++number}. ${line}`));
  return `${title}:\n${marked.join('\n')}`;
}

const nodeLine = (node: PlanPage['nodes'][number]): string => `${nameOf(node)}${node.why === undefined ? '' : `: ${node.why}`}`;

function backupText({ id, parts, isReused, noneBecause }: PlannedBackup): string {
  if (noneBecause !== '') return `backup: NONE, because ${noneBecause}`;
  const what = parts.join(', ') || 'the database and the shared home';
  return isReused ? `backup: ${id} of an earlier run is used (${what})` : `backup: ${what}, before anything else is changed (${id})`;
}

function durationLines({ expectedSeconds, basis, window, phases }: PlannedDuration): readonly string[] {
  const total = phases.reduce((sum, { atMostSeconds }) => sum + atMostSeconds, 0);
  return [
    `expected: about ${duration(expectedSeconds)} from the first node on (${basis})`,
    ...(window
      ? [`maintenance window: from ${moment(window.opensAt)} to ${moment(window.endsAt)}; ${fitting(window.fit, window.nodes)}`]
      : []),
    `at most: ${duration(total)}, if every phase takes its whole limit`,
    ...phases.map(({ phase, atMostSeconds, why }) => `  ${phase}: at most ${duration(atMostSeconds)}: ${why}`),
  ];
}

function notesLines({ releaseNotes }: PlanPage): readonly string[] {
  const notes = releaseNotes[0]?.notes;
  return notes === undefined
    ? [`release notes: ${ALL_RELEASE_NOTES}`]
    : [
        `release notes, with all bug-fix versions: ${notes} (all versions: ${ALL_RELEASE_NOTES})`,
        ...releaseNotes.map(({ version, issues }) => `fixed in ${version}: ${issues}`),
      ];
}

/** What did not pass comes first: it is what somebody has to agree to. */
function checksText(checks: readonly PlannedCheck[]): string {
  const of = (...words: string[]): number => checks.filter((check) => words.includes(wordOf(check))).length;
  const summary = `Checks (${of('passed')} passed, ${of('WARNING', 'WARNING, unknown')} warned, ${of('OVERRIDDEN')} overridden)`;
  return section(
    summary,
    [...checks]
      .sort((a, b) => Number(a.verdict === 'passed') - Number(b.verdict === 'passed'))
      .map((check) => {
        const todo = check.todo === '' ? '' : ` ${check.todo}`;
        const because = check.overriddenBecause === undefined ? '' : ` Overridden because: ${check.overriddenBecause}`;
        return `${wordOf(check)} [${check.check}] ${check.found}${todo}${because}`;
      }),
  );
}

function wordOf({ verdict, severity, overriddenBecause }: PlannedCheck): string {
  if (overriddenBecause !== undefined) return 'OVERRIDDEN';
  if (verdict === 'passed') return 'passed';
  if (severity === 'warn') return verdict === 'unknown' ? 'WARNING, unknown' : 'WARNING';
  return 'REFUSED';
}

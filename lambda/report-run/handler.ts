import { ENV } from '../../lib/contract/environment';
import type { Outcome, RunReport } from '../../lib/contract/events';
import { readEnvironment } from '../adapters/environment';
import { notifications } from '../adapters/notifications';
import { asMessage } from '../core/message';
import type { ReportGround } from '../core/report';
import { makeReport } from '../core/report';
import type { Notifications } from '../ports/notifications';
import { task } from '../shared/task';

/** What nobody needs to be told, as nothing happened: the output of the execution says it. Most nights of a schedule end so. */
const QUIET: readonly Outcome[] = ['NOTHING_TO_DO'];

/** Makes the report and tells it. A run does not fail because nobody could be told: that is only logged. */
export async function reportRun(ground: ReportGround, topic: Notifications | undefined): Promise<RunReport> {
  const report = makeReport(ground);
  if (QUIET.includes(report.outcome)) return report;
  await topic?.publish(report.subject, asMessage(report.text)).catch((error: unknown) => {
    console.error({ task: 'report-run', error: 'not published', message: error instanceof Error ? error.message : String(error) });
  });
  return report;
}

export const handler = task('report-run', (ground: ReportGround) => {
  const { topicArn, backup, times, gates } = readEnvironment((read) => ({
    topicArn: read.optional(ENV.TOPIC_ARN),
    backup: read.backup(),
    times: { limits: read.limits(), ...(read.optional(ENV.BAKE) !== '' && { bake: read.bake() }) },
    gates: read.approvals(),
  }));
  return reportRun({ ...ground, noBackupBecause: backup.noneBecause, times, gates }, topicArn === '' ? undefined : notifications(topicArn));
});

import { ENV } from '../../lib/contract/environment';
import type { Outcome, RunReport } from '../../lib/contract/events';
import { readEnvironment } from '../adapters/environment';
import { notifications } from '../adapters/notifications';
import type { ReportGround } from '../core/report';
import { makeReport } from '../core/report';
import { toldReport } from '../core/report-told';
import type { Notifications } from '../ports/notifications';
import { publishOrLog } from '../shared/publish-or-log';
import { task } from '../shared/task';

/** What nobody needs to be told, as nothing happened: the output of the execution says it. Most nights of a schedule end so. */
const QUIET: readonly Outcome[] = ['NOTHING_TO_DO'];

/** Makes the report and tells it. A run does not fail because nobody could be told: that is only logged. */
export async function reportRun(ground: ReportGround, cluster: string, topic: Notifications | undefined): Promise<RunReport> {
  const report = makeReport(ground);
  if (QUIET.includes(report.outcome)) return report;
  await publishOrLog('report-run', toldReport(report, ground.run, cluster), topic);
  return report;
}

export const handler = task('report-run', (ground: ReportGround) => {
  const { topicArn, cluster, backup, times, gates } = readEnvironment((read) => ({
    topicArn: read.optional(ENV.TOPIC_ARN),
    cluster: read.text(ENV.GROUP_NAME),
    backup: read.backup(),
    times: { limits: read.limits(), ...(read.optional(ENV.BAKE) !== '' && { bake: read.bake() }) },
    gates: read.approvals(),
  }));
  return reportRun(
    { ...ground, noBackupBecause: backup.noneBecause, times, gates },
    cluster,
    topicArn === '' ? undefined : notifications(topicArn),
  );
});

import { ENV } from '../../lib/contract/environment';
import type { RunReport } from '../../lib/contract/events';
import { readEnvironment } from '../adapters/environment';
import { notifications } from '../adapters/notifications';
import type { ReportGround } from '../core/report';
import { makeReport } from '../core/report';
import { toldReport } from '../core/report-told';
import type { Notifications } from '../ports/notifications';
import { publishOrLog } from '../shared/publish-or-log';
import { task } from '../shared/task';

/** Makes the report and tells it. A run does not fail because nobody could be told: that is only logged. */
export async function reportRun(ground: ReportGround, cluster: string, topic: Notifications | undefined): Promise<RunReport> {
  const report = makeReport(ground);
  await publishOrLog('report-run', toldReport(report, ground.run, cluster), topic);
  return report;
}

export const handler = task('report-run', (ground: ReportGround) => {
  const { topicArn, cluster, backup, times } = readEnvironment((read) => ({
    topicArn: read.optional(ENV.TOPIC_ARN),
    cluster: read.text(ENV.GROUP_NAME),
    backup: read.backup(),
    times: { limits: read.limits(), ...(read.optional(ENV.BAKE) !== '' && { bake: read.bake() }) },
  }));
  return reportRun(
    { ...ground, noBackupBecause: backup.noneBecause, times },
    cluster,
    topicArn === '' ? undefined : notifications(topicArn),
  );
});

import { ENV } from '../../lib/contract/environment';
import { readEnvironment } from '../adapters/environment';
import { notifications } from '../adapters/notifications';
import type { AnnouncementGround } from '../core/announcement';
import { announcementOf } from '../core/announcement';
import type { Notifications } from '../ports/notifications';
import { publishOrLog } from '../shared/publish-or-log';
import { task } from '../shared/task';

/** Tells what the run does now. Nothing waits for it, and nothing fails because of it. */
export async function announce(
  ground: AnnouncementGround,
  topic: Notifications | undefined,
): Promise<{ readonly told: boolean; readonly detail: string }> {
  const told = announcementOf(ground);
  return { told: await publishOrLog('announce', told, topic), detail: told.subject };
}

export const handler = task('announce', (ground: Omit<AnnouncementGround, 'noBackupBecause' | 'times'>) => {
  const { topicArn, backup, times } = readEnvironment((read) => ({
    topicArn: read.optional(ENV.TOPIC_ARN),
    backup: read.backup(),
    times: { limits: read.limits(), bake: read.bake() },
  }));
  return announce({ ...ground, noBackupBecause: backup.noneBecause, times }, topicArn === '' ? undefined : notifications(topicArn));
});

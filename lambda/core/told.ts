import type { NodeReport, Plan, Run } from '../../lib/contract/events';
import type { NotificationDetails, NotificationEvent, NotifiedNode } from '../../lib/contract/notification';
import { asMade } from './direction';

/** Something to tell: a subject and a text for people, and the same as fields for programs. */
export interface Told<Event extends NotificationEvent = NotificationEvent> {
  readonly event: Event;
  readonly subject: string;
  readonly text: string;
  readonly cluster: string;
  /** The version that the upgrade started from; empty while it is not known. */
  readonly fromVersion: string;
  readonly toVersion: string;
  readonly executionArn: string;
  readonly details: NotificationDetails[Event];
}

/** What upgrade it is about. */
export function aboutPlan(plan: Plan, run: Run): Pick<Told, 'cluster' | 'fromVersion' | 'toVersion' | 'executionArn'> {
  const { groupName, fromVersion, toVersion } = asMade(plan);
  return { cluster: groupName, fromVersion, toVersion, executionArn: run.executionArn };
}

/** Seconds that a node took to drain. */
export const drainSeconds = ({ standbyAt, drainedAt }: Pick<NodeReport, 'standbyAt' | 'drainedAt'>): number =>
  Math.max(0, Math.round((Date.parse(drainedAt) - Date.parse(standbyAt)) / 1000));

/** A node as programs are told of it. */
export const notifiedNode = (report: NodeReport): NotifiedNode => ({
  old: report.old.instanceId,
  ...(report.replacement && { replacement: report.replacement.instanceId }),
  bootSeconds: report.bootSeconds,
  drainSeconds: drainSeconds(report),
});

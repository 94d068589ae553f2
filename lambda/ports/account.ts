import type { Plan } from '../../lib/contract/events';
import type { Calendar, DryRun } from '../core/checks/facts';
import type { Series } from '../core/checks/load';

/** CloudWatch metrics. */
export interface Metrics {
  /** Average CPU of each instance in every five minutes, in percent. */
  cpu(instanceIds: readonly string[], from: Date, to: Date): Promise<readonly Series[]>;
}

/** Change calendars of Systems Manager. */
export interface Calendars {
  state(name: string): Promise<Calendar>;
}

/** Tries the calls that launch a new image, without making them. */
export interface Rehearsal {
  launch(plan: Plan, subnetId: string | undefined): Promise<readonly DryRun[]>;
}

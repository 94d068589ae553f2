/** What a run records of Bitbucket itself before it changes it, kept in the lock's table: a banner is too long for a tag. */
import type { Plan } from '../../lib/contract/events';
import type { App } from './apps';
import type { BannerRecord } from './banner';
import type { Known } from './checks/check';

/** The record of one cluster. */
export interface SiteRecord {
  /** ARN of the execution that wrote it: its own attempts, and a run that goes on from there, keep the apps that it recorded. */
  readonly run: string;
  readonly versions: { readonly from: string; readonly to: string };
  /** Absent when the banner could not be read. */
  readonly banner?: BannerRecord;
  /** As they were at the start, or why that is not known. */
  readonly apps: Known<readonly App[]>;
}

/** Key of the record in the table, whose other items are locks under the names of groups: in these there is no colon. */
export const recordKey = (groupName: string): string => `${groupName}:banner-and-apps`;

/** What the run that made the record, or one that goes on from there, must not record anew. */
export function appsToKeep(plan: Plan, record: SiteRecord | undefined): SiteRecord['apps'] | undefined {
  const isOurs = record !== undefined && (plan.continues || record.run === plan.run.executionArn);
  return isOurs && 'value' in record.apps ? record.apps : undefined;
}

/** The record once the banner is down: nothing, when nobody goes on with the upgrade. */
export function afterTakeDown(record: SiteRecord, upgradeGoesOn: boolean): SiteRecord | undefined {
  if (!upgradeGoesOn) return undefined;
  return { ...record, ...(record.banner && { banner: { ...record.banner, isUp: false } }) };
}

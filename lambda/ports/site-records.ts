import type { SiteRecord } from '../core/site-record';

/** The record of a cluster. Errors: those of AWS. */
export interface SiteRecords {
  read(groupName: string): Promise<SiteRecord | undefined>;
  /**
   * Writes it instead of the one that was read (none, when undefined), or removes it.
   *
   * @throws AwsUnavailable, to be tried again, when it is another by now
   */
  replace(groupName: string, read: SiteRecord | undefined, by: SiteRecord | undefined): Promise<void>;
}

/** The adapters of Bitbucket's banner and apps, and of the record of both, as several tasks put them together. */
import { ENV } from '../../lib/contract/environment';
import { apps } from '../adapters/apps';
import { banners } from '../adapters/banners';
import { bitbucketClient } from '../adapters/bitbucket-client';
import type { EnvironmentReader } from '../adapters/environment';
import { siteRecords } from '../adapters/site-records';
import type { Apps } from '../ports/apps';
import type { Banners } from '../ports/banners';
import type { SiteRecords } from '../ports/site-records';

/** What these tasks act on. */
export interface SitePorts {
  readonly banners: Banners;
  readonly apps: Apps;
  readonly records: SiteRecords;
}

/** What these tasks read from their environment. */
export const siteEnvironment = (read: EnvironmentReader) => ({ access: read.bitbucket(), table: read.text(ENV.LOCK_TABLE_NAME) });

/** The real ports, with one client. */
export function sitePorts({ access, table }: ReturnType<typeof siteEnvironment>): SitePorts {
  const client = bitbucketClient(access);
  return { banners: banners(client, access.baseUrl), apps: apps(client, access.baseUrl), records: siteRecords(table) };
}

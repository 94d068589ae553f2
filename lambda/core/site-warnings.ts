import type { AppsLook, Failure, Problem } from '../../lib/contract/events';
import { appsNotCompared } from './apps';
import { unwrapFailure } from './failure';

/** What a run found out about Bitbucket's banner and its apps; failures are empty when there was none. */
export interface SiteGround {
  /** Why the banner could not be put up. */
  readonly bannerFailure?: Partial<Failure>;
  readonly apps?: Partial<AppsLook>;
  /** Why the apps could not be compared. */
  readonly appsFailure?: Partial<Failure>;
}

/** Warnings of the report: nothing that an upgrade fails for. */
export function siteWarnings({ bannerFailure, apps, appsFailure }: SiteGround): readonly Problem[] {
  return [
    ...told(bannerFailure, (why) => ({
      check: 'banner',
      message: `Bitbucket's banner could not be put up, so nobody was told there to leave the apps alone: ${why} Nothing has to be put back.`,
    })),
    ...(apps?.warnings ?? []),
    ...told(appsFailure, appsNotCompared),
  ];
}

function told(failure: Partial<Failure> | undefined, warning: (why: string) => Problem): readonly Problem[] {
  if (!failure?.Error) return [];
  const { error, message } = unwrapFailure(failure);
  return [warning(`${error}: ${message}`)];
}

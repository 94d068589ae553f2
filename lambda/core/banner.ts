/** Bitbucket's banner while an upgrade runs: ours is put up, and what was there before comes back. */
import type { Plan } from '../../lib/contract/events';
import { asMade } from './direction';

/** The announcement above every page; there is only one. */
export interface Banner {
  readonly message: string;
  readonly enabled: boolean;
  readonly audience: 'ALL' | 'AUTHENTICATED';
}

/** What is recorded before the banner is overwritten. */
export interface BannerRecord {
  /** Undefined when there was none. */
  readonly before: Banner | undefined;
  readonly ours: Banner;
  /** False once `before` is back: the record then only serves to tell ours from theirs. */
  readonly isUp: boolean;
}

/** How each of our banners begins. */
const OURS = 'A rolling upgrade of Bitbucket runs:';

/** What people read: the same for every run of one upgrade. */
export function ourBanner(plan: Plan): Banner {
  const { fromVersion, toVersion } = asMade(plan);
  const message = `${OURS} from ${fromVersion} to ${toVersion}, node by node. Bitbucket stays available. Administrators: do not install, update or remove apps until this notice is gone.`;
  return { message, enabled: true, audience: 'ALL' };
}

/** Whether two banners are the same to a reader: Bitbucket may trim what it is given. */
export function sameBanner(one: Banner | undefined, other: Banner | undefined): boolean {
  if (!one || !other) return one === other;
  const plain = ({ message }: Banner): string => message.replace(/\s+/g, ' ').trim();
  return plain(one) === plain(other) && one.enabled === other.enabled && one.audience === other.audience;
}

/**
 * What to record before ours is put up. Ours is never taken for what was there before: neither that of the record, which an interrupted run left,
 * nor one of which the record is lost.
 */
export function bannerToPutUp(plan: Plan, current: Banner | undefined, recorded: BannerRecord | undefined): BannerRecord {
  const ours = ourBanner(plan);
  if (recorded && sameBanner(current, recorded.ours)) return { before: recorded.before, ours, isUp: true };
  const before = current?.message.startsWith(OURS) && !recorded ? undefined : current;
  return { before, ours, isUp: true };
}

/** What to do with the banner that is there. */
export type TakeDown =
  /** It is somebody else's: theirs stays. */
  | 'keep'
  /** It is ours: what was there before must come back. */
  | 'put-back'
  /** It seems to be back, or was never overwritten: it is put back once more, since the answer may be an old one. */
  | 'put-back-perhaps';

export function takeDown(current: Banner | undefined, { before, ours }: BannerRecord): TakeDown {
  if (sameBanner(current, ours)) return 'put-back';
  return sameBanner(current, before) ? 'put-back-perhaps' : 'keep';
}

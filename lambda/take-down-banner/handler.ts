import type { CapacityLook, Look, Plan } from '../../lib/contract/events';
import { readEnvironment } from '../adapters/environment';
import type { Banner, BannerRecord } from '../core/banner';
import { takeDown } from '../core/banner';
import { isTaskError } from '../core/errors';
import { afterTakeDown } from '../core/site-record';
import type { Banners } from '../ports/banners';
import { actingTask } from '../shared/acting-task';
import type { SitePorts } from '../shared/site';
import { siteEnvironment, sitePorts } from '../shared/site';

interface Input {
  /** Of a recovery that found no more than this left: without what the run would do. */
  readonly plan: Pick<Plan, 'groupName'> & Partial<Pick<Plan, 'action'>>;
  /** What the cluster is made of. */
  readonly made: CapacityLook['made'];
  /** The last look at the finalization. */
  readonly finalized?: Pick<Look, 'verdict'>;
}

/** Puts back the banner that was there before, and removes the record of it last, so that an interrupted task can be repeated. */
export async function takeDownBanner(
  { plan, made, finalized }: Input,
  { records, banners }: Pick<SitePorts, 'records' | 'banners'>,
): Promise<{ readonly detail: string }> {
  const record = await records.read(plan.groupName);
  if (!record) return { detail: 'no run has recorded a banner' };
  const detail = record.banner?.isUp === true ? await putBack(record.banner, banners) : 'no banner of an upgrade is up';
  const upgradeGoesOn = finalized?.verdict !== 'done' && made !== 'original' && plan.action !== 'nothing';
  await records.replace(plan.groupName, record, afterTakeDown(record, upgradeGoesOn));
  return { detail };
}

async function putBack(record: BannerRecord, banners: Banners): Promise<string> {
  const step = takeDown(await banners.read(), record);
  if (step === 'keep') return 'somebody has put up another banner meanwhile: theirs stays';
  try {
    await banners.set(record.before);
  } catch (error) {
    // Where ours could not be put up, nothing has to be put back.
    if (step === 'put-back' || !isTaskError(error, 'PermissionMissing')) throw error;
  }
  return textOf(record.before);
}

const textOf = (before: Banner | undefined): string => (before ? 'the banner from before is back' : 'there is no banner again');

export const handler = actingTask('take-down-banner', (input: Input & { readonly plan: Plan }) =>
  takeDownBanner(input, sitePorts(readEnvironment(siteEnvironment))),
);

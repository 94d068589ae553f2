import type { AppsLook, Plan } from '../../lib/contract/events';
import { readEnvironment } from '../adapters/environment';
import { appsNotCompared, compareApps } from '../core/apps';
import type { SitePorts } from '../shared/site';
import { siteEnvironment, sitePorts } from '../shared/site';
import { task } from '../shared/task';

interface Input {
  readonly plan: Plan;
}

/** Compares the apps with those that were recorded at the start. Changes nothing: what it finds are warnings. */
export async function lookAtApps({ plan }: Input, { records, apps }: Pick<SitePorts, 'records' | 'apps'>): Promise<AppsLook> {
  const { apps: before } = (await records.read(plan.groupName)) ?? { apps: { unknown: 'nothing was recorded.' } };
  if (!('value' in before)) return { warnings: [appsNotCompared(`when the upgrade began, ${before.unknown}`)], compared: 0 };
  return { warnings: compareApps(before.value, await apps.installed()), compared: before.value.length };
}

export const handler = task('compare-apps', (input: Input) => lookAtApps(input, sitePorts(readEnvironment(siteEnvironment))));

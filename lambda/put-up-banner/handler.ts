import type { Plan } from '../../lib/contract/events';
import { readEnvironment } from '../adapters/environment';
import type { App } from '../core/apps';
import { bannerToPutUp } from '../core/banner';
import type { Known } from '../core/checks/check';
import { known } from '../core/checks/check';
import { isTaskError } from '../core/errors';
import type { SiteRecord } from '../core/site-record';
import { appsToKeep } from '../core/site-record';
import type { Apps } from '../ports/apps';
import { actingTask } from '../shared/acting-task';
import type { SitePorts } from '../shared/site';
import { siteEnvironment, sitePorts } from '../shared/site';

interface Input {
  readonly plan: Plan;
}

/**
 * Records the apps that are installed and the banner that is there, where a run that is ended from outside does not lose them, and only then puts up
 * the banner of the upgrade. The apps are recorded also when the banner cannot be read.
 */
export async function putUpBanner({ plan }: Input, ports: SitePorts): Promise<{ readonly apps: number; readonly detail: string }> {
  const found = await ports.records.read(plan.groupName);
  const apps = appsToKeep(plan, found) ?? (await installedApps(ports.apps));
  const record: SiteRecord = {
    run: plan.run.executionArn,
    versions: { from: plan.fromVersion, to: plan.toVersion },
    ...(found?.banner && { banner: found.banner }),
    apps,
  };
  const current = await ports.banners.read().catch(async (error: unknown) => {
    await ports.records.replace(plan.groupName, found, record);
    throw error;
  });
  const banner = bannerToPutUp(plan, current, found?.banner);
  await ports.records.replace(plan.groupName, found, { ...record, banner });
  await ports.banners.set(banner.ours);
  return {
    apps: 'value' in apps ? apps.value.length : 0,
    detail: `${banner.before ? 'instead of a banner that comes back at the end' : 'there was none before'}; ${'value' in apps ? `${apps.value.length} apps are recorded` : `the apps are not known: ${apps.unknown}`}`,
  };
}

/** Nothing waits for the apps; but credentials that are refused are not sent again. */
async function installedApps(apps: Apps): Promise<Known<readonly App[]>> {
  try {
    return known(await apps.installed());
  } catch (error) {
    if (!isTaskError(error) || error.name === 'CredentialsRefused') throw error;
    return { unknown: error.message };
  }
}

export const handler = actingTask('put-up-banner', (input: Input) => putUpBanner(input, sitePorts(readEnvironment(siteEnvironment))));

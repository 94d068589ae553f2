import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import type { Scenario } from '../../simulator/scenario/scenario';
import { SITE, baseUrl } from '../../simulator/scenario/site';
import type { Settings } from '../app/settings';
import { defineApp } from '../app/stack';
import { backupSettings } from './backup-settings';

const ROOT = join(__dirname, '..', '..');

/** The settings of the deployable app for the simulated site. */
export function settingsFor(scenario: Scenario): Settings {
  const { cluster, capacity, deniedVersions, failurePolicy, replacementBudget, bake, account, approvals } = scenario;
  const { holdLimit, ...limits } = scenario.limits;
  return {
    stackName: 'BitbucketRollingUpgrade',
    account: SITE.account,
    region: SITE.region,
    groupName: SITE.groupName,
    launchTemplateId: SITE.launchTemplateId,
    nodeRoleArn: SITE.nodeRoleArn,
    targetGroupArns: [SITE.httpTargetGroupArn, SITE.sshTargetGroupArn],
    baseUrl: baseUrl(cluster.contextPath),
    credentialsSecretArn: SITE.credentialsSecretArn,
    vpcId: SITE.vpcId,
    subnetIds: SITE.subnetIds,
    securityGroupIds: [SITE.securityGroupId],
    nodePort: SITE.httpPort,
    nodeProtocol: 'http',
    images: { kind: 'tag', tagKey: SITE.imageTagKey, owners: ['self'] },
    backup: backupSettings(scenario.backup),
    capacity,
    limits,
    failures: {
      ...(failurePolicy !== undefined && { policy: failurePolicy }),
      ...(holdLimit !== undefined && { holdLimit }),
      ...(replacementBudget !== undefined && { replacementBudget }),
      bake: {
        ...(bake.firstSeconds !== undefined && { first: bake.firstSeconds }),
        ...(bake.eachSeconds !== undefined && { each: bake.eachSeconds }),
        ...(bake.alarms !== undefined && { alarms: bake.alarms }),
      },
    },
    deniedVersions: [...deniedVersions],
    checks: checkSettings(account),
    ...(Object.keys(approvals).length > 0 && { approvals }),
    ...(scenario.schedule && { schedule: scheduleSettings(scenario.schedule) }),
  };
}

/** The schedule that starts the runs. */
const scheduleSettings = (schedule: NonNullable<Scenario['schedule']>): NonNullable<Settings['schedule']> => ({
  expression: schedule.expression,
  timeZone: schedule.timeZone,
  targetVersion: schedule.targetVersion,
  maintenanceWindow: schedule.maintenanceWindowMinutes,
  flexible: schedule.flexibleMinutes,
});

/** What the construct is told to look at before an upgrade: every calendar and alarm of the scenario. */
function checkSettings({ calendars, alarms, maxCpuPercent }: Scenario['account']): NonNullable<Settings['checks']> {
  const [calendarNames, alarmNames] = [Object.keys(calendars), Object.keys(alarms)];
  return {
    ...(calendarNames.length > 0 && { changeCalendars: calendarNames }),
    ...(alarmNames.length > 0 && { alarms: alarmNames }),
    ...(maxCpuPercent !== undefined && { maxCpu: maxCpuPercent }),
  };
}

/**
 * Cloud assemblies of the deployable app, synthesized in process into a temporary folder; scenarios with the same settings share one. The folders
 * are removed with the process at the latest.
 */
export class Assemblies {
  readonly #directories = new Map<string, string>();
  readonly #atExit = (): void => {
    this.dispose();
  };

  constructor() {
    process.once('exit', this.#atExit);
  }

  /** The directory of the assembly that a scenario runs. */
  for(scenario: Scenario): string {
    const settings = settingsFor(scenario);
    const key = JSON.stringify(settings);
    let directory = this.#directories.get(key);
    if (directory === undefined) {
      directory = mkdtempSync(join(tmpdir(), 'bitbucket-rolling-upgrade-'));
      this.#directories.set(key, directory);
      const { context } = JSON.parse(readFileSync(join(ROOT, 'cdk.json'), 'utf8')) as { context?: Record<string, unknown> };
      const app = new App({ outdir: directory, context, analyticsReporting: false, treeMetadata: false });
      defineApp(app, settings);
      app.synth();
    }
    return directory;
  }

  /** Removes the temporary folders. */
  dispose(): void {
    for (const directory of this.#directories.values()) rmSync(directory, { recursive: true, force: true });
    this.#directories.clear();
    process.off('exit', this.#atExit);
  }
}

/** Services whose endpoint is named otherwise than their IAM actions. */
const ENDPOINTS: Readonly<Record<string, string>> = { cloudwatch: 'monitoring' };

/** `monitoring` of `cloudwatch`: how a service's endpoint begins. */
export function endpointOf(service: string): string {
  return ENDPOINTS[service] ?? service;
}

/** The task of a function: `stand-by` of `UpgradeTasksStandByFunction0A1B2C3D`, one of the backup likewise; undefined when it is none. */
export function taskOf(logicalId: string): string | undefined {
  const name = /(?:Tasks|Backup)([A-Z]\w*?)Function[0-9A-F]{8}$/.exec(logicalId)?.[1];
  return name?.replace(/(?!^)([A-Z])/g, '-$1').toLowerCase();
}

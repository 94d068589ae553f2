/** The apps that people installed, at the start and before the upgrade is finalized. */
import type { Problem } from '../../lib/contract/events';

/** An app. */
export interface App {
  readonly key: string;
  readonly name: string;
  readonly version: string;
  readonly enabled: boolean;
}

/** The check that the warnings are told under. */
const CHECK = 'apps';

const TODO = 'An app that changed while nodes of two versions served may not fit both: test it, and look at the logs of the nodes.';

/** What changed, as warnings: each names the app and both versions. */
export function compareApps(before: readonly App[], now: readonly App[]): readonly Problem[] {
  const was = new Map(before.map((app) => [app.key, app]));
  const is = new Map(now.map((app) => [app.key, app]));
  const keys = [...new Set([...was.keys(), ...is.keys()])].sort();
  return keys.flatMap((key) => {
    const change = changeOf(was.get(key), is.get(key));
    return change === undefined ? [] : [{ check: CHECK, message: `${change} ${TODO}` }];
  });
}

function changeOf(was: App | undefined, is: App | undefined): string | undefined {
  if (!was) return is && `${nameOf(is)} was installed during the upgrade: version ${is.version}, not there before.`;
  if (!is) return `${nameOf(was)} was removed during the upgrade: version ${was.version} before, not there now.`;
  const changes = [
    ...(was.version === is.version ? [] : [`version ${was.version} before, ${is.version} now`]),
    ...(was.enabled === is.enabled ? [] : [is.enabled ? 'disabled before, enabled now' : 'enabled before, disabled now']),
  ];
  if (changes.length === 0) return undefined;
  const version = was.version === is.version ? ` (version ${is.version})` : '';
  return `${nameOf(is)} was changed during the upgrade: ${changes.join(', ')}${version}.`;
}

const nameOf = ({ key, name }: App): string => (name === '' || name === key ? key : `${name} (${key})`);

/** That nobody knows whether an app changed. */
export const appsNotCompared = (why: string): Problem => ({
  check: CHECK,
  message: `Whether apps were changed during the upgrade is not known: ${why} Look at Administration > Manage apps.`,
});

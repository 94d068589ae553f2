/** Reads what Bitbucket's administration answers: unknown fields are let through, missing ones become empty. */
import type { AppCompatibility, Clustering, HealthCheck, Licence, MeshNode, Mirror } from '../core/checks/facts';
import { TaskError } from '../core/errors';
import { list, object, text } from './json-fields';

/** `/rest/api/latest/admin/cluster`. */
export function toClustering(value: unknown): Clustering {
  const body = object(value);
  if (!body) throw new TaskError('ClusterUnexpected', 'GET /rest/api/latest/admin/cluster answered without a cluster.');
  return { running: body['running'] === true, nodes: list(body['nodes']).length };
}

/** `/rest/api/latest/admin/license`: times are milliseconds since 1970. */
export function toLicence(value: unknown): Licence {
  const { expiryDate, maintenanceExpiryDate } = object(value) ?? {};
  const expiresAt = time(expiryDate);
  const maintenanceEndsAt = time(maintenanceExpiryDate);
  return { ...(expiresAt !== undefined && { expiresAt }), ...(maintenanceEndsAt !== undefined && { maintenanceEndsAt }) };
}

function time(value: unknown): string | undefined {
  const date = typeof value === 'number' || typeof value === 'string' ? new Date(value) : undefined;
  return date === undefined || Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}

/** `/rest/troubleshooting/1.0/check/`; checks that are turned off, or only tried out, do not count. */
export const toHealthChecks = (value: unknown): readonly HealthCheck[] =>
  list(object(value)?.['statuses'])
    .filter(({ isEnabled, isSoftLaunch }) => isEnabled !== false && isSoftLaunch !== true)
    .map((status) => ({
      name: text(status['name']) || text(status['completeKey']),
      healthy: (status['isHealthy'] ?? status['healthy']) === true,
      reason: text(status['failureReason']),
      severity: text(status['severity']),
    }));

/** `/rest/plugins/1.0/product-updates/`: later versions, each with its build number, which stands in its link. */
export const toProductUpdates = (value: unknown): readonly { readonly version: string; readonly build: string }[] =>
  list(object(value)?.['versions']).flatMap((one) => {
    const link = text(object(one['links'])?.['self']);
    const build = /product-updates\/(\d+)/.exec(link)?.[1];
    return build === undefined ? [] : [{ version: text(one['version']), build }];
  });

/** `/rest/plugins/1.0/product-updates/<build>/compatibility`: lists of apps; one that is disabled is no obstacle. */
export function toCompatibility(value: unknown): AppCompatibility {
  const body = object(value) ?? {};
  const names = (key: string): readonly string[] =>
    list(body[key])
      .filter(({ enabled }) => enabled !== false)
      .map((app) => text(app['name']) || text(app['key']));
  return {
    compatible: names('compatible'),
    updateRequired: [...names('updateRequired'), ...names('updateRequiredAfterProductUpdate')],
    incompatible: names('incompatible'),
    unknown: names('unknown'),
  };
}

/** `/rest/api/latest/admin/git/mesh/nodes`: a list, or a page of one. */
export const toMesh = (value: unknown): readonly MeshNode[] =>
  list(Array.isArray(value) ? value : object(value)?.['values']).map((node) => ({
    name: text(node['name']) || text(node['rpcUrl']),
    version: text(node['version']) || text(node['buildVersion']),
    state: text(node['state']),
  }));

/** One page of `/rest/mirroring/latest/mirrorServers`, and where the next begins. */
export function toMirrors(value: unknown): { readonly mirrors: readonly Mirror[]; readonly next: number | undefined } {
  const body = object(value) ?? {};
  const next = body['nextPageStart'];
  return {
    mirrors: list(body['values']).map((mirror) => ({
      name: text(mirror['name']),
      version: text(mirror['productVersion']),
      enabled: mirror['enabled'] === true,
    })),
    next: body['isLastPage'] === false && typeof next === 'number' ? next : undefined,
  };
}

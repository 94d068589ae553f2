/** Reads Bitbucket's JSON: unknown fields and states are let through, missing ones become empty. */
import { TaskError } from '../core/errors';
import type { Cluster, ClusterNode } from '../core/observation';
import type { Json } from './json-fields';
import { list, object, text } from './json-fields';

const count = (value: unknown): number => (typeof value === 'number' && Number.isFinite(value) ? value : 0);

/** `Cluster` of https://developer.atlassian.com/server/bitbucket/reference/zdu-rest/ */
export function toCluster(value: unknown): Cluster {
  const body = object(value);
  if (!body || typeof body['state'] !== 'string') {
    throw new TaskError(
      'ClusterUnexpected',
      'GET /rest/zdu/cluster answered without a state: this is not the rolling-upgrade API of Bitbucket.',
    );
  }
  return {
    upgradeModeEnabled: body['upgradeModeEnabled'] === true,
    state: body['state'],
    originalVersion: text(body['originalVersion']),
    nodes: list(body['nodes']).map(toNode),
  };
}

const toNode = (node: Json): ClusterNode => ({
  ipAddress: address(text(node['ipAddress'])),
  state: text(node['state']),
  version: text(node['version']),
  load: count(node['tasksTotal']) + count(node['activeUserCount']),
});

/** `version` of application-properties; empty when there is none. */
export const toVersion = (value: unknown): string => text(object(value)?.['version']);

/** `state` of `/status`; empty when there is none. */
export const toStatus = (value: unknown): string => text(object(value)?.['state']);

/** Addresses of `/rest/api/latest/admin/cluster`; undefined when it lists no members. */
export function toMembers(value: unknown): readonly string[] | undefined {
  const nodes = object(value)?.['nodes'];
  if (!Array.isArray(nodes)) return undefined;
  return list(nodes).map((node) => address(text(object(node['address'])?.['address'] ?? node['address'])));
}

/** The address alone: Java also writes `host/10.0.1.5` and `/10.0.1.5:5701`. */
const address = (written: string): string => /\d{1,3}(?:\.\d{1,3}){3}/.exec(written)?.[0] ?? written.replace(/^.*\//, '');

/** Parses JSON; undefined for anything else. */
export function tryJson(body: string): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return undefined;
  }
}

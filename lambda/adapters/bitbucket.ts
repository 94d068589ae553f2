import { TaskError } from '../core/errors';
import type { Bitbucket, Nodes } from '../ports/bitbucket';
import type { BitbucketClient } from './bitbucket-client';
import { asError, bitbucketClient } from './bitbucket-client';
import { toCluster, toMembers, toStatus, toVersion, tryJson } from './bitbucket-json';
import type { BitbucketAccess } from './environment';
import type { HttpAnswer } from './http';

const ADMIN_CLUSTER = '/rest/api/latest/admin/cluster';

/** Bitbucket and its nodes, with one client for both; `client` when there is one already. */
export function bitbucketOf(
  access: BitbucketAccess,
  client: BitbucketClient = bitbucketClient(access),
): { readonly bitbucket: Bitbucket; readonly nodes: Nodes } {
  return { bitbucket: bitbucket(client, access.baseUrl), nodes: nodes(client) };
}

const bitbucket = (client: BitbucketClient, base: string): Bitbucket => ({
  cluster: async () => toCluster(await client.json(base, '/rest/zdu/cluster', true)),
  version: async () => {
    const version = toVersion(await client.json(base, '/rest/api/latest/application-properties', false));
    if (version === '')
      throw new TaskError('ClusterUnexpected', `GET /rest/api/latest/application-properties of ${base} tells no version.`);
    return version;
  },
  call: async (operation) => {
    const path = `/rest/zdu/${operation}`;
    const answer = await client.ask('POST', base, path, true);
    if (answer.status >= 200 && answer.status < 300) return 'accepted';
    const error = await asError('POST', path, answer, () => client.ask('GET', base, ADMIN_CLUSTER, true));
    // 409: not legal now, perhaps because it is done already. No answer: it may have worked. The state tells, not the call.
    if (answer.status === 409 || error.name === 'BitbucketUnavailable') return 'look-again';
    throw error;
  },
});

const nodes = (client: BitbucketClient): Nodes => ({
  view: async (privateIp) => {
    const at = client.nodeBase(privateIp);
    const status = await client.ask('GET', at, '/status', false);
    // Until Bitbucket runs, only /status answers.
    if (status.status === 0 || statusOf(status) !== 'RUNNING') return { status: statusOf(status), version: '' };
    const [properties, cluster] = await Promise.all([
      client.ask('GET', at, '/rest/api/latest/application-properties', false),
      client.ask('GET', at, ADMIN_CLUSTER, true),
    ]);
    // 401 is also said to a user without permission here: https://developer.atlassian.com/server/bitbucket/rest/v906/
    if (cluster.status === 401 || cluster.status === 403) {
      throw await asError('GET', `${ADMIN_CLUSTER} of node ${privateIp}`, cluster, () => Promise.resolve(cluster));
    }
    const members = toMembers(bodyOf(cluster));
    return { status: 'RUNNING', version: toVersion(bodyOf(properties)), ...(members && { members }) };
  },
});

const bodyOf = (answer: HttpAnswer): unknown => ('body' in answer && answer.status === 200 ? tryJson(answer.body) : undefined);

/** `state` in words; the HTTP status does not count, because MAINTENANCE and FIRST_RUN answer 200 too. */
function statusOf(answer: HttpAnswer): string {
  if ('why' in answer) return `without answer (${answer.why})`;
  return toStatus(tryJson(answer.body)) || `HTTP ${answer.status} without a state`;
}

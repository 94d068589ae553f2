import { TaskError } from '../core/errors';
import type { Administration } from '../ports/administration';
import { toClustering, toHealthChecks, toLicence, toMesh, toMirrors, toProductUpdates, toCompatibility } from './administration-json';
import type { BitbucketClient } from './bitbucket-client';
import { asError } from './bitbucket-client';

const ADMIN_CLUSTER = '/rest/api/latest/admin/cluster';
const HEALTH = '/rest/troubleshooting/1.0/check/';
const HEALTH_BEFORE = '/rest/supportHealthCheck/1.0/check/';
const UPDATES = '/rest/plugins/1.0/product-updates';

/** Most pages that are read of a list. */
const PAGES = 20;

/** Bitbucket's administration: https://developer.atlassian.com/server/bitbucket/rest/v906/ */
export function administration(client: BitbucketClient, base: string): Administration {
  /** JSON of a 200; undefined for a 404, when that is an answer. */
  const read = async (path: string, absent: 'may-be-absent' | 'must-be-there'): Promise<unknown> => {
    const answer = await client.ask('GET', base, path, true);
    if (answer.status === 404 && absent === 'may-be-absent') return undefined;
    if (answer.status !== 200) throw await asError('GET', path, answer, () => client.ask('GET', base, ADMIN_CLUSTER, true));
    try {
      return JSON.parse(answer.body) as unknown;
    } catch {
      throw new TaskError('ClusterUnexpected', `GET ${path} answered 200, but not with JSON.`);
    }
  };
  return {
    clustering: async () => toClustering(await read(ADMIN_CLUSTER, 'must-be-there')),
    licence: async () => {
      const body = await read('/rest/api/latest/admin/license', 'may-be-absent');
      return body === undefined ? undefined : toLicence(body);
    },
    // Older versions have another path.
    healthChecks: async () => toHealthChecks((await read(HEALTH, 'may-be-absent')) ?? (await read(HEALTH_BEFORE, 'must-be-there'))),
    apps: async (toVersion) => {
      const builds = await marketplace(() => read(`${UPDATES}/`, 'must-be-there'));
      const build = toProductUpdates(builds).find(({ version }) => version === toVersion)?.build;
      if (build === undefined)
        throw new TaskError(
          'ClusterUnexpected',
          `The Marketplace, as Bitbucket sees it, does not list version ${toVersion} among later ones.`,
        );
      return toCompatibility(await marketplace(() => read(`${UPDATES}/${build}/compatibility`, 'must-be-there')));
    },
    // Before 8.0 there was no Mesh, so no such resource.
    meshNodes: async () => toMesh((await read('/rest/api/latest/admin/git/mesh/nodes', 'may-be-absent')) ?? []),
    mirrors: async () => {
      const found = [];
      let start: number | undefined = 0;
      for (let page = 0; page < PAGES && start !== undefined; page++) {
        const body = await read(`/rest/mirroring/latest/mirrorServers?start=${start}`, 'may-be-absent');
        const { mirrors, next } = toMirrors(body ?? {});
        found.push(...mirrors);
        start = next;
      }
      return found;
    },
  };
}

/** Bitbucket itself asks the Marketplace; in a private network it often cannot. */
async function marketplace(read: () => Promise<unknown>): Promise<unknown> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof TaskError) || error.name === 'CredentialsRefused') throw error;
    throw new TaskError(
      error.name,
      `${error.message} Bitbucket asks marketplace.atlassian.com for this: in a network without a way out, look at the Marketplace yourself.`,
    );
  }
}

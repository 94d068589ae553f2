import type { Banner } from '../core/banner';
import { sameBanner } from '../core/banner';
import { TaskError } from '../core/errors';
import type { Banners } from '../ports/banners';
import type { BitbucketClient } from './bitbucket-client';
import { asError } from './bitbucket-client';
import { tryJson } from './bitbucket-json';
import type { HttpAnswer } from './http';
import { object } from './json-fields';

const PATH = '/rest/api/latest/admin/banner';

/**
 * https://developer.atlassian.com/server/bitbucket/rest/v906/api-group-system-maintenance/: GET answers 200, or 204 when there is none; PUT and
 * DELETE answer 204. The permission to administer is enough.
 */
export function banners(client: BitbucketClient, base: string): Banners {
  const read: Banners['read'] = async () => {
    const answer = await client.ask('GET', base, PATH, true);
    if (answer.status === 204) return undefined;
    if (answer.status !== 200) throw await refused('GET', answer);
    return toBanner(answer.body);
  };
  return {
    read,
    set: async (banner) => {
      const method = banner ? 'PUT' : 'DELETE';
      const answer = await client.ask(method, base, PATH, true, banner && { body: JSON.stringify(banner) });
      if (answer.status === 204) return;
      const error = await refused(method, answer);
      // No answer, or one that is not documented: it may have worked all the same.
      if (error.name !== 'BitbucketUnavailable' && error.name !== 'ClusterUnexpected') throw error;
      if (!sameBanner(await read(), banner)) throw error;
    },
  };
}

/** One without a text is none: it could not be put up again. */
function toBanner(body: string): Banner | undefined {
  const { message, enabled, audience } = object(tryJson(body)) ?? {};
  if (typeof message !== 'string') throw new TaskError('ClusterUnexpected', `GET ${PATH} answered 200, but not with a banner.`);
  if (message.trim() === '') return undefined;
  return { message, enabled: enabled !== false, audience: audience === 'AUTHENTICATED' ? 'AUTHENTICATED' : 'ALL' };
}

/** Whoever may not change the banner is no administrator: nothing has to be asked to tell that apart. */
const refused = (method: string, answer: HttpAnswer): Promise<TaskError> =>
  answer.status === 404
    ? Promise.resolve(
        new TaskError('ClusterUnexpected', `${method} ${PATH} answered 404: this Bitbucket has no banner that can be set by REST.`),
      )
    : asError(method, PATH, answer, () => Promise.resolve(answer));

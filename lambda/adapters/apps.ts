import { TaskError } from '../core/errors';
import type { Apps } from '../ports/apps';
import type { BitbucketClient } from './bitbucket-client';
import { asError } from './bitbucket-client';
import { tryJson } from './bitbucket-json';
import { list, object, text } from './json-fields';

const PATH = '/rest/plugins/1.0/';

/** The Universal Plugin Manager answers each question at one path, told apart by the media type that is asked for. */
const INSTALLED = 'application/vnd.atl.plugins.installed+json';

/** Apps in the Universal Plugin Manager: https://ecosystem.atlassian.net/wiki/display/UPM/UPM+REST+API */
export const apps = (client: BitbucketClient, base: string): Apps => ({
  installed: async () => {
    const answer = await client.ask('GET', base, PATH, true, { accept: INSTALLED });
    if (answer.status !== 200) throw await asError('GET', PATH, answer, () => Promise.resolve(answer));
    const plugins = object(tryJson(answer.body))?.['plugins'];
    if (!Array.isArray(plugins)) throw new TaskError('ClusterUnexpected', `GET ${PATH} answered 200, but not with a list of apps.`);
    return list(plugins)
      .filter(({ userInstalled }) => userInstalled === true)
      .map((app) => ({ key: text(app['key']), name: text(app['name']), version: text(app['version']), enabled: app['enabled'] !== false }));
  },
});

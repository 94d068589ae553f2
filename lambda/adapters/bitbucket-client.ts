import { TaskError } from '../core/errors';
import type { BitbucketAccess } from './environment';
import type { HttpAnswer, HttpMethod, HttpRequest } from './http';
import { exchange } from './http';
import { basicAuthorization, secretText } from './secrets';

/** What a request has besides its path. */
type Content = Pick<HttpRequest, 'body' | 'accept'>;

/** Makes requests to Bitbucket, at its base URL or at one node. */
export interface BitbucketClient {
  /** As it was answered; `authenticated` sends the credentials. */
  ask(method: HttpMethod, base: string, path: string, authenticated: boolean, more?: Content): Promise<HttpAnswer>;
  /** JSON of a successful answer; anything else is one of the workflow's errors. */
  json(base: string, path: string, authenticated: boolean): Promise<unknown>;
  /** Base URL of a node asked by its address. */
  nodeBase(privateIp: string): string;
}

/** One client for one invocation: secrets are read once, when they are first needed, and the credentials once more after a 401. */
export function bitbucketClient(access: BitbucketAccess): BitbucketClient {
  const base = new URL(access.baseUrl);
  let credentials: Promise<string> | undefined;
  let readAgain: Promise<string> | undefined;
  let certificate: Promise<string> | undefined;

  const send = async (method: HttpMethod, url: string, more: Content = {}, authorization?: string): Promise<HttpAnswer> => {
    const ca = access.caCertificateSecretArn ? await (certificate ??= secretText(access.caCertificateSecretArn)) : undefined;
    return exchange({
      method,
      url,
      ...more,
      ...(authorization !== undefined && { authorization }),
      ...(ca !== undefined && { ca }),
      serverName: base.hostname,
    });
  };
  const ask: BitbucketClient['ask'] = async (method, at, path, authenticated, more) => {
    if (!authenticated) return send(method, `${at}${path}`, more);
    const used = await (credentials ??= basicAuthorization(access.credentialsSecretArn));
    const answer = await send(method, `${at}${path}`, more, used);
    if (answer.status !== 401) return answer;
    // Rotated since it was read? Only other credentials are worth a second try: failed logins lock the account.
    const fresh = await (readAgain ??= basicAuthorization(access.credentialsSecretArn));
    if (fresh === used) return answer;
    credentials = readAgain;
    return send(method, `${at}${path}`, more, fresh);
  };
  return {
    ask,
    json: async (at, path, authenticated) => {
      const answer = await ask('GET', at, path, authenticated);
      if (answer.status !== 200) throw await asError('GET', path, answer, () => ask('GET', at, '/rest/api/latest/admin/cluster', true));
      try {
        return JSON.parse(answer.body) as unknown;
      } catch {
        throw new TaskError(
          'ClusterUnexpected',
          `GET ${path} answered 200, but not with JSON. Does a login page or a proxy stand before ${access.baseUrl}?`,
        );
      }
    },
    nodeBase: (privateIp) => {
      const host = privateIp.includes(':') ? `[${privateIp}]` : privateIp;
      return `${access.nodeProtocol}://${host}:${access.nodePort}${base.pathname.replace(/\/$/, '')}`;
    },
  };
}

/**
 * What an answer other than success means. `tellApart` asks `/admin/cluster`: 403 of the rolling-upgrade API is said both to
 * callers without permission and by a Bitbucket that is no cluster (https://developer.atlassian.com/server/bitbucket/reference/zdu-rest/).
 */
export async function asError(method: string, path: string, answer: HttpAnswer, tellApart: () => Promise<HttpAnswer>): Promise<TaskError> {
  const { status } = answer;
  const said = `${method} ${path} ${'why' in answer ? `got no answer: ${answer.why}` : `answered ${status}`}`;
  if (status === 401) return new TaskError('CredentialsRefused', `${said}. ${REFUSED}`);
  if (status === 403) {
    const permitted = (await tellApart()).status === 200;
    return new TaskError('PermissionMissing', `${said}. ${permitted ? NO_CLUSTER : NO_ADMIN}`);
  }
  if (status === 0 || status === 429 || status >= 500) return new TaskError('BitbucketUnavailable', `${said}.`);
  if (status === 404 || status === 405) return new TaskError('ClusterUnexpected', `${said}. ${NO_API}`);
  if (status >= 300 && status < 400) return new TaskError('ClusterUnexpected', `${said}, a redirection. ${REDIRECTED}`);
  return new TaskError('ClusterUnexpected', `${said}, which is not documented.`);
}

const REFUSED =
  'The credentials are refused: check username and password in the secret. They must be of a user with a password: HTTP access tokens cannot administer. ' +
  'Basic authentication must be allowed on API calls (Administration > Authentication methods), and after failed logins an administrator must clear the CAPTCHA. ' +
  'Nothing tries again, because failed logins lock the account.';
const NO_ADMIN = 'The user of the secret is no system administrator: give it the global permission "System admin".';
const NO_CLUSTER =
  'The user is a system administrator, so this Bitbucket does not allow rolling upgrades: it is not clustered, or has no Data Center licence.';
const NO_API = 'Is the base URL right, with its context path? Rolling upgrades need Bitbucket Data Center 7.9 or later.';
const REDIRECTED = 'Give the base URL and the node protocol at which Bitbucket answers itself, with its context path.';

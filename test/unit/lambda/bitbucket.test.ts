/** The Bitbucket client, against an HTTP server on this machine. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo, Server } from 'node:net';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { mockClient } from 'aws-sdk-client-mock';
import { bitbucketOf } from '../../../lambda/adapters/bitbucket';

const secrets = mockClient(SecretsManagerClient);
const PASSWORD = 's3cr3t-of-the-test';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;
const requests: IncomingMessage[] = [];
let answers: Record<string, Answer> = {};
let server: Server;
let port = 0;

const json =
  (status: number, body?: unknown): Answer =>
  (_, response) => {
    response.writeHead(status, { 'Content-Type': 'application/json' }).end(body === undefined ? '' : JSON.stringify(body));
  };

beforeAll(async () => {
  server = createServer((request, response) => {
    requests.push(request);
    (answers[`${request.method ?? ''} ${request.url ?? ''}`] ?? json(404))(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));
beforeEach(() => {
  requests.length = 0;
  answers = {};
  secrets.reset();
  secrets.on(GetSecretValueCommand).resolves({ SecretString: JSON.stringify({ username: 'admin', password: PASSWORD }) });
});

const connect = (at = port) =>
  bitbucketOf({
    baseUrl: `http://127.0.0.1:${at}/git`,
    nodePort: at,
    nodeProtocol: 'http',
    credentialsSecretArn: 'arn:secret',
    caCertificateSecretArn: '',
  });
const ADMIN = 'GET /git/rest/api/latest/admin/cluster';

describe('the cluster', () => {
  test('is read with Basic authentication, whatever else Bitbucket tells', async () => {
    answers['GET /git/rest/zdu/cluster'] = json(200, {
      state: 'BRAND_NEW_STATE',
      upgradeModeEnabled: true,
      originalVersion: null,
      hasFinalizationTasks: true,
      nodes: [
        { ipAddress: 'node1/10.0.0.1', state: 'ACTIVE', version: '9.4.20', tasksTotal: 2, activeUserCount: 3, local: true },
        { ipAddress: '10.0.0.2', state: 'NEW' },
        'odd',
      ],
    });
    await expect(connect().bitbucket.cluster()).resolves.toEqual({
      state: 'BRAND_NEW_STATE',
      upgradeModeEnabled: true,
      originalVersion: '',
      nodes: [
        { ipAddress: '10.0.0.1', state: 'ACTIVE', version: '9.4.20', load: 5 },
        { ipAddress: '10.0.0.2', state: 'NEW', version: '', load: 0 },
      ],
    });
    expect(requests[0]?.headers).toMatchObject({
      authorization: `Basic ${Buffer.from(`admin:${PASSWORD}`).toString('base64')}`,
      'x-atlassian-token': 'no-check',
      accept: 'application/json, */*;q=0.5',
    });
  });
  test.each([
    [401, 'CredentialsRefused', /access tokens/],
    [404, 'ClusterUnexpected', /context path/],
    [302, 'ClusterUnexpected', /redirection/],
    [429, 'BitbucketUnavailable', /429/],
    [503, 'BitbucketUnavailable', /503/],
  ])('answered with %i is an error with its name', async (status, name, message) => {
    answers['GET /git/rest/zdu/cluster'] = json(status);
    await expect(connect().bitbucket.cluster()).rejects.toMatchObject({ name, message: expect.stringMatching(message) as string });
    expect(requests).toHaveLength(1);
  });
  test('answered with 401 is asked once more only with credentials that were rotated meanwhile', async () => {
    const rotated = `Basic ${Buffer.from('admin:rotated').toString('base64')}`;
    answers['GET /git/rest/zdu/cluster'] = (request, response) => {
      json(request.headers.authorization === rotated ? 200 : 401, { state: 'STABLE' })(request, response);
    };
    const secret = (password: string) => ({ SecretString: JSON.stringify({ username: 'admin', password }) });
    secrets.on(GetSecretValueCommand).resolvesOnce(secret(PASSWORD)).resolves(secret('rotated'));
    const { bitbucket } = connect();
    await expect(bitbucket.cluster()).resolves.toMatchObject({ state: 'STABLE' });
    await expect(bitbucket.cluster()).resolves.toMatchObject({ state: 'STABLE' });
    expect(requests).toHaveLength(3);
  });
  test('answered with 403 says whether the user or the cluster is wrong', async () => {
    answers['GET /git/rest/zdu/cluster'] = json(403);
    answers[ADMIN] = json(401);
    await expect(connect().bitbucket.cluster()).rejects.toMatchObject({
      name: 'PermissionMissing',
      message: expect.stringContaining('no system administrator') as string,
    });
    answers[ADMIN] = json(200, { nodes: [] });
    await expect(connect().bitbucket.cluster()).rejects.toMatchObject({ message: expect.stringContaining('not clustered') as string });
  });
  test('that is a login page is no cluster', async () => {
    answers['GET /git/rest/zdu/cluster'] = (_, response) => response.end('<html>');
    await expect(connect().bitbucket.cluster()).rejects.toMatchObject({ name: 'ClusterUnexpected' });
    answers['GET /git/rest/zdu/cluster'] = json(200, []);
    await expect(connect().bitbucket.cluster()).rejects.toMatchObject({ name: 'ClusterUnexpected' });
  });
  test('that resets or refuses connections is unavailable', async () => {
    answers['GET /git/rest/zdu/cluster'] = (request) => request.socket.destroy();
    await expect(connect().bitbucket.cluster()).rejects.toMatchObject({ name: 'BitbucketUnavailable' });
    await expect(connect(1).bitbucket.cluster()).rejects.toMatchObject({
      name: 'BitbucketUnavailable',
      message: expect.stringContaining('ECONNREFUSED') as string,
    });
  });
});

describe('a call', () => {
  test.each([
    [200, 'accepted'],
    [409, 'look-again'],
    [500, 'look-again'],
  ])('answered with %i means %s', async (status, answer) => {
    answers['POST /git/rest/zdu/start'] = json(status);
    await expect(connect().bitbucket.call('start')).resolves.toBe(answer);
  });
  test('whose answer is lost is resolved by looking', async () => {
    answers['POST /git/rest/zdu/approve'] = (request) => request.socket.destroy();
    await expect(connect().bitbucket.call('approve')).resolves.toBe('look-again');
  });
  test('with refused credentials is not made again', async () => {
    answers['POST /git/rest/zdu/start'] = json(401);
    await expect(connect().bitbucket.call('start')).rejects.toMatchObject({ name: 'CredentialsRefused' });
    expect(requests).toHaveLength(1);
  });
});

describe('a node', () => {
  const running = (): void => {
    answers['GET /git/status'] = json(200, { state: 'RUNNING' });
    answers['GET /git/rest/api/latest/application-properties'] = json(200, { version: '9.4.23' });
    answers[ADMIN] = json(200, { nodes: [{ address: { address: '/10.0.0.1:5701' } }, { address: '10.0.0.2' }] });
  };
  test('that runs tells its version and members', async () => {
    running();
    await expect(connect().nodes.view('127.0.0.1')).resolves.toEqual({
      status: 'RUNNING',
      version: '9.4.23',
      members: ['10.0.0.1', '10.0.0.2'],
    });
  });
  test.each([
    [200, { state: 'MAINTENANCE' }, 'MAINTENANCE'],
    [200, { state: 'FIRST_RUN' }, 'FIRST_RUN'],
    [503, { state: 'STARTING' }, 'STARTING'],
    [502, '', 'HTTP 502 without a state'],
  ])('that answers %i %j is not asked further', async (status, body, state) => {
    answers['GET /git/status'] = json(status, body);
    await expect(connect().nodes.view('127.0.0.1')).resolves.toEqual({ status: state, version: '' });
    expect(requests).toHaveLength(1);
    expect(requests[0]?.headers.authorization).toBeUndefined();
  });
  test('that does not answer is a view, not an error', async () => {
    await expect(connect(1).nodes.view('127.0.0.1')).resolves.toEqual({ status: 'without answer (ECONNREFUSED)', version: '' });
  });
  test('that loses its members meanwhile does not tell them', async () => {
    running();
    answers[ADMIN] = json(503);
    await expect(connect().nodes.view('127.0.0.1')).resolves.toEqual({ status: 'RUNNING', version: '9.4.23' });
  });
  test('that refuses the credentials is an error', async () => {
    running();
    answers[ADMIN] = json(401);
    await expect(connect().nodes.view('127.0.0.1')).rejects.toMatchObject({ name: 'CredentialsRefused' });
  });
});

describe('the secret', () => {
  test.each(['not json', '{}', '{"username":"a"}', '{"username":"a","password":""}', 'null'])(
    'that is %s is refused without telling it',
    async (SecretString) => {
      secrets.on(GetSecretValueCommand).resolves({ SecretString });
      await expect(connect().bitbucket.cluster()).rejects.toMatchObject({
        name: 'ConfigurationInvalid',
        message: expect.not.stringContaining('not json') as string,
      });
    },
  );
  test('is in no error', async () => {
    for (const status of [401, 403, 404, 418, 500]) {
      answers['GET /git/rest/zdu/cluster'] = json(status);
      const error = await connect()
        .bitbucket.cluster()
        .catch((thrown: unknown) => thrown as Error);
      const { message, stack } = error as Error;
      for (const secret of [PASSWORD, Buffer.from(`admin:${PASSWORD}`).toString('base64')])
        expect(`${message}${stack ?? ''}`).not.toContain(secret);
    }
  });
  test('is read once for all requests of an invocation', async () => {
    answers['GET /git/rest/zdu/cluster'] = json(200, { state: 'STABLE' });
    const { bitbucket } = connect();
    await bitbucket.cluster();
    await bitbucket.cluster();
    expect(secrets.commandCalls(GetSecretValueCommand)).toHaveLength(1);
  });
});

/** Bitbucket's banner and apps over HTTP, and the record of them in the table. */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DeleteItemCommand, DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { mockClient } from 'aws-sdk-client-mock';
import { apps } from '../../../lambda/adapters/apps';
import { banners } from '../../../lambda/adapters/banners';
import { bitbucketClient } from '../../../lambda/adapters/bitbucket-client';
import { siteRecords } from '../../../lambda/adapters/site-records';
import type { SiteRecord } from '../../../lambda/core/site-record';

const BANNER = { message: 'ä banner', enabled: true, audience: 'ALL' } as const;
const PATH = '/git/rest/api/latest/admin/banner';

let answer: (request: IncomingMessage, body: string, response: ServerResponse) => void;
const requests: { method: string; url: string; body: string; headers: IncomingMessage['headers'] }[] = [];
let server: Server;

beforeAll(async () => {
  mockClient(SecretsManagerClient).on(GetSecretValueCommand).resolves({ SecretString: '{"username":"admin","password":"p"}' });
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString('utf8')));
    request.on('end', () => {
      requests.push({ method: request.method ?? '', url: request.url ?? '', body, headers: request.headers });
      answer(request, body, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => new Promise((resolve) => server.close(resolve)));
beforeEach(() => {
  requests.length = 0;
});

function connect() {
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/git`;
  const client = bitbucketClient({
    baseUrl: base,
    nodePort: 1,
    nodeProtocol: 'http',
    credentialsSecretArn: 'arn',
    caCertificateSecretArn: '',
  });
  return { banners: banners(client, base), apps: apps(client, base) };
}

/** What each method is answered with. */
const answers = (byMethod: Readonly<Record<string, readonly [status: number, body?: unknown] | 'reset'>>): void => {
  answer = ({ method = '' }, _, response) => {
    const given = byMethod[method];
    if (given === 'reset') response.socket?.destroy();
    else
      response
        .writeHead(given?.[0] ?? 501, { 'Content-Type': 'application/json' })
        .end(given?.[1] === undefined ? '' : JSON.stringify(given[1]));
  };
};

describe('the banner', () => {
  test('is read; none, and one without a text, is none', async () => {
    answers({ GET: [200, { message: 'm', enabled: false, audience: 'AUTHENTICATED' }] });
    await expect(connect().banners.read()).resolves.toEqual({ message: 'm', enabled: false, audience: 'AUTHENTICATED' });
    answers({ GET: [204] });
    await expect(connect().banners.read()).resolves.toBeUndefined();
    answers({ GET: [200, { message: ' ', enabled: false, audience: 'ALL' }] });
    await expect(connect().banners.read()).resolves.toBeUndefined();
  });

  test('is put up as JSON of the right length, and taken down', async () => {
    answers({ PUT: [204], DELETE: [204] });
    const { banners: port } = connect();
    await port.set(BANNER);
    await port.set(undefined);
    expect(requests.map(({ method, url, body }) => [method, url, body])).toEqual([
      ['PUT', PATH, JSON.stringify(BANNER)],
      ['DELETE', PATH, ''],
    ]);
    expect(requests[0]?.headers).toMatchObject({
      'content-type': 'application/json',
      'x-atlassian-token': 'no-check',
      'content-length': `${JSON.stringify(BANNER).length + 1}`,
    });
  });

  test.each([
    ['lost', 'reset'],
    ['an error', [500]],
    ['a login page', [200]],
  ] as const)('is set although the answer is %s, if it is there', async (_, PUT) => {
    answers({ PUT, GET: [200, BANNER] });
    await expect(connect().banners.set(BANNER)).resolves.toBeUndefined();
    answers({ PUT, GET: [204] });
    await expect(connect().banners.set(BANNER)).rejects.toMatchObject({
      name: PUT[0] === 200 ? 'ClusterUnexpected' : 'BitbucketUnavailable',
    });
  });

  test.each([
    [401, 'CredentialsRefused', /secret/],
    [403, 'PermissionMissing', /system administrator/],
  ] as const)('that is refused with %i is not looked at again', async (status, name, message) => {
    answers({ PUT: [status], GET: [200, BANNER] });
    await expect(connect().banners.set(BANNER)).rejects.toMatchObject({ name, message: expect.stringMatching(message) as string });
    expect(requests).toHaveLength(1);
  });

  test('that this Bitbucket does not know, or that is none, is an error with its name', async () => {
    answers({ GET: [404] });
    await expect(connect().banners.read()).rejects.toMatchObject({
      name: 'ClusterUnexpected',
      message: expect.stringContaining('no banner') as string,
    });
    answers({ GET: [200, []] });
    await expect(connect().banners.read()).rejects.toMatchObject({ name: 'ClusterUnexpected' });
  });
});

describe('the apps', () => {
  test('are those that people installed; they are asked for by their media type', async () => {
    const plugin = { key: 'k', name: 'n', version: '1', enabled: false, userInstalled: true, links: {} };
    answers({ GET: [200, { plugins: [plugin, { ...plugin, key: 'own', userInstalled: false }, 'odd'] }] });
    await expect(connect().apps.installed()).resolves.toEqual([{ key: 'k', name: 'n', version: '1', enabled: false }]);
    expect(requests[0]).toMatchObject({
      url: '/git/rest/plugins/1.0/',
      headers: { accept: 'application/vnd.atl.plugins.installed+json' },
    });
  });
  test.each([
    [[403], 'PermissionMissing'],
    [[503], 'BitbucketUnavailable'],
    [[200, {}], 'ClusterUnexpected'],
  ] as const)('answered with %j are an error', async (GET, name) => {
    answers({ GET });
    await expect(connect().apps.installed()).rejects.toMatchObject({ name });
  });
});

describe('the record', () => {
  const dynamo = mockClient(DynamoDBClient);
  const record: SiteRecord = { run: 'arn:run', versions: { from: '1', to: '2' }, apps: { value: [] } };
  const cluster = { S: 'bitbucket-nodes:banner-and-apps' };
  const refusedWrite = Object.assign(new Error('no'), { name: 'ConditionalCheckFailedException' });
  beforeEach(() => dynamo.reset());

  test('is beside the lock, under a name that no group can have', async () => {
    dynamo.on(GetItemCommand).resolves({ Item: { cluster, record: { S: JSON.stringify(record) } } });
    await expect(siteRecords('table').read('bitbucket-nodes')).resolves.toEqual(record);
    expect(dynamo.commandCalls(GetItemCommand)[0]?.args[0].input).toMatchObject({ Key: { cluster }, ConsistentRead: true });
  });
  test.each([[{}], [{ Item: { cluster, record: { S: '{broken' } } }]])('that is %j is none', async (answered) => {
    dynamo.on(GetItemCommand).resolves(answered);
    await expect(siteRecords('table').read('bitbucket-nodes')).resolves.toBeUndefined();
  });
  test('is written and removed only while it is as it was read', async () => {
    dynamo.on(PutItemCommand).resolves({}).on(DeleteItemCommand).resolves({});
    const records = siteRecords('table');
    await records.replace('bitbucket-nodes', undefined, record);
    await records.replace('bitbucket-nodes', record, { ...record, run: 'next' });
    await records.replace('bitbucket-nodes', record, undefined);
    await records.replace('bitbucket-nodes', undefined, undefined);
    const puts = dynamo.commandCalls(PutItemCommand).map(({ args: [{ input }] }) => input);
    expect(puts[0]).toMatchObject({ ConditionExpression: 'attribute_not_exists(cluster)' });
    expect(puts[1]).toMatchObject({ ExpressionAttributeValues: { ':read': { S: JSON.stringify(record) } } });
    expect(dynamo.commandCalls(DeleteItemCommand).map(({ args: [{ input }] }) => input)).toMatchObject([
      { Key: { cluster }, ConditionExpression: '#record = :read' },
    ]);
  });
  test('that is another by now is looked at again', async () => {
    dynamo.on(PutItemCommand).rejects(refusedWrite);
    await expect(siteRecords('table').replace('bitbucket-nodes', undefined, record)).rejects.toMatchObject({ name: 'AwsUnavailable' });
  });
});

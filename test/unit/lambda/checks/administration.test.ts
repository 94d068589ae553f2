/** What Bitbucket's administration answers, and what becomes of it. */
import type { BitbucketClient } from '../../../../lambda/adapters/bitbucket-client';
import type { HttpAnswer } from '../../../../lambda/adapters/http';
import { administration } from '../../../../lambda/adapters/administration';

const BASE = 'https://git.example.com/git';
let answers: Record<string, HttpAnswer> = {};
const asked: string[] = [];
const client: BitbucketClient = {
  ask: (method, base, path, authenticated) => {
    asked.push(`${method} ${base}${path} ${authenticated ? 'with' : 'without'} credentials`);
    return Promise.resolve(answers[path] ?? { status: 404, body: '' });
  },
  json: () => Promise.reject(new Error('not used')),
  nodeBase: () => BASE,
};
const admin = administration(client, BASE);
const ok = (body: unknown): HttpAnswer => ({ status: 200, body: JSON.stringify(body) });
const UPDATES = '/rest/plugins/1.0/product-updates';

beforeEach(() => {
  answers = {};
  asked.length = 0;
});

test('clustering is what admin/cluster says', async () => {
  answers['/rest/api/latest/admin/cluster'] = ok({ running: true, nodes: [{}, {}] });
  expect(await admin.clustering()).toEqual({ running: true, nodes: 2 });
  expect(asked).toEqual([`GET ${BASE}/rest/api/latest/admin/cluster with credentials`]);
});

describe('the licence', () => {
  const PATH = '/rest/api/latest/admin/license';
  test('tells its ends as times', async () => {
    answers[PATH] = ok({ expiryDate: Date.UTC(2027, 0, 1), maintenanceExpiryDate: Date.UTC(2026, 5, 1), license: 'AAAB' });
    expect(await admin.licence()).toEqual({ expiresAt: '2027-01-01T00:00:00.000Z', maintenanceEndsAt: '2026-06-01T00:00:00.000Z' });
  });
  test('may have no end, or not be there', async () => {
    answers[PATH] = ok({ license: 'AAAB' });
    expect(await admin.licence()).toEqual({});
    answers[PATH] = { status: 404, body: '' };
    expect(await admin.licence()).toBeUndefined();
  });
  test.each([
    [401, 'CredentialsRefused'],
    [403, 'PermissionMissing'],
    [503, 'BitbucketUnavailable'],
  ])('that is answered with %i is %s', async (status, name) => {
    answers[PATH] = { status, body: '' };
    await expect(admin.licence()).rejects.toMatchObject({ name });
  });
});

describe('health checks', () => {
  const failing = {
    statuses: [
      { name: 'Disk', isHealthy: false, failureReason: '3 GB left', severity: 'CRITICAL' },
      { name: 'Off', isHealthy: false, isEnabled: false },
      { completeKey: 'db', healthy: true },
    ],
  };
  const found = [
    { name: 'Disk', healthy: false, reason: '3 GB left', severity: 'CRITICAL' },
    { name: 'db', healthy: true, reason: '', severity: '' },
  ];
  test.each(['/rest/troubleshooting/1.0/check/', '/rest/supportHealthCheck/1.0/check/'])('are read from %s', async (path) => {
    answers[path] = ok(failing);
    expect(await admin.healthChecks()).toEqual(found);
  });
});

describe('apps', () => {
  test('are judged for the build of the target version', async () => {
    const app = (name: string, enabled = true) => ({ key: `com.example.${name}`, name, enabled });
    answers[`${UPDATES}/`] = ok({
      versions: [
        { version: '9.4.22', links: { self: '/git/rest/plugins/1.0/product-updates/9004022/compatibility' } },
        { version: '9.4.23', links: { self: '/git/rest/plugins/1.0/product-updates/9004023' } },
      ],
    });
    answers[`${UPDATES}/9004023/compatibility`] = ok({
      compatible: [app('Good')],
      updateRequired: [app('Before')],
      updateRequiredAfterProductUpdate: [app('After')],
      incompatible: [app('Bad'), app('BadButOff', false)],
      unknown: [{ key: 'com.example.own' }],
    });
    expect(await admin.apps('9.4.23')).toEqual({
      compatible: ['Good'],
      updateRequired: ['Before', 'After'],
      incompatible: ['Bad'],
      unknown: ['com.example.own'],
    });
  });
  test.each<[string, HttpAnswer, RegExp]>([
    ['answers 502', { status: 502, body: '' }, /answered 502\. Bitbucket asks marketplace\.atlassian\.com/],
    ['answers nothing', { status: 200, body: '' }, /not with JSON\. Bitbucket asks marketplace/],
    ['does not know the version', ok({ versions: [] }), /does not list version 9\.4\.23/],
  ])('are not known when the Marketplace %s', async (_, answer, why) => {
    answers[`${UPDATES}/`] = answer;
    await expect(admin.apps('9.4.23')).rejects.toThrow(why);
  });
});

describe('companions', () => {
  test('Mesh nodes are a list, a page, or not known to this version', async () => {
    const path = '/rest/api/latest/admin/git/mesh/nodes';
    expect(await admin.meshNodes()).toEqual([]);
    const nodes = [
      { name: 'mesh-1', rpcUrl: 'http://mesh-1', state: 'AVAILABLE' },
      { rpcUrl: 'http://mesh-2', version: '2.5.1' },
    ];
    const found = [
      { name: 'mesh-1', version: '', state: 'AVAILABLE' },
      { name: 'http://mesh-2', version: '2.5.1', state: '' },
    ];
    answers[path] = ok(nodes);
    expect(await admin.meshNodes()).toEqual(found);
    answers[path] = ok({ values: nodes });
    expect(await admin.meshNodes()).toEqual(found);
  });
  test('mirrors come from every page', async () => {
    const path = '/rest/mirroring/latest/mirrorServers?start=';
    answers[`${path}0`] = ok({
      values: [{ name: 'Tokyo', productVersion: '9.4.18', enabled: true }],
      isLastPage: false,
      nextPageStart: 25,
    });
    answers[`${path}25`] = ok({ values: [{ name: 'Lima' }], isLastPage: true });
    expect(await admin.mirrors()).toEqual([
      { name: 'Tokyo', version: '9.4.18', enabled: true },
      { name: 'Lima', version: '', enabled: false },
    ]);
  });
});

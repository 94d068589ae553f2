import type { InventoryOptions } from '../../../../simulator/bitbucket/inventory';
import { body, smallWorld } from './world';

const DAY = 24 * 60 * 60 * 1000;
const NOW = smallWorld().clock.now();
const INSTALLED = 'application/vnd.atl.plugins.installed+json';
const BANNER = { message: 'Maintenance on Sunday', enabled: true, audience: 'ALL' } as const;
const having = (has: InventoryOptions): ReturnType<typeof smallWorld> => smallWorld({}, {}, has);
const get = (world: ReturnType<typeof smallWorld>, path: string): unknown => body(world.ask('GET', `/git/rest/${path}`));

const PATHS = [
  'api/latest/admin/license',
  'api/latest/admin/banner',
  'api/latest/admin/git/mesh/nodes',
  'mirroring/latest/mirrorServers',
  'troubleshooting/1.0/check/',
  'plugins/1.0/',
  'plugins/1.0/product-updates/',
];

test.each(PATHS)('%s is for administrators only', (path) => {
  expect(smallWorld().ask('GET', `/git/rest/${path}`, '')?.status).toBe(401);
  expect(smallWorld().ask('GET', `/git/rest/${path}`, 'wrong')?.status).toBe(401);
  expect(smallWorld({}, { systemAdministrator: false }).ask('GET', `/git/rest/${path}`)?.status).toBe(403);
});

describe('the licence', () => {
  test.each([
    ['in order', {}, 275, 275],
    ['expired', { expiresAt: NOW - 2 * DAY }, -2, 275],
    ['out of maintenance', { maintenanceExpiresAt: NOW - DAY }, 275, -1],
  ])('%s: the days are counted', (_, licence, expiry, maintenance) => {
    expect(get(having({ licence }), 'api/latest/admin/license')).toMatchObject({
      numberOfDaysBeforeExpiry: expiry,
      numberOfDaysBeforeMaintenanceExpiry: maintenance,
      unlimitedNumberOfUsers: false,
      status: { currentNumberOfUsers: 1412 },
    });
  });

  test('days go by', async () => {
    const world = having({});
    await world.run((2 * DAY) / 1000);
    expect(get(world, 'api/1.0/admin/license')).toMatchObject({ numberOfDaysBeforeExpiry: 273 });
  });

  test('none is installed', () => {
    expect(having({ licence: null }).ask('GET', '/git/rest/api/latest/admin/license')?.status).toBe(404);
  });
});

describe('the banner', () => {
  const path = '/git/rest/api/latest/admin/banner';

  test('is put up, read and taken down; without one there is no content', () => {
    const world = smallWorld();
    expect(world.ask('GET', path)?.status).toBe(204);
    expect(world.ask('PUT', path, 'right', { body: JSON.stringify(BANNER) })?.status).toBe(204);
    expect(body(world.ask('GET', path))).toEqual(BANNER);
    expect(world.inventory.banner).toEqual(BANNER);
    expect(world.ask('DELETE', path)?.status).toBe(204);
    expect(world.ask('GET', path)?.status).toBe(204);
  });

  test.each([['{}'], ['no JSON'], [JSON.stringify({ ...BANNER, audience: 'EVERYBODY' })], [JSON.stringify({ ...BANNER, message: ' ' })]])(
    'refuses %s and stays as it is',
    (sent) => {
      const world = having({ banner: BANNER });
      expect(world.ask('PUT', path, 'right', { body: sent })?.status).toBe(400);
      expect(world.inventory.banner).toEqual(BANNER);
    },
  );

  test('the journal tells who changed it', () => {
    const world = smallWorld();
    world.ask('PUT', path, 'right', { body: JSON.stringify(BANNER) });
    world.inventory.setBanner({ ...BANNER, message: 'Mine' });
    world.inventory.setBanner(undefined);
    const told = world.entries.filter(({ kind }) => kind === 'inventory').map(({ by, message }) => [by, message]);
    expect(told).toEqual([
      ['rest', 'Maintenance on Sunday'],
      ['person', 'Mine'],
      ['person', null],
    ]);
  });
});

test('a health check that fails says why; the others pass', () => {
  const world = having({ failingHealthChecks: [{ name: 'Free disk space', reason: '2 % left', severity: 'CRITICAL' }] });
  const { statuses } = get(world, 'troubleshooting/1.0/check/') as { statuses: { name: string; healthy: boolean }[] };
  expect(statuses.filter(({ healthy }) => !healthy)).toMatchObject([
    { name: 'Free disk space', isHealthy: false, failureReason: '2 % left', severity: 'CRITICAL', nodeId: world.cluster.node('i-1')!.id },
  ]);
  expect(statuses.length).toBeGreaterThan(1);
});

test('Mesh nodes and mirrors are listed, mirrors page by page', () => {
  const mirror = {
    id: 'M',
    name: 'Sydney',
    baseUrl: 'https://sydney',
    enabled: true,
    mirrorType: 'FARM',
    productVersion: '9.4.18',
  } as const;
  const world = having({
    meshNodes: [{ id: '1', name: 'mesh-1', rpcUrl: 'http://10.0.1.1:7777', state: 'OFFLINE' }],
    mirrors: Array.from({ length: 3 }, (_, index) => ({ ...mirror, id: `M${index}` })),
  });
  expect(get(world, 'api/latest/admin/git/mesh/nodes')).toMatchObject([{ name: 'mesh-1', state: 'OFFLINE', offline: true }]);
  expect(get(world, 'mirroring/latest/mirrorServers')).toMatchObject({ size: 3, isLastPage: true, limit: 25 });
  expect(get(world, 'mirroring/latest/mirrorServers?limit=2')).toMatchObject({ size: 2, isLastPage: false, nextPageStart: 2 });
  expect(get(world, 'mirroring/latest/mirrorServers?limit=2&start=2')).toMatchObject({ values: [{ id: 'M2' }], isLastPage: true });
});

describe('apps', () => {
  const app = { key: 'com.example.a', name: 'A', version: '1.0', enabled: true, userInstalled: true };

  test('are listed with their versions, for the media type of the list', () => {
    const answer = having({ apps: [app] }).ask('GET', '/git/rest/plugins/1.0/?os_authType=basic', 'right', { accept: INSTALLED });
    expect(body(answer)).toMatchObject({ plugins: [{ ...app, links: { self: '/git/rest/plugins/1.0/com.example.a-key' } }] });
    expect(answer?.headers).toMatchObject({ 'content-type': INSTALLED });
    expect(answer?.headers['upm-token']).toBeDefined();
  });

  test('are not listed as plain JSON, nor without the slash at the end', () => {
    expect(smallWorld().ask('GET', '/git/rest/plugins/1.0/', 'right', { accept: 'application/json' })?.status).toBe(406);
    expect(smallWorld().ask('GET', '/git/rest/plugins/1.0')?.status).toBe(404);
  });

  test('change while the world goes on', () => {
    const world = having({ apps: [app] });
    world.inventory.installApp({ ...app, version: '1.1' });
    world.inventory.installApp({ ...app, key: 'com.example.b', name: 'B' });
    world.inventory.removeApp('com.example.c');
    expect(world.inventory.apps.map(({ key, version }) => `${key} ${version}`)).toEqual(['com.example.a 1.1', 'com.example.b 1.0']);
    world.inventory.removeApp('com.example.a');
    expect(world.inventory.apps).toHaveLength(1);
  });

  test('are compatible with later versions as the Marketplace says; the build number comes from the list of versions', () => {
    const incompatible = { ...app, key: 'com.example.old', name: 'Old', compatibility: { '9.4.23': 'incompatible' } } as const;
    const world = having({ apps: [app, incompatible], productVersions: ['9.4.23', '9.4.19', '9.4.22'] });
    const { versions } = get(world, 'plugins/1.0/product-updates/') as { versions: { version: string; links: { self: string } }[] };
    expect(versions.map(({ version }) => version)).toEqual(['9.4.22', '9.4.23']);
    expect(body(world.ask('GET', versions[1]!.links.self))).toMatchObject({
      compatible: [{ key: 'com.example.a' }],
      incompatible: [{ key: 'com.example.old', name: 'Old', enabled: true }],
      updateRequired: [],
      unknown: [],
    });
    expect(body(world.ask('GET', versions[0]!.links.self))).toMatchObject({ incompatible: [] });
    expect(world.ask('GET', '/git/rest/plugins/1.0/product-updates/1/compatibility')?.status).toBe(404);
  });

  test.each([
    ['bad-gateway', 502, '<html>'],
    ['empty', 200, ''],
  ] as const)('a Marketplace that is not reached answers %s', (marketplace, status, start) => {
    const answer = having({ marketplace }).ask('GET', '/git/rest/plugins/1.0/product-updates/');
    expect(answer?.status).toBe(status);
    expect(answer?.body.slice(0, start.length + 1).startsWith(start)).toBe(true);
    expect(answer?.body === '').toBe(start === '');
  });
});

/**
 * The Universal Plugin Manager: which apps are installed, and how they get on with later versions of Bitbucket.
 * https://ecosystem.atlassian.net/wiki/display/UPM/UPM+REST+API
 */
import type { InventoryResource } from './administration';
import { bare, json, page } from './http';
import type { HttpAnswer, HttpRequest } from './http';
import { COMPATIBILITIES } from './inventory';
import type { BitbucketInventory, InstalledApp } from './inventory';
import { buildNumber } from './node';

const INSTALLED = 'application/vnd.atl.plugins.installed+json';
const BASE = '/rest/plugins/1.0';

/** The resource at a path below the context path, on a node of this version; undefined when this file has none. */
export function apps(method: string, path: string, contextPath: string, version: string): InventoryResource | undefined {
  if (method !== 'GET') return undefined;
  const root = `${contextPath}${BASE}`;
  if (path === BASE) return () => page(404, 'Not Found'); // the slash at the end is needed
  if (path === `${BASE}/`) return (inventory, request) => installed(inventory, request, root);
  if (path.replace(/\/$/, '') === `${BASE}/product-updates`) return (inventory) => productUpdates(inventory, root, version);
  const build = /^\/rest\/plugins\/1\.0\/product-updates\/(\d+)\/compatibility\/?$/.exec(path)?.[1];
  return build === undefined ? undefined : (inventory) => compatibility(inventory, root, version, build);
}

function installed(inventory: BitbucketInventory, request: HttpRequest, root: string): HttpAnswer {
  const wanted = request.headers['accept'] ?? '*/*';
  if (!wanted.includes(INSTALLED) && !wanted.includes('*/*')) return page(406, 'Not Acceptable');
  const plugins = inventory.apps.map((app) => ({
    ...described(app, root),
    version: app.version,
    userInstalled: app.userInstalled,
    optional: true,
    static: false,
    unloadable: false,
    description: '',
    usesLicensing: app.userInstalled,
    remotable: false,
  }));
  return json(200, { plugins, links: { self: `${root}/` } }, { 'content-type': INSTALLED, 'upm-token': '-1234567890' });
}

function productUpdates(inventory: BitbucketInventory, root: string, running: string): HttpAnswer {
  const later = inventory.laterVersions(running);
  const versions = later.map((version, index) => ({
    version,
    recent: index === later.length - 1,
    links: { self: `${root}/product-updates/${buildNumber(version)}/compatibility` },
  }));
  return unreachable(inventory) ?? json(200, { versions, links: { self: `${root}/product-updates` } });
}

function compatibility(inventory: BitbucketInventory, root: string, running: string, build: string): HttpAnswer {
  const away = unreachable(inventory);
  if (away !== undefined) return away;
  const version = inventory.laterVersions(running).find((candidate) => buildNumber(candidate) === build);
  if (version === undefined) return page(404, `No version has the build number ${build}`);
  const userInstalled = inventory.apps.filter((app) => app.userInstalled);
  const lists = COMPATIBILITIES.map((name) => [
    name,
    userInstalled.filter((app) => (app.compatibility?.[version] ?? 'compatible') === name).map((app) => described(app, root)),
  ]);
  return json(200, { ...(Object.fromEntries(lists) as object), links: { self: `${root}/product-updates/${build}/compatibility` } });
}

/** The Marketplace is asked by Bitbucket, not by the caller: in a private network it often is out of reach. */
function unreachable({ marketplace }: BitbucketInventory): HttpAnswer | undefined {
  if (marketplace === 'reachable') return undefined;
  return marketplace === 'empty' ? bare(200) : page(502, 'Bad Gateway');
}

const described = ({ key, name, enabled }: InstalledApp, root: string): object => ({
  key,
  name,
  enabled,
  links: { self: `${root}/${key}-key` },
});

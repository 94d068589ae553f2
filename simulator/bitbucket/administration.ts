/**
 * What an administrator asks of Bitbucket besides its nodes: licence, banner, health checks, Mesh nodes, mirrors.
 * https://developer.atlassian.com/server/bitbucket/rest/v906/api-group-system-maintenance/ (licence, banner, Mesh),
 * https://developer.atlassian.com/server/bitbucket/rest/v906/api-group-mirroring/ (mirrors)
 */
import { bare, failure, json } from './http';
import type { HttpAnswer, HttpRequest } from './http';
import type { Banner, BitbucketInventory } from './inventory';

/** Answers a request of an administrator. */
export type InventoryResource = (inventory: BitbucketInventory, request: HttpRequest, nodeId: string) => HttpAnswer;

const DAY = 24 * 60 * 60 * 1000;
const SERVER_ID = 'BI7B-0000-UC4E-7001';

/** The resource at a path below the context path; undefined when this file has none. */
export function administration(method: string, path: string): InventoryResource | undefined {
  const api = path.replace(/^\/rest\/api\/(?:latest|1\.0)\//, 'api:').replace(/^\/rest\/mirroring\/(?:latest|1\.0)\//, 'mirroring:');
  return RESOURCES[`${method} ${api.replace(/\/$/, '')}`];
}

const RESOURCES: Readonly<Record<string, InventoryResource>> = {
  'GET api:admin/license': licence,
  'GET api:admin/banner': ({ banner }) => (banner === undefined ? bare(204) : json(200, banner)),
  'PUT api:admin/banner': putBanner,
  'DELETE api:admin/banner': (inventory) => {
    inventory.setBanner(undefined, 'rest');
    return bare(204);
  },
  'GET api:admin/git/mesh/nodes': (inventory) =>
    json(
      200,
      inventory.meshNodes.map((node) => ({
        ...node,
        rpcId: node.id,
        offline: node.state === 'OFFLINE',
        lastSeenDate: inventory.now,
      })),
    ),
  'GET mirroring:mirrorServers': mirrors,
  'GET /rest/troubleshooting/1.0/check': healthChecks,
  'GET /rest/troubleshooting/latest/check': healthChecks,
};

/** Days are counted down to the day on which something ends, and below zero after it. There is no field that says Data Center. */
function licence({ licence: there, now }: BitbucketInventory): HttpAnswer {
  if (there === undefined) return failure(404, 'There is no license.', 'com.atlassian.bitbucket.NoSuchEntityException');
  const days = (time: number): number => Math.floor((time - now) / DAY);
  return json(200, {
    maximumNumberOfUsers: there.maximumNumberOfUsers,
    unlimitedNumberOfUsers: false,
    numberOfDaysBeforeExpiry: days(there.expiresAt),
    numberOfDaysBeforeMaintenanceExpiry: days(there.maintenanceExpiresAt),
    expiryDate: there.expiresAt,
    maintenanceExpiryDate: there.maintenanceExpiresAt,
    gracePeriodEndDate: there.expiresAt + 7 * DAY,
    purchaseDate: there.purchasedAt,
    creationDate: there.purchasedAt,
    serverId: SERVER_ID,
    supportEntitlementNumber: there.supportEntitlementNumber,
    license: 'AAABsimulated',
    status: { currentNumberOfUsers: there.currentNumberOfUsers, serverId: SERVER_ID },
  });
}

function putBanner(inventory: BitbucketInventory, { body }: HttpRequest): HttpAnswer {
  const given = parsed(body);
  const problems = [
    ...(typeof given.message === 'string' && given.message.trim() !== '' ? [] : ['A banner message is required.']),
    ...(given.audience === 'ALL' || given.audience === 'AUTHENTICATED' ? [] : ['The audience must be ALL or AUTHENTICATED.']),
    ...(given.enabled === undefined || typeof given.enabled === 'boolean' ? [] : ['enabled must be true or false.']),
  ];
  if (problems.length > 0) return failure(400, problems.join(' '), 'javax.validation.ConstraintViolationException');
  const { message = '', audience = 'ALL', enabled = true } = given;
  inventory.setBanner({ message, audience, enabled }, 'rest');
  return bare(204);
}

function parsed(body: string): Partial<Banner> {
  try {
    return JSON.parse(body) as Partial<Banner>;
  } catch {
    return {};
  }
}

/** Pages begin at `start` and have 25 values when nothing else is asked for. */
function mirrors(inventory: BitbucketInventory, { url }: HttpRequest): HttpAnswer {
  const start = Number(url.searchParams.get('start') ?? 0);
  const limit = Number(url.searchParams.get('limit') ?? 25);
  const values = inventory.mirrors.slice(start, start + limit).map((mirror) => ({ ...mirror, lastSeenDate: inventory.now }));
  const isLastPage = start + limit >= inventory.mirrors.length;
  return json(200, { values, size: values.length, limit, isLastPage, start, ...(!isLastPage && { nextPageStart: start + limit }) });
}

/** Checks that a Bitbucket has, whether or not they pass. */
const CHECKS = ['Clock synchronization', 'Free disk space', 'Supported database', 'Supported Git version', 'Thread limit'];

/**
 * The troubleshooting plug-in that Atlassian's products share, as its clients read it: `isHealthy` and `healthy` say the same.
 * https://github.com/atlassian-api/atlassian-python-api/blob/master/atlassian/bitbucket/server/__init__.py
 */
function healthChecks(inventory: BitbucketInventory, _request: HttpRequest, nodeId: string): HttpAnswer {
  const failing = new Map(inventory.failingHealthChecks.map((check) => [check.name, check]));
  const statuses = [...new Set([...CHECKS, ...failing.keys()])].map((name, index) => {
    const failed = failing.get(name);
    const key = name.toLowerCase().replaceAll(' ', '-');
    return {
      id: index + 1,
      completeKey: `com.atlassian.troubleshooting.plugin-bitbucket:${key}`,
      name,
      description: name,
      isHealthy: failed === undefined,
      healthy: failed === undefined,
      failureReason: failed?.reason ?? '',
      application: 'Bitbucket',
      nodeId,
      time: inventory.now,
      severity: failed?.severity ?? 'UNDEFINED',
      tag: 'Supported Platforms',
      documentation: 'https://confluence.atlassian.com/bitbucketserver/health-checks.html',
      isEnabled: true,
      isSoftLaunch: false,
    };
  });
  return json(200, { statuses });
}

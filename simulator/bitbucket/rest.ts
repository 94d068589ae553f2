/**
 * What one Bitbucket node answers over HTTP. Resources:
 * https://developer.atlassian.com/server/bitbucket/reference/zdu-rest/ (rolling upgrades),
 * https://developer.atlassian.com/server/bitbucket/rest/v906/ (application properties, cluster).
 */
import { administration } from './administration';
import { apps } from './apps';
import type { Authentication } from './authentication';
import type { BitbucketCluster, ListedNode } from './cluster';
import { bare, failure, json, page } from './http';
import type { HttpAnswer, HttpRequest } from './http';
import type { BitbucketInventory } from './inventory';
import { buildNumber, statusOf } from './node';
import type { BitbucketNode } from './node';

/** What the resources need to know. */
export interface RestContext {
  readonly cluster: BitbucketCluster;
  readonly inventory: BitbucketInventory;
  readonly authentication: Authentication;
  readonly contextPath: string;
  readonly httpPort: number;
  /** What runs on a node now: running tasks and users that are active, as the cluster overview counts them. */
  readonly load: (instanceId: string) => { readonly tasks: number; readonly users: number };
}

/** Answers a request that reached `node`. */
export function answer(context: RestContext, node: BitbucketNode, request: HttpRequest): HttpAnswer {
  const { pathname } = request.url;
  if (!pathname.startsWith(`${context.contextPath}/`)) return page(404, `Nothing outside the context path ${context.contextPath}/`);
  const path = pathname.slice(context.contextPath.length);
  const status = statusOf(node);
  if (path === '/status' && status !== undefined) return json(status.status, { state: status.state });
  if (node.phase !== 'running') return page(503, `Bitbucket is ${status?.state.toLowerCase() ?? 'down'}`);
  const refusal = context.authentication.refusal(request);
  if (refusal !== undefined) return refusal;
  const api = /^\/rest\/api\/(?:latest|1\.0)(\/.*)$/.exec(path)?.[1];
  if (request.method === 'GET' && api === '/application-properties') return applicationProperties(node);
  const administrative =
    api === '/admin/cluster'
      ? adminCluster
      : (zduResource(request.method, path) ?? inventoryResource(request.method, path, context.contextPath, node.version));
  if (administrative === undefined) {
    return failure(501, `the simulated Bitbucket does not model ${request.method} ${pathname}`, 'simulator.NotModelled');
  }
  return context.authentication.administratorRefusal(request) ?? administrative(context, node, request);
}

type Resource = (context: RestContext, node: BitbucketNode, request: HttpRequest) => HttpAnswer;

function zduResource(method: string, path: string): Resource | undefined {
  if (method === 'GET') {
    if (path === '/rest/zdu/cluster') return (context, node) => json(200, clusterOverview(context, node));
    if (path === '/rest/zdu/state') {
      return (context, node) =>
        json(200, { state: context.cluster.state(node), buildInfo: nodeInfo(context, node, { node, state: 'ACTIVE' }) });
    }
    const id = /^\/rest\/zdu\/nodes\/([^/]+)$/.exec(path)?.[1];
    return id === undefined ? undefined : (context, node) => oneNode(context, node, id);
  }
  const call = /^\/rest\/zdu\/(start|cancel|approve)$/.exec(path)?.[1];
  if (method !== 'POST' || call === undefined) return undefined;
  return (context, node) =>
    context.cluster.turn(call as 'start' | 'cancel' | 'approve', node) ? json(200, clusterOverview(context, node)) : bare(409);
}

function inventoryResource(method: string, path: string, contextPath: string, version: string): Resource | undefined {
  const resource = administration(method, path) ?? apps(method, path, contextPath, version);
  return resource && (({ inventory }, { id }, request) => resource(inventory, request, id));
}

function applicationProperties(node: BitbucketNode): HttpAnswer {
  return json(200, {
    version: node.version,
    buildNumber: buildNumber(node.version),
    buildDate: '1767225600000',
    displayName: 'Bitbucket',
  });
}

function adminCluster({ cluster }: RestContext, viewer: BitbucketNode): HttpAnswer {
  const member = ({ node }: ListedNode): object => ({
    id: node.id,
    name: node.id,
    address: { address: node.instance.privateIp, port: 5701 },
    local: node === viewer,
    buildVersion: node.version,
  });
  const members = cluster.listed(viewer).filter(({ state }) => state !== 'OFFLINE');
  return json(200, { localNode: member({ node: viewer, state: 'ACTIVE' }), nodes: members.map(member), running: true });
}

function oneNode(context: RestContext, viewer: BitbucketNode, id: string): HttpAnswer {
  const found = context.cluster.listed(viewer).find(({ node }) => node.id === id);
  if (found !== undefined) return json(200, nodeInfo(context, viewer, found));
  return failure(404, `No node with the id ${id} is known`, 'com.atlassian.bitbucket.NoSuchEntityException');
}

/** `hasFinalizationTasks` is no field of Bitbucket's reference: sister products send it, and clients must bear it. */
function clusterOverview(context: RestContext, viewer: BitbucketNode): object {
  const mode = context.cluster.upgradeMode;
  return {
    upgradeModeEnabled: mode !== undefined,
    state: context.cluster.state(viewer),
    ...(mode === undefined ? {} : { originalVersion: mode.originalVersion }),
    nodes: context.cluster.listed(viewer).map((listed) => nodeInfo(context, viewer, listed)),
    hasFinalizationTasks: false,
    links: [],
  };
}

function nodeInfo({ load, httpPort }: RestContext, viewer: BitbucketNode, { node, state }: ListedNode): object {
  const { tasks, users } = state === 'OFFLINE' ? { tasks: 0, users: 0 } : load(node.instance.id);
  return {
    id: node.id,
    name: node.id,
    ipAddress: node.instance.privateIp,
    state,
    tasksTotal: tasks,
    activeUserCount: users,
    buildNumber: buildNumber(node.version),
    version: node.version,
    local: node === viewer,
    portNumber: httpPort,
    finalization: null,
    links: [],
  };
}

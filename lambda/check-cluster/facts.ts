import type { Access, ClusterFacts } from '../core/checks/facts';
import type { Facts, Known } from '../core/checks/check';
import { known } from '../core/checks/check';
import { isTaskError } from '../core/errors';
import type { Cluster } from '../core/observation';
import { isInService, isStandby, join } from '../core/observation';
import type { Administration } from '../ports/administration';
import type { Bitbucket, Nodes } from '../ports/bitbucket';
import type { Images } from '../ports/compute';
import type { ChecksInput } from '../shared/judge-facts';
import { from, look } from '../shared/known';
import type { ClusterPorts } from '../shared/observe';
import { askNodes, observeGroup } from '../shared/observe';

/** Everything that the checks of the cluster are made of comes from these. */
export interface ClusterCheckPorts extends ClusterPorts {
  readonly nodes: Nodes;
  readonly administration: Administration;
  readonly images: Images;
}

/** What the construct says. */
export interface ClusterCheckSettings {
  readonly deniedVersions: readonly string[];
  readonly targetGroupArns: readonly string[];
}

/** Looks up the facts about the cluster; reads only. */
export async function clusterFacts(
  { plan }: ChecksInput,
  settings: ClusterCheckSettings,
  ports: ClusterCheckPorts,
): Promise<Facts<ClusterFacts>> {
  const [observed, targets, targetImage, { access, cluster }] = await Promise.all([
    look('needed', () => observeGroup(ports)),
    look('needed', () => ports.targets.describe()),
    look('needed', async () => (plan.targetImageId.startsWith('ami-') ? ports.images.byId(plan.targetImageId) : undefined)),
    askCluster(ports.bitbucket),
  ]);
  const listed = 'value' in cluster ? cluster.value : undefined;
  const joined = from(observed, ({ group, instances }) => join(group, instances, listed, 'value' in targets ? targets.value : []));
  // Once they are refused the credentials are not sent again: failed logins lock the account.
  const refused = 'value' in access && access.value.kind === 'refused' && access.value.error === 'CredentialsRefused';
  const ask = <T>(importance: 'needed' | 'helpful', read: () => Promise<T>): Promise<Known<T>> =>
    refused ? Promise.resolve({ unknown: 'Bitbucket refuses the credentials.' }) : look(importance, read);

  const { administration: admin } = ports;
  const [views, clustering, licence, healthChecks, apps, mesh, mirrors] = await Promise.all([
    'value' in joined
      ? ask('needed', () =>
          askNodes(
            ports.nodes,
            joined.value.filter((member) => isInService(member) || isStandby(member)),
          ),
        )
      : Promise.resolve(joined),
    ask('needed', () => admin.clustering()),
    ask('needed', () => admin.licence()),
    ask('helpful', () => admin.healthChecks()),
    ask('helpful', () => admin.apps(plan.toVersion)),
    ask('helpful', () => admin.meshNodes()),
    ask('helpful', () => admin.mirrors()),
  ]);
  return {
    deniedVersions: known(settings.deniedVersions),
    targetGroupArns: known(settings.targetGroupArns),
    access,
    cluster,
    targetImage,
    targets,
    views,
    clustering,
    licence,
    healthChecks,
    apps,
    mesh,
    mirrors,
    group: from(observed, ({ group }) => group),
    members: from(observed, ({ group, instances }) =>
      join(group, instances, listed, 'value' in targets ? targets.value : [], 'value' in views ? views.value : new Map()),
    ),
  };
}

/** Asks for the cluster, which shows how Bitbucket takes the credentials. */
async function askCluster(bitbucket: Bitbucket): Promise<{ access: Known<Access>; cluster: Known<Cluster> }> {
  let refusal: Access | undefined;
  const cluster = await look('needed', async () => {
    try {
      return await bitbucket.cluster();
    } catch (error) {
      if (isTaskError(error, 'CredentialsRefused', 'PermissionMissing'))
        refusal = { kind: 'refused', error: error.name as 'CredentialsRefused' | 'PermissionMissing', message: error.message };
      throw error;
    }
  });
  if (refusal) return { access: known(refusal), cluster: { unknown: 'Bitbucket refuses the credentials.' } };
  return { access: from(cluster, () => ({ kind: 'granted' })), cluster };
}

/** The adapters of a look at the cluster, as several tasks put them together. */
import { bitbucketOf } from '../adapters/bitbucket';
import type { EnvironmentReader } from '../adapters/environment';
import { instances } from '../adapters/instances';
import { scalingGroup } from '../adapters/scaling-group';
import { targetHealth } from '../adapters/target-groups';
import { ENV } from '../../lib/contract/environment';
import type { Nodes } from '../ports/bitbucket';
import type { ClusterPorts } from './observe';

/** What a task that looks at the cluster reads from its environment. */
export const clusterEnvironment = (read: EnvironmentReader) => ({
  groupName: read.text(ENV.GROUP_NAME),
  targetGroupArns: read.list(ENV.TARGET_GROUP_ARNS),
  limits: read.limits(),
  bitbucket: read.bitbucket(),
});

/** The real ports. */
export const clusterPorts = (env: ReturnType<typeof clusterEnvironment>): ClusterPorts & { readonly nodes: Nodes } => ({
  group: scalingGroup(env.groupName),
  instances: instances(),
  targets: targetHealth(env.targetGroupArns),
  ...bitbucketOf(env.bitbucket),
});

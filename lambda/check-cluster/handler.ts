import { ENV } from '../../lib/contract/environment';
import { administration } from '../adapters/administration';
import { bitbucketOf } from '../adapters/bitbucket';
import { bitbucketClient } from '../adapters/bitbucket-client';
import { readEnvironment } from '../adapters/environment';
import { images } from '../adapters/images';
import { instances } from '../adapters/instances';
import { scalingGroup } from '../adapters/scaling-group';
import { targetHealth } from '../adapters/target-groups';
import { CLUSTER_CHECKS } from '../core/checks/catalogue';
import { clusterEnvironment } from '../shared/live';
import type { ChecksInput } from '../shared/judge-facts';
import { isIdle, judgeFacts } from '../shared/judge-facts';
import { task } from '../shared/task';
import { clusterFacts } from './facts';

/** Checks Bitbucket: versions, credentials, licence, nodes, apps. Reads only. */
export const handler = task('check-cluster', async (input: ChecksInput) => {
  const env = readEnvironment((read) => ({ ...clusterEnvironment(read), deniedVersions: read.optionalList(ENV.DENIED_VERSIONS) }));
  if (isIdle(input)) return [];
  const client = bitbucketClient(env.bitbucket);
  const facts = await clusterFacts(input, env, {
    ...bitbucketOf(env.bitbucket, client),
    administration: administration(client, env.bitbucket.baseUrl),
    group: scalingGroup(env.groupName),
    instances: instances(),
    targets: targetHealth(env.targetGroupArns),
    images: images(),
  });
  return judgeFacts(CLUSTER_CHECKS, facts, { ...input, limits: env.limits, now: new Date() });
});

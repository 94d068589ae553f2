import { ENV } from '../../lib/contract/environment';
import { readEnvironment } from '../adapters/environment';
import { groupDetails } from '../adapters/group-details';
import { imageInspection } from '../adapters/image-details';
import { instances } from '../adapters/instances';
import { scalingGroup } from '../adapters/scaling-group';
import { stacks } from '../adapters/stacks';
import { targetGroups } from '../adapters/target-groups';
import { GROUP_CHECKS } from '../core/checks/catalogue';
import type { ChecksInput } from '../shared/judge-facts';
import { isIdle, judgeFacts } from '../shared/judge-facts';
import { task } from '../shared/task';
import { groupFacts } from './facts';

/** Checks the Auto Scaling group, its target groups, its launch template and images, and its stack. Reads only. */
export const handler = task('check-group', async (input: ChecksInput) => {
  const env = readEnvironment((read) => ({
    groupName: read.text(ENV.GROUP_NAME),
    targetGroupArns: read.list(ENV.TARGET_GROUP_ARNS),
    limits: read.limits(),
    baseUrl: read.text(ENV.BASE_URL),
    images: read.nodeImages(),
  }));
  if (isIdle(input)) return [];
  const { targetGroupArns } = env;
  const contextPath = new URL(env.baseUrl).pathname.replace(/\/+$/, '');
  const versionTag = env.images.kind === 'tag' ? env.images.tagKey : '';
  const facts = await groupFacts(
    input,
    { targetGroupArns, contextPath, versionTag },
    {
      group: scalingGroup(env.groupName),
      details: groupDetails(env.groupName),
      instances: instances(),
      targetGroups: targetGroups(targetGroupArns),
      images: imageInspection(),
      stacks: stacks(),
    },
  );
  return judgeFacts(GROUP_CHECKS, facts, { ...input, limits: env.limits, now: new Date() });
});

import type { GroupFacts } from '../core/checks/facts';
import type { Facts } from '../core/checks/check';
import { known } from '../core/checks/check';
import type { Group } from '../core/observation';
import type { Instances } from '../ports/compute';
import type { GroupDetails } from '../ports/group-details';
import type { ImageInspection } from '../ports/image-details';
import type { ScalingGroup } from '../ports/scaling-group';
import type { Stacks } from '../ports/stacks';
import type { TargetGroups } from '../ports/target-health';
import type { ChecksInput } from '../shared/judge-facts';
import { from, look } from '../shared/known';
import { observeGroup } from '../shared/observe';

/** Everything that the checks of the group are made of comes from these. */
export interface GroupCheckPorts {
  readonly group: ScalingGroup;
  readonly details: GroupDetails;
  readonly instances: Instances;
  readonly targetGroups: TargetGroups;
  readonly images: ImageInspection;
  readonly stacks: Stacks;
}

/** What the construct says. */
export interface GroupCheckSettings {
  readonly targetGroupArns: readonly string[];
  readonly contextPath: string;
  readonly versionTag: string;
}

/** Looks up the facts about the group, its load balancers and its images; reads only. */
export async function groupFacts({ plan }: ChecksInput, settings: GroupCheckSettings, ports: GroupCheckPorts): Promise<Facts<GroupFacts>> {
  const imageById = (id: string) => look('needed', async () => (id.startsWith('ami-') ? ports.images.byId(id) : undefined));
  const [observed, details, refresh, scheduledActions, hooks, targetGroups, targetImage, originalImage] = await Promise.all([
    look('needed', () => observeGroup(ports)),
    look('needed', () => ports.details.settings()),
    look('needed', () => ports.group.activeRefresh()),
    look('helpful', () => ports.details.scheduledActions()),
    look('helpful', () => ports.details.hooks()),
    look('needed', () => ports.targetGroups.settings()),
    imageById(plan.targetImageId),
    imageById(plan.originalImageId),
  ]);
  const keysOf = async (image: typeof targetImage): Promise<readonly string[]> => {
    const { keys = [], encryptedSnapshots = [] } = ('value' in image && image.value) || {};
    return [...keys, ...(await ports.images.keys(encryptedSnapshots))];
  };
  const [stack, keys] = await Promise.all([
    'value' in observed ? look('needed', () => ownStack(observed.value.group, ports.stacks)) : Promise.resolve(observed),
    look('helpful', async () => ({ target: await keysOf(targetImage), original: await keysOf(originalImage) })),
  ]);
  return {
    group: from(observed, ({ group }) => group),
    instances: from(observed, ({ instances }) => instances),
    settings: details,
    warmPool: from(details, ({ warmPool }) => warmPool),
    refresh,
    stack,
    scheduledActions,
    hooks,
    targetGroups,
    targetImage,
    originalImage,
    keys: 'value' in targetImage ? keys : targetImage,
    targetGroupArns: known(settings.targetGroupArns),
    contextPath: known(settings.contextPath),
    versionTag: known(settings.versionTag),
  };
}

/** The stack that the group is a resource of: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cfn-resource-tags.html */
async function ownStack({ tags }: Group, stacks: Stacks): Promise<GroupFacts['stack']> {
  const id = tags['aws:cloudformation:stack-id'];
  const status = id && (await stacks.status(id));
  return id && status ? { id, status } : undefined;
}

import { NEEDED_PROCESSES } from '../../../lib/contract/tags';
import type { Check } from './facts';
import { when } from './facts';

/** Nobody else upgrades, or recovers, this cluster. While somebody does, all else that is found may be their doing. */
export const checkLock: Check = ({ activeRun }) =>
  when(
    activeRun !== undefined,
    'lock',
    () =>
      `AnotherRunActive: ${activeRun ?? ''} is at work on this cluster. Wait until it has ended, then start again; what follows may be its doing.`,
  );

/** The group can launch and take in replacements, and nobody else replaces its instances. */
export const checkGroup: Check = ({ group, plan, refresh, stack, limits }) => {
  const suspended = NEEDED_PROCESSES.filter((process) => group.suspendedProcesses.includes(process));
  const check = 'group';
  return [
    ...when(
      suspended.length > 0,
      check,
      () => `${suspended.join(', ')} of ${group.name}: suspended, so no replacement would come up. Resume it first.`,
    ),
    ...when(
      refresh !== undefined,
      check,
      () => `The instance refresh ${refresh ?? ''} of ${group.name} is going on. Wait for its end, or cancel it.`,
    ),
    ...when(
      stack?.status.endsWith('_IN_PROGRESS') === true,
      check,
      () => `The stack ${stack?.id ?? ''} of ${group.name} is ${stack?.status ?? ''}: it may replace nodes or sizes. Wait for its end.`,
    ),
    ...when(
      plan.sizes.desired < 2,
      check,
      () => `${group.name} desires ${plan.sizes.desired} instances; an upgrade without downtime needs at least two.`,
    ),
    ...when(limits.bootTimeout < 60, check, () => `The boot time-out of ${limits.bootTimeout} s is shorter than any boot.`),
  ];
};

/** The launch template can be pointed at another image. */
export const checkTemplate: Check = ({ group, plan }) => {
  const check = 'launch template';
  if (!group.launchTemplate) {
    return when(
      true,
      check,
      () =>
        `${group.name} uses a launch configuration, which cannot be changed. Move it to a launch template: https://docs.aws.amazon.com/autoscaling/ec2/userguide/migrate-to-launch-templates.html`,
    );
  }
  const image = plan.originalImageId;
  return [
    ...when(
      group.overridesWithTemplates.length > 0,
      check,
      () =>
        `The mixed instances policy overrides ${group.overridesWithTemplates.join(', ')} with launch templates of their own, whose images would stay old. Use one launch template for all.`,
    ),
    ...when(
      image.startsWith('resolve:ssm:'),
      check,
      () =>
        `The launch template names its image by ${image}: whoever changes the parameter changes the image, at any time. Name the image by its id.`,
    ),
    ...when(
      image === '',
      check,
      () =>
        `Version ${plan.launchTemplate.version || plan.launchTemplate.versionSpec} of the launch template ${plan.launchTemplate.id} names no image.`,
    ),
  ];
};

/** The image of the target version can be launched in place of the current one. */
export const checkImage: Check = ({ plan, targetImage, originalImage }) => {
  const check = 'image';
  const id = plan.targetImageId;
  if (id === '') return []; // the request's problems say why
  if (!targetImage) return when(true, check, () => `There is no image ${id} in this region, or it is not shared with this account.`);
  return [
    ...when(targetImage.state !== 'available', check, () => `The image ${id} is ${targetImage.state}, not available.`),
    ...when(
      originalImage !== undefined && originalImage.architecture !== targetImage.architecture,
      check,
      () => `The image ${id} is for ${targetImage.architecture}, the nodes run ${originalImage?.architecture ?? ''}.`,
    ),
    ...when(
      id === plan.originalImageId && plan.nodes.length > 0 && !plan.continues,
      check,
      () =>
        `The group launches ${id} already, but its nodes run ${plan.fromVersion}: nobody could tell the new nodes from the old ones. Build a new image.`,
    ),
  ];
};

/** What does not stop an upgrade, but should be known. */
export const warnGroup: Check = ({ group, limits, plan, originalImage }) => [
  ...when(
    group.gracePeriodSeconds < limits.bootTimeout,
    'grace period',
    () =>
      `The health check grace period of ${group.gracePeriodSeconds} s is shorter than the boot time-out of ${limits.bootTimeout} s: outside of upgrades the group may terminate nodes that still start.`,
  ),
  ...when(
    !originalImage && plan.originalImageId.startsWith('ami-'),
    'image',
    () => `The current image ${plan.originalImageId} is gone: no node of ${plan.fromVersion} could be launched again.`,
  ),
];

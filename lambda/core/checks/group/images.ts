import type { Finding, Ground } from '../check';
import { Check, finding, listed, when } from '../check';
import type { GroupFacts } from '../facts';
import { moment } from '../words';

type Of<K extends keyof GroupFacts> = Pick<GroupFacts, K>;

const NONE_YET = 'There is no target image to look at: see the request.';

/** The launch template can be pointed at another image. */
export class LaunchTemplateUsable extends Check<GroupFacts, 'group'> {
  readonly name = 'launch-template';
  readonly severity = 'refuse';
  readonly looksAt = 'How the group names its image: by one launch template that holds the id of an image';
  readonly source = 'https://docs.aws.amazon.com/autoscaling/ec2/userguide/migrate-to-launch-templates.html';
  readonly override = 'the image could not be changed';
  protected readonly needs = ['group'] as const;

  protected look({ group }: Of<'group'>, { plan }: Ground): Finding {
    const { id, version, versionSpec } = plan.launchTemplate;
    const image = plan.originalImageId;
    if (!group.launchTemplate) {
      return finding('', [
        {
          found: `${group.name} uses a launch configuration, which cannot be changed.`,
          todo: `Move it to a launch template: ${this.source}`,
        },
      ]);
    }
    return finding(
      `Version ${version} (${versionSpec}) of the launch template ${id} names ${image}.`,
      when(
        group.overridesWithTemplates.length > 0,
        () =>
          `The mixed instances policy overrides ${listed(group.overridesWithTemplates)} with launch templates of their own, whose images would stay old.`,
        'Use one launch template for all.',
      ),
      when(
        image.startsWith('resolve:ssm:'),
        () => `The launch template names its image by ${image}: whoever changes the parameter changes the image, at any time.`,
        'Name the image by its id.',
      ),
      when(
        image === '',
        () => `Version ${version || versionSpec} of the launch template ${id} names no image.`,
        'Name the image by its id there.',
      ),
    );
  }
}

/** The image of the target version is there, and is not the one that the old nodes have. */
export class TargetImage extends Check<GroupFacts, 'targetImage'> {
  readonly name = 'target-image';
  readonly severity = 'refuse';
  readonly looksAt = "The target's image: it is there, available, and not the one that the group launches now";
  readonly source = 'https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeImages.html';
  readonly override = 'no node of the target version could be launched';
  protected readonly needs = ['targetImage'] as const;

  protected look({ targetImage }: Of<'targetImage'>, { plan }: Ground): Finding {
    const id = plan.targetImageId;
    if (id === '') return finding(NONE_YET);
    return finding(
      `The image ${id} is available.`,
      when(
        targetImage === undefined,
        () => `There is no image ${id} in this region, or it is not shared with this account.`,
        'Build it, copy it to this region, or share it.',
      ),
      when(
        targetImage !== undefined && targetImage.state !== 'available',
        () => `The image ${id} is ${targetImage?.state ?? ''}, not available.`,
        'Wait until it is, or build it anew.',
      ),
      when(
        id === plan.originalImageId && plan.nodes.length > 0 && !plan.continues,
        () => `The group launches ${id} already, but its nodes run ${plan.fromVersion}: nobody could tell the new nodes from the old ones.`,
        'Build a new image.',
      ),
    );
  }
}

/** The image can be launched where the current one is. */
export class ImagePlatform extends Check<GroupFacts, 'targetImage' | 'originalImage'> {
  readonly name = 'image-platform';
  readonly severity = 'refuse';
  readonly looksAt = "Architecture, virtualization and kind of root device of the target's image: those of the current one";
  readonly source = 'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ComponentsAMIs.html';
  readonly override = 'allowed';
  protected readonly needs = ['targetImage', 'originalImage'] as const;

  protected look({ targetImage: target, originalImage: original }: Of<'targetImage' | 'originalImage'>, { plan }: Ground): Finding {
    const id = plan.targetImageId;
    if (!target || !original) return finding(id === '' ? NONE_YET : 'There are not two images to compare.');
    const differs = (is: string, was: string): boolean => is !== '' && was !== '' && is !== was;
    return finding(
      `The image ${id} is for ${target.architecture}, as the current one.`,
      when(
        differs(target.architecture, original.architecture),
        () => `The image ${id} is for ${target.architecture}, the nodes run ${original.architecture}.`,
        `Build one for ${original.architecture}, or change the instance type in the launch template first.`,
      ),
      when(
        differs(target.rootDeviceType, original.rootDeviceType),
        () => `The root device of the image ${id} is ${target.rootDeviceType}, that of the current one ${original.rootDeviceType}.`,
        `Build one with a root device of the kind ${original.rootDeviceType}.`,
      ),
      when(
        differs(target.virtualization, original.virtualization),
        () => `The virtualization of the image ${id} is ${target.virtualization}, that of the current one ${original.virtualization}.`,
        `Build one for ${original.virtualization}.`,
      ),
    );
  }
}

/** The image says itself which version it holds. */
export class ImageVersion extends Check<GroupFacts, 'targetImage' | 'versionTag'> {
  readonly name = 'image-version';
  readonly severity = 'refuse';
  readonly looksAt = "The tag of the target's image that tells its version, where images are found by tag: the target version";
  readonly source = 'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html';
  readonly override = 'before the first new node runs, nothing but the tag tells the version: correct it, or leave imageId out';
  protected readonly needs = ['targetImage', 'versionTag'] as const;

  protected look({ targetImage, versionTag }: Of<'targetImage' | 'versionTag'>, { plan }: Ground): Finding {
    const id = plan.targetImageId;
    if (id === '' || !targetImage) return finding(NONE_YET);
    if (versionTag === '') return finding('Images are not found by tag; the version shows when the first new node runs.');
    const says = targetImage.tags[versionTag];
    return finding(
      `The tag ${versionTag} of ${id} says ${plan.toVersion}.`,
      when(
        says !== plan.toVersion,
        () => `The tag ${versionTag} of ${id} ${says === undefined ? 'is missing' : `says ${says}`}; the target is ${plan.toVersion}.`,
        'Use the image of the target version, or correct its tag.',
      ),
    );
  }
}

/** Encrypted snapshots of the image use a key that nodes are launched with already. */
export class ImageEncryption extends Check<GroupFacts, 'keys'> {
  readonly name = 'image-encryption';
  readonly severity = 'warn';
  readonly looksAt = "Keys that the target's image is encrypted with: those of the current image, which Auto Scaling can use";
  readonly source = 'https://docs.aws.amazon.com/autoscaling/ec2/userguide/key-policy-requirements-EBS-encryption.html';
  readonly override = 'allowed';
  protected readonly needs = ['keys'] as const;

  protected look({ keys }: Of<'keys'>, { plan }: Ground): Finding {
    const others = keys.target.filter((key) => !keys.original.includes(key));
    return finding(
      keys.target.length === 0 ? 'The image is not encrypted.' : 'The image is encrypted with the key of the current one.',
      when(
        others.length > 0,
        () => `The image ${plan.targetImageId} is encrypted with ${listed(others)}, with which no node was launched yet.`,
        'See that the key is enabled, and that its policy lets the service-linked role of Auto Scaling use it: else nothing can be launched.',
      ),
    );
  }
}

/** The way back is there, and the target's image stays. */
export class CurrentImage extends Check<GroupFacts, 'originalImage' | 'targetImage'> {
  readonly name = 'current-image';
  readonly severity = 'warn';
  readonly looksAt = 'The current image: still there, as the way back; and whether the one of the target is deprecated';
  readonly source = 'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ami-deprecate.html';
  readonly override = 'allowed';
  protected readonly needs = ['originalImage', 'targetImage'] as const;

  protected look({ originalImage, targetImage }: Of<'originalImage' | 'targetImage'>, { plan, now }: Ground): Finding {
    const end = targetImage?.deprecatedAt;
    return finding(
      `The current image ${plan.originalImageId} is there.`,
      when(
        !originalImage && plan.originalImageId.startsWith('ami-'),
        () => `The current image ${plan.originalImageId} is gone: no node of ${plan.fromVersion} could be launched again.`,
        'The upgrade could not be rolled back. Build that image again if you want that way.',
      ),
      when(
        end !== undefined && Date.parse(end) <= now.getTime(),
        () => `The image ${plan.targetImageId} is deprecated since ${moment(end ?? '')}.`,
        'Use a newer one.',
      ),
    );
  }
}

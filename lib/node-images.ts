import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { NodeImagesSpec } from './contract/environment';
import { PATTERNS } from './private/patterns';
import { malformed } from './private/problems';

/** What a {@link NodeImages} strategy comes to. */
export interface NodeImagesConfig {
  /** JSON that tells the tasks how a version becomes an image. */
  readonly specification: string;

  /**
   * Path of the SSM parameters that hold the images.
   *
   * @default - no parameter is read
   */
  readonly parameterPrefix?: string;

  /** What is wrong with the strategy's arguments; empty when nothing is. */
  readonly problems: string[];
}

/** Options of `NodeImages.byTag`. */
export interface NodeImagesByTagOptions {
  /**
   * Key of the tag whose value is the version of Bitbucket in the image.
   *
   * @default 'BitbucketVersion'
   */
  readonly tagKey?: string;

  /**
   * Accounts whose images are trusted (12 digits), or `self`.
   *
   * @default ['self']
   */
  readonly owners?: string[];
}

/** Characters that a map may need: a function's environment holds 4 KB. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const LONGEST_MAP = 2000;

/** How a version of Bitbucket becomes the image (AMI) of its nodes. */
export abstract class NodeImages {
  /** The newest available image that carries the version in a tag, of a trusted owner. */
  public static byTag(options: NodeImagesByTagOptions = {}): NodeImages {
    const { tagKey = 'BitbucketVersion', owners = ['self'] } = options;
    const problems = owners
      .filter((owner) => malformed(owner, PATTERNS.imageOwner))
      .map((owner) => `nodeImages: owner '${owner}' must be a 12-digit account id or 'self'`);
    if (owners.length === 0) problems.push("nodeImages: owners must name at least one account, for example ['self']");
    if (malformed(tagKey, PATTERNS.tagKey))
      problems.push(`nodeImages: tagKey '${tagKey}' must be a tag key of 1 to 128 characters, not 'aws:...'`);
    return new SpecifiedImages({ kind: 'tag', tagKey, owners }, problems);
  }

  /**
   * The SSM parameter `<prefix>/<version>` holds the id of the image.
   *
   * @param prefix path without the version and without a trailing slash, for example `/bitbucket/ami`
   */
  public static byParameter(prefix: string): NodeImages {
    const problems = malformed(prefix, PATTERNS.parameterPrefix)
      ? [`nodeImages: parameter prefix '${prefix}' must be a path like '/bitbucket/ami', without a trailing slash`]
      : [];
    return new SpecifiedImages({ kind: 'parameter', prefix }, problems);
  }

  /**
   * A fixed map.
   *
   * @param images image id by version, for example `{ '9.4.23': 'ami-0123456789abcdef0' }`
   */
  public static fromMap(images: Record<string, string>): NodeImages {
    const problems = Object.entries(images).flatMap(([version, image]) => [
      ...(malformed(version, PATTERNS.version) ? [`nodeImages: '${version}' must be a released version like '9.4.23'`] : []),
      ...(malformed(image, PATTERNS.imageId) ? [`nodeImages: image '${image}' of ${version} must be like 'ami-0123456789abcdef0'`] : []),
    ]);
    const count = Object.keys(images).length;
    if (count === 0) problems.push('nodeImages: the map must hold at least one version');
    if (JSON.stringify(images).length > LONGEST_MAP) {
      problems.push(
        `nodeImages: the map of ${count} versions is too long for a function's environment: drop old ones, or use byTag or byParameter`,
      );
    }
    return new SpecifiedImages({ kind: 'map', images }, problems);
  }

  /** Binds the strategy to the upgrade that uses it. */
  public abstract bind(scope: Construct): NodeImagesConfig;
}

/** The strategies differ only in what they tell the tasks. */
class SpecifiedImages extends NodeImages {
  public constructor(
    private readonly specification: NodeImagesSpec,
    private readonly problems: string[],
  ) {
    super();
  }

  public bind(scope: Construct): NodeImagesConfig {
    return {
      specification: Stack.of(scope).toJsonString(this.specification),
      parameterPrefix: this.specification.kind === 'parameter' ? this.specification.prefix : undefined,
      problems: this.problems,
    };
  }
}

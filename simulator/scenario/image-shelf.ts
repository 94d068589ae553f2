import type { BitbucketInventory } from '../bitbucket/inventory';
import type { Cloud } from '../cloud';
import type { Clock, Journal } from '../kernel/ports';
import type { ImageProps } from '../services/ec2/images';
import { SITE, imageId } from './site';

/** What an image may have besides its version: what is wrong with it, say. */
export type ImageTraits = Partial<Omit<ImageProps, 'id' | 'name' | 'tags'>>;

/** The images of Bitbucket that the site has: those of the beginning, and those that people build later. */
export class ImageShelf {
  readonly #versions = new Map<string, string>();

  constructor(
    private readonly clock: Clock,
    private readonly journal: Journal,
    private readonly cloud: Cloud,
    private readonly inventory: BitbucketInventory,
    versions: readonly string[],
  ) {
    for (const version of versions) this.#versions.set(imageId(version), version);
  }

  /** Which version an image holds; undefined: none of Bitbucket. */
  versionOf(image: string): string | undefined {
    return this.#versions.get(image);
  }

  /** Version by image id, of all images that there are now. */
  get versions(): ReadonlyMap<string, string> {
    return this.#versions;
  }

  /** The version is released and its image is built when virtual time reaches `at`, in milliseconds. */
  addImage(at: number, version: string, traits: ImageTraits = {}): void {
    this.clock.at(at, () => {
      const id = imageId(version);
      this.cloud.addImage({ ...traits, id, name: `bitbucket-${version}`, tags: { [SITE.imageTagKey]: version } });
      this.#versions.set(id, version);
      this.inventory.release(version);
      this.journal.record({ kind: 'image', id, version });
    });
  }
}

import type { ImageDetails } from '../core/checks/facts';

/** Machine images, with what it takes to launch them. */
export interface ImageInspection {
  /** Undefined when there is no such image, or it is not shared with this account. */
  byId(imageId: string): Promise<ImageDetails | undefined>;
  /** ARNs of the keys that these snapshots are encrypted with; those that are not visible are left out. */
  keys(snapshotIds: readonly string[]): Promise<readonly string[]>;
}

import type { TemplateVersion } from '../core/launch-template';
import type { Instance } from '../core/observation';

/** EC2 instances. */
export interface Instances {
  /** Those of `instanceIds` that EC2 knows. */
  describe(instanceIds: readonly string[]): Promise<readonly Instance[]>;
}

/** A machine image (AMI). */
export interface Image {
  readonly imageId: string;
  /** `available`, `pending`, `failed`, ... */
  readonly state: string;
  readonly architecture: string;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** Machine images. */
export interface Images {
  /** Undefined when there is no such image, or it is not shared with this account. */
  byId(imageId: string): Promise<Image | undefined>;
  byTag(key: string, value: string, owners: readonly string[]): Promise<readonly Image[]>;
}

/** Machine images, and which of them there are. */
export interface ImageCatalogue extends Images {
  /** Those that have a tag with this key, whatever its value. */
  withTag(key: string, owners: readonly string[]): Promise<readonly Image[]>;
}

/** Parameters that hold text. */
export interface Parameters {
  /** Undefined when there is no such parameter. */
  text(name: string): Promise<string | undefined>;
  /** Those whose name is `<prefix>/` and one more segment. */
  under(prefix: string): Promise<readonly { readonly name: string; readonly value: string }[]>;
}

/** Launch templates. */
export interface LaunchTemplates {
  /** All versions; or only those that `specs` (`$Latest`, `$Default`, numbers) mean. */
  versions(templateId: string, specs?: readonly string[]): Promise<readonly TemplateVersion[]>;
  /** A new version that is `source` but for the image. The same `token` makes it once. Returns its number. */
  create(templateId: string, source: string, imageId: string, token: string): Promise<string>;
  setDefault(templateId: string, version: string): Promise<void>;
}

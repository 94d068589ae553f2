import type { Banner } from '../core/banner';

/** Bitbucket's banner. Errors: BitbucketUnavailable, CredentialsRefused, PermissionMissing, ClusterUnexpected. */
export interface Banners {
  /** Undefined when there is none. */
  read(): Promise<Banner | undefined>;
  /** Puts this one up, or takes down what is there. An answer that was lost is resolved by looking. */
  set(banner: Banner | undefined): Promise<void>;
}

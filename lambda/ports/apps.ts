import type { App } from '../core/apps';

/** The apps that people installed. Errors: BitbucketUnavailable, CredentialsRefused, PermissionMissing, ClusterUnexpected. */
export interface Apps {
  installed(): Promise<readonly App[]>;
}

import type { AppCompatibility, Clustering, HealthCheck, Licence, MeshNode, Mirror } from '../core/checks/facts';

/** What Bitbucket tells an administrator about itself. Errors: BitbucketUnavailable, CredentialsRefused, PermissionMissing, ClusterUnexpected. */
export interface Administration {
  clustering(): Promise<Clustering>;
  /** Undefined when none is installed. */
  licence(): Promise<Licence | undefined>;
  healthChecks(): Promise<readonly HealthCheck[]>;
  /** How the installed apps get on with a later version. Fails when the Marketplace cannot be reached, or does not know the version. */
  apps(toVersion: string): Promise<AppCompatibility>;
  meshNodes(): Promise<readonly MeshNode[]>;
  mirrors(): Promise<readonly Mirror[]>;
}

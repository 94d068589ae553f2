import type { Cluster, NodeView } from '../core/observation';

/** Bitbucket through its base URL. Errors: BitbucketUnavailable, CredentialsRefused, PermissionMissing, ClusterUnexpected. */
export interface Bitbucket {
  cluster(): Promise<Cluster>;
  /** What `application-properties` says. */
  version(): Promise<string>;
  /** A call of the rolling-upgrade API. `look-again`: it was refused as not legal now (409), or its answer is lost. */
  call(operation: 'start' | 'cancel' | 'approve'): Promise<'accepted' | 'look-again'>;
}

/** Each node, asked directly. */
export interface Nodes {
  /** Never fails because a node does not answer: the view then says why. Errors: CredentialsRefused, PermissionMissing. */
  view(privateIp: string): Promise<NodeView>;
}

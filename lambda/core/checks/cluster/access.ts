import type { Finding, Ground } from '../check';
import { Check, counted, finding, when } from '../check';
import type { ClusterFacts } from '../facts';

/** Bitbucket takes the credentials, of a system administrator. A refusal is never tried again: failed logins lock the account. */
export class Credentials extends Check<ClusterFacts, 'access'> {
  readonly name = 'credentials';
  readonly severity = 'refuse';
  readonly looksAt =
    'How `/rest/zdu/cluster` answers the credentials of the secret: 401 and 403 have messages of their own, and are never tried again';
  readonly source = 'https://developer.atlassian.com/server/bitbucket/reference/zdu-rest/';
  readonly override = 'without them no step of the upgrade can be made';
  protected readonly needs = ['access'] as const;

  protected look({ access }: Pick<ClusterFacts, 'access'>): Finding {
    return finding(
      'Bitbucket takes the credentials, of a system administrator.',
      access.kind === 'refused' ? [{ found: `${access.error}: ${access.message}`, todo: 'Mend that, then start again.' }] : [],
    );
  }
}

/** Clustering is really on: a Data Center that runs as one node has the API, but nothing to upgrade without downtime. */
export class ClusteringOn extends Check<ClusterFacts, 'clustering'> {
  readonly name = 'clustering';
  readonly severity = 'refuse';
  readonly looksAt = '`running` of `/rest/api/latest/admin/cluster`: clustering is really on';
  readonly source = 'https://confluence.atlassian.com/bitbucketserver084/clustering-with-bitbucket-1167708885.html';
  readonly override = 'nodes that do not cluster cannot be replaced one by one';
  protected readonly needs = ['clustering'] as const;

  protected look({ clustering: { running, nodes } }: Pick<ClusterFacts, 'clustering'>, { plan }: Ground): Finding {
    return finding(
      `Clustering is on, with ${counted(nodes, 'node')}.`,
      when(
        !running,
        () => `Clustering is off: /rest/api/latest/admin/cluster of ${plan.groupName} says that it is not running.`,
        'Each node would serve by itself. Turn clustering on (hazelcast.network.* in bitbucket.properties), with a Data Center licence.',
      ),
    );
  }
}

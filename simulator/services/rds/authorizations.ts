import type { Authorization } from '../../kernel/ports';
import { requestTags, tagKeys } from '../account/operation';
import type { Databases } from './databases';
import type { DbSnapshot } from './db-snapshots';

type Tags = Readonly<Record<string, string>>;
type Context = NonNullable<Authorization['context']>;

/** Condition key with the tags of a resource, by the type in its ARN: `rds:snapshot-tag/KEY`. */
const TAG_KEYS: Readonly<Record<string, string>> = {
  db: 'rds:db-tag',
  cluster: 'rds:cluster-tag',
  snapshot: 'rds:snapshot-tag',
  'cluster-snapshot': 'rds:cluster-snapshot-tag',
};

/** Condition keys of tags that a request gives. */
const given = (tags: Tags): Context => ({ ...requestTags(tags), ...tagKeys(['rds:req-tag'], tags) });

/**
 * What RDS checks for its calls: resource types and condition keys of
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonrds.html
 */
export class RdsAuthorizations {
  constructor(private readonly databases: Databases) {}

  /** A call about one resource, whose tags are conditions; `tags` are those that the call gives. */
  of(action: string, arn: string, tags: Tags = {}): Authorization {
    return { action: `rds:${action}`, resources: [arn], context: { ...given(tags), ...this.owned(arn) } };
  }

  instance(id: string | undefined): string {
    return this.databases.arn({ id: id ?? '*' });
  }

  cluster(id: string | undefined): string {
    return this.databases.clusterArn(id ?? '*');
  }

  snapshot(kind: DbSnapshot['kind'], id: string | undefined): string {
    return this.databases.snapshots.arn({ kind, id: id ?? '*' });
  }

  /** A snapshot is made of one resource and is another; tags given at creation need permission to tag. */
  create(action: string, source: string, snapshot: string, tags: Tags): Authorization[] {
    const made = (name: string): Authorization => ({ action: `rds:${name}`, resources: [snapshot], context: given(tags) });
    return [
      this.of(action, source, tags),
      made(action),
      // https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/security_iam_id-based-policy-examples-grant-permissions-tags-on-create.html
      ...(Object.keys(tags).length > 0 ? [made('AddTagsToResource')] : []),
    ];
  }

  private owned(arn: string): Context {
    const [type = '', ...id] = arn.split(':').slice(5); // `snapshot:awsbackup:job-...` has a colon of its own
    const tags = taggedOf(this.databases, type, id.join(':'))?.tags ?? {};
    const key = TAG_KEYS[type];
    return key === undefined ? {} : tagKeys(['aws:ResourceTag', key], tags);
  }
}

/** The DB instance, cluster or snapshot of that type (as in its ARN) and id. */
export function taggedOf(databases: Databases, type: string, id: string): { readonly tags: Record<string, string> } | undefined {
  switch (type) {
    case 'db':
      return databases.find(id);
    case 'cluster':
      return databases.findCluster(id);
    case 'snapshot':
      return databases.snapshots.find('instance', id);
    case 'cluster-snapshot':
      return databases.snapshots.find('cluster', id);
    default:
      return undefined;
  }
}

/** What AWS Backup is asked to back up. */
export interface Resource {
  readonly arn: string;
  /** `unknown`: nothing that a home or a database can be. */
  readonly kind: 'db-instance' | 'db-cluster' | 'volume' | 'instance' | 'file-system' | 'unknown';
  /** The identifier that the vendor's own API takes; empty when unknown. */
  readonly id: string;
  readonly region: string;
  readonly account: string;
}

/** The ARNs that are understood: https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html */
const KINDS: readonly (readonly [RegExp, Resource['kind']])[] = [
  [/^rds:db:(.+)$/, 'db-instance'],
  [/^rds:cluster:(.+)$/, 'db-cluster'],
  [/^ec2:volume\/(vol-\w+)$/, 'volume'],
  [/^ec2:instance\/(i-\w+)$/, 'instance'],
  [/^elasticfilesystem:file-system\/(fs-\w+)$/, 'file-system'],
];

/** Reads the ARN of a resource. */
export function resourceOf(arn: string): Resource {
  const [, , service = '', region = '', account = '', ...rest] = arn.split(':');
  for (const [pattern, kind] of KINDS) {
    const id = pattern.exec([service, ...rest].join(':'))?.[1];
    if (id !== undefined) return { arn, kind, id, region, account };
  }
  return { arn, kind: 'unknown', id: '', region, account };
}

/** The id behind the ARN of a recovery point: of the EBS snapshot or the image, or the name of the DB snapshot. */
export const recoveryPointId = (arn: string): string =>
  arn
    .split(':')
    .slice(5)
    .join(':')
    .replace(/^(snapshot|image|cluster-snapshot|recovery-point)[/:]/, '');

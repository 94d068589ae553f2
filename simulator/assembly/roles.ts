import type { Resolver, TemplateResource } from './intrinsics';
import type { RolePolicies } from '../iam/authorizer';
import { parseStatements } from '../iam/policy';
import type { Statement } from '../iam/policy';

const allow = (...actions: string[]): unknown => ({ Statement: { Effect: 'Allow', Action: actions, Resource: '*' } });

/** AWS managed policies that are known, as documents. https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html */
const MANAGED: Readonly<Record<string, unknown>> = {
  'service-role/AWSLambdaBasicExecutionRole': allow('logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'),
  'service-role/AWSLambdaVPCAccessExecutionRole': allow(
    ...['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents', 'ec2:CreateNetworkInterface', 'ec2:DescribeNetworkInterfaces'],
    ...['ec2:DescribeSubnets', 'ec2:DeleteNetworkInterface', 'ec2:AssignPrivateIpAddresses', 'ec2:UnassignPrivateIpAddresses'],
  ),
  // as far as databases, volumes, instances and file systems; AWS Backup itself works as such a role, and no call here is made as one
  'service-role/AWSBackupServiceRolePolicyForBackup': allow(
    ...[
      'backup:DescribeBackupVault',
      'backup:TagResource',
      'ec2:CreateImage',
      'ec2:CreateSnapshot',
      'ec2:CreateSnapshots',
      'ec2:CreateTags',
    ],
    ...['ec2:DescribeInstances', 'ec2:DescribeSnapshots', 'ec2:DescribeVolumes', 'elasticfilesystem:Backup', 'rds:AddTagsToResource'],
    ...['rds:CreateDBSnapshot', 'rds:CreateDBClusterSnapshot', 'rds:DescribeDBInstances', 'rds:DescribeDBClusters'],
    ...['rds:DescribeDBSnapshots', 'rds:DescribeDBClusterSnapshots', 'rds:ListTagsForResource'],
  ),
  AWSXRayDaemonWriteAccess: allow('xray:PutTraceSegments', 'xray:PutTelemetryRecords', 'xray:GetSamplingRules', 'xray:GetSamplingTargets'),
};

type Created = readonly (readonly [string, TemplateResource])[];

/** The roles of a template with every statement: inline, of `AWS::IAM::Policy` and `AWS::IAM::ManagedPolicy`, and of known managed policies. */
export function loadRoles(created: Created, resolver: Resolver): RolePolicies[] {
  const properties = (resource: TemplateResource): Record<string, unknown> =>
    resolver.resolve(resource.Properties ?? {}) as Record<string, unknown>;
  const attached = created
    .filter(([, { Type }]) => Type === 'AWS::IAM::Policy' || Type === 'AWS::IAM::ManagedPolicy')
    .map(([logicalId, resource]) => {
      const { Roles = [], PolicyDocument } = properties(resource) as { Roles?: string[]; PolicyDocument: unknown };
      return { logicalId, ref: resolver.resolve({ Ref: logicalId }), roles: Roles, statements: parseStatements(PolicyDocument, logicalId) };
    });
  return created
    .filter(([, { Type }]) => Type === 'AWS::IAM::Role')
    .map(([logicalId, resource]) => {
      const {
        Policies = [],
        ManagedPolicyArns = [],
        PermissionsBoundary,
      } = properties(resource) as {
        Policies?: { PolicyDocument: unknown }[];
        ManagedPolicyArns?: string[];
        PermissionsBoundary?: string;
      };
      if (PermissionsBoundary !== undefined) throw new Error(`${logicalId}: the simulator does not model permissions boundaries.`);
      const name = resolver.resolve({ Ref: logicalId }) as string;
      const statements: Statement[] = Policies.flatMap(({ PolicyDocument }) => parseStatements(PolicyDocument, logicalId));
      for (const arn of ManagedPolicyArns) {
        const own = attached.find(({ ref }) => ref === arn);
        statements.push(...(own === undefined ? managedStatements(arn, logicalId) : own.statements));
      }
      for (const policy of attached) if (policy.roles.includes(name)) statements.push(...policy.statements);
      return { logicalId, name, arn: resolver.resolve({ 'Fn::GetAtt': [logicalId, 'Arn'] }) as string, statements };
    });
}

function managedStatements(arn: string, role: string): Statement[] {
  const name = arn.replace(/^arn:[\w-]+:iam::aws:policy\//, '');
  const document = MANAGED[name];
  if (document === undefined)
    throw new Error(`${role}: the simulator does not know the managed policy ${arn}; add it to simulator/assembly/roles.ts.`);
  return parseStatements(document, arn, true);
}

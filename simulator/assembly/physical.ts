import { createHash } from 'node:crypto';

/** Where the stack is deployed. */
export interface Place {
  readonly partition: string;
  readonly region: string;
  readonly account: string;
  readonly stackName: string;
}

/** What CloudFormation gives for `Ref` and `Fn::GetAtt` of one resource. */
export interface Physical {
  readonly ref: string;
  readonly attributes: Readonly<Record<string, string>>;
}

type Properties = Readonly<Record<string, unknown>>;
type Maker = (name: string, place: Place, hash: string) => Physical;

/** A made-up but stable suffix, as CloudFormation's random one. */
const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 17);

const arnOf = (place: Place, service: string, resource: string): string =>
  `arn:${place.partition}:${service}:${place.region}:${place.account}:${resource}`;

const byName =
  (service: string, prefix: string): Maker =>
  (name, place) => ({ ref: name, attributes: { Arn: arnOf(place, service, `${prefix}${name}`) } });

/** Resource types that the simulator makes, with the property that names them. https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-template-resource-type-ref.html */
const MAKERS: Readonly<Record<string, { readonly nameProperty?: string; readonly make: Maker }>> = {
  'AWS::Lambda::Function': { nameProperty: 'FunctionName', make: byName('lambda', 'function:') },
  'AWS::IAM::Role': {
    nameProperty: 'RoleName',
    make: (name, place) => ({
      ref: name,
      attributes: { Arn: `arn:${place.partition}:iam::${place.account}:role/${name}`, RoleId: `AROA${name}` },
    }),
  },
  'AWS::StepFunctions::StateMachine': {
    nameProperty: 'StateMachineName',
    make: (name, place) => {
      const arn = arnOf(place, 'states', `stateMachine:${name}`);
      return { ref: arn, attributes: { Arn: arn, Name: name } };
    },
  },
  'AWS::DynamoDB::Table': { nameProperty: 'TableName', make: byName('dynamodb', 'table/') },
  'AWS::SNS::Topic': {
    nameProperty: 'TopicName',
    make: (name, place) => {
      const arn = arnOf(place, 'sns', name);
      return { ref: arn, attributes: { TopicArn: arn, TopicName: name } };
    },
  },
  'AWS::SQS::Queue': {
    nameProperty: 'QueueName',
    make: (name, place) => ({
      ref: `https://sqs.${place.region}.amazonaws.com/${place.account}/${name}`,
      attributes: { Arn: arnOf(place, 'sqs', name), QueueName: name },
    }),
  },
  'AWS::Logs::LogGroup': {
    nameProperty: 'LogGroupName',
    make: (name, place) => ({ ref: name, attributes: { Arn: arnOf(place, 'logs', `log-group:${name}:*`) } }),
  },
  'AWS::KMS::Key': {
    make: (_name, place, hash) => {
      const id = `${hash.slice(0, 8)}-0000-4000-8000-${hash.slice(0, 12)}`;
      return { ref: id, attributes: { Arn: arnOf(place, 'kms', `key/${id}`), KeyId: id } };
    },
  },
  'AWS::Scheduler::Schedule': { nameProperty: 'Name', make: byName('scheduler', 'schedule/default/') },
  'AWS::Scheduler::ScheduleGroup': { nameProperty: 'Name', make: byName('scheduler', 'schedule-group/') },
  'AWS::Events::Rule': { nameProperty: 'Name', make: byName('events', 'rule/') },
  'AWS::EC2::SecurityGroup': {
    make: (_name, _place, hash) => ({ ref: `sg-${hash}`, attributes: { GroupId: `sg-${hash}`, VpcId: `vpc-${hash}` } }),
  },
  'AWS::SecretsManager::Secret': {
    nameProperty: 'Name',
    make: (name, place, hash) => {
      const arn = arnOf(place, 'secretsmanager', `secret:${name}-${hash.slice(0, 6)}`);
      return { ref: arn, attributes: { Id: arn } };
    },
  },
  'AWS::SSM::Parameter': { nameProperty: 'Name', make: (name) => ({ ref: name, attributes: {} }) },
  'AWS::SSM::Document': { nameProperty: 'Name', make: (name) => ({ ref: name, attributes: {} }) },
  'AWS::Backup::BackupVault': {
    nameProperty: 'BackupVaultName',
    make: (name, place) => ({
      ref: name,
      attributes: { BackupVaultName: name, BackupVaultArn: arnOf(place, 'backup', `backup-vault:${name}`) },
    }),
  },
  'AWS::CloudWatch::Alarm': { nameProperty: 'AlarmName', make: byName('cloudwatch', 'alarm:') },
};

/** Types that need no behaviour here: nothing that is simulated reads them. */
const INERT = new Set([
  ...[
    'AWS::CDK::Metadata',
    'AWS::IAM::Policy',
    'AWS::IAM::ManagedPolicy',
    'AWS::Lambda::Permission',
    'AWS::KMS::Alias',
    'AWS::SNS::TopicPolicy',
  ],
  ...['AWS::SNS::Subscription', 'AWS::SQS::QueuePolicy', 'AWS::EC2::SecurityGroupIngress', 'AWS::EC2::SecurityGroupEgress'],
  ...['AWS::CloudWatch::Dashboard', 'AWS::CloudWatch::CompositeAlarm', 'AWS::Logs::MetricFilter', 'AWS::Logs::ResourcePolicy'],
]);

/** @throws Error for a resource type that the simulator does not know. */
export function makePhysical(logicalId: string, type: string, properties: Properties, place: Place): Physical {
  const hash = hashOf(`${place.stackName}/${logicalId}`);
  const generated = `${place.stackName}-${logicalId}-${hash.slice(0, 12)}`.slice(-64).replace(/^-+/, '');
  const known = MAKERS[type];
  if (known === undefined) {
    if (INERT.has(type)) return { ref: generated, attributes: {} };
    throw new Error(`The simulator does not know the resource type ${type} (${logicalId}); add it to simulator/assembly/physical.ts.`);
  }
  const given = known.nameProperty === undefined ? undefined : properties[known.nameProperty];
  return known.make(typeof given === 'string' ? given : generated, place, hash);
}

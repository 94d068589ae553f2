import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CfnResource, Duration, Fn } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Pass } from 'aws-cdk-lib/aws-stepfunctions';
import { Resolver } from '../../../../simulator/assembly/intrinsics';
import type { Template } from '../../../../simulator/assembly/intrinsics';
import { loadAssembly } from '../../../../simulator/assembly/load';
import { shapesOf } from '../../../../simulator/wire/shapes';
import { synthesize } from './support/fixture';

const HANDLER = 'export const handler = async () => 1;';

describe('a deployed template', () => {
  const deployment = loadAssembly(
    synthesize(({ stack, table, topic, fn, call, machine }) => {
      const first = fn('First', HANDLER, {
        timeout: Duration.seconds(7),
        memorySize: 256,
        reservedConcurrentExecutions: 1,
        environment: {
          TABLE: table.tableName,
          TOPIC: topic.topicArn,
          WHERE: `${stack.region}/${stack.account}/${Fn.select(1, Fn.split(':', 'a:b:c'))}`,
        },
      });
      first.addToRolePolicy(new iam.PolicyStatement({ actions: ['sns:Publish'], resources: [topic.topicArn] }));
      machine('Machine', call('Call', first));
    }),
    { region: 'eu-west-1', account: '222222222222' },
  );
  const [first] = deployment.functions;
  const [table] = deployment.tables;
  const [topic] = deployment.topics;
  const [machine] = deployment.machines;

  test('has its functions with code, limits and environment', () => {
    expect(first).toMatchObject({ handler: 'index.handler', timeoutSeconds: 7, memoryMb: 256, reservedConcurrency: 1 });
    expect(first?.arn).toBe(`arn:aws:lambda:eu-west-1:222222222222:function:${first?.name ?? ''}`);
    expect(first?.environment).toEqual({ TABLE: table?.name, TOPIC: topic?.arn, WHERE: 'eu-west-1/222222222222/b' });
    expect(first?.codeDirectory).toContain('asset.');
  });

  test('has its roles with every statement: their own, and of known managed policies', () => {
    const role = deployment.roles.find(({ arn }) => arn === first?.roleArn);
    expect(role?.statements.find(({ managed }) => !managed)).toMatchObject({
      effect: 'Allow',
      actions: ['sns:Publish'],
      resources: [topic?.arn],
    });
    expect(role?.statements.find(({ managed }) => managed)?.actions).toContain('logs:PutLogEvents');
  });

  test('has its state machines with resolved definitions', () => {
    expect(machine?.definition).toMatchObject({ StartAt: 'Call', States: { Call: { Resource: first?.arn } } });
    expect(deployment.roles.map(({ arn }) => arn)).toContain(machine?.roleArn);
  });

  test('has its tables with their keys', () => {
    expect(table).toMatchObject({ keys: ['id'], kmsKeyArn: undefined });
  });
});

test('an unknown resource type is refused by name, even if nobody refers to it', () => {
  const assembly = synthesize(({ stack, machine }) => {
    machine('Machine', Pass.jsonPath(stack, 'Nothing'));
    new CfnResource(stack, 'Odd', { type: 'AWS::Odd::Thing' });
  });
  expect(() => loadAssembly(assembly)).toThrow('The simulator does not know the resource type AWS::Odd::Thing (Odd)');
});

describe('documents of Systems Manager', () => {
  const load = (...documents: readonly object[]) =>
    loadAssembly(
      synthesize(({ stack, machine }) => {
        machine('Machine', Pass.jsonPath(stack, 'Nothing'));
        documents.forEach((properties, n) => new CfnResource(stack, `Document${n}`, { type: 'AWS::SSM::Document', properties }));
      }),
    ).documents;
  const content = { schemaVersion: '2.2', mainSteps: [{ action: 'aws:runShellScript', inputs: { runCommand: ['true'] } }] };

  test('are those that Run Command runs, with their contents as object or as text', () => {
    const found = load(
      { Name: 'named', DocumentType: 'Command', Content: content },
      { DocumentType: 'Command', Content: JSON.stringify(content) },
      { DocumentType: 'Automation', Content: { schemaVersion: '0.3' } },
    );
    expect(found).toEqual([
      { name: 'named', content },
      { name: expect.stringContaining('Document1') as string, content },
    ]);
  });

  test.each([
    [{ DocumentType: 'Command', DocumentFormat: 'YAML', Content: 'schemaVersion: "2.2"' }, 'reads documents in JSON only, not in YAML'],
    [{ DocumentType: 'Command', Content: { schemaVersion: '1.2' } }, 'runs documents of schema 2.2, not 1.2'],
  ])('%j is refused', (properties, message) => {
    expect(() => load(properties)).toThrow(message);
  });
});

test('a role may have the managed policy of AWS Backup, and a vault is known by its name and ARN', () => {
  const { roles, vaults, resolve } = loadAssembly(
    synthesize(({ stack, machine }) => {
      machine('Machine', Pass.jsonPath(stack, 'Nothing'));
      new CfnResource(stack, 'Vault', { type: 'AWS::Backup::BackupVault', properties: { BackupVaultName: 'vault' } });
      new iam.Role(stack, 'Backups', {
        assumedBy: new iam.ServicePrincipal('backup.amazonaws.com'),
        managedPolicies: [iam.ManagedPolicy.fromAwsManagedPolicyName('service-role/AWSBackupServiceRolePolicyForBackup')],
      });
    }),
  );
  expect(vaults).toEqual(['vault']);
  expect(resolve({ 'Fn::GetAtt': ['Vault', 'BackupVaultArn'] })).toBe('arn:aws:backup:eu-central-1:111111111111:backup-vault:vault');
  expect(roles.flatMap(({ statements }) => statements.flatMap(({ actions }) => actions ?? []))).toContain('rds:CreateDBSnapshot');
});

test('a directory that is no assembly is refused with what to do', () => {
  expect(() => loadAssembly(join(mkdtempSync(join(tmpdir(), 'none-'))))).toThrow(
    /is no cloud assembly: it has no manifest.json. Make one with: npx cdk synth/,
  );
});

describe('intrinsic functions', () => {
  const template: Template = {
    Parameters: { Size: { Type: 'String', Default: 'large' }, Needed: { Type: 'String' } },
    Conditions: { IsLarge: { 'Fn::Equals': [{ Ref: 'Size' }, 'large'] }, Not: { 'Fn::Not': [{ Condition: 'IsLarge' }] } },
    Mappings: { Map: { a: { b: 'mapped' } } },
    Resources: { Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'q' } }, Gone: { Type: 'AWS::SQS::Queue', Condition: 'Not' } },
  };
  const resolver = new Resolver(template, { partition: 'aws', region: 'r', account: '1', stackName: 's' });

  test.each([
    [{ 'Fn::Sub': '${AWS::Region}-${Queue.Arn}-${!kept}' }, 'r-arn:aws:sqs:r:1:q-${kept}'],
    [{ 'Fn::Sub': ['${x}', { x: { Ref: 'Size' } }] }, 'large'],
    [{ 'Fn::Join': ['-', ['a', { Ref: 'AWS::AccountId' }]] }, 'a-1'],
    [{ 'Fn::If': ['IsLarge', 'yes', 'no'] }, 'yes'],
    [{ a: { 'Fn::If': ['Not', 'yes', { Ref: 'AWS::NoValue' }] }, b: 1 }, { b: 1 }],
    [{ 'Fn::FindInMap': ['Map', 'a', 'b'] }, 'mapped'],
    [{ 'Fn::Select': [1, { 'Fn::Split': ['/', 'x/y'] }] }, 'y'],
    [{ 'Fn::Base64': 'x' }, 'eA=='],
  ])('%j', (value, resolved) => {
    expect(resolver.resolve(value)).toEqual(resolved);
  });

  test.each([
    [{ 'Fn::ImportValue': 'x' }, 'does not know the intrinsic function Fn::ImportValue'],
    [{ Ref: 'Nobody' }, 'refers to Nobody, which it does not contain'],
    [{ 'Fn::GetAtt': ['Queue', 'Colour'] }, 'does not know the attribute Colour of Queue'],
    [{ Ref: 'Needed' }, 'The parameter Needed of the template has no default'],
  ])('%j is refused by name', (value, message) => {
    expect(() => resolver.resolve(value)).toThrow(message);
  });

  test('a resource whose condition does not hold is not created', () => {
    expect(Object.values(template.Resources ?? {}).map((resource) => resolver.isCreated(resource))).toEqual([true, false]);
  });
});

/** The SDK's schemas are no documented surface: this fails when an update changes what the simulator reads of them. */
describe('the schemas of the SDK clients', () => {
  test.each([
    ['client-auto-scaling', 'UpdateAutoScalingGroup', ['AutoScalingGroupName']],
    ['client-ec2', 'CreateLaunchTemplateVersion', ['LaunchTemplateData']],
    ['client-elastic-load-balancing-v2', 'DescribeTargetHealth', ['TargetGroupArn']],
    ['client-rds', 'CreateDBSnapshot', ['DBSnapshotIdentifier', 'DBInstanceIdentifier']],
    ['client-dynamodb', 'PutItem', ['TableName', 'Item']],
    ['client-secrets-manager', 'GetSecretValue', ['SecretId']],
    ['client-backup', 'StartBackupJob', ['BackupVaultName', 'ResourceArn', 'IamRoleArn']],
    ['client-ssm', 'GetParameter', ['Name']],
    ['client-sns', 'Publish', ['Message']],
    ['client-sfn', 'StartExecution', ['stateMachineArn']],
  ])('%s tells the members of %s and which are required', (client, operation, required) => {
    const { input, required: found } = shapesOf(client).operation(operation);
    expect([...found].sort()).toEqual([...required].sort());
    for (const name of required) expect(input.members.has(name)).toBe(true);
  });

  test('tell the errors by shape and by query code', () => {
    const expected = { shape: 'DBSnapshotNotFoundFault', queryCode: 'DBSnapshotNotFound', status: 404 };
    expect(shapesOf('client-rds').error('DBSnapshotNotFoundFault')).toEqual(expected);
    expect(shapesOf('client-rds').error('DBSnapshotNotFound')).toEqual(expected);
  });

  test('tell where REST operations are, and where their members go', () => {
    const { http, input } = shapesOf('client-backup').operation('ListTags');
    expect(http).toEqual({ method: 'GET', path: '/tags/{ResourceArn}', status: 200 });
    expect(input.members.get('ResourceArn')?.binding).toEqual({ in: 'label' });
    expect(input.members.get('MaxResults')?.binding).toEqual({ in: 'query', name: 'maxResults' });
  });

  test('an operation that the client does not have is refused by name', () => {
    expect(() => shapesOf('client-ssm').operation('Nonsense')).toThrow('@aws-sdk/client-ssm has no operation Nonsense.');
  });
});

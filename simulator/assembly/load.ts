import { statSync } from 'node:fs';
import { join } from 'node:path';
import { readAssembly } from './assembly';
import type { SynthesizedStack } from './assembly';
import type { Deployment, LambdaFunction, StateMachineResource, TableResource, TopicResource } from './deployment';
import { loadDocument } from './documents';
import { Resolver } from './intrinsics';
import type { Template } from './intrinsics';
import { loadRoles } from './roles';
import { loadRule } from './rules';
import { loadSchedule } from './schedules';

/** Where and how an assembly is deployed. */
export interface LoadOptions {
  readonly region?: string;
  readonly account?: string;
  /** Name of the stack, when the assembly has several with state machines. */
  readonly stack?: string;
  /** Values of template parameters without a default. */
  readonly parameters?: Readonly<Record<string, unknown>>;
  /** Changes the template before it is deployed: for tests of what happens then. Gets a copy of its own. */
  readonly patchTemplate?: (template: Template) => Template | undefined;
}

export const DEFAULT_REGION = 'eu-central-1';
export const DEFAULT_ACCOUNT = '111111111111';

type Properties = Readonly<Record<string, unknown>>;

/** Nothing changes a deployment: those of unpatched templates are kept, and so is what others remember of their parts. */
const deployed = new Map<string, Deployment>();

/** Deploys the stack of a cloud assembly (`cdk.out`) into the simulated account. */
export function loadAssembly(directory: string, options: LoadOptions = {}): Deployment {
  const { region, account, stack, parameters, patchTemplate } = options;
  const load = (): Deployment => deploy(chooseStack(directory, readAssembly(directory), stack), options);
  if (patchTemplate !== undefined) return load();
  const synthesizedAt = statSync(join(directory, 'manifest.json'), { throwIfNoEntry: false })?.mtimeMs;
  const key = JSON.stringify([directory, synthesizedAt, region, account, stack, parameters]);
  let deployment = deployed.get(key);
  if (deployment === undefined) deployed.set(key, (deployment = load()));
  return deployment;
}

function chooseStack(directory: string, stacks: readonly SynthesizedStack[], name: string | undefined): SynthesizedStack {
  const hasMachine = ({ template }: SynthesizedStack): boolean =>
    Object.values(template.Resources ?? {}).some(({ Type }) => Type === 'AWS::StepFunctions::StateMachine');
  const candidates = stacks.filter((stack) => (name === undefined ? hasMachine(stack) : stack.stackName === name));
  const [only] = candidates;
  if (only !== undefined && candidates.length === 1) return only;
  const names = stacks.map(({ stackName }) => stackName).join(', ');
  throw new Error(
    `${directory} has ${candidates.length} stacks ${name === undefined ? 'with state machines' : `named ${name}`}; one is needed of: ${names}.`,
  );
}

function deploy(stack: SynthesizedStack, options: LoadOptions): Deployment {
  const copy = structuredClone<Template>(stack.template);
  const template = options.patchTemplate?.(copy) ?? copy;
  const { region = DEFAULT_REGION, account = DEFAULT_ACCOUNT } = options;
  const { stackName } = stack;
  const resolver = new Resolver(template, { partition: 'aws', region, account, stackName }, options.parameters);

  const created = Object.entries(template.Resources ?? {}).filter(([, resource]) => resolver.isCreated(resource));
  const ofType = <T>(type: string, make: (logicalId: string, properties: Properties) => T): T[] =>
    created
      .filter(([, resource]) => resource.Type === type)
      .map(([logicalId, resource]) => make(logicalId, resolver.resolve(resource.Properties ?? {}) as Properties));
  const ref = (logicalId: string): string => resolver.resolve({ Ref: logicalId }) as string;
  const arn = (logicalId: string): string => resolver.resolve({ 'Fn::GetAtt': [logicalId, 'Arn'] }) as string;
  for (const [logicalId] of created) ref(logicalId); // an unknown resource type is an error even if nobody refers to it

  return {
    stackName,
    region,
    account,
    functions: ofType('AWS::Lambda::Function', (id, properties) => loadFunction(id, ref(id), arn(id), properties, stack)),
    roles: loadRoles(created, resolver),
    machines: ofType('AWS::StepFunctions::StateMachine', (id, properties) => loadMachine(id, arn(id), properties)),
    tables: ofType('AWS::DynamoDB::Table', (id, properties) => loadTable(ref(id), arn(id), properties)),
    topics: ofType('AWS::SNS::Topic', (id, properties) => loadTopic(ref(id), properties)),
    schedules: ofType('AWS::Scheduler::Schedule', (id, properties) => loadSchedule(id, ref(id), arn(id), properties)),
    rules: ofType('AWS::Events::Rule', (id, properties) => loadRule(id, ref(id), arn(id), properties)),
    documents: ofType('AWS::SSM::Document', (id, properties) => loadDocument(id, ref(id), properties)).flat(),
    vaults: ofType('AWS::Backup::BackupVault', ref),
    resolve: (value) => resolver.resolve(value),
  };
}

function loadFunction(logicalId: string, name: string, arn: string, properties: Properties, stack: SynthesizedStack): LambdaFunction {
  const code = properties['Code'] as { S3Key?: string };
  const environment = (properties['Environment'] as { Variables?: Record<string, string> } | undefined)?.Variables ?? {};
  const dynamic = Object.entries(environment).filter(([, value]) => value.includes('{{resolve:'));
  if (dynamic.length > 0) {
    throw new Error(`${logicalId}: the simulator does not model dynamic references (${dynamic.map(([key]) => key).join(', ')}).`);
  }
  const codeDirectory = code.S3Key === undefined ? undefined : stack.assetDirectory.get(code.S3Key);
  if (code.S3Key !== undefined && codeDirectory === undefined) throw new Error(`${logicalId}: the assembly has no asset ${code.S3Key}.`);
  return {
    logicalId,
    name,
    arn,
    roleArn: properties['Role'] as string,
    environment,
    codeDirectory,
    handler: properties['Handler'] as string,
    timeoutSeconds: (properties['Timeout'] as number | undefined) ?? 3,
    memoryMb: (properties['MemorySize'] as number | undefined) ?? 128,
    reservedConcurrency: properties['ReservedConcurrentExecutions'] as number | undefined,
  };
}

function loadMachine(logicalId: string, arn: string, properties: Properties): StateMachineResource {
  if (properties['StateMachineType'] === 'EXPRESS') throw new Error(`${logicalId}: the simulator does not model EXPRESS workflows.`);
  let text = (properties['DefinitionString'] as string | undefined) ?? JSON.stringify(properties['Definition']);
  for (const [name, value] of Object.entries((properties['DefinitionSubstitutions'] ?? {}) as Record<string, string>)) {
    text = text.replaceAll(`\${${name}}`, value);
  }
  return {
    logicalId,
    name: arn.slice(arn.lastIndexOf(':') + 1),
    arn,
    roleArn: properties['RoleArn'] as string,
    definition: JSON.parse(text) as Record<string, unknown>,
  };
}

function loadTable(name: string, arn: string, properties: Properties): TableResource {
  const schema = properties['KeySchema'] as readonly { AttributeName: string; KeyType: string }[];
  const keys = [...schema].sort((a) => (a.KeyType === 'HASH' ? -1 : 1)).map(({ AttributeName }) => AttributeName);
  return {
    name,
    arn,
    keys,
    kmsKeyArn: kmsArn((properties['SSESpecification'] as { KMSMasterKeyId?: string } | undefined)?.KMSMasterKeyId),
  };
}

function loadTopic(arn: string, properties: Properties): TopicResource {
  return { name: arn.slice(arn.lastIndexOf(':') + 1), arn, kmsKeyArn: kmsArn(properties['KmsMasterKeyId']) };
}

/** A customer's key by ARN. AWS managed keys (`alias/aws/sns`) ask nothing of the caller. */
const kmsArn = (key: unknown): string | undefined =>
  typeof key === 'string' && key.startsWith('arn:') && !key.includes(':alias/aws/') ? key : undefined;

import type { RolePolicies } from '../iam/authorizer';
import type { Pattern } from '../services/events/pattern';
import type { CommandDocument } from '../services/ssm/documents';

/** A Lambda function as the template declares it. */
export interface LambdaFunction {
  readonly logicalId: string;
  readonly name: string;
  readonly arn: string;
  readonly roleArn: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Directory of the code asset; undefined for inline code, which cannot run here. */
  readonly codeDirectory: string | undefined;
  /** `index.handler` */
  readonly handler: string;
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  readonly reservedConcurrency: number | undefined;
}

/** A Step Functions state machine as the template declares it. */
export interface StateMachineResource {
  readonly logicalId: string;
  readonly name: string;
  readonly arn: string;
  readonly roleArn: string;
  readonly definition: Readonly<Record<string, unknown>>;
}

/** A DynamoDB table. */
export interface TableResource {
  readonly name: string;
  readonly arn: string;
  /** Names of the key attributes, partition key first. */
  readonly keys: readonly string[];
  /** ARN of the customer's KMS key, if it is encrypted with one. */
  readonly kmsKeyArn: string | undefined;
}

/** An SNS topic. */
export interface TopicResource {
  readonly name: string;
  readonly arn: string;
  readonly kmsKeyArn: string | undefined;
}

/** An EventBridge Scheduler schedule: when it starts what, as which role, with which input. Times are in milliseconds since the epoch. */
export interface ScheduleResource {
  readonly logicalId: string;
  readonly name: string;
  readonly arn: string;
  readonly expression: string;
  readonly timeZone: string;
  readonly enabled: boolean;
  readonly startsAt: number | undefined;
  readonly endsAt: number | undefined;
  /** Length of the flexible window; 0 without one. */
  readonly flexibleMinutes: number;
  readonly targetArn: string;
  readonly roleArn: string;
  readonly input: string;
  /** Most attempts after the first. */
  readonly retries: number;
  readonly maximumAgeSeconds: number;
  readonly deadLetterArn: string | undefined;
}

/** An EventBridge rule with an event pattern. */
export interface RuleResource {
  readonly logicalId: string;
  readonly name: string;
  readonly arn: string;
  readonly enabled: boolean;
  readonly pattern: Pattern;
  readonly targets: readonly RuleTarget[];
}

/** What a rule starts, as which role, and with what of the event. */
export interface RuleTarget {
  readonly arn: string;
  readonly roleArn: string;
  readonly input: string | undefined;
  readonly inputPath: string | undefined;
  readonly inputTransformer: { readonly paths: Readonly<Record<string, string>>; readonly template: string } | undefined;
}

/** What a template becomes in the simulated account. */
export interface Deployment {
  readonly stackName: string;
  readonly region: string;
  readonly account: string;
  readonly functions: readonly LambdaFunction[];
  readonly roles: readonly RolePolicies[];
  readonly machines: readonly StateMachineResource[];
  readonly tables: readonly TableResource[];
  readonly topics: readonly TopicResource[];
  readonly schedules: readonly ScheduleResource[];
  readonly rules: readonly RuleResource[];
  /** Documents of Systems Manager that Run Command runs. */
  readonly documents: readonly CommandDocument[];
  /** Names of the backup vaults. */
  readonly vaults: readonly string[];
  /** Resolves any value of the template (an output, a property) to what CloudFormation would make of it. */
  resolve(value: unknown): unknown;
}

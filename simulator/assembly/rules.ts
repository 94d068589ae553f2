import type { RuleResource, RuleTarget } from './deployment';
import { patternProblems } from '../services/events/pattern';
import type { Pattern } from '../services/events/pattern';

/** What is carried out of a target; a dead-letter queue and the limits of retries change nothing here, where a delivery arrives or is refused for good. */
const TARGET_FIELDS = ['Id', 'Arn', 'RoleArn', 'Input', 'InputPath', 'InputTransformer', 'DeadLetterConfig', 'RetryPolicy'];

/**
 * An `AWS::Events::Rule` with an event pattern.
 *
 * @throws Error for anything that the simulator would not carry out.
 */
export function loadRule(logicalId: string, name: string, arn: string, properties: Readonly<Record<string, unknown>>): RuleResource {
  const { EventPattern: pattern, Targets: targets = [], State: state = 'ENABLED', ScheduleExpression: schedule } = properties as Properties;
  const problems = [];
  if (schedule !== undefined) problems.push('the simulator does not model schedules of rules');
  if (pattern === undefined) problems.push('a rule without an event pattern never matches');
  problems.push(...patternProblems(pattern ?? {}));
  for (const target of targets) {
    if (!target.Arn.includes(':stateMachine:')) problems.push(`the simulator does not model the target ${target.Arn}: only state machines`);
    const unknown = Object.keys(target).filter((field) => !TARGET_FIELDS.includes(field));
    if (unknown.length > 0) problems.push(`the simulator does not model ${unknown.join(', ')} of a target`);
  }
  if (problems.length > 0) throw new Error(`${logicalId}: ${problems.join('; ')}.`);
  return { logicalId, name, arn, enabled: state !== 'DISABLED', pattern: pattern ?? {}, targets: targets.map(loadTarget) };
}

interface Properties {
  readonly EventPattern?: Pattern;
  readonly Targets?: readonly Target[];
  readonly State?: string;
  readonly ScheduleExpression?: string;
}

interface Target {
  readonly Arn: string;
  readonly RoleArn: string;
  readonly Input?: string;
  readonly InputPath?: string;
  readonly InputTransformer?: { readonly InputPathsMap?: Readonly<Record<string, string>>; readonly InputTemplate: string };
}

function loadTarget({ Arn: arn, RoleArn: roleArn, Input: input, InputPath: inputPath, InputTransformer: transformer }: Target): RuleTarget {
  return {
    arn,
    roleArn,
    input,
    inputPath,
    inputTransformer: transformer && { paths: transformer.InputPathsMap ?? {}, template: transformer.InputTemplate },
  };
}

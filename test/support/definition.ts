/** Reads Amazon States Language out of a template. */
import type { Stack } from 'aws-cdk-lib';
import { resourcesOf } from './construct';

/** A state, as far as the tests look at it. */
export interface State {
  readonly Type: string;
  readonly Resource?: string;
  readonly Comment?: string;
  readonly Next?: string;
  readonly Default?: string;
  readonly End?: boolean;
  readonly Choices?: readonly { readonly Next: string; readonly Variable: string; readonly StringEquals?: string }[];
  readonly Catch?: readonly { readonly ErrorEquals: readonly string[]; readonly Next: string; readonly ResultPath: string }[];
  readonly Retry?: readonly {
    readonly ErrorEquals: readonly string[];
    readonly MaxAttempts: number;
    readonly IntervalSeconds: number;
    readonly BackoffRate: number;
    readonly MaxDelaySeconds?: number;
  }[];
  readonly Parameters?: Readonly<Record<string, unknown>>;
  readonly ResultPath?: string;
  readonly InputPath?: string;
  readonly OutputPath?: string;
  readonly ResultSelector?: Readonly<Record<string, unknown>>;
  readonly SecondsPath?: string;
  readonly TimeoutSeconds?: number;
  readonly ErrorPath?: string;
  readonly CausePath?: string;
  readonly Branches?: readonly Definition[];
}

/** A state machine's definition, or a branch. */
export interface Definition {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
  readonly Comment?: string;
  readonly TimeoutSeconds?: number;
}

/** The definitions of the machines. Each function's ARN ends with its logical id. */
export function definitionsOf(stack: Stack): Record<'main' | 'node' | 'tidy' | 'recovery', Definition> {
  const machines = Object.entries(resourcesOf(stack, 'AWS::StepFunctions::StateMachine'));
  const of = (part: string): Definition => {
    const [, machine] = machines.find(([id]) => id.includes(part)) ?? [];
    if (!machine) throw new Error(`no state machine ${part} in the template`);
    return JSON.parse(text(machine.Properties.DefinitionString)) as Definition;
  };
  return {
    main: of('RollingUpgradeStateMachine'),
    node: of('ReplaceNode'),
    recovery: of('Recover'),
    get tidy() {
      return of('TidyBackups'); // only where something is backed up
    },
  };
}

/** Every state of a definition, those of branches too, by name. */
export function statesOf(definition: Definition): Record<string, State> {
  const inner = Object.values(definition.States).flatMap(({ Branches = [] }) => Branches.map(statesOf));
  return Object.assign({}, definition.States, ...inner) as Record<string, State>;
}

/** The names of the states that may come after a state, by any way out of it. */
export function successors({ Next, Default, Choices = [], Catch = [] }: State): string[] {
  return [Next, Default, ...Choices.map((choice) => choice.Next), ...Catch.map((way) => way.Next)].filter((name) => name !== undefined);
}

/** A template's text with its intrinsic functions written out. */
function text(value: unknown): string {
  if (typeof value === 'string') return value;
  const { Ref: reference, 'Fn::GetAtt': attribute, 'Fn::Join': join } = value as Record<string, unknown>;
  if (reference === 'AWS::Partition') return 'aws';
  if (typeof reference === 'string') return `arn:aws:states:eu-central-1:111122223333:stateMachine:${reference}`;
  if (Array.isArray(attribute)) return `arn:aws:lambda:eu-central-1:111122223333:function:${String(attribute[0])}`;
  if (Array.isArray(join)) return (join[1] as unknown[]).map(text).join(String(join[0]));
  throw new Error(`an intrinsic function that is not expected here: ${JSON.stringify(value)}`);
}

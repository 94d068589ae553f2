/** Reads IAM statements out of a template. */
import type { Stack } from 'aws-cdk-lib';
import type { TemplateResource } from './construct';
import { resourcesOf } from './construct';

/** An allowing statement, with references as `<LogicalId>` or `<LogicalId.Attribute>`. */
export interface Statement {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly conditions?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** Every statement of every role's policies. */
export function policiesOf(stack: Stack): Statement[] {
  return statementsOf(stack, () => true);
}

/** The statements of the policies of some roles, chosen by logical id. */
export function statementsOf(stack: Stack, chosen: (roleLogicalId: string) => boolean): Statement[] {
  return Object.values(resourcesOf(stack, 'AWS::IAM::Policy'))
    .filter(({ Properties }) => (Properties.Roles as { Ref: string }[]).some((role) => chosen(role.Ref)))
    .flatMap(statements);
}

function statements({ Properties }: TemplateResource): Statement[] {
  const { Statement: found } = Properties.PolicyDocument as { Statement: Record<string, unknown>[] };
  return found
    .filter(({ Effect }) => Effect === 'Allow')
    .map(({ Action, Resource, Condition }) => ({
      actions: list(Action).map(text),
      resources: list(Resource).map(text),
      ...(Condition !== undefined && { conditions: readable(Condition) as Statement['conditions'] }),
    }));
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [value];
}

/** The same, with every intrinsic function as text. */
function readable(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || isIntrinsic(value)) return text(value);
  if (Array.isArray(value)) return value.map(readable);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, readable(inner)]));
}

function isIntrinsic(value: object): boolean {
  const [key = ''] = Object.keys(value);
  return key === 'Ref' || key.startsWith('Fn::');
}

function text(value: unknown): string {
  if (typeof value === 'string') return value;
  const { Ref: reference, 'Fn::GetAtt': attribute, 'Fn::Join': join } = value as Record<string, unknown>;
  if (typeof reference === 'string') return `<${reference}>`;
  if (Array.isArray(attribute)) return `<${attribute.join('.')}>`;
  if (Array.isArray(join)) return (join[1] as unknown[]).map(text).join(String(join[0]));
  return JSON.stringify(value);
}

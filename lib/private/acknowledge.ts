import { Stack, Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/**
 * Records why wildcards in the policies below `scope` are right. A checker (cdk-nag's AwsSolutions) then reports any other.
 *
 * The record is written as `Validations.acknowledge` writes it; that method itself refuses the ids of findings with
 * pseudo parameters (`<AWS::Region>`), because it keeps `::` for prefixes.
 *
 * @param resources the resources as they stand in the policy: patterns or ARNs, maybe with tokens; those without a wildcard are left out
 * @param reason why nothing narrower works
 */
export function acknowledgeWildcards(scope: IConstruct, resources: readonly string[], reason: string): void {
  const stack = Stack.of(scope);
  const findings = resources.map((resource) => flatten(stack.resolve(resource))).filter((resource) => resource.includes('*'));
  if (findings.length === 0) return;
  const rules = Object.fromEntries(findings.map((finding) => [`AwsSolutions-IAM5[Resource::${finding}]`, reason]));
  scope.node.addMetadata(Validations.ACKNOWLEDGED_RULES_METADATA_KEY, rules);
}

/** Records why a policy that AWS manages is right for a role. */
export function acknowledgeManagedPolicy(scope: IConstruct, policyArn: string, reason: string): void {
  scope.node.addMetadata(Validations.ACKNOWLEDGED_RULES_METADATA_KEY, { [`AwsSolutions-IAM4[Policy::${policyArn}]`]: reason });
}

/** A resolved value as checkers print it: each reference in angle brackets. */
function flatten(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null) return '';
  const { Ref: reference, 'Fn::GetAtt': attribute, 'Fn::Join': join } = value as IntrinsicValue;
  if (reference !== undefined) return `<${reference}>`;
  if (attribute !== undefined) return `<${attribute.join('.')}>`;
  if (join !== undefined) return join[1].map(flatten).join(join[0]);
  return JSON.stringify(value);
}

interface IntrinsicValue {
  readonly Ref?: string;
  readonly 'Fn::GetAtt'?: readonly [string, string];
  readonly 'Fn::Join'?: readonly [string, readonly unknown[]];
}

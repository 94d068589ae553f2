import type { IResource } from 'aws-cdk-lib';
import { ArnFormat, Stack, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/**
 * Problems of a resource that is, as far as is known at synth time, in another region or account than the stack: snapshots are made, and
 * restored, where the source is.
 */
export function elsewhere(scope: Construct, what: string, { env }: IResource): string[] {
  return otherPlace(scope, what, env);
}

/** The same of a resource that is known by its ARN. */
export function elsewhereByArn(scope: Construct, what: string, arn: string): string[] {
  if (Token.isUnresolved(arn)) return [];
  const { region = '', account = '' } = Stack.of(scope).splitArn(arn, ArnFormat.SLASH_RESOURCE_NAME);
  return otherPlace(scope, what, { region, account });
}

function otherPlace(scope: Construct, what: string, place: { readonly region: string; readonly account: string }): string[] {
  const stack = Stack.of(scope);
  return (['region', 'account'] as const)
    .filter((name) => place[name] !== '' && known(place[name]) && known(stack[name]) && place[name] !== stack[name])
    .map((name) => `${what} is in ${name} ${place[name]}, but the stack is in ${stack[name]}: everything must be in one ${name}`);
}

function known(value: string): boolean {
  return !Token.isUnresolved(value);
}

import { Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/** Collects everything that is wrong with the props of a construct, so that one error can say all of it. */
export class Problems {
  private readonly found: string[] = [];

  /** True as long as nothing is wrong. */
  public get none(): boolean {
    return this.found.length === 0;
  }

  /** Adds each of `messages`: lowercase, no full stop, what was given and what is allowed. */
  public add(...messages: string[]): void {
    this.found.push(...messages);
  }

  /** Adds `message` when the condition does not hold. */
  public require(condition: boolean, message: string): void {
    if (!condition) this.found.push(message);
  }

  /**
   * Ends with one error that lists every problem.
   *
   * @throws when there is at least one problem
   */
  public throwIfAny(scope: Construct): void {
    if (this.found.length === 0) return;
    const count = this.found.length === 1 ? '1 problem' : `${this.found.length} problems`;
    const lines = this.found.map((problem) => `  - ${problem}`);
    throw new Error([`${scope.node.path || scope.node.id} has ${count} in its props:`, ...lines].join('\n'));
  }
}

/** True when the value is known at synth time and the pattern does not match; tokens are left to CloudFormation. */
export function malformed(value: string, pattern: RegExp): boolean {
  return !Token.isUnresolved(value) && !pattern.test(value);
}

/** The values that appear more than once, each named once. */
export function duplicates(values: readonly string[]): string[] {
  return [...new Set(values.filter((value, index) => values.indexOf(value) !== index))];
}

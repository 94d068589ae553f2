/** What a run used of the services that are paid by use. */
export interface Use {
  readonly stateTransitions: number;
  readonly lambdaGbSeconds: number;
  readonly lambdaInvocations: number;
}

/** US dollars, without free tiers. */
const PRICES = {
  /** Standard workflows, eu-central-1 and us-east-1: https://aws.amazon.com/step-functions/pricing/ */
  stateTransition: 0.025 / 1000,
  /** The dearer of the two architectures, x86, first tier: https://aws.amazon.com/lambda/pricing/ */
  gbSecond: 0.0000166667,
  invocation: 0.2 / 1_000_000,
} as const;

/** Cost in US dollars, rounded to a hundredth of a cent. */
export function costUsd({ stateTransitions, lambdaGbSeconds, lambdaInvocations }: Use): number {
  const sum = stateTransitions * PRICES.stateTransition + lambdaGbSeconds * PRICES.gbSecond + lambdaInvocations * PRICES.invocation;
  return Math.round(sum * 10_000) / 10_000;
}

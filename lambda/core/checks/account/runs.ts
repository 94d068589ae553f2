import type { Finding } from '../check';
import { Check, finding, when } from '../check';
import type { AccountFacts } from '../facts';

/** Nobody else upgrades, or recovers, this cluster. While somebody does, all else that is found may be their doing. */
export class OtherRun extends Check<AccountFacts, 'otherRun'> {
  readonly name = 'other-run';
  readonly severity = 'refuse';
  readonly looksAt = "The cluster's lock: no other execution that runs holds it";
  readonly source = 'https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeExecution.html';
  readonly override = 'two runs would replace the same nodes';
  protected readonly needs = ['otherRun'] as const;

  protected look({ otherRun }: Pick<AccountFacts, 'otherRun'>): Finding {
    return finding(
      'No other run is at work on this cluster.',
      when(
        otherRun !== undefined,
        () => `AnotherRunActive: ${otherRun ?? ''} is at work on this cluster.`,
        'Wait until it has ended, then start again; what follows may be its doing.',
      ),
    );
  }
}

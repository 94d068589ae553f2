import type { Finding, Ground } from '../check';
import { Check, finding, when } from '../check';
import type { AccountFacts } from '../facts';
import { moment } from '../words';

type Of<K extends keyof AccountFacts> = Pick<AccountFacts, K>;

/** Without a surge the remaining nodes carry the load of the one that is out; CPU is the vendor's own measure of how busy a node is. */
export class Capacity extends Check<AccountFacts, 'load' | 'spec'> {
  readonly name = 'capacity';
  readonly severity = 'refuse';
  readonly looksAt =
    'Without an extra node: the CPU of the last hours in its busiest five minutes, scaled to one node fewer, is below the limit';
  readonly source = 'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/viewing_metrics_with_cloudwatch.html';
  readonly override = 'allowed';
  protected readonly needs = ['load', 'spec'] as const;

  protected look({ load, spec }: Of<'load' | 'spec'>, { plan }: Ground): Finding {
    if (plan.capacity === 'surge') return finding('An extra node keeps the capacity.');
    if (plan.nodes.length === 0) return finding('No node is left to take out.');
    const hours = `${spec.loadHours} hours`;
    // Whoever is in the middle has nodes that are too new for figures, and does better to go on than to stay there.
    if (!load && plan.continues)
      return finding(`CloudWatch has no CPU of the nodes in the last ${hours}; an interrupted upgrade goes on all the same.`);
    const remaining = plan.sizes.desired - 1;
    if (!load) {
      return finding('', [
        {
          found: `CloudWatch has no CPU of the nodes in the last ${hours}: nobody can tell whether ${remaining} nodes carry the load.`,
          todo: 'Look at their load yourself, or upgrade with an extra node.',
        },
      ]);
    }
    const scaled = remaining > 0 ? load.peak / remaining : Number.POSITIVE_INFINITY;
    const said = `At ${moment(load.peakAt)} the busiest five minutes of the last ${hours} came to ${percent(load.peak / Math.max(1, load.nodes))} CPU on each of ${load.nodes} nodes; one node fewer would have had ${percent(scaled)}`;
    return finding(
      `${said}, below ${percent(spec.maxCpu)}.`,
      when(
        scaled > spec.maxCpu,
        () => `${said}, above the limit of ${percent(spec.maxCpu)}.`,
        'Upgrade with an extra node, or at a time with less load.',
      ),
    );
  }
}

const percent = (value: number): string => `${Math.round(value)} %`;

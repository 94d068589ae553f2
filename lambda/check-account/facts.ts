import type { ChecksSpec } from '../../lib/contract/environment';
import type { Plan } from '../../lib/contract/events';
import type { AccountFacts } from '../core/checks/facts';
import type { Facts } from '../core/checks/check';
import { known } from '../core/checks/check';
import { busiest } from '../core/checks/load';
import type { Calendars, Metrics, Rehearsal } from '../ports/account';
import type { Alarms } from '../ports/alarms';
import type { GroupDetails } from '../ports/group-details';
import type { Executions, Lock } from '../ports/lock';
import type { ChecksInput } from '../shared/judge-facts';
import { look } from '../shared/known';

/** Everything that the checks of the account are made of comes from these. */
export interface AccountCheckPorts {
  readonly lock: Lock;
  readonly executions: Pick<Executions, 'isRunning'>;
  readonly metrics: Metrics;
  readonly calendars: Calendars;
  readonly alarms: Alarms;
  readonly details: GroupDetails;
  readonly rehearsal: Rehearsal;
}

const HOUR = 3_600_000;

/** Looks up the facts about the account; changes nothing, though dry runs look like changes in its trail. */
export async function accountFacts(
  { plan }: ChecksInput,
  spec: ChecksSpec,
  now: Date,
  ports: AccountCheckPorts,
): Promise<Facts<Omit<AccountFacts, 'bake'>>> {
  const { metrics, calendars, alarms, details, rehearsal } = ports;
  const begin = new Date(now.getTime() - spec.loadHours * HOUR);
  const ids = plan.nodes.map(({ instanceId }) => instanceId);
  const [otherRun, load, states, ringing, dryRuns] = await Promise.all([
    look('needed', () => runningHolder(plan, ports)),
    look('needed', async () => (plan.capacity === 'surge' ? undefined : busiest(await metrics.cpu(ids, begin, now)))),
    look('needed', () => Promise.all(spec.changeCalendars.map((name) => calendars.state(name)))),
    look('needed', async () => (spec.alarms.length === 0 ? new Map<string, string>() : alarms.states(spec.alarms))),
    look('needed', async () => rehearsal.launch(plan, (await details.settings()).subnets[0])),
  ]);
  return { otherRun, load, calendars: states, alarms: ringing, dryRuns, spec: known(spec) };
}

/** The execution that holds the lock and runs; not this one. */
async function runningHolder(
  { groupName, run }: Plan,
  { lock, executions }: Pick<AccountCheckPorts, 'lock' | 'executions'>,
): Promise<string | undefined> {
  const holder = await lock.holder(groupName);
  if (!holder || holder.owner === run.executionArn) return undefined;
  return (await executions.isRunning(holder.owner)) ? holder.owner : undefined;
}

import type { Finding } from '../check';
import { Check, finding, listed, when } from '../check';
import type { AccountFacts } from '../facts';

type Of<K extends keyof AccountFacts> = Pick<AccountFacts, K>;

/** Changes are allowed now. */
export class ChangeCalendars extends Check<AccountFacts, 'calendars'> {
  readonly name = 'change-calendars';
  readonly severity = 'refuse';
  readonly looksAt = 'The given change calendars of Systems Manager: every one is OPEN';
  readonly source = 'https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetCalendarState.html';
  readonly override = 'allowed';
  protected readonly needs = ['calendars'] as const;

  protected look({ calendars }: Of<'calendars'>): Finding {
    const closed = calendars.filter(({ state }) => state !== 'OPEN');
    return finding(
      calendars.length === 0 ? 'No change calendar is given.' : `${listed(calendars.map(({ name }) => name))}: OPEN.`,
      when(
        closed.length > 0,
        () => `${listed(closed.map(({ name, state, until }) => `${name} is ${state}${until && ` until ${until}`}`))}.`,
        'Start again when it is open.',
      ),
    );
  }
}

/** Nothing is wrong already. */
export class AlarmsQuiet extends Check<AccountFacts, 'alarms' | 'spec'> {
  readonly name = 'alarms';
  readonly severity = 'refuse';
  readonly looksAt = 'The given CloudWatch alarms: each exists, and none is in ALARM';
  readonly source = 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html';
  readonly override = 'allowed';
  protected readonly needs = ['alarms', 'spec'] as const;

  protected look({ alarms, spec }: Of<'alarms' | 'spec'>): Finding {
    const ringing = spec.alarms.filter((name) => alarms.get(name) === 'ALARM');
    const missing = spec.alarms.filter((name) => !alarms.has(name));
    return finding(
      spec.alarms.length === 0 ? 'No alarm is given.' : `${listed(spec.alarms.map((name) => `${name}: ${alarms.get(name) ?? ''}`))}.`,
      when(ringing.length > 0, () => `${listed(ringing)}: in ALARM.`, 'Find out why, and start again when it is over.'),
      when(missing.length > 0, () => `${listed(missing)}: there is no such alarm.`, 'Make the alarm, or take it off the construct.'),
    );
  }
}

/** No missing permission is found only after a node is drained. */
export class Permissions extends Check<AccountFacts, 'dryRuns'> {
  readonly name = 'permissions';
  readonly severity = 'refuse';
  readonly looksAt =
    'What EC2 says to dry runs of the calls that launch the new image: identity policies, service control policies, permissions boundaries';
  readonly source = 'https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RunInstances.html';
  readonly override = 'allowed';
  protected readonly needs = ['dryRuns'] as const;

  protected look({ dryRuns }: Of<'dryRuns'>): Finding {
    const refused = dryRuns.filter((run) => run.refused !== '');
    return finding(
      dryRuns.length === 0 ? 'There is nothing to try.' : `EC2 would carry out ${listed(dryRuns.map(({ call }) => call))}.`,
      when(
        refused.length > 0,
        () =>
          `${listed(
            refused.map((run) => `${run.call} would be refused: ${run.refused.slice(0, 400)}`),
            '; ',
          )}.`,
        "Allow it: in the construct's policies, in a service control policy, or in a permissions boundary.",
      ),
    );
  }
}

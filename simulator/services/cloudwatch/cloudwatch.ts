import type { DescribeAlarmsCommandInput, DescribeAlarmsCommandOutput } from '@aws-sdk/client-cloudwatch';
import type { AwsService, Clock, Journal } from '../../kernel/ports';
import { AwsError } from '../../kernel/ports';
import { operation, page, refuseUnmodelled } from '../account/operation';

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricAlarm.html */
export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

interface Alarm {
  readonly name: string;
  readonly composite: boolean;
  state: AlarmState;
  changedAt: number;
}

/** Alarms without a page size: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html */
const PAGE = 50;

/** CloudWatch's alarms: their states are what the scenario says. */
export class CloudWatch implements AwsService {
  readonly client = 'client-cloudwatch';
  private readonly alarms = new Map<string, Alarm>();

  constructor(
    private readonly clock: Clock,
    private readonly journal: Journal,
    private readonly region: string,
    private readonly account: string,
  ) {}

  /** Sets an alarm's state, and makes the alarm if it is new; only then `composite` counts. */
  set(name: string, state: AlarmState, options: { readonly composite?: boolean } = {}): void {
    const there = this.alarms.get(name);
    if (there?.state === state) return;
    const alarm = there ?? { name, composite: options.composite ?? false, state, changedAt: this.clock.now() };
    alarm.state = state;
    alarm.changedAt = this.clock.now();
    this.alarms.set(name, alarm);
    this.journal.record({ kind: 'alarm', name, state });
  }

  stateOf(name: string): AlarmState | undefined {
    return this.alarms.get(name)?.state;
  }

  readonly operations = {
    DescribeAlarms: operation<DescribeAlarmsCommandInput, DescribeAlarmsCommandOutput>({
      mutates: false,
      // "must have the cloudwatch:DescribeAlarms permission that is scoped to *" for composite alarms; names of others may be granted one by one
      authorize: ({ AlarmNames: names = [] }) => [
        { action: 'cloudwatch:DescribeAlarms', resources: names.length === 0 ? ['*'] : names.map((name) => this.arnOf(name)) },
      ],
      call: (input) => {
        refuseUnmodelled('DescribeAlarms', input, [
          ...['AlarmNames', 'AlarmNamePrefix', 'AlarmTypes', 'StateValue', 'MaxRecords', 'NextToken'],
        ]);
        const { AlarmNames: names, AlarmNamePrefix: prefix, AlarmTypes: types = ['MetricAlarm'], StateValue: state } = input;
        if (names !== undefined && prefix !== undefined)
          throw new AwsError('ValidationError', 'AlarmNamePrefix and AlarmNames cannot be given together.');
        const found = [...this.alarms.values()]
          .filter(({ name }) => names?.includes(name) ?? name.startsWith(prefix ?? ''))
          .filter((alarm) => types.includes(alarm.composite ? 'CompositeAlarm' : 'MetricAlarm') && (state ?? alarm.state) === alarm.state)
          .sort((a, b) => (a.name < b.name ? -1 : 1));
        const { items, next } = page(found, input.MaxRecords ?? PAGE, input.NextToken);
        return {
          MetricAlarms: items.filter(({ composite }) => !composite).map((alarm) => this.describe(alarm)),
          CompositeAlarms: items.filter(({ composite }) => composite).map((alarm) => this.describe(alarm)),
          ...(next !== undefined && { NextToken: next }),
        };
      },
    }),
  };

  private describe({ name, state, changedAt }: Alarm): {
    AlarmName: string;
    AlarmArn: string;
    StateValue: AlarmState;
    StateUpdatedTimestamp: Date;
    ActionsEnabled: boolean;
  } {
    return {
      AlarmName: name,
      AlarmArn: this.arnOf(name),
      StateValue: state,
      StateUpdatedTimestamp: new Date(changedAt),
      ActionsEnabled: true,
    };
  }

  private arnOf(name: string): string {
    return `arn:aws:cloudwatch:${this.region}:${this.account}:alarm:${name}`;
  }
}

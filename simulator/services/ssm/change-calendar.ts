import type { GetCalendarStateCommandInput, GetCalendarStateCommandOutput } from '@aws-sdk/client-ssm';
import type { AwsService, Clock } from '../../kernel/ports';
import { AwsError } from '../../kernel/ports';
import { operation, refuseUnmodelled } from '../account/operation';

/** A change calendar: an exception turns the default round from its beginning until before its end. Times are virtual milliseconds. */
export interface ChangeCalendar {
  readonly byDefault: 'OPEN' | 'CLOSED';
  readonly exceptions?: readonly { readonly from: number; readonly until: number }[];
}

/**
 * Systems Manager Change Calendar. Several calendars are open together when each of them is.
 * https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetCalendarState.html
 */
export class ChangeCalendars implements AwsService {
  readonly client = 'client-ssm';
  private readonly calendars = new Map<string, ChangeCalendar>();

  constructor(
    private readonly clock: Clock,
    private readonly region: string,
    private readonly account: string,
  ) {}

  /** Makes a calendar, or changes it. */
  set(name: string, calendar: ChangeCalendar): void {
    this.calendars.set(name, calendar);
  }

  readonly operations = {
    GetCalendarState: operation<GetCalendarStateCommandInput, GetCalendarStateCommandOutput>({
      mutates: false,
      authorize: ({ CalendarNames: names = [] }) => [{ action: 'ssm:GetCalendarState', resources: names.map((name) => this.arnOf(name)) }],
      call: (input) => {
        refuseUnmodelled('GetCalendarState', input, ['CalendarNames', 'AtTime']);
        const time = input.AtTime === undefined ? this.clock.now() : Date.parse(input.AtTime);
        if (Number.isNaN(time)) throw new AwsError('ValidationException', `AtTime ${input.AtTime ?? ''} is no ISO 8601 time.`);
        const calendars = (input.CalendarNames ?? []).map((name) => this.get(name));
        const isOpen = (at: number): boolean => calendars.every((calendar) => open(calendar, at));
        const changes = calendars.flatMap(({ exceptions = [] }) => exceptions.flatMap(({ from, until }) => [from, until]));
        const next = changes.sort((a, b) => a - b).find((change) => change > time && isOpen(change) !== isOpen(time));
        return {
          State: isOpen(time) ? 'OPEN' : 'CLOSED',
          AtTime: iso(time),
          ...(next !== undefined && { NextTransitionTime: iso(next) }),
        };
      },
    }),
  };

  private get(nameOrArn: string): ChangeCalendar {
    const calendar = this.calendars.get(nameOrArn.replace(/^arn:.*:document\//, ''));
    if (calendar === undefined) throw new AwsError('InvalidDocument', `Document with name ${nameOrArn} does not exist.`);
    return calendar;
  }

  private arnOf(nameOrArn: string): string {
    return nameOrArn.startsWith('arn:') ? nameOrArn : `arn:aws:ssm:${this.region}:${this.account}:document/${nameOrArn}`;
  }
}

function open({ byDefault, exceptions = [] }: ChangeCalendar, time: number): boolean {
  const excepted = exceptions.some(({ from, until }) => from <= time && time < until);
  return (byDefault === 'OPEN') !== excepted;
}

const iso = (time: number): string => new Date(time).toISOString().replace(/\.\d+Z$/, 'Z');

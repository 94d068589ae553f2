import { GetCalendarStateCommand, SSMClient } from '@aws-sdk/client-ssm';
import type { Calendars } from '../ports/account';
import { aws } from './aws-errors';
import { CLIENT_SETTINGS } from './client-settings';

let client: SSMClient | undefined;

/** Change calendars, one by one, so that the one that is closed can be named: https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetCalendarState.html */
export const calendars = (): Calendars => ({
  state: async (name) => {
    const answer = await aws(`GetCalendarState of ${name}`, () =>
      (client ??= new SSMClient(CLIENT_SETTINGS)).send(new GetCalendarStateCommand({ CalendarNames: [name] })),
    );
    return { name, state: answer.State ?? 'without a state', until: answer.NextTransitionTime ?? '' };
  },
});

import type { Plan } from '../../../../lib/contract/events';
import { EXPECTED_BACKUP, nodesIn, plannedBoots } from '../../window';
import type { Finding, Ground } from '../check';
import { Check, counted, finding, when } from '../check';
import type { AccountFacts } from '../facts';
import { duration, moment } from '../words';

const MINUTE = 60;

/** The maintenance window is open, and long enough for what is left of it to be of use. */
export class MaintenanceWindowOpen extends Check<AccountFacts, 'bake'> {
  readonly name = 'maintenance-window';
  readonly severity = 'refuse';
  readonly looksAt =
    'The maintenance window of the request, if it has one: it is open, and the backup and the first node are expected to be done before its end';
  readonly source = 'https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html';
  readonly override = 'the run would begin no node all the same: give a longer window, or none';
  protected readonly needs = ['bake'] as const;

  protected look({ bake }: Pick<AccountFacts, 'bake'>, { plan, limits, now }: Ground): Finding {
    const { window } = plan;
    if (!window) return finding('The request has no maintenance window.');
    const [opens, ends] = [Date.parse(window.opensAt), Date.parse(window.endsAt)];
    const left = (ends - now.getTime()) / 1000;
    const said = `The maintenance window is from ${moment(window.opensAt)} to ${moment(window.endsAt)}`;
    const boots = plannedBoots({ plan, limits, bake });
    const [backup, first = 0] = [backupSeconds(plan), boots[0]];
    const fit = nodesIn(left - backup, boots);
    return finding(
      boots.length === 0 ? `${said}; no node is left to begin.` : `${said}; ${fitting(fit, boots.length)}.`,
      when(now.getTime() < opens, () => `${said}: it is not open yet.`, 'Start again then.'),
      when(left <= 0, () => `${said}: it is over.`, 'The next start that is in time goes on.'),
      when(
        left > 0 && boots.length > 0 && fit === 0,
        () =>
          `${said}: ${duration(left)} are left, too short even for one node, which is expected to be good after ${duration(backup + first)}` +
          ` (${backup > 0 ? `a backup, counted with ${duration(backup)}, and ` : ''}a boot, of which nobody knows more than its limit of ${duration(limits.bootTimeout)}: it is counted with half of that).`,
        () => `Give it at least ${minutes(backup + first + (now.getTime() - opens) / 1000)} minutes.`,
      ),
    );
  }
}

const backupSeconds = ({ backupParts = [], reusesBackup = false }: Plan): number =>
  backupParts.length > 0 && !reusesBackup ? EXPECTED_BACKUP : 0;

/** For people: how far the run is expected to come. */
export const fitting = (fit: number, count: number): string =>
  fit >= count
    ? `${counted(count, 'node')} are expected to be done before its end`
    : `${fit} of ${counted(count, 'node')} are expected to be done before its end, the others in the next one`;

/** Rounded up to five, and one for the start. */
const minutes = (seconds: number): number => Math.ceil((Math.max(0, seconds) + MINUTE) / (5 * MINUTE)) * 5;

import { ENV } from '../../lib/contract/environment';
import { alarms } from '../adapters/alarms';
import { calendars } from '../adapters/calendars';
import { readEnvironment } from '../adapters/environment';
import { executions } from '../adapters/executions';
import { groupDetails } from '../adapters/group-details';
import { lock } from '../adapters/lock';
import { metrics } from '../adapters/metrics';
import { rehearsal } from '../adapters/rehearsal';
import { ACCOUNT_CHECKS } from '../core/checks/catalogue';
import { known } from '../core/checks/check';
import type { ChecksInput } from '../shared/judge-facts';
import { isIdle, judgeFacts } from '../shared/judge-facts';
import { task } from '../shared/task';
import { accountFacts } from './facts';

/** Checks the account: other runs, calendars, alarms, load and permissions. Changes nothing. */
export const handler = task('check-account', async (input: ChecksInput) => {
  const env = readEnvironment((read) => ({
    groupName: read.text(ENV.GROUP_NAME),
    lockTable: read.text(ENV.LOCK_TABLE_NAME),
    limits: read.limits(),
    checks: read.checks(),
    bake: read.bake(),
  }));
  if (isIdle(input)) return [];
  const now = new Date();
  const facts = await accountFacts(input, env.checks, now, {
    lock: lock(env.lockTable),
    executions: executions(),
    metrics: metrics(),
    calendars: calendars(),
    alarms: alarms(),
    details: groupDetails(env.groupName),
    rehearsal: rehearsal(),
  });
  return judgeFacts(ACCOUNT_CHECKS, { ...facts, bake: known(env.bake) }, { ...input, limits: env.limits, now });
});

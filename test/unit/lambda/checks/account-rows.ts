/** Facts about the account, the request and the backup of which a check disapproves, and what it says. */
import { accountFacts, ground, judgeAccount, judgeJudged, judgedFacts } from './build';
import { at } from '../support/build';
import type { Row } from './row';

const within = ground({ capacity: 'within-capacity' });
const window = (from: number, to: number) => ({ opensAt: at(from).toISOString(), endsAt: at(to).toISOString() });

export const ACCOUNT_ROWS: readonly Row[] = [
  [
    'another run',
    ['other-run'],
    /AnotherRunActive: execution:other is at work.*Wait until it has ended/,
    () => judgeAccount(accountFacts({ otherRun: 'execution:other' })),
  ],
  [
    'a closed calendar',
    ['change-calendars'],
    /freeze is CLOSED until 2026-03-02T06:00:00Z\. Start again when it is open/,
    () => judgeAccount(accountFacts({ calendars: [{ name: 'freeze', state: 'CLOSED', until: '2026-03-02T06:00:00Z' }] })),
  ],
  [
    'a window too short even for one node',
    ['maintenance-window'],
    /: 30 min are left, too short even for one node, which is expected to be good after 33 min \(a backup, counted with 10 min, and a boot.*limit of 45 min.*Give it at least 35 minutes\./,
    () => judgeAccount(accountFacts(), ground({ window: window(0, 1800), backupParts: ['database'] })),
  ],
  [
    'a window too short for the bake of the first node',
    ['maintenance-window'],
    /expected to be good after 83 min \(a boot/,
    () =>
      judgeAccount(
        accountFacts({ bake: { first: 3600, each: 0, alarms: [] } }),
        ground({ window: window(0, 3600), capacity: 'within-capacity' }),
      ),
  ],
  [
    'a window that is over',
    ['maintenance-window'],
    /from 2026-03-01 09:00 UTC to 2026-03-01 11:59 UTC: it is over\./,
    () => judgeAccount(accountFacts(), ground({ window: window(-10_800, -60) })),
  ],
  [
    'a window that is not open yet',
    ['maintenance-window'],
    /it is not open yet\. Start again then/,
    () => judgeAccount(accountFacts(), ground({ window: window(60, 10_800) })),
  ],
  ['an alarm', ['alarms'], /errors: in ALARM/, () => judgeAccount(accountFacts({ alarms: new Map([['errors', 'ALARM']]) }))],
  ['an alarm that is not there', ['alarms'], /errors: there is no such alarm/, () => judgeAccount(accountFacts({ alarms: new Map() }))],
  [
    'too much load',
    ['capacity'],
    /65 % CPU on each of 4 nodes; one node fewer would have had 87 %, above the limit of 75 %/,
    () => judgeAccount(accountFacts({ load: { peak: 260, peakAt: '2026-03-01T09:00:00.000Z', nodes: 4 } }), within),
  ],
  [
    'load that nobody measured',
    ['capacity'],
    /no CPU of the nodes in the last 24 hours/,
    () => judgeAccount(accountFacts({ load: undefined }), within),
  ],
  [
    'a missing permission',
    ['permissions'],
    /ec2:RunInstances would be refused: UnauthorizedOperation: with an explicit deny/,
    () => judgeAccount(accountFacts({ dryRuns: [{ call: 'ec2:RunInstances', refused: 'UnauthorizedOperation: with an explicit deny' }] })),
  ],
];

export const JUDGED_ROWS: readonly Row[] = [
  [
    'mistakes in the request',
    ['request'],
    /dryRun must be true\. .*no key/,
    () =>
      judgeJudged(
        judgedFacts({
          requestProblems: [
            { check: 'request', message: 'dryRun must be true.' },
            { check: 'request', message: '"x" is no key.' },
          ],
        }),
      ),
  ],
  [
    'a source that cannot be backed up',
    ['backup-sources'],
    /\[database\] The DB instance db is stopped/,
    () =>
      judgeJudged(
        judgedFacts({
          observations: [
            {
              part: 'database',
              problems: [{ check: 'database', message: 'The DB instance db is stopped.' }],
              warnings: [],
              ready: true,
              detail: 'db is stopped',
            },
          ],
        }),
      ),
  ],
  [
    'pending maintenance',
    ['backup'],
    /\[database\] system-update is pending/,
    () =>
      judgeJudged(
        judgedFacts({
          observations: [
            {
              part: 'database',
              problems: [],
              warnings: [{ check: 'database', message: 'system-update is pending.' }],
              ready: true,
              detail: '',
            },
          ],
        }),
      ),
  ],
  [
    'a source that is busy',
    ['backup'],
    /\[database\] db is backing-up: the backup begins once that is over/,
    () =>
      judgeJudged(
        judgedFacts({ observations: [{ part: 'database', problems: [], warnings: [], ready: false, detail: 'db is backing-up' }] }),
      ),
  ],
  [
    'no backup',
    ['backup'],
    /No backup is made, because it is a test cluster\..*no way back/,
    () => judgeJudged(judgedFacts({ noBackupBecause: 'it is a test cluster' })),
  ],
  ['advice of a strategy', ['backup'], /EFS is best effort/, () => judgeJudged(judgedFacts({ backupWarnings: ['EFS is best effort.'] }))],
];

/** Facts that pass though they may look odd. */
import type { CheckResult } from '../../../../lib/contract/checks';
import { recordTags } from '../../../../lambda/core/record';
import type { Member } from '../../../../lambda/core/observation';
import { NEW_IMAGE, NOW, SSH, at, group, member, node, plan, upgrading, views, without, news, olds } from '../support/build';
import {
  accountFacts,
  clusterFacts,
  ground,
  groupFacts,
  image,
  judgeAccount,
  judgeCluster,
  judgeGroup,
  judgeJudged,
  judgedFacts,
  targetGroup,
} from './build';

const tags = recordTags(plan());
const window = (seconds: number) => ({ opensAt: NOW.toISOString(), endsAt: at(seconds).toISOString() });
const within = ground({ capacity: 'within-capacity' });

/** Results of everything when nothing is wrong. */
export const ALL_PASSED = (): CheckResult[] => [...judgeCluster(), ...judgeGroup(), ...judgeAccount(), ...judgeJudged()];

/** Cases that pass though they look odd. */
export const PASSING: readonly (readonly [what: string, results: () => CheckResult[]])[] = [
  ['a cluster in order', ALL_PASSED],
  [
    'no target, of which the request says why',
    () => [
      ...judgeCluster(clusterFacts({ targetImage: undefined }), ground({ toVersion: '', targetImageId: '' })),
      ...judgeGroup(groupFacts({ targetImage: undefined }), ground({ toVersion: '', targetImageId: '' })),
    ],
  ],
  ['a licence without an end', () => judgeCluster(clusterFacts({ licence: {} }))],
  [
    'a build from before the end of maintenance',
    () => judgeCluster(clusterFacts({ licence: { maintenanceEndsAt: '2026-02-20T00:00:00.000Z' } })),
  ],
  ['a mirror that is turned off', () => judgeCluster(clusterFacts({ mirrors: [{ name: 'Tokyo', version: '', enabled: false }] }))],
  [
    'protection as the group says',
    () => judgeGroup(groupFacts({ settings: { newInstancesProtected: true, protectedInstances: ['i-old1'], maximumLifetime: 0 } })),
  ],
  [
    'a lifetime that is long',
    () => judgeGroup(groupFacts({ settings: { newInstancesProtected: false, protectedInstances: [], maximumLifetime: 300 * 86_400 } })),
  ],
  [
    'a scheduled action of another day',
    () => judgeGroup(groupFacts({ scheduledActions: [{ name: 'grow', at: '2026-03-02T12:30:00.000Z' }] })),
  ],
  ['a group without a stack', () => judgeGroup(groupFacts({ stack: undefined }))],
  ['an image that is not encrypted', () => judgeGroup(groupFacts({ keys: { target: [], original: [] } }))],
  ['images that are not found by tag', () => judgeGroup(groupFacts({ versionTag: '', targetImage: image(NEW_IMAGE, { tags: {} }) }))],
  [
    'a TCP health check',
    () => judgeGroup(groupFacts({ targetGroups: [targetGroup(SSH, { healthCheckProtocol: 'TCP', healthCheckPath: '' })] })),
  ],
  [
    'no extra node, and no room for one',
    () => judgeGroup(groupFacts(), ground({ capacity: 'within-capacity', sizes: { min: 4, max: 4, desired: 4 } })),
  ],
  ['a window with room for one node', () => judgeAccount(accountFacts(), ground({ window: window(1350) }))],
  ['a window that has just time to finish', () => judgeAccount(accountFacts(), ground({ window: window(60), nodes: [] }))],
  [
    'a window too short for a backup that is used again',
    () => judgeAccount(accountFacts(), ground({ window: window(1500), backupParts: ['database'], reusesBackup: true })),
  ],
  ['load that fewer nodes can carry', () => judgeAccount(accountFacts(), within)],
  ['any load with an extra node', () => judgeAccount(accountFacts({ load: undefined }))],
  [
    'neither calendars nor alarms',
    () =>
      judgeAccount(
        accountFacts({ calendars: [], alarms: new Map(), spec: { changeCalendars: [], alarms: [], maxCpu: 75, loadHours: 24 } }),
      ),
  ],
  [
    'a busy source whose backup is used again',
    () =>
      judgeJudged(
        judgedFacts({ reusesBackup: true, observations: [{ part: 'database', problems: [], warnings: [], ready: false, detail: 'busy' }] }),
      ),
  ],
  [
    'an interrupted run of which an instance died',
    () =>
      continued([
        ...views([...olds(1, 2, 3), ...news(1)]),
        without({ ...member('i-old4', { ec2State: 'terminated', targets: [] }), view: { status: 'without answer', version: '' } }, 'node'),
      ]),
  ],
  ['our own interrupted run', () => continued(views([...olds(1, 2, 3), ...news(1, 2)]))],
  [
    'a node that was left in Standby',
    () => continued(views([member('i-old1', { lifecycleState: 'Standby', targets: [] }), ...olds(2, 3, 4), ...news(1)])),
  ],
  [
    'a replacement in the state ERROR, which the run itself gives up',
    () =>
      continued([
        ...views([...olds(1, 2, 3), ...news(1)]),
        { ...member('i-new2', { targets: [], node: node('10.0.1.2', '9.4.23', 'ERROR') }), view: { status: 'ERROR', version: '' } },
      ]),
  ],
  [
    'one node, and a replacement in the state ERROR that an earlier run left',
    () =>
      continued([
        ...views(olds(1)),
        { ...member('i-new2', { targets: [], node: node('10.0.1.2', '9.4.23', 'ERROR') }), view: { status: 'ERROR', version: '' } },
      ]),
  ],
  [
    'a node of a third version that an earlier run launched, which is replaced',
    () => {
      const left = member('i-new2', { node: node('10.0.1.2', '9.4.22') });
      const members = views([...olds(1, 2), ...news(1), left]);
      return judgeCluster(
        clusterFacts({ cluster: upgrading(members), group: group(members, 5, { tags }) }, members),
        ground({ continues: true, nodes: [...olds(1, 2), left] }),
      );
    },
  ],
  [
    'a replacement that still boots',
    () =>
      continued([
        ...views([...olds(1, 2, 3), ...news(1)]),
        { ...member('i-new2', { targets: [], node: node('10.0.1.2', '9.4.23', 'STARTING') }), view: { status: 'STARTING', version: '' } },
      ]),
  ],
];

const continued = (members: readonly Member[]): CheckResult[] =>
  judgeCluster(clusterFacts({ cluster: upgrading(members), group: group(members, 5, { tags }) }, members), ground({ continues: true }));

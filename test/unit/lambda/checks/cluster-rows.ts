/** Facts about the cluster of which a check disapproves, and what it says. */
import { recordTags } from '../../../../lambda/core/record';
import type { Member } from '../../../../lambda/core/observation';
import { FROM, HTTP, SSH, cluster, group, member, node, olds, plan, upgrading, views, without } from '../support/build';
import { clusterFacts, ground, judgeCluster } from './build';
import type { Row } from './row';

const four = olds(1, 2, 3, 4);
const with4 = (change: Partial<Member>): readonly Member[] => [...olds(1, 2, 3), member('i-old4', change)];
const tags = recordTags(plan());

export const CLUSTER_ROWS: readonly Row[] = [
  [
    'a feature version',
    ['version-policy'],
    /9\.4\.20 to 9\.5\.0 is a feature upgrade.*such as 9\.4\.21/,
    () => judgeCluster(clusterFacts(), ground({ toVersion: '9.5.0' })),
  ],
  ['a downgrade', ['version-policy'], /downgrade/, () => judgeCluster(clusterFacts(), ground({ toVersion: '9.4.19' }))],
  [
    'a denied version',
    ['denied-version'],
    /9\.4\.21 is on this cluster's list of denied versions/,
    () => judgeCluster(clusterFacts(), ground({ toVersion: '9.4.21' })),
  ],
  [
    'credentials that are refused',
    ['credentials'],
    /CredentialsRefused: GET answered 401/,
    () => judgeCluster(clusterFacts({ access: { kind: 'refused', error: 'CredentialsRefused', message: 'GET answered 401.' } })),
  ],
  [
    'a user who is no administrator',
    ['credentials'],
    /PermissionMissing: GET answered 403/,
    () => judgeCluster(clusterFacts({ access: { kind: 'refused', error: 'PermissionMissing', message: 'GET answered 403.' } })),
  ],
  [
    'a Data Center without a cluster',
    ['clustering'],
    /Clustering is off.*hazelcast/,
    () => judgeCluster(clusterFacts({ clustering: { running: false, nodes: 1 } })),
  ],
  ['no licence', ['data-center-licence'], /No licence is installed/, () => judgeCluster(clusterFacts({ licence: undefined }))],
  [
    'an expired licence',
    ['data-center-licence'],
    /expired on 2026-01-01 00:00 UTC.*Renew/,
    () => judgeCluster(clusterFacts({ licence: { expiresAt: '2026-01-01T00:00:00.000Z' } })),
  ],
  [
    'maintenance that ended before the image was built',
    ['licence-maintenance'],
    /ended on 2026-01-15 00:00 UTC, and the image of 9\.4\.23 was built on 2026-02-01/,
    () => judgeCluster(clusterFacts({ licence: { maintenanceEndsAt: '2026-01-15T00:00:00.000Z' } })),
  ],
  [
    'maintenance that ended, for a target without an image',
    ['licence-maintenance'],
    /ended on 2026-02-01 00:00 UTC: versions released after its end are not covered\. Renew it; or, if the target was/,
    () =>
      judgeCluster(
        clusterFacts({ licence: { maintenanceEndsAt: '2026-02-01T00:00:00.000Z' }, targetImage: undefined }),
        ground({ toVersion: '', targetImageId: '' }),
      ),
  ],
  [
    'upgrade mode that a person turned on',
    ['upgrade-mode'],
    /no run of this workflow turned it on/,
    () => judgeCluster(clusterFacts({ cluster: upgrading(four, 'READY_TO_UPGRADE') })),
  ],
  [
    'an interrupted run to another target',
    ['upgrade-mode'],
    /"targetVersion": "9\.4\.23"/,
    () =>
      judgeCluster(
        clusterFacts({ cluster: upgrading(four, 'READY_TO_UPGRADE'), group: group(four, 4, { tags }) }),
        ground({ toVersion: '9.4.24' }),
      ),
  ],
  [
    'an interrupted run from another version',
    ['upgrade-mode'],
    /turned on at 9\.4\.18, not at 9\.4\.20/,
    () =>
      judgeCluster(
        clusterFacts({ cluster: { ...upgrading(four, 'READY_TO_UPGRADE'), originalVersion: '9.4.18' }, group: group(four, 4, { tags }) }),
        ground({ continues: true }),
      ),
  ],
  [
    'upgrade tasks that failed',
    ['upgrade-mode'],
    /from this state no run can go on/,
    () =>
      judgeCluster(
        clusterFacts({ cluster: upgrading(four, 'UPGRADE_TASKS_FAILED'), group: group(four, 4, { tags }) }),
        ground({ continues: true }),
      ),
  ],
  ['one node', ['two-nodes'], /1 node is ACTIVE; .* at least two.*Add a node/, () => judgeCluster(clusterFacts({}, olds(1)), ground())],
  [
    'a group of one',
    ['two-nodes'],
    /desires 1 instance;/,
    () => judgeCluster(clusterFacts(), ground({ sizes: { min: 1, max: 1, desired: 1 } })),
  ],
  [
    'an instance that is no node',
    ['nodes-are-instances', 'one-cluster'],
    /i-old4 .* is not in the cluster/,
    () => judgeCluster(clusterFacts({ cluster: cluster(olds(1, 2, 3)) }, views([...olds(1, 2, 3), without(member('i-old4'), 'node')]))),
  ],
  [
    'a node that is no instance',
    ['nodes-are-instances', 'one-cluster'],
    /10\.0\.0\.9: ACTIVE nodes, but no instances in service.*left on the old version/,
    () => judgeCluster(clusterFacts({ cluster: cluster([...four, member('i-old9')]) })),
  ],
  [
    'a group that is not complete',
    ['group-complete'],
    /3 of 4 desired/,
    () => judgeCluster(clusterFacts({ group: group(olds(1, 2, 3), 4) }, olds(1, 2, 3))),
  ],
  [
    'an unhealthy target',
    ['healthy-targets'],
    /i-old4 .* is unhealthy \(Target\.Timeout\) in ssh/,
    () =>
      judgeCluster(
        clusterFacts(
          {},
          with4({
            targets: [
              { targetGroupArn: HTTP, instanceId: 'i-old4', state: 'healthy', reason: '' },
              { targetGroupArn: SSH, instanceId: 'i-old4', state: 'unhealthy', reason: 'Target.Timeout' },
            ],
          }),
        ),
      ),
  ],
  [
    'a target that is not registered',
    ['healthy-targets'],
    /i-old4 .* not registered in http/,
    () => judgeCluster(clusterFacts({}, with4({ targets: [] }))),
  ],
  [
    'a node in ERROR',
    ['no-node-in-error'],
    /10\.0\.0\.9 in the state ERROR/,
    () => judgeCluster(clusterFacts({ cluster: cluster(four, { nodes: [...cluster(four).nodes, node('10.0.0.9', FROM, 'ERROR')] }) })),
  ],
  [
    'nodes of two versions',
    ['one-version'],
    /10\.0\.0\.4 runs 9\.4\.21/,
    () => judgeCluster(clusterFacts({}, with4({ node: node('10.0.0.4', '9.4.21') }))),
  ],
  [
    'a node that says another version than the cluster',
    ['one-version'],
    /i-old1 .* says 9\.4\.19, the cluster says 9\.4\.20/,
    () =>
      judgeCluster(
        clusterFacts(
          {},
          views(four).map((one, index) => (index === 0 ? { ...one, view: { ...one.view!, version: '9.4.19' } } : one)),
        ),
      ),
  ],
  [
    'a split cluster',
    ['one-cluster'],
    /sees 10\.0\.0\.1, 10\.0\.0\.2.*split/,
    () => judgeCluster(clusterFacts({}, views(four, { members: ['10.0.0.1', '10.0.0.2'] }))),
  ],
  [
    'a node that cannot be asked',
    ['one-cluster'],
    /\/status is without answer \(ETIMEDOUT\).*security groups/,
    () =>
      judgeCluster(
        clusterFacts(
          {},
          [...views(olds(1, 2, 3)), { ...member('i-old4'), view: { status: 'without answer (ETIMEDOUT)', version: '' } }].map(
            (one, index) =>
              (index < 3 ? { ...one, view: { ...one.view, members: four.map(({ privateIp }) => privateIp) } } : one) as Member,
          ),
        ),
      ),
  ],
  [
    'a health check of Bitbucket that fails',
    ['bitbucket-health'],
    /1 health check of Bitbucket fails: Free disk space \(critical\): 3 GB left/,
    () =>
      judgeCluster(
        clusterFacts({ healthChecks: [{ name: 'Free disk space', healthy: false, reason: '3 GB left', severity: 'CRITICAL' }] }),
      ),
  ],
  [
    'apps that do not go with the target',
    ['app-compatibility'],
    /Not compatible with 9\.4\.23: Old App\. .*after an update of the app: Slow App\. .*Nothing is known.*: Own App/,
    () =>
      judgeCluster(
        clusterFacts({ apps: { compatible: [], updateRequired: ['Slow App'], incompatible: ['Old App'], unknown: ['Own App'] } }),
      ),
  ],
  [
    'Mesh nodes',
    ['mesh-nodes'],
    /2 remote Mesh nodes.*mesh-1 \(2\.5\.1, AVAILABLE\), mesh-2 \(version not told/,
    () =>
      judgeCluster(
        clusterFacts({
          mesh: [
            { name: 'mesh-1', version: '2.5.1', state: 'AVAILABLE' },
            { name: 'mesh-2', version: '', state: '' },
          ],
        }),
      ),
  ],
  [
    'a mirror',
    ['mirrors'],
    /1 mirror, .*Tokyo \(9\.4\.18\)/,
    () => judgeCluster(clusterFacts({ mirrors: [{ name: 'Tokyo', version: '9.4.18', enabled: true }] })),
  ],
];

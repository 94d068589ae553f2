/** Facts about the group of which a check disapproves, and what it says. */
import { ARNS, HTTP, NEW_IMAGE, OLD_IMAGE, SSH, group, olds, without } from '../support/build';
import { ground, groupFacts, image, judgeGroup, targetGroup } from './build';
import type { Row } from './row';

const four = olds(1, 2, 3, 4);

export const GROUP_ROWS: readonly Row[] = [
  [
    'a suspended process',
    ['needed-processes'],
    /Launch of bitbucket-nodes: suspended/,
    () => judgeGroup(groupFacts({ group: group(four, 4, { suspendedProcesses: ['Launch', 'AZRebalance'] }) })),
  ],
  [
    'an instance refresh',
    ['instance-refresh'],
    /instance refresh r-1 .*Wait for its end/,
    () => judgeGroup(groupFacts({ refresh: 'r-1' })),
  ],
  [
    'an update of the stack',
    ['stack-update'],
    /stack-1 .*UPDATE_IN_PROGRESS/,
    () => judgeGroup(groupFacts({ stack: { id: 'stack-1', status: 'UPDATE_IN_PROGRESS' } })),
  ],
  [
    'a scheduled action',
    ['scheduled-actions'],
    /grow at 2026-03-01 12:30 UTC: scheduled while/,
    () => judgeGroup(groupFacts({ scheduledActions: [{ name: 'grow', at: '2026-03-01T12:30:00.000Z' }] })),
  ],
  [
    'a lifecycle hook that waits too long',
    ['lifecycle-hooks'],
    /warm-up \(launching\) waits up to 7200 s .* ABANDON/,
    () => judgeGroup(groupFacts({ hooks: [{ name: 'warm-up', transition: 'launching', heartbeat: 7200, otherwise: 'ABANDON' }] })),
  ],
  [
    'a warm pool',
    ['warm-pool'],
    /warm pool of 2 instances: they hold 9\.4\.20.*delete-warm-pool/,
    () => judgeGroup(groupFacts({ warmPool: { instances: 2, status: '' } })),
  ],
  [
    'protection of single instances',
    ['scale-in-protection'],
    /i-old2: protected from scale-in one by one/,
    () => judgeGroup(groupFacts({ settings: { newInstancesProtected: false, protectedInstances: ['i-old2'], maximumLifetime: 0 } })),
  ],
  [
    'a lifetime that ends during the upgrade',
    ['maximum-instance-lifetime'],
    /i-old1, i-old2, i-old3, i-old4 reach the maximum lifetime of 59 days/,
    () => judgeGroup(groupFacts({ settings: { newInstancesProtected: false, protectedInstances: [], maximumLifetime: 59 * 86_400 } })),
  ],
  [
    'no room for an extra node',
    ['maximum-size'],
    /may have 4 instances: the maximum is raised to 5/,
    () => judgeGroup(groupFacts(), ground({ sizes: { min: 4, max: 4, desired: 4 } })),
  ],
  [
    'a short grace period',
    ['grace-period'],
    /grace period of 60 s is shorter than the boot time-out of 2700 s/,
    () => judgeGroup(groupFacts({ group: group(four, 4, { gracePeriodSeconds: 60 }) })),
  ],
  [
    'a target group that the group does not fill',
    ['target-groups-attached'],
    /ssh: not attached to the group bitbucket-nodes/,
    () => judgeGroup(groupFacts({ group: group(four, 4, { targetGroupArns: [HTTP] }) })),
  ],
  [
    'a target group that nobody watches',
    ['target-groups-watched'],
    /third: attached to the group, but not watched/,
    () => judgeGroup(groupFacts({ group: group(four, 4, { targetGroupArns: [...ARNS, 'arn:x:targetgroup/third/1'] }) })),
  ],
  [
    'health checks on the cluster port',
    ['health-check-port'],
    /http checks port 5701/,
    () => judgeGroup(groupFacts({ targetGroups: [targetGroup(HTTP, { healthCheckPort: '5701' })] })),
  ],
  [
    'traffic on the cluster port',
    ['health-check-port'],
    /ssh checks port 5701/,
    () => judgeGroup(groupFacts({ targetGroups: [targetGroup(SSH, { port: 5701, healthCheckProtocol: 'TCP', healthCheckPath: '' })] })),
  ],
  [
    'health checks of another page',
    ['health-check-path'],
    /http checks \/\. Only \/git\/status/,
    () => judgeGroup(groupFacts({ targetGroups: [targetGroup(HTTP, { healthCheckPath: '/' })] })),
  ],
  [
    'short draining',
    ['deregistration-delay'],
    /http drains for up to 30 s: .*clones, are cut/,
    () => judgeGroup(groupFacts({ targetGroups: [targetGroup(HTTP, { deregistrationDelaySeconds: 30 })] })),
  ],
  [
    'long draining',
    ['deregistration-delay'],
    /7200 s, longer than the drain limit of 3600 s/,
    () => judgeGroup(groupFacts({ targetGroups: [targetGroup(HTTP, { deregistrationDelaySeconds: 7200 })] })),
  ],
  [
    'a launch configuration',
    ['launch-template'],
    /uses a launch configuration/,
    () => judgeGroup(groupFacts({ group: without(group(four), 'launchTemplate') })),
  ],
  [
    'overrides with templates',
    ['launch-template'],
    /overrides m5\.large/,
    () => judgeGroup(groupFacts({ group: group(four, 4, { overridesWithTemplates: ['m5.large'] }) })),
  ],
  [
    'an image by parameter',
    ['launch-template'],
    /resolve:ssm:\/ami/,
    () => judgeGroup(groupFacts({ originalImage: undefined }), ground({ originalImageId: 'resolve:ssm:/ami' })),
  ],
  [
    'a template without an image',
    ['launch-template'],
    /names no image/,
    () => judgeGroup(groupFacts({ originalImage: undefined }), ground({ originalImageId: '' })),
  ],
  ['an image that is not there', ['target-image'], /There is no image ami-/, () => judgeGroup(groupFacts({ targetImage: undefined }))],
  [
    'an image that is not ready',
    ['target-image'],
    /is pending, not available/,
    () => judgeGroup(groupFacts({ targetImage: image(NEW_IMAGE, { state: 'pending' }) })),
  ],
  [
    'the image of the old nodes',
    ['target-image'],
    /Build a new image/,
    () => judgeGroup(groupFacts(), ground({ targetImageId: OLD_IMAGE })),
  ],
  [
    'an image of another architecture',
    ['image-platform'],
    /is for arm64, the nodes run x86_64/,
    () => judgeGroup(groupFacts({ targetImage: image(NEW_IMAGE, { architecture: 'arm64' }) })),
  ],
  [
    'an image with another root device',
    ['image-platform'],
    /is instance-store, that of the current one ebs/,
    () => judgeGroup(groupFacts({ targetImage: image(NEW_IMAGE, { rootDeviceType: 'instance-store' }) })),
  ],
  [
    'an image of another virtualization',
    ['image-platform'],
    /is paravirtual/,
    () => judgeGroup(groupFacts({ targetImage: image(NEW_IMAGE, { virtualization: 'paravirtual' }) })),
  ],
  [
    'an image with the tag of another version',
    ['image-version'],
    /says 9\.4\.22; the target is 9\.4\.23/,
    () => judgeGroup(groupFacts({ targetImage: image(NEW_IMAGE, { tags: { 'bitbucket:version': '9.4.22' } }) })),
  ],
  [
    'an image without the tag',
    ['image-version'],
    /is missing/,
    () => judgeGroup(groupFacts({ targetImage: image(NEW_IMAGE, { tags: {} }) })),
  ],
  [
    'an image with another key',
    ['image-encryption'],
    /encrypted with arn:other.*service-linked role/,
    () => judgeGroup(groupFacts({ keys: { target: ['arn:other'], original: ['arn:key'] } })),
  ],
  [
    'a lost image',
    ['current-image'],
    /no node of 9\.4\.20 could be launched again/,
    () => judgeGroup(groupFacts({ originalImage: undefined })),
  ],
  [
    'a deprecated image',
    ['current-image'],
    /deprecated since 2026-02-02/,
    () => judgeGroup(groupFacts({ targetImage: image(NEW_IMAGE, { deprecatedAt: '2026-02-02T00:00:00.000Z' }) })),
  ],
];

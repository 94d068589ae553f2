import { isHealthyIn, isInService, nameOf } from '../observation';
import type { Check } from './facts';
import { settled, when } from './facts';

/** Port on which nodes talk to each other. */
const CLUSTER_PORT = 5701;

/** Shorter deregistration delays cut clones; 300 s is the vendor's own setting: https://github.com/aws-quickstart/quickstart-atlassian-bitbucket */
const SANE_DELAY = 300;

const nameOfGroup = (arn: string): string => arn.split('/')[1] ?? arn;

/** Every node in service is healthy in every target group, and every replacement would be registered in it. */
export const checkTargets: Check = (facts) => {
  const { targetGroupArns, group } = facts;
  const unhealthy = targetGroupArns.flatMap((arn) =>
    settled(facts)
      .filter((member) => isInService(member) && !isHealthyIn(member, [arn]))
      .map((member) => {
        const target = member.targets.find(({ targetGroupArn }) => targetGroupArn === arn);
        const why = target ? `${target.state}${target.reason && ` (${target.reason})`}` : 'not registered';
        return `${nameOf(member)} is ${why} in ${nameOfGroup(arn)}`;
      }),
  );
  const apart = targetGroupArns.filter((arn) => !group.targetGroupArns.includes(arn));
  return [
    ...when(
      unhealthy.length > 0,
      'targets',
      () => `${unhealthy.join('; ')}. Every node must be healthy everywhere before one is taken out.`,
    ),
    ...when(
      apart.length > 0,
      'targets',
      () =>
        `${apart.map(nameOfGroup).join(', ')}: not attached to the group ${group.name}, so replacements would not be registered there. Attach it to the group.`,
    ),
  ];
};

/** Health checks that say what they should. */
export const checkHealthChecks: Check = ({ targetGroups, contextPath }) =>
  targetGroups.flatMap(({ arn, port, healthCheckPort, healthCheckProtocol, healthCheckPath }) => {
    const checked = healthCheckPort === 'traffic-port' ? port : Number(healthCheckPort);
    const http = healthCheckProtocol === 'HTTP' || healthCheckProtocol === 'HTTPS';
    const path = healthCheckPath.split('?')[0] ?? '';
    return [
      // https://github.com/atlassian/data-center-helm-charts/pull/686
      ...when(
        checked === CLUSTER_PORT,
        'health check',
        () => `${nameOfGroup(arn)} checks port ${CLUSTER_PORT}, which breaks the cluster's own connections. Check the HTTP port instead.`,
      ),
      ...when(
        http && path !== `${contextPath}/status`,
        'health check',
        () => `${nameOfGroup(arn)} checks ${healthCheckPath}; only ${contextPath}/status says whether Bitbucket runs.`,
      ),
    ];
  });

/** Draining that is shorter than clones take, or longer than this workflow waits. */
export const warnTargets: Check = ({ targetGroups, limits, group, targetGroupArns }) => [
  ...targetGroups.flatMap(({ arn, deregistrationDelaySeconds: delay }) => [
    ...when(
      delay < SANE_DELAY,
      'draining',
      () =>
        `${nameOfGroup(arn)} drains for ${delay} s: requests that take longer, such as clones, are cut. At least ${SANE_DELAY} s are advised.`,
    ),
    ...when(
      delay > limits.drainLimit,
      'draining',
      () =>
        `${nameOfGroup(arn)} drains for up to ${delay} s, longer than the drain limit of ${limits.drainLimit} s: what is still in flight then is cut.`,
    ),
  ]),
  ...group.targetGroupArns
    .filter((arn) => !targetGroupArns.includes(arn))
    .flatMap((arn) =>
      when(
        true,
        'targets',
        () => `${nameOfGroup(arn)} is attached to the group, but not watched: add it to the construct's target groups.`,
      ),
    ),
];

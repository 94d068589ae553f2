import type { Finding, Ground } from '../check';
import { Check, counted, finding, listed, when } from '../check';
import type { GroupFacts } from '../facts';
import { nameOfTargetGroup } from '../words';

type Of<K extends keyof GroupFacts> = Pick<GroupFacts, K>;

/** Port on which nodes talk to each other. */
const CLUSTER_PORT = 5701;

/** Shorter deregistration delays cut clones; 300 s is the vendor's own setting: https://github.com/aws-quickstart/quickstart-atlassian-bitbucket */
const SANE_DELAY = 300;

/** Every replacement would be registered in the target groups. */
export class AttachedTargetGroups extends Check<GroupFacts, 'group' | 'targetGroupArns'> {
  readonly name = 'target-groups-attached';
  readonly severity = 'refuse';
  readonly looksAt = "The construct's target groups: attached to the group, so that replacements are registered";
  readonly source = 'https://docs.aws.amazon.com/autoscaling/ec2/userguide/attach-load-balancer-asg.html';
  readonly override = 'no replacement would become healthy there, and the run would fail at the first node';
  protected readonly needs = ['group', 'targetGroupArns'] as const;

  protected look({ group, targetGroupArns }: Of<'group' | 'targetGroupArns'>): Finding {
    const apart = targetGroupArns.filter((arn) => !group.targetGroupArns.includes(arn));
    return finding(
      `${listed(targetGroupArns.map(nameOfTargetGroup))}: attached to ${group.name}.`,
      when(
        apart.length > 0,
        () =>
          `${listed(apart.map(nameOfTargetGroup))}: not attached to the group ${group.name}, so replacements would not be registered there.`,
        'Attach it to the group.',
      ),
    );
  }
}

/** No other target group sends clients to the nodes: nobody would wait until it is drained. */
export class WatchedTargetGroups extends Check<GroupFacts, 'group' | 'targetGroupArns'> {
  readonly name = 'target-groups-watched';
  readonly severity = 'warn';
  readonly looksAt = "Target groups that are attached to the group: all of them are the construct's";
  readonly source = 'https://docs.aws.amazon.com/autoscaling/ec2/userguide/attach-load-balancer-asg.html';
  readonly override = 'allowed';
  protected readonly needs = ['group', 'targetGroupArns'] as const;

  protected look({ group, targetGroupArns }: Of<'group' | 'targetGroupArns'>): Finding {
    const unwatched = group.targetGroupArns.filter((arn) => !targetGroupArns.includes(arn));
    return finding(
      'Every attached target group is watched.',
      when(
        unwatched.length > 0,
        () => `${listed(unwatched.map(nameOfTargetGroup))}: attached to the group, but not watched.`,
        "Add it to the construct's target groups.",
      ),
    );
  }
}

/** Health checks never ask the port that nodes cluster on: https://github.com/atlassian/data-center-helm-charts/pull/686 */
export class HealthCheckPort extends Check<GroupFacts, 'targetGroups'> {
  readonly name = 'health-check-port';
  readonly severity = 'refuse';
  readonly looksAt = `The port of the target groups' health checks: never ${CLUSTER_PORT}, which breaks the connections of the cluster`;
  readonly source = 'https://github.com/atlassian/data-center-helm-charts/pull/686';
  readonly override = 'new nodes may never join the cluster';
  protected readonly needs = ['targetGroups'] as const;

  protected look({ targetGroups }: Of<'targetGroups'>): Finding {
    const wrong = targetGroups.filter(
      ({ port, healthCheckPort }) => (healthCheckPort === 'traffic-port' ? port : Number(healthCheckPort)) === CLUSTER_PORT,
    );
    return finding(
      `No health check asks port ${CLUSTER_PORT}.`,
      when(
        wrong.length > 0,
        () =>
          `${listed(wrong.map(({ arn }) => nameOfTargetGroup(arn)))} ${wrong.length === 1 ? 'checks' : 'check'} port ${CLUSTER_PORT}, which breaks the cluster's own connections.`,
        'Check the HTTP port instead.',
      ),
    );
  }
}

/** HTTP health checks ask `/status`. */
export class HealthCheckPath extends Check<GroupFacts, 'targetGroups' | 'contextPath'> {
  readonly name = 'health-check-path';
  readonly severity = 'refuse';
  readonly looksAt = "The path of the target groups' HTTP health checks: `/status`, below the context path";
  readonly source =
    'https://confluence.atlassian.com/bitbucketserverkb/how-to-monitor-if-bitbucket-server-is-up-and-running-975014635.html';
  readonly override = 'allowed';
  protected readonly needs = ['targetGroups', 'contextPath'] as const;

  protected look({ targetGroups, contextPath }: Of<'targetGroups' | 'contextPath'>): Finding {
    const http = targetGroups.filter(({ healthCheckProtocol }) => ['HTTP', 'HTTPS'].includes(healthCheckProtocol));
    const wanted = `${contextPath}/status`;
    const wrong = http.filter(({ healthCheckPath }) => (healthCheckPath.split('?')[0] ?? '') !== wanted);
    return finding(
      `${counted(http.length, 'HTTP health check')} ask ${wanted}.`,
      when(
        wrong.length > 0,
        () => `${listed(wrong.map(({ arn, healthCheckPath }) => `${nameOfTargetGroup(arn)} checks ${healthCheckPath}`))}.`,
        `Only ${wanted} says whether Bitbucket runs: check that.`,
      ),
    );
  }
}

/** Draining that is shorter than clones take, or longer than this workflow waits. */
export class DeregistrationDelay extends Check<GroupFacts, 'targetGroups'> {
  readonly name = 'deregistration-delay';
  readonly severity = 'warn';
  readonly looksAt = `The deregistration delay of the target groups: long enough for clones (${SANE_DELAY} s), and not longer than the drain limit`;
  readonly source =
    'https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-target-group-attributes.html#deregistration-delay';
  readonly override = 'allowed';
  protected readonly needs = ['targetGroups'] as const;

  protected look({ targetGroups }: Of<'targetGroups'>, { limits: { drainLimit } }: Ground): Finding {
    const short = targetGroups.filter(({ deregistrationDelaySeconds }) => deregistrationDelaySeconds < SANE_DELAY);
    const long = targetGroups.filter(({ deregistrationDelaySeconds }) => deregistrationDelaySeconds > drainLimit);
    const drains = ({ arn, deregistrationDelaySeconds }: Of<'targetGroups'>['targetGroups'][number]): string =>
      `${nameOfTargetGroup(arn)} drains for up to ${deregistrationDelaySeconds} s`;
    return finding(
      `${listed(targetGroups.map(drains))}.`,
      when(
        short.length > 0,
        () => `${listed(short.map(drains))}: requests that take longer, such as clones, are cut.`,
        `At least ${SANE_DELAY} s are advised.`,
      ),
      when(
        long.length > 0,
        () => `${listed(long.map(drains))}, longer than the drain limit of ${drainLimit} s: what is still in flight then is cut.`,
        "Raise the construct's drain limit, or shorten the delay.",
      ),
    );
  }
}

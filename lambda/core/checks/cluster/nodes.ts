import { activeNodes } from '../../cluster-steps';
import { isHealthyIn, isInService, isNew, nameOf } from '../../observation';
import type { Member } from '../../observation';
import type { Finding, Ground } from '../check';
import { Check, counted, finding, listed, when } from '../check';
import type { ClusterFacts } from '../facts';
import { nameOfTargetGroup } from '../words';
import { settled } from './settled';

type Of<K extends keyof ClusterFacts> = Pick<ClusterFacts, K>;

/** Nodes of the new version that the run which is continued has launched. */
const leftReplacements = (members: readonly Member[], plan: Ground['plan']): readonly Member[] =>
  plan.continues ? members.filter((member) => isNew(member, plan)) : [];

/** At least two nodes serve, so that one is left when one is out. A replacement that a continued run left is one, though it is not ACTIVE: the run sees to it. */
export class TwoNodes extends Check<ClusterFacts, 'cluster' | 'members'> {
  readonly name = 'two-nodes';
  readonly severity = 'refuse';
  readonly looksAt = 'How many nodes are ACTIVE, and how many instances the group desires: at least two';
  readonly source = 'https://confluence.atlassian.com/bitbucketserver079/upgrade-a-bitbucket-cluster-without-downtime-1043905547.html';
  readonly override = 'with one node there is downtime';
  protected readonly needs = ['cluster', 'members'] as const;

  protected look({ cluster, members }: Of<'cluster' | 'members'>, { plan }: Ground): Finding {
    const active = activeNodes(cluster).length;
    const unfinished = leftReplacements(members, plan).filter(({ node }) => node?.state !== 'ACTIVE').length;
    return finding(
      `${active} nodes are ACTIVE, and ${plan.groupName} desires ${plan.sizes.desired}.`,
      when(
        active === 0 || active + unfinished < 2,
        () => `${counted(active, 'node')} ${active === 1 ? 'is' : 'are'} ACTIVE; an upgrade without downtime needs at least two.`,
        'Add a node first.',
      ),
      when(
        plan.sizes.desired < 2,
        () => `${plan.groupName} desires ${counted(plan.sizes.desired, 'instance')}; an upgrade without downtime needs at least two.`,
        'Add a node first.',
      ),
    );
  }
}

/** Every instance in service is an ACTIVE node, and every ACTIVE node an instance in service. */
export class NodesAreInstances extends Check<ClusterFacts, 'cluster' | 'members'> {
  readonly name = 'nodes-are-instances';
  readonly severity = 'refuse';
  readonly looksAt = 'Nodes of the cluster and instances in service of the group, matched by private IP address: the same';
  readonly source = 'https://developer.atlassian.com/server/bitbucket/reference/zdu-rest/';
  readonly override = 'a node that is no instance of the group would be left on the old version';
  protected readonly needs = ['cluster', 'members'] as const;

  protected look({ cluster, members }: Of<'cluster' | 'members'>, { plan }: Ground): Finding {
    const lost = settled(members, plan).filter((member) => member.node?.state !== 'ACTIVE');
    const strange = activeNodes(cluster).filter((node) => !members.some(({ privateIp }) => privateIp === node.ipAddress));
    return finding(
      `Every one of ${counted(members.filter(isInService).length, 'instance')} in service is an ACTIVE node.`,
      when(
        lost.length > 0,
        () => `${listed(lost.map((member) => `${nameOf(member)} is ${member.node?.state ?? 'not in the cluster'}`))}.`,
        'Every instance in service must be an ACTIVE node: mend or replace it first.',
      ),
      when(
        strange.length > 0,
        () => `${listed(strange.map(({ ipAddress }) => ipAddress))}: ACTIVE nodes, but no instances in service of the group.`,
        'They would be left on the old version: attach them to the group, or take them out of the cluster.',
      ),
    );
  }
}

/** As many instances are in service as are desired; a run that is continued may have left fewer. */
export class GroupComplete extends Check<ClusterFacts, 'group'> {
  readonly name = 'group-complete';
  readonly severity = 'refuse';
  readonly looksAt = 'Instances in service of the group: as many as desired';
  readonly source = 'https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-lifecycle.html';
  readonly override = 'the group would launch nodes of the new version by itself, before there is upgrade mode';
  protected readonly needs = ['group'] as const;

  protected look({ group }: Of<'group'>, { plan }: Ground): Finding {
    const inService = group.instances.filter(isInService).length;
    return finding(
      `${inService} of ${group.sizes.desired} desired instances are in service.`,
      when(
        !plan.continues && inService !== group.sizes.desired,
        () => `${inService} of ${group.sizes.desired} desired instances are in service.`,
        'Wait until the group is complete.',
      ),
    );
  }
}

/** No node is in ERROR; one that a continued run left as a replacement is given up by the run itself. */
export class NoNodeInError extends Check<ClusterFacts, 'cluster' | 'members'> {
  readonly name = 'no-node-in-error';
  readonly severity = 'refuse';
  readonly looksAt = 'The state of every node: none is ERROR';
  readonly source = 'https://developer.atlassian.com/server/bitbucket/reference/zdu-rest/';
  readonly override = 'Bitbucket does not finalize an upgrade while a node is in ERROR';
  protected readonly needs = ['cluster', 'members'] as const;

  protected look({ cluster, members }: Of<'cluster' | 'members'>, { plan }: Ground): Finding {
    const replacements = leftReplacements(members, plan).map(({ privateIp }) => privateIp);
    const errors = cluster.nodes.filter(({ state, ipAddress }) => state === 'ERROR' && !replacements.includes(ipAddress));
    return finding(
      'No node is in the state ERROR.',
      when(
        errors.length > 0,
        () => `${listed(errors.map(({ ipAddress }) => ipAddress))} in the state ERROR.`,
        'Repair the node, or shut it down, first.',
      ),
    );
  }
}

/** Every node in service is healthy in every target group. */
export class HealthyTargets extends Check<ClusterFacts, 'members' | 'targets' | 'targetGroupArns'> {
  readonly name = 'healthy-targets';
  readonly severity = 'refuse';
  readonly looksAt = 'The health of every instance in service in every target group (HTTP and SSH)';
  readonly source = 'https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeTargetHealth.html';
  readonly override = 'no node is taken out while another does not serve, so the run would wait and then fail';
  protected readonly needs = ['members', 'targets', 'targetGroupArns'] as const;

  protected look({ members, targetGroupArns }: Of<'members' | 'targetGroupArns'>, { plan }: Ground): Finding {
    const inService = settled(members, plan).filter(isInService);
    const unhealthy = targetGroupArns.flatMap((arn) =>
      inService
        .filter((member) => !isHealthyIn(member, [arn]))
        .map((member) => {
          const target = member.targets.find(({ targetGroupArn }) => targetGroupArn === arn);
          const why = target ? `${target.state}${target.reason && ` (${target.reason})`}` : 'not registered';
          return `${nameOf(member)} is ${why} in ${nameOfTargetGroup(arn)}`;
        }),
    );
    return finding(
      `${counted(inService.length, 'instance')} are healthy in ${listed(targetGroupArns.map(nameOfTargetGroup))}.`,
      when(unhealthy.length > 0, () => `${listed(unhealthy, '; ')}.`, 'Every node must be healthy everywhere before one is taken out.'),
    );
  }
}

/**
 * No split brain: nodes that have lost each other all serve and say RUNNING, only their member lists differ
 * (https://support.atlassian.com/bitbucket-data-center/kb/recover-missing-node-caused-by-split-brain-in-bitbucket-data-center/).
 */
export class OneCluster extends Check<ClusterFacts, 'cluster' | 'members' | 'views'> {
  readonly name = 'one-cluster';
  readonly severity = 'refuse';
  readonly looksAt =
    'What each node, asked directly, says of itself (`/status`: RUNNING) and of the members of the cluster: all the same (no split brain)';
  readonly source =
    'https://support.atlassian.com/bitbucket-data-center/kb/recover-missing-node-caused-by-split-brain-in-bitbucket-data-center/';
  readonly override = 'nodes that are apart write to one database without knowing of each other';
  protected readonly needs = ['cluster', 'members', 'views'] as const;

  protected look({ cluster, members }: Of<'cluster' | 'members'>, { plan }: Ground): Finding {
    const asked = settled(members, plan);
    // While a replacement joins, it is in some lists and not yet in others: then the settled nodes must only agree.
    const joining = plan.continues ? asked.find(({ view }) => view?.members)?.view?.members : undefined;
    const active = addresses(joining ?? activeNodes(cluster).map(({ ipAddress }) => ipAddress));
    const silent = asked.filter(({ view }) => view?.members === undefined);
    const differing = asked.filter(({ view }) => view?.members !== undefined && addresses(view.members) !== active);
    return finding(
      `Every node answers, and sees ${active}.`,
      when(
        silent.length > 0,
        () =>
          `${listed(
            silent.map((member) => `${nameOf(member)}: /status is ${member.view?.status ?? 'not asked'}`),
            '; ',
          )}.`,
        "Each node must answer the workflow directly with RUNNING and its members: check the security groups and the node's port.",
      ),
      when(
        differing.length > 0,
        () =>
          `${listed(
            differing.map((member) => `${nameOf(member)} sees ${addresses(member.view?.members ?? [])}`),
            '; ',
          )}; the cluster has ${active}.`,
        'The cluster is split: restart the nodes that are apart.',
      ),
    );
  }
}

const addresses = (list: readonly string[]): string => [...list].sort().join(', ');

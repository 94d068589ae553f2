import { activeNodes, describeCluster } from '../cluster-steps';
import { isInService, nameOf } from '../observation';
import { readRecord } from '../record';
import type { Check } from './facts';
import { settled, when } from './facts';

/** Upgrade mode is off, or it is our own interrupted upgrade to the same version that goes on. */
export const checkUpgradeMode: Check = ({ plan, group, cluster }) => {
  const check = 'upgrade mode';
  if (cluster.state === 'STABLE' && !cluster.upgradeModeEnabled) return [];
  const record = readRecord(group.tags).versions;
  const resumable = ['READY_TO_UPGRADE', 'MIXED', 'READY_TO_RUN_UPGRADE_TASKS', 'RUNNING_UPGRADE_TASKS'].includes(cluster.state);
  if (plan.continues && resumable && cluster.originalVersion === plan.fromVersion) return [];
  const state = describeCluster(cluster);
  return [
    ...when(
      record === undefined,
      check,
      () =>
        `${state}, and no run of this workflow turned it on. Finish that upgrade, or cancel it under Administration > Rolling upgrades, then start again.`,
    ),
    ...when(
      record !== undefined && !plan.continues,
      check,
      () =>
        `${state}: an interrupted run was upgrading ${record?.from ?? ''} to ${record?.to ?? ''}. Start with {"targetVersion": "${record?.to ?? ''}"} to go on with it; another target is possible only afterwards.`,
    ),
    ...when(
      plan.continues && !resumable,
      check,
      () => `${state}: from this state no run can go on. Look at Administration > Rolling upgrades.`,
    ),
    ...when(
      plan.continues && resumable,
      check,
      () => `${state}: upgrade mode was turned on at ${cluster.originalVersion}, not at ${plan.fromVersion}.`,
    ),
  ];
};

/** At least two nodes serve, every one is ACTIVE, none is in ERROR. */
export const checkNodes: Check = (facts) => {
  const { cluster, members } = facts;
  const active = activeNodes(cluster);
  const check = 'nodes';
  const lost = settled(facts).filter((member) => member.node?.state !== 'ACTIVE');
  const strange = active.filter((node) => !members.some(({ privateIp }) => privateIp === node.ipAddress));
  const errors = cluster.nodes.filter(({ state }) => state === 'ERROR');
  const inService = members.filter(isInService).length;
  return [
    ...when(
      active.length < 2,
      check,
      () => `${active.length} node is ACTIVE; an upgrade without downtime needs at least two. Add a node first.`,
    ),
    ...when(
      lost.length > 0,
      check,
      () =>
        `${lost.map((member) => `${nameOf(member)} is ${member.node?.state ?? 'not in the cluster'}`).join(', ')}: every instance in service must be an ACTIVE node.`,
    ),
    ...when(
      strange.length > 0,
      check,
      () =>
        `${strange.map(({ ipAddress }) => ipAddress).join(', ')}: ACTIVE nodes, but no instances in service of the group. They would be left on the old version.`,
    ),
    ...when(
      errors.length > 0,
      check,
      () => `${errors.map(({ ipAddress }) => ipAddress).join(', ')} in the state ERROR: repair or remove it first.`,
    ),
    ...when(
      !facts.plan.continues && inService !== facts.group.sizes.desired,
      check,
      () => `${inService} of ${facts.group.sizes.desired} desired instances are in service: wait until the group is complete.`,
    ),
  ];
};

/** One version everywhere, or the two of an interrupted upgrade; as the cluster lists it and as each node says itself. */
export const checkOneVersion: Check = (facts) => {
  const { plan, cluster } = facts;
  const allowed = plan.continues ? [plan.fromVersion, plan.toVersion] : [plan.fromVersion];
  const check = 'one version';
  const others = activeNodes(cluster).filter(({ version }) => !allowed.includes(version));
  const differing = settled(facts).filter(
    ({ view, node }) => view?.version !== undefined && view.version !== '' && view.version !== node?.version,
  );
  return [
    ...when(
      others.length > 0,
      check,
      () =>
        `${others.map(({ ipAddress, version }) => `${ipAddress} runs ${version}`).join(', ')}; every node must run ${allowed.join(' or ')}.`,
    ),
    ...when(
      differing.length > 0,
      check,
      () =>
        `${differing.map((member) => `${nameOf(member)} says ${member.view?.version ?? ''}, the cluster says ${member.node?.version ?? 'nothing'}`).join('; ')}.`,
    ),
  ];
};

/**
 * No split brain: nodes that have lost each other all serve and say RUNNING, only their member lists differ
 * (https://support.atlassian.com/bitbucket-data-center/kb/recover-missing-node-caused-by-split-brain-in-bitbucket-data-center/).
 */
export const checkSameView: Check = (facts) => {
  const check = 'one cluster';
  const asked = settled(facts);
  // While a replacement joins, it is in some lists and not yet in others: then the settled nodes must only agree.
  const joining = facts.plan.continues ? asked.find(({ view }) => view?.members)?.view?.members : undefined;
  const active = addresses(joining ?? activeNodes(facts.cluster).map(({ ipAddress }) => ipAddress));
  const silent = asked.filter(({ view }) => view?.members === undefined);
  const differing = asked.filter(({ view }) => view?.members !== undefined && addresses(view.members) !== active);
  return [
    ...when(
      silent.length > 0,
      check,
      () =>
        `${silent.map((member) => `${nameOf(member)}: /status is ${member.view?.status ?? 'not asked'}`).join('; ')}. Each node must answer the workflow directly with RUNNING and its members: check the security groups and the node's port.`,
    ),
    ...when(
      differing.length > 0,
      check,
      () =>
        `${differing.map((member) => `${nameOf(member)} sees ${addresses(member.view?.members ?? [])}`).join('; ')}; the cluster has ${active}. The cluster is split: restart the nodes that are apart.`,
    ),
  ];
};

const addresses = (list: readonly string[]): string => [...list].sort().join(', ');

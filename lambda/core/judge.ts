import type { Plan } from '../../lib/contract/events';
import type { Group, Member } from './observation';
import { isDead, isHealthyIn, isInService, isLeftToReplace, isNew, isPending, nameOf, newestFirst } from './observation';
import { death, wrongVersion } from './words';

/** One thing that a good node must be, and what was seen of it. */
export interface Criterion {
  readonly ok: boolean;
  readonly seen: string;
}

/** What the look at the whole cluster says. */
export type Verdict =
  | { readonly kind: 'good'; readonly newest?: Member; readonly detail: string }
  /** `awaited`: the newest node of the new version that is not good yet; absent when the wait is for something else. */
  | { readonly kind: 'wait'; readonly newest?: Member; readonly awaited?: Member; readonly detail: string }
  | ({ readonly kind: 'bad'; readonly newest?: Member } & Badness);

/** Why waiting cannot help. */
interface Badness {
  readonly error: 'ReplacementFailed' | 'WrongVersion';
  readonly detail: string;
  /** An ERROR state may be gone a moment later. */
  readonly perhapsPassing: boolean;
  /** An instance, new or old, is gone. */
  readonly isDeath: boolean;
}

/** What the judgement needs to know. */
export interface JudgeGround {
  readonly plan: Plan;
  readonly group: Group;
  readonly members: readonly Member[];
  readonly targetGroupArns: readonly string[];
  /** Instances whose own answers (`view`) are not asked for on this look. */
  readonly trusted: ReadonlySet<string>;
}

/**
 * Whether every instance in service is good, and as many are in service as the group desires. A new node is good only if
 * EC2 runs it, its own `/status` is RUNNING (MAINTENANCE and FIRST_RUN also answer 200:
 * https://confluence.atlassian.com/bitbucketserverkb/how-to-monitor-if-bitbucket-server-is-up-and-running-975014635.html),
 * it runs the target version, the cluster has it as ACTIVE on that version, it sees the members that the others see, and
 * every target group has it as healthy. The nodes of the original version must serve too: capacity is what they make together.
 */
export function judge(ground: JudgeGround): Verdict {
  const { plan, group, members } = ground;
  const serving = members.filter((member) => isInService(member) || isPending(member));
  const fresh = serving.filter((member) => isNew(member, plan)).sort(newestFirst);
  const newest = fresh[0];
  const found = { ...(newest && { newest }) };

  const dead = serving.find(isDead);
  if (dead) return { kind: 'bad', ...found, error: 'ReplacementFailed', detail: death(dead, plan), perhapsPassing: false, isDeath: true };
  for (const member of fresh) {
    const bad = badness(member, plan);
    if (bad) return { kind: 'bad', ...found, ...bad };
  }
  const missing = [
    ...counts(group, members),
    ...serving.flatMap((member) => {
      const unmet = criteria(member, ground).filter(({ ok }) => !ok);
      return unmet.length > 0 ? [`${nameOf(member)}: ${unmet.map(({ seen }) => seen).join(', ')}`] : [];
    }),
  ];
  const awaited = fresh.find((member) => criteria(member, ground).some(({ ok }) => !ok));
  if (missing.length > 0) return { kind: 'wait', ...found, ...(awaited && { awaited }), detail: missing.join('; ') };
  return { kind: 'good', ...found, detail: `${serving.length} of ${group.sizes.desired} nodes are in service and good` };
}

function counts(group: Group, members: readonly Member[]): readonly string[] {
  const inService = members.filter(isInService).length;
  return inService === group.sizes.desired ? [] : [`${inService} of ${group.sizes.desired} instances are in service`];
}

/** Every criterion of one node, with what was seen of it. */
export function criteria(member: Member, ground: JudgeGround): readonly Criterion[] {
  const { plan, members, targetGroupArns, trusted } = ground;
  const fresh = isNew(member, plan);
  const version = fresh ? plan.toVersion : leftVersion(member, plan);
  const healthy = targetGroupArns.filter((arn) => isHealthyIn(member, [arn])).length;
  const own: Criterion[] = [
    { ok: member.ec2State === 'running', seen: `EC2 says ${member.ec2State}` },
    { ok: isInService(member), seen: `the group says ${member.lifecycleState}` },
    { ok: member.node?.state === 'ACTIVE', seen: member.node ? `Bitbucket says ${member.node.state}` : 'not in the cluster yet' },
    {
      ok: member.node === undefined || member.node.version === version,
      seen: `the cluster has it on ${member.node?.version ?? ''}, not ${version}`,
    },
    { ok: healthy === targetGroupArns.length, seen: `healthy in ${healthy} of ${targetGroupArns.length} target groups` },
  ];
  if (trusted.has(member.instanceId)) return own;
  const { view } = member;
  return [
    ...own,
    { ok: view?.status === 'RUNNING', seen: `/status is ${view?.status ?? 'not asked'}` },
    { ok: view?.version === version, seen: `it runs ${view?.version || 'an unknown version'}, not ${version}` },
    seesTheSame(member, members),
  ];
}

/** What a node that is to be replaced must run: the original version, but for one that an interrupted run launched. */
const leftVersion = (member: Member, plan: Plan): string => (isLeftToReplace(member, plan) && member.node?.version) || plan.fromVersion;

/** Nodes of a split brain all say RUNNING: only the member lists differ. */
function seesTheSame(member: Member, members: readonly Member[]): Criterion {
  const own = member.view?.members;
  if (!own) return { ok: false, seen: 'it does not tell which members it sees' };
  const lost = members.filter((other) => isInService(other) && other.privateIp && !own.includes(other.privateIp));
  if (lost.length > 0) return { ok: false, seen: `it does not see ${lost.map(nameOf).join(', ')}: the cluster is split` };
  const differing = members.find((other) => isInService(other) && other.view?.members && key(other.view.members) !== key(own));
  return {
    ok: differing === undefined,
    seen: `it sees ${own.length} members, ${differing ? nameOf(differing) : 'another'} sees others: the cluster is split`,
  };
}

const key = (members: readonly string[]): string => [...members].sort().join();

function badness(member: Member, plan: Plan): Badness | undefined {
  const who = nameOf(member);
  const versions = [member.view?.version, member.node?.version].filter((version) => version !== undefined && version !== '');
  const wrong = versions.find((version) => version !== plan.toVersion);
  if (wrong !== undefined)
    return { error: 'WrongVersion', detail: wrongVersion(member, wrong, plan), perhapsPassing: false, isDeath: false };
  if (member.node?.state === 'ERROR' || member.view?.status === 'ERROR') {
    return {
      error: 'ReplacementFailed',
      detail: `${who} is in the state ERROR. Look at its atlassian-bitbucket.log.`,
      perhapsPassing: true,
      isDeath: false,
    };
  }
  return undefined;
}

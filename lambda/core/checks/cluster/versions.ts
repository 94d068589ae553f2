import { bugFixPolicy } from '../../versions';
import { activeNodes } from '../../cluster-steps';
import { isLeftToReplace, nameOf } from '../../observation';
import type { Finding, Ground } from '../check';
import { Check, finding, listed, when } from '../check';
import type { ClusterFacts } from '../facts';
import { settled } from './settled';

/** Only later bug-fix versions of the line that runs. A target that could not be read has its problem already. */
export class VersionPolicy extends Check<ClusterFacts, never> {
  readonly name = 'version-policy';
  readonly severity = 'refuse';
  readonly looksAt =
    'From which version to which: only a later bug-fix version of the same major and minor version, from 7.9 on, and no pre-release';
  readonly source = 'https://docs.atlassian.com/bitbucket-server/javadoc/9.3.0/api/com/atlassian/bitbucket/zdu/RollingUpgradeService.html';
  readonly override = 'Bitbucket itself supports no other upgrade without downtime';
  protected readonly needs = [] as const;

  protected look(_facts: unknown, { plan }: Ground): Finding {
    const { fromVersion, toVersion } = plan;
    if (toVersion === '') return finding('There is no target version to look at: see the request.');
    return finding(
      `${fromVersion} to ${toVersion} is a bug-fix upgrade.`,
      bugFixPolicy(fromVersion, toVersion, []).map((found) => ({ found, todo: '' })),
    );
  }
}

/** The target is not one that this cluster must never run. */
export class DeniedVersion extends Check<ClusterFacts, 'deniedVersions'> {
  readonly name = 'denied-version';
  readonly severity = 'refuse';
  readonly looksAt = "The construct's list of denied versions";
  readonly source = 'https://confluence.atlassian.com/bitbucketserver079/upgrade-a-bitbucket-cluster-without-downtime-1043905547.html';
  readonly override = 'the list is part of the construct: change it there';
  protected readonly needs = ['deniedVersions'] as const;

  protected look({ deniedVersions }: Pick<ClusterFacts, 'deniedVersions'>, { plan: { toVersion } }: Ground): Finding {
    return finding(
      deniedVersions.length === 0 ? 'No version is denied.' : `Denied are ${listed(deniedVersions)}.`,
      when(
        deniedVersions.includes(toVersion),
        () => `Version ${toVersion} is on this cluster's list of denied versions (${listed(deniedVersions)}).`,
        'Choose another bug-fix version.',
      ),
    );
  }
}

/** One version everywhere, or the two of an interrupted upgrade and what it launched beside them; as the cluster lists it and as each node says itself. */
export class OneVersion extends Check<ClusterFacts, 'cluster' | 'members' | 'views'> {
  readonly name = 'one-version';
  readonly severity = 'refuse';
  readonly looksAt = 'The version of every node, as the cluster lists it and as the node says itself';
  readonly source = 'https://developer.atlassian.com/server/bitbucket/reference/zdu-rest/';
  readonly override = 'a cluster of several versions belongs to an upgrade that somebody has begun';
  protected readonly needs = ['cluster', 'members', 'views'] as const;

  protected look({ cluster, members }: Pick<ClusterFacts, 'cluster' | 'members'>, { plan }: Ground): Finding {
    const allowed = plan.continues ? [plan.fromVersion, plan.toVersion] : [plan.fromVersion];
    const replaced = plan.continues ? members.filter((member) => isLeftToReplace(member, plan)).map(({ privateIp }) => privateIp) : [];
    const others = activeNodes(cluster).filter(({ version, ipAddress }) => !allowed.includes(version) && !replaced.includes(ipAddress));
    const differing = settled(members, plan).filter(
      ({ view, node }) => view?.version !== undefined && view.version !== '' && view.version !== node?.version,
    );
    return finding(
      `Every node runs ${allowed.join(' or ')}.`,
      when(
        others.length > 0,
        () => `${listed(others.map(({ ipAddress, version }) => `${ipAddress} runs ${version}`))}.`,
        `Every node must run ${allowed.join(' or ')}: replace the others first.`,
      ),
      when(
        differing.length > 0,
        () =>
          `${listed(
            differing.map(
              (member) => `${nameOf(member)} says ${member.view?.version ?? ''}, the cluster says ${member.node?.version ?? 'nothing'}`,
            ),
            '; ',
          )}.`,
        'Restart those nodes.',
      ),
    );
  }
}

import type { Finding, Ground } from '../check';
import { Check, counted, finding, listed, when } from '../check';
import type { ClusterFacts } from '../facts';

/** Bitbucket's own health checks pass. */
export class BitbucketHealth extends Check<ClusterFacts, 'healthChecks'> {
  readonly name = 'bitbucket-health';
  readonly severity = 'warn';
  readonly looksAt = "Bitbucket's own health checks: `/rest/troubleshooting/1.0/check/`";
  readonly source = 'https://github.com/atlassian-api/atlassian-python-api/blob/master/atlassian/bitbucket/server/__init__.py';
  readonly override = 'allowed';
  protected readonly needs = ['healthChecks'] as const;

  protected look({ healthChecks }: Pick<ClusterFacts, 'healthChecks'>): Finding {
    const failed = healthChecks.filter(({ healthy }) => !healthy);
    return finding(
      `${counted(healthChecks.length, 'health check')} of Bitbucket pass.`,
      when(
        failed.length > 0,
        () =>
          `${counted(failed.length, 'health check')} of Bitbucket ${failed.length === 1 ? 'fails' : 'fail'}: ${listed(
            failed.map(({ name, severity, reason }) => `${name} (${severity.toLowerCase()}): ${reason.slice(0, 200) || 'no reason told'}`),
            '; ',
          )}.`,
        'Look at Administration > Troubleshooting and support tools.',
      ),
    );
  }
}

/** The installed apps work with the target, as the Marketplace says. Bitbucket itself asks it, which may be out of its reach. */
export class AppCompatibility extends Check<ClusterFacts, 'apps'> {
  readonly name = 'app-compatibility';
  readonly severity = 'warn';
  readonly looksAt =
    'The Bitbucket update check of Manage apps for the target version (Universal Plugin Manager): which apps are compatible';
  readonly source = 'https://confluence.atlassian.com/upm/checking-app-compatibility-with-application-updates-273875705.html';
  readonly override = 'allowed';
  protected readonly needs = ['apps'] as const;

  protected look({ apps }: Pick<ClusterFacts, 'apps'>, { plan: { toVersion } }: Ground): Finding {
    const { compatible, updateRequired, incompatible, unknown } = apps;
    return finding(
      `${counted(compatible.length, 'app')} compatible with ${toVersion}${compatible.length > 0 ? `: ${listed(compatible)}` : ''}.`,
      when(
        incompatible.length > 0,
        () => `Not compatible with ${toVersion}: ${listed(incompatible)}.`,
        'Wait for a version that is, or disable the app before the upgrade.',
      ),
      when(
        updateRequired.length > 0,
        () => `Compatible with ${toVersion} only after an update of the app: ${listed(updateRequired)}.`,
        'Update the app before the upgrade if its update runs on the present version, or right after it; never while it goes on.',
      ),
      when(
        unknown.length > 0,
        () => `Nothing is known of the compatibility with ${toVersion}: ${listed(unknown)}.`,
        'Try these apps on a staging cluster first.',
      ),
    );
  }
}

/** Mesh nodes keep their version; whether it fits the target's is in a table of the vendor. */
export class MeshNodes extends Check<ClusterFacts, 'mesh'> {
  readonly name = 'mesh-nodes';
  readonly severity = 'warn';
  readonly looksAt = 'Remote Mesh nodes: they are not upgraded, and their version must fit';
  readonly source = 'https://confluence.atlassian.com/bitbucketserverkb/how-to-upgrade-remote-mesh-nodes-1364721919.html';
  readonly override = 'allowed';
  protected readonly needs = ['mesh'] as const;

  protected look({ mesh }: Pick<ClusterFacts, 'mesh'>, { plan: { toVersion } }: Ground): Finding {
    return finding(
      'There are no remote Mesh nodes.',
      when(
        mesh.length > 0,
        () =>
          `${counted(mesh.length, 'remote Mesh node')}, not upgraded by this run: ${listed(
            mesh.map(({ name, version, state }) => `${name} (${version || 'version not told'}${state && `, ${state}`})`),
          )}.`,
        `See in the compatibility matrix that their version fits ${toVersion}, and upgrade them by themselves.`,
      ),
    );
  }
}

/** Mirrors keep their version, too. */
export class Mirrors extends Check<ClusterFacts, 'mirrors'> {
  readonly name = 'mirrors';
  readonly severity = 'warn';
  readonly looksAt = 'Mirrors and mirror farms: they are not upgraded, and must not be newer than the target';
  readonly source = 'https://confluence.atlassian.com/bitbucketserver088/mirrors-1216582959.html';
  readonly override = 'allowed';
  protected readonly needs = ['mirrors'] as const;

  protected look({ mirrors }: Pick<ClusterFacts, 'mirrors'>, { plan: { toVersion } }: Ground): Finding {
    const enabled = mirrors.filter((mirror) => mirror.enabled);
    return finding(
      mirrors.length === 0 ? 'There are no mirrors.' : 'No mirror is enabled.',
      when(
        enabled.length > 0,
        () =>
          `${counted(enabled.length, 'mirror')}, not upgraded by this run: ${listed(
            enabled.map(({ name, version }) => `${name} (${version || 'version not told'})`),
          )}.`,
        `Upgrade them by themselves, to ${toVersion} or to what its release notes allow.`,
      ),
    );
  }
}

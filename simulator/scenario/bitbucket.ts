import type {
  Compatibility,
  FailingHealthCheck,
  InstalledApp,
  InventoryOptions,
  Licence,
  Marketplace,
  MeshNode,
} from '../bitbucket/inventory';

/** What Bitbucket has besides its nodes: the scenario's key `bitbucket`, with every default filled in. The format: `scenario.schema.json`. */
export interface ScenarioBitbucket {
  readonly licence: 'valid' | 'expired' | 'maintenance-over' | 'none';
  readonly marketplace: Marketplace;
  /** Apps that people installed; absent: those of a Bitbucket that nothing was said about. */
  readonly apps?: readonly ScenarioApp[];
  readonly failingHealthChecks: readonly Named<FailingHealthCheck>[];
  readonly meshNodes: readonly Named<Pick<MeshNode, 'name' | 'state'>>[];
  readonly mirrors: readonly { readonly name: string; readonly version: string; readonly enabled?: boolean }[];
  readonly banner?: string;
}

/** An app that people installed. */
export interface ScenarioApp {
  readonly name: string;
  readonly version?: string;
  readonly enabled?: boolean;
  /** By version of Bitbucket. */
  readonly compatibility?: Readonly<Record<string, Compatibility>>;
}

/** Only the name has to be said. */
type Named<T extends { readonly name: string }> = Pick<T, 'name'> & Partial<T>;

const DAY = 24 * 60 * 60 * 1000;
const WEEK = 7 * DAY;
const YEAR = 365 * DAY;

/** What the simulated Bitbucket has, as a scenario says. @param now virtual milliseconds */
export function inventoryOptions(given: ScenarioBitbucket, now: number): InventoryOptions {
  const { apps, marketplace, banner } = given;
  return {
    licence: licence(given.licence, now),
    marketplace,
    ...(apps !== undefined && { apps: apps.map(installedApp) }),
    failingHealthChecks: given.failingHealthChecks.map((check) => ({ reason: '', severity: 'WARNING', ...check })),
    meshNodes: given.meshNodes.map((node, index) => ({
      id: String(index + 1),
      rpcUrl: `http://10.20.3.${10 + index}:7777`,
      state: 'AVAILABLE',
      ...node,
    })),
    mirrors: given.mirrors.map(({ name, version, enabled = true }) => ({
      id: keyOf(name),
      name,
      baseUrl: `https://${keyOf(name)}.example.com`,
      enabled,
      mirrorType: 'SINGLE',
      productVersion: version,
    })),
    ...(banner !== undefined && { banner: { message: banner, enabled: true, audience: 'ALL' } }),
  };
}

/** What is otherwise than usual; `null`: none is installed. */
function licence(is: ScenarioBitbucket['licence'], now: number): Partial<Licence> | null {
  const ended = { purchasedAt: now - WEEK - YEAR, maintenanceExpiresAt: now - WEEK };
  if (is === 'none') return null;
  if (is === 'maintenance-over') return ended;
  return is === 'expired' ? { ...ended, expiresAt: now - WEEK } : {};
}

/** An app that people installed. */
export const installedApp = ({ name, version = '1.0.0', enabled = true, compatibility = {} }: ScenarioApp): InstalledApp => ({
  key: `com.example.${keyOf(name)}`,
  name,
  version,
  enabled,
  userInstalled: true,
  compatibility,
});

/** `Merge Checks` is `merge-checks`. */
const keyOf = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');

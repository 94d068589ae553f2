import type { Clock, Journal } from '../kernel/ports';
import { compareVersions } from './version';

/** Bitbucket's licence: a subscription with its support and maintenance. Times are virtual milliseconds. */
export interface Licence {
  readonly maximumNumberOfUsers: number;
  readonly currentNumberOfUsers: number;
  readonly purchasedAt: number;
  readonly expiresAt: number;
  /** Versions that were built later are not covered. */
  readonly maintenanceExpiresAt: number;
  readonly supportEntitlementNumber: string;
}

/** The announcement above every page; there is only one. */
export interface Banner {
  readonly message: string;
  readonly enabled: boolean;
  readonly audience: 'ALL' | 'AUTHENTICATED';
}

/** What the Marketplace says of an app under another version of Bitbucket; `unknown`: it says nothing. */
export const COMPATIBILITIES = ['compatible', 'updateRequired', 'updateRequiredAfterProductUpdate', 'incompatible', 'unknown'] as const;
export type Compatibility = (typeof COMPATIBILITIES)[number];

/** An app. */
export interface InstalledApp {
  readonly key: string;
  readonly name: string;
  readonly version: string;
  readonly enabled: boolean;
  /** Installed by people; false: part of Bitbucket. */
  readonly userInstalled: boolean;
  /** By version of Bitbucket; what is absent is `compatible`. */
  readonly compatibility?: Readonly<Record<string, Compatibility>>;
}

/** One of Bitbucket's own health checks that does not pass. Those that are not named pass. */
export interface FailingHealthCheck {
  readonly name: string;
  readonly reason: string;
  readonly severity: 'MINOR' | 'WARNING' | 'MAJOR' | 'CRITICAL';
}

/** A remote Mesh node. */
export interface MeshNode {
  readonly id: string;
  readonly name: string;
  readonly rpcUrl: string;
  readonly state: 'AVAILABLE' | 'DISABLED' | 'DRAINING' | 'OFFLINE';
}

/** A smart mirror, or a farm of them. */
export interface Mirror {
  readonly id: string;
  readonly name: string;
  readonly baseUrl: string;
  readonly enabled: boolean;
  readonly mirrorType: 'SINGLE' | 'FARM';
  readonly productVersion: string;
}

/** How Bitbucket reaches the Marketplace. `bad-gateway`: it does not, and says so (502). `empty`: it does not, and answers nothing at all. */
export type Marketplace = 'reachable' | 'bad-gateway' | 'empty';

/** What a scenario may say of a Bitbucket; the rest is in order. */
export interface InventoryOptions {
  /** `null`: none is installed. */
  readonly licence?: Partial<Licence> | null;
  readonly banner?: Banner;
  readonly apps?: readonly InstalledApp[];
  readonly failingHealthChecks?: readonly FailingHealthCheck[];
  readonly meshNodes?: readonly MeshNode[];
  readonly mirrors?: readonly Mirror[];
  readonly marketplace?: Marketplace;
  /** Versions of Bitbucket that the Marketplace knows. */
  readonly productVersions?: readonly string[];
}

const DAY = 24 * 60 * 60 * 1000;

/** The apps of a Bitbucket that nothing was said about: one of its own, and one that people installed. */
const USUAL_APPS: readonly InstalledApp[] = [
  {
    key: 'com.atlassian.bitbucket.server.bitbucket-git',
    name: 'Bitbucket Server - Git',
    version: '9.4.20',
    enabled: true,
    userInstalled: false,
  },
  { key: 'com.example.bitbucket.merge-checks', name: 'Merge Checks', version: '4.2.1', enabled: true, userInstalled: true },
];

/** What a Bitbucket cluster has besides its nodes: the same on all of them, since it is in their database. */
export class BitbucketInventory {
  licence: Licence | undefined;
  marketplace: Marketplace;
  failingHealthChecks: readonly FailingHealthCheck[];
  meshNodes: readonly MeshNode[];
  mirrors: readonly Mirror[];
  #banner: Banner | undefined;
  #wantedBanner: Banner | undefined;
  readonly #apps: Map<string, InstalledApp>;
  readonly #productVersions: Set<string>;

  constructor(
    private readonly clock: Clock,
    private readonly journal: Journal,
    options: InventoryOptions = {},
  ) {
    this.licence = options.licence === null ? undefined : { ...usualLicence(clock.now()), ...options.licence };
    this.marketplace = options.marketplace ?? 'reachable';
    this.failingHealthChecks = options.failingHealthChecks ?? [];
    this.meshNodes = options.meshNodes ?? [];
    this.mirrors = options.mirrors ?? [];
    this.#banner = options.banner;
    this.#wantedBanner = options.banner;
    this.#apps = new Map((options.apps ?? USUAL_APPS).map((app) => [app.key, app]));
    this.#productVersions = new Set(options.productVersions);
  }

  get now(): number {
    return this.clock.now();
  }

  get banner(): Banner | undefined {
    return this.#banner;
  }

  /** The banner that people want: the one that was there at first, or what one of them made of it since. */
  get wantedBanner(): Banner | undefined {
    return this.#wantedBanner;
  }

  get apps(): readonly InstalledApp[] {
    return [...this.#apps.values()];
  }

  /** Versions of Bitbucket later than this one that the Marketplace knows, the oldest first. */
  laterVersions(version: string): string[] {
    return [...this.#productVersions].filter((candidate) => compareVersions(candidate, version) > 0).sort(compareVersions);
  }

  /** A version of Bitbucket is released. */
  release(version: string): void {
    this.#productVersions.add(version);
  }

  /** Puts up another banner, or takes it down. */
  setBanner(banner: Banner | undefined, by: 'rest' | 'person' = 'person'): void {
    this.#banner = banner;
    if (by === 'person') this.#wantedBanner = banner;
    this.#record('banner', { by, message: banner?.message ?? null, enabled: banner?.enabled ?? false, audience: banner?.audience ?? null });
  }

  /** Installs an app, or changes one: another version, enabled or not. */
  installApp(app: InstalledApp): void {
    this.#apps.set(app.key, app);
    this.#record('app', { key: app.key, name: app.name, version: app.version, enabled: app.enabled });
  }

  /** Uninstalls an app. */
  removeApp(key: string): void {
    if (this.#apps.delete(key)) this.#record('app', { key, version: null });
  }

  #record(event: string, fields: Readonly<Record<string, unknown>>): void {
    this.journal.record({ kind: 'inventory', event, ...fields });
  }
}

function usualLicence(now: number): Licence {
  return {
    maximumNumberOfUsers: 2000,
    currentNumberOfUsers: 1412,
    purchasedAt: now - 90 * DAY,
    expiresAt: now + 275 * DAY,
    maintenanceExpiresAt: now + 275 * DAY,
    supportEntitlementNumber: 'SEN-1234567',
  };
}

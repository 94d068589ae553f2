/** What a scenario says, with every default filled in. The format: `scenario.schema.json`. */

/** Least and most; a number in between is drawn each time. */
export type Range = [least: number, most: number];

/** What goes wrong, by name. */
export type Fault =
  | { readonly name: 'replacement-never-joins'; readonly launch: number }
  | { readonly name: 'replacement-wrong-version'; readonly launch: number; readonly version: string }
  | { readonly name: 'replacement-stays-in-maintenance'; readonly launch: number }
  | { readonly name: 'replacement-errors'; readonly launch: number }
  | { readonly name: 'replacement-splits-off'; readonly launch: number }
  | { readonly name: 'slow-replacement'; readonly launch: number; readonly seconds: number }
  | { readonly name: 'instance-dies'; readonly node?: number; readonly launch?: number; readonly seconds: number }
  | { readonly name: 'deny-action'; readonly action: string }
  | { readonly name: 'backup-fails'; readonly part: 'database' | 'shared-home' }
  | { readonly name: 'bad-credentials'; readonly notAdministrator?: boolean }
  | { readonly name: 'second-run'; readonly seconds: number };

/** Limits of the construct, in seconds; what is absent has the construct's default. */
export interface ScenarioLimits {
  readonly bootTimeout?: number;
  readonly drainLimit?: number;
  readonly backupTimeout?: number;
  readonly finalizeTimeout?: number;
  readonly minPollInterval?: number;
  readonly maxPollInterval?: number;
}

/** How a run is expected to end. */
export interface Expectation {
  readonly status: 'SUCCEEDED' | 'FAILED';
  readonly error?: string;
  readonly causeIncludes?: string;
  readonly versions?: readonly string[];
  readonly mutatingCalls?: number;
  readonly brokenRules?: readonly number[];
}

/** A scenario. */
export interface Scenario {
  readonly title: string;
  readonly seed: number;
  readonly cluster: {
    readonly nodes: number;
    readonly minSize: number;
    readonly maxSize: number;
    readonly version: string;
    readonly images: readonly string[];
    readonly launchTemplate: '$Latest' | '$Default' | 'pinned' | 'mixed-instances';
    readonly suspendedProcesses: readonly string[];
    readonly contextPath: string;
  };
  readonly timing: {
    readonly operatingSystem: Range;
    readonly start: Range;
    readonly migration: Range;
    readonly join: Range;
    readonly stop: number;
    readonly finalize: number;
    readonly deregistrationDelay: number;
    readonly databaseSnapshot: Range;
    readonly volumeSnapshot: Range;
  };
  readonly traffic: {
    readonly webPerSecond: number;
    readonly clonesPerMinute: number;
    readonly cloneSeconds: Range;
    readonly pushesPerMinute: number;
    readonly pushSeconds: Range;
    readonly sshPerMinute: number;
    readonly sshSeconds: Range;
  };
  readonly capacity: 'surge' | 'within-capacity';
  readonly deniedVersions: readonly string[];
  readonly limits: ScenarioLimits;
  readonly request: Readonly<Record<string, unknown>>;
  readonly faults: readonly Fault[];
  readonly expect: Expectation;
}

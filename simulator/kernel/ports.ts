/**
 * What the parts of the simulated world know of each other. The world is synchronous: an operation changes it at once, what takes
 * time is scheduled on the clock.
 */

/** Virtual time in milliseconds since the epoch. Only the clock moves it. */
export interface Clock {
  now(): number;
  /** Runs `event` when virtual time reaches `time` (at once if it is past), in the order of time, then of scheduling. */
  at(time: number, event: () => void): Timer;
  after(milliseconds: number, event: () => void): Timer;
}

export interface Timer {
  cancel(): void;
}

/** A reproducible stream of random numbers; `fork` gives an independent one that does not disturb this one. */
export interface Random {
  /** In [0, 1). */
  next(): number;
  /** A whole number in [low, high]. */
  integer(low: number, high: number): number;
  pick<T>(items: readonly T[]): T;
  fork(name: string): Random;
}

/** Who calls: the role that a function or state machine runs as, or the simulator's own actors (`user`, `service`). */
export interface Caller {
  readonly roleLogicalId: string;
  readonly roleArn: string;
  /** The function or machine that calls, for messages and the journal. */
  readonly name: string;
}

/** An error that an AWS API answers: `code` is the shape's or the query error code, as documented. */
export class AwsError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly statusCode = 400,
  ) {
    super(message);
    this.name = code;
  }
}

/** One authorization that AWS makes for a call: a call may need several (`UpdateAutoScalingGroup` also checks `ec2:RunInstances`). */
export interface Authorization {
  /** `autoscaling:UpdateAutoScalingGroup` */
  readonly action: string;
  /** ARNs of the resources; `*` for actions without resource-level permissions. */
  readonly resources: readonly string[];
  /** Condition keys with their values: `aws:ResourceTag/Name`, `ec2:LaunchTemplate`, ... */
  readonly context?: Readonly<Record<string, string | readonly string[]>>;
}

/** A simulated AWS service: what the SDK clients can call. Inputs and outputs are those of the SDK's commands. */
export interface AwsService {
  /** The SDK package without its scope: `client-auto-scaling`. Its schemas decode and encode the wire. */
  readonly client: string;
  /** The operations that are modelled, by the SDK's name: `DescribeAutoScalingGroups`. Any other answers an error that names it. */
  readonly operations: Readonly<Record<string, AwsOperation>>;
}

export interface AwsOperation {
  /** True when it changes anything. */
  readonly mutates: boolean;
  authorize(input: never): readonly Authorization[];
  call(input: never, caller: Caller): unknown;
}

/** What the journal records: the ground of the rules, of the report and of the tests. */
export interface JournalEntry {
  /** Virtual time in milliseconds. */
  readonly time: number;
  /** `call`, `instance`, `lifecycle`, `target`, `bitbucket`, `request`, `state`, `invocation`, `log`, `notification`, `fault` ... */
  readonly kind: string;
  readonly [field: string]: unknown;
}

export interface Journal {
  readonly entries: readonly JournalEntry[];
  record(entry: Omit<JournalEntry, 'time'> & { readonly kind: string }): void;
  /** Called after each entry. */
  listen(listener: (entry: JournalEntry) => void): void;
}

/** An EC2 instance of the simulated account. */
export interface Instance {
  readonly id: string;
  readonly privateIp: string;
  readonly availabilityZone: string;
  readonly subnetId: string;
  readonly imageId: string;
  readonly launchTemplateId: string;
  readonly launchTemplateVersion: string;
  readonly launchedAt: number;
  state: 'pending' | 'running' | 'shutting-down' | 'terminated' | 'stopping' | 'stopped';
  readonly tags: Record<string, string>;
}

/** What runs on the instances; EC2 tells it. The Bitbucket cluster implements it. */
export interface Guests {
  /** The instance is `running`: its operating system boots, then Bitbucket starts. */
  started(instance: Instance): void;
  /** The operating system is told to shut down (terminate sends it ACPI, so services stop), or has vanished (`abrupt`). */
  stopped(instance: Instance, abrupt: boolean): void;
}

/** What a health check or a client gets from `ip:port`; undefined: nothing listens (refused), or no answer. */
export interface ProbeAnswer {
  readonly status: number;
  readonly body: string;
}

/** The network inside the VPC, as load balancers see it. */
export interface Network {
  /** GET of `path`, without credentials. */
  get(privateIp: string, port: number, path: string): ProbeAnswer | undefined;
  /** Whether a TCP connection is accepted. */
  connects(privateIp: string, port: number): boolean;
}

/** The clients' connections; the load balancers ask for them when a target drains. The client traffic implements it. */
export interface Connections {
  /** When the last connection that is open now through this target will have ended, in virtual milliseconds; `undefined` when none is open. */
  busyUntil(targetGroupArn: string, instanceId: string): number | undefined;
  /** The load balancer closes what is left (deregistration delay over): each open connection is cut. */
  cut(targetGroupArn: string, instanceId: string, why: string): void;
}

/** The load balancers, as clients see them. ELBv2 implements it. */
export interface LoadBalancers {
  /** The target that gets the next connection of this target group: a healthy one in turn (or any registered one when none is healthy: fail open); `undefined` when no target is registered. */
  route(targetGroupArn: string): string | undefined;
  /** Instance ids whose target is healthy now. */
  healthy(targetGroupArn: string): readonly string[];
}

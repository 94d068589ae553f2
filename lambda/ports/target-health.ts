import type { Target } from '../core/observation';

/** Who is registered in the target groups, and how healthy. */
export interface TargetHealth {
  describe(): Promise<readonly Target[]>;
}

/** How a target group checks and drains its targets. */
export interface TargetGroupSettings {
  readonly arn: string;
  readonly protocol: string;
  /** `traffic-port` or a number. */
  readonly healthCheckPort: string;
  readonly healthCheckProtocol: string;
  /** Empty for TCP checks. */
  readonly healthCheckPath: string;
  readonly port: number;
  readonly deregistrationDelaySeconds: number;
}

/** The settings of the target groups. */
export interface TargetGroups {
  settings(): Promise<readonly TargetGroupSettings[]>;
}

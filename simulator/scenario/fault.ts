import type { BackupFault } from './backup-fault';

/** What goes wrong, by name. The format, with each parameter's meaning: `scenario.schema.json`. */
export type Fault = NodeFault | WorldFault | CallFault | RunFault | SiteFault | BackupFault;

/** When a fault comes: so many seconds after the run began or, with `state`, after that state was entered for the nth time. */
export interface Moment {
  readonly seconds: number;
  readonly state?: string;
  readonly nth: number;
}

/** How the instance that is launched as the nth during the run misbehaves. */
export type NodeFault =
  | { readonly name: 'replacement-never-joins'; readonly launch: number }
  | { readonly name: 'replacement-wrong-version'; readonly launch: number; readonly version: string }
  | { readonly name: 'replacement-stays-in-maintenance'; readonly launch: number }
  | { readonly name: 'replacement-errors'; readonly launch: number }
  | { readonly name: 'replacement-splits-off'; readonly launch: number }
  | { readonly name: 'replacement-unhealthy'; readonly launch: number; readonly in: 'http' | 'ssh' }
  | { readonly name: 'slow-replacement'; readonly launch: number; readonly seconds: number };

/** What happens to the world while the run goes on. */
export type WorldFault =
  | InstanceDies
  | ({ readonly name: 'availability-zone-lost'; readonly zone: number; readonly forSeconds: number } & Moment)
  | ({ readonly name: 'launches-refused'; readonly forSeconds: number } & Moment)
  | ({ readonly name: 'health-check-replaces'; readonly node: number } & Moment)
  | ({ readonly name: 'group-scaled'; readonly by: number } & Moment)
  | ({ readonly name: 'operator-cancels' } & Moment)
  | ({ readonly name: 'operator-starts' } & Moment)
  | ({ readonly name: 'secret-rotates' } & Moment)
  | ({ readonly name: 'image-withdrawn'; readonly version: string } & Moment)
  | ({ readonly name: 'clock-jumps'; readonly by: number } & Moment)
  | BannerEdited
  | AppChanges
  | AlarmGoesOff;

/** An instance vanishes: `node` n of the beginning, or `launch` n, counted from its boot or (`good`) from when it was good. */
export interface InstanceDies {
  readonly name: 'instance-dies';
  readonly node?: number;
  readonly launch?: number;
  readonly good?: boolean;
  readonly seconds: number;
  readonly state?: string;
  readonly nth: number;
}

/** A CloudWatch alarm is in ALARM for a while; `good`: counted from when the nth new node was good. */
export interface AlarmGoesOff extends Moment {
  readonly name: 'alarm';
  readonly alarm: string;
  readonly good?: number;
  readonly forSeconds: number;
}

/** Somebody puts up another banner, or, without a message, takes down what is there. */
export interface BannerEdited extends Moment {
  readonly name: 'banner-edited';
  readonly message?: string;
}

/** Somebody installs an app, or changes or removes one: what is absent stays as it is. */
export interface AppChanges extends Moment {
  readonly name: 'app-changes';
  /** Its name, as people see it. */
  readonly app: string;
  readonly version?: string;
  readonly enabled?: boolean;
  readonly removed?: boolean;
}

/** How a call goes wrong; `count` calls in a row, from the nth on. */
export type CallFault =
  | {
      readonly name: 'api-call';
      readonly action: string;
      readonly how: ApiTrouble;
      readonly nth: number;
      readonly count: number;
      /** Instead of `count`: every call for so long, counted from the nth. */
      readonly forSeconds?: number;
    }
  | { readonly name: 'bitbucket-call'; readonly request: string; readonly how: HttpTrouble; readonly nth: number; readonly count: number }
  | {
      readonly name: 'task-fails';
      readonly task: string;
      /** Only when an execution of this machine invokes it: a part of its logical id. */
      readonly machine?: string;
      readonly how: TaskTrouble;
      readonly nth: number;
      readonly count: number;
    };

/** `-after`: the call took effect, only its answer is lost. */
export const API_TROUBLES = [
  'throttled',
  'unavailable',
  'unavailable-after',
  'reset',
  'reset-after',
  'timeout',
  'timeout-after',
  'stale',
] as const;
export const HTTP_TROUBLES = [...API_TROUBLES, 'bad-gateway', 'garbage', 'conflict', 'forbidden'] as const;
/** `fails`: with an error that is terminal. */
export const TASK_TROUBLES = ['fails', 'crashes', 'crashes-after', 'times-out', 'times-out-after', 'throttled'] as const;
export type ApiTrouble = (typeof API_TROUBLES)[number];
export type HttpTrouble = (typeof HTTP_TROUBLES)[number];
export type TaskTrouble = (typeof TASK_TROUBLES)[number];

/** What is done with executions. */
export type RunFault =
  | ({ readonly name: 'second-run' } & Moment)
  | { readonly name: 'abort'; readonly machine?: string; readonly state: string; readonly nth: number }
  | StateFails;

/** A state's task fails, tried for the nth time, with an error that is not tried again: whatever the task is. A Parallel fails by its first branch. */
export interface StateFails {
  readonly name: 'state-fails';
  /** A part of the logical id of the machine that has the state. */
  readonly machine?: string;
  readonly state: string;
  readonly error: string;
  readonly nth: number;
}

/** How the site is from the beginning. */
export type SiteFault =
  | { readonly name: 'deny-action'; readonly action: string }
  | { readonly name: 'bad-credentials'; readonly notAdministrator?: boolean }
  | { readonly name: 'upgrade-tasks-fail' }
  | { readonly name: 'shared-home-keeps-version' };

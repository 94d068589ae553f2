import type { Cloud } from '../cloud';
import type { GroupProps } from '../services/auto-scaling/group';
import type { Simulation } from '../simulation';
import { SITE } from './site';

/** What is around the cluster in the account: the scenario's key `account`, with every default filled in. The format: `scenario.schema.json`. */
export interface ScenarioAccount {
  /** The construct is deployed with all of them, as with the alarms. */
  readonly calendars: Readonly<Record<string, 'OPEN' | 'CLOSED'>>;
  /** `missing`: there is none of that name. */
  readonly alarms: Readonly<Record<string, 'OK' | 'ALARM' | 'INSUFFICIENT_DATA' | 'missing'>>;
  /** CPU of each node, all the time. */
  readonly cpuPercent: number;
  /** A setting of the construct. */
  readonly maxCpuPercent?: number;
  readonly scheduledActions: readonly { readonly name: string; readonly afterMinutes: number; readonly desired: number }[];
  readonly lifecycleHooks: readonly ScenarioHook[];
  readonly warmPool: boolean;
  readonly maxInstanceLifetimeDays?: number;
  readonly instanceRefresh: boolean;
  /** Of the CloudFormation stack that the group belongs to; absent: it belongs to none. */
  readonly stackStatus?: 'UPDATE_COMPLETE' | 'UPDATE_IN_PROGRESS' | 'UPDATE_ROLLBACK_IN_PROGRESS';
  readonly gracePeriodSeconds: number;
}

/** A lifecycle hook of the group. */
export interface ScenarioHook {
  readonly name: string;
  readonly transition?: 'launching' | 'terminating';
  readonly heartbeatSeconds?: number;
  readonly otherwise?: 'CONTINUE' | 'ABANDON';
}

/** Name of the stack that the group may belong to. */
const STACK = 'bitbucket-cluster';
const STACK_ARN = `arn:aws:cloudformation:${SITE.region}:${SITE.account}:stack/${STACK}/00000000-0000-4000-8000-000000000000`;

/** What a scenario says of the group's settings. */
export function groupTraits(account: ScenarioAccount): Partial<GroupProps> {
  const { lifecycleHooks, warmPool, maxInstanceLifetimeDays, instanceRefresh, gracePeriodSeconds, stackStatus } = account;
  return {
    healthCheckGracePeriod: gracePeriodSeconds,
    lifecycleHooks: lifecycleHooks.map(({ name, transition = 'launching', heartbeatSeconds = 3600, otherwise = 'ABANDON' }) => ({
      AutoScalingGroupName: SITE.groupName,
      LifecycleHookName: name,
      LifecycleTransition: transition === 'launching' ? 'autoscaling:EC2_INSTANCE_LAUNCHING' : 'autoscaling:EC2_INSTANCE_TERMINATING',
      HeartbeatTimeout: heartbeatSeconds,
      DefaultResult: otherwise,
    })),
    ...(warmPool && { warmPool: { MinSize: 0, PoolState: 'Stopped' } }),
    ...(maxInstanceLifetimeDays !== undefined && { maxInstanceLifetime: maxInstanceLifetimeDays * 24 * 3600 }),
    ...(instanceRefresh && {
      instanceRefreshes: [
        {
          InstanceRefreshId: '08b91cf7-8fa6-48af-b6a6-d227f40f1b9b',
          AutoScalingGroupName: SITE.groupName,
          Status: 'InProgress',
          PercentageComplete: 25,
        },
      ],
    }),
    tags: {
      Name: { value: 'bitbucket-node', propagate: true },
      ...(stackStatus !== undefined && { 'aws:cloudformation:stack-id': { value: STACK_ARN, propagate: true } }),
    },
  };
}

/** How busy the nodes are, and what is planned for the group. @param now virtual milliseconds */
export function addLoadAndPlans(cloud: Cloud, { cpuPercent, scheduledActions }: ScenarioAccount, now: number): void {
  cloud.cpu.set(SITE.groupName, cpuPercent);
  for (const { name, afterMinutes, desired } of scheduledActions) {
    cloud.scheduledAction(SITE.groupName, now + afterMinutes * 60_000, desired, name);
  }
}

/** Calendars, alarms and the stack, which other services than those of the cluster have. */
export function addSurroundings(
  { calendars, alarms, stacks }: Pick<Simulation, 'calendars' | 'alarms' | 'stacks'>,
  account: ScenarioAccount,
): void {
  for (const [name, byDefault] of Object.entries(account.calendars)) calendars.set(name, { byDefault });
  for (const [name, state] of Object.entries(account.alarms)) if (state !== 'missing') alarms.set(name, state);
  if (account.stackStatus !== undefined) stacks.set(STACK, account.stackStatus);
}

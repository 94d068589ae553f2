import { parseScenario } from '../scenario/parse';
import type { Scenario } from '../scenario/scenario';
import { BACKUP_VARIANTS } from './backup-variants';

/** A way in which the construct is deployed for the campaign. */
export interface Variant {
  readonly capacity: Scenario['capacity'];
  readonly failurePolicy: NonNullable<Scenario['failurePolicy']>;
  /** What is backed up, and how, when it is not the default. */
  readonly backup?: Partial<Scenario['backup']>;
  /** Where people are asked; nowhere, when it is absent. */
  readonly approvals?: Scenario['approvals'];
}

const GATE = { timeLimit: 600 };

/** People are asked at every gate: no template has more states. */
export const APPROVAL_VARIANT: Variant = {
  capacity: 'surge',
  failurePolicy: 'roll-back',
  approvals: { afterPlan: GATE, afterFirstNode: GATE, beforeFinalize: GATE },
};

/** Every way: each strategy with the default backup, and each kind of backup and the gates with one of them. */
export const VARIANTS: readonly Variant[] = [
  ...(['surge', 'within-capacity'] as const).flatMap((capacity) =>
    (['roll-back', 'hold', 'go-forward'] as const).map((failurePolicy) => ({ capacity, failurePolicy })),
  ),
  ...BACKUP_VARIANTS,
  APPROVAL_VARIANT,
];

/** Name of the alarm that is watched while a node bakes. */
export const ALARM = 'bitbucket-errors';

/**
 * A small and quick cluster: whatever takes minutes in production takes seconds, so that thousands of runs are cheap.
 * The limits are the least that the construct allows.
 */
export const SETTINGS = {
  timing: {
    operatingSystem: [5, 10],
    start: [8, 15],
    migration: [5, 15],
    join: [2, 5],
    stop: 5,
    deregistrationDelay: 30,
    databaseSnapshot: [5, 20],
    volumeSnapshot: [5, 20],
  },
  traffic: {
    webPerSecond: 0.5,
    clonesPerMinute: 1,
    cloneSeconds: [5, 20],
    pushesPerMinute: 1,
    pushSeconds: [2, 10],
    sshPerMinute: 1,
    sshSeconds: [5, 20],
  },
  limits: {
    bootTimeout: 300,
    drainLimit: 120,
    backupTimeout: 300,
    finalizeTimeout: 300,
    minPollInterval: 15,
    maxPollInterval: 30,
    holdLimit: 600,
  },
  bake: { firstSeconds: 25, eachSeconds: 15, alarms: [ALARM] },
  replacementBudget: 1,
} as const;

/** The scenario of a variant without anything that is drawn: its settings are those of every run of that variant. */
export function plain(variant: Variant, given: object = {}): Scenario {
  return parseScenario({ ...SETTINGS, ...variant, ...given });
}

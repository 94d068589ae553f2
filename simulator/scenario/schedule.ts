/** A schedule of the deployed app that starts upgrades by itself, for days. */

/** What a scenario says of it, with every default filled in. */
export interface ScenarioSchedule {
  /** As EventBridge Scheduler has it: `cron(0 2 * * ? *)`. */
  readonly expression: string;
  /** IANA name. */
  readonly timeZone: string;
  readonly targetVersion: string;
  /** Without one, nodes are begun at any time. */
  readonly maintenanceWindowMinutes?: number;
  /** After the scheduled time, in which a run may start. */
  readonly flexibleMinutes?: number;
  /** How long simulated time goes on. */
  readonly days: number;
  readonly newImages: readonly NewImage[];
  readonly expect: ScheduleExpectation;
}

/** People build the image of a version in the course of a day, between two nights. */
export interface NewImage {
  /** 1 is the day on which simulated time begins. */
  readonly day: number;
  readonly version: string;
}

/** How the runs that the schedule starts are expected to end. */
export interface ScheduleExpectation {
  /** Outcome of each in order, as its report says; `REFUSED` and others of runs that failed by their error. */
  readonly outcomes?: readonly string[];
  /** What people are told, in order: a part of each subject. */
  readonly subjects?: readonly string[];
  /** Starts that were given up. */
  readonly deadLetters?: number;
}

const DAY_MS = 24 * 3600 * 1000;

/** Late in the morning of that day, in milliseconds since simulated time began (in the night). */
export const builtAfter = ({ day }: NewImage): number => (day - 1) * DAY_MS + DAY_MS / 3;

/** How long the schedule is watched, in milliseconds. */
export const lengthOf = ({ days }: ScenarioSchedule): number => days * DAY_MS;

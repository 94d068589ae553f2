import type { JournalEntry } from '../kernel/ports';
import type { ScenarioGate } from '../scenario/approvals';
import type { BackupFacts } from './backups';

/** Settings of the group that a run must leave as they were. */
export interface GroupSettings {
  readonly min: number;
  readonly max: number;
  readonly desired: number;
  readonly suspendedProcesses: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
  /** Where the launch template is named, and how its version is written there: `$Latest`, `$Default` or a number. */
  readonly within: 'group' | 'mixed-instances-policy';
  readonly versionSpec: string;
  /** The default version's number. */
  readonly defaultVersion: string;
  /** The image that a node launched now would have. */
  readonly imageId: string;
  /** Members of the group that are in Standby. */
  readonly standby: readonly string[];
}

/** How an execution ended. */
export interface Ending {
  readonly status: string;
  readonly error?: string;
  readonly cause?: string;
  readonly output?: unknown;
}

/** How another execution ended that the run's own led to: a recovery, a second run. */
export interface OtherEnding extends Ending {
  /** Logical id of its state machine. */
  readonly machine: string;
  /** How long it took. */
  readonly seconds: number;
}

/** What a rule is judged by: the journal, and the world's facts before and after. Nothing that the workflow says of itself. */
export interface Evidence {
  readonly journal: readonly JournalEntry[];
  /** What the same execution had done before it was redriven. */
  readonly journalBefore: readonly JournalEntry[];
  /** Virtual milliseconds of the execution's start and end. */
  readonly startedAt: number;
  readonly endedAt: number;
  /** Within which it must have ended. */
  readonly boundSeconds: number;
  readonly capacity: 'surge' | 'within-capacity';
  readonly originalVersion: string;
  readonly upgradeModeAtStart: boolean;
  readonly deniedVersions: readonly string[];
  readonly drainLimitSeconds: number;
  readonly targetGroupArns: readonly string[];
  /** Instances that were nodes when the run began. */
  readonly initialInstances: readonly string[];
  /** Their versions. */
  readonly initialVersions: Readonly<Record<string, string>>;
  /** Those of them that were in Standby. */
  readonly standbyAtStart: readonly string[];
  /** Instances that a fault of an earlier run made fail. */
  readonly faultyBefore: readonly string[];
  /** Desired capacities that somebody else than a run set during earlier runs: what they made of the group may stay. */
  readonly scaledBefore: readonly number[];
  /** Version by image id. */
  readonly versionOfImage: Readonly<Record<string, string>>;
  readonly backup: BackupFacts;
  /** Where the run must ask a person, and whether silence is an approval there. */
  readonly gates: readonly { readonly gate: ScenarioGate; readonly silenceApproves: boolean }[];
  readonly before: GroupSettings;
  readonly after: GroupSettings;
  /** Nodes that serve at the end, in the target group where they are fewest. */
  readonly servingAtEnd: number;
  /** Members of the group that are in service or about to be. */
  readonly inServiceAtEnd: readonly string[];
  /** One of them that the group itself launched to balance its zones, and that is not in service yet: another goes when it is. */
  readonly balancingAtEnd: string | undefined;
  /** Instances of a node's image that run outside the group. */
  readonly strayAtEnd: readonly string[];
  /** Locks that are held by an execution that ran to its end. */
  readonly locksAtEnd: number;
  /** What else is in the tables of the template, by key: what a run records there must go when it is not needed any more. */
  readonly recordsAtEnd: readonly string[];
  /** Bitbucket's banner, in words: as people want it, and as it is at the end. */
  readonly banner: { readonly wanted: string; readonly atEnd: string };
  /** Executions that have not ended. */
  readonly goingOnAtEnd: readonly string[];
  /** Version by instance of the nodes that are members at the end. */
  readonly versionsAtEnd: readonly string[];
  readonly upgradeModeAtEnd: boolean;
  readonly ending: Ending;
  readonly others: readonly OtherEnding[];
  /** What must appear nowhere. */
  readonly secrets: readonly string[];
}

/** What a rule found. */
export interface Finding {
  readonly kept: boolean;
  /** For people: what was counted, or what broke it and when. */
  readonly evidence: string;
}

/** A rule that no run may break. */
export interface Rule {
  readonly id: number;
  readonly title: string;
  check(evidence: Evidence): Finding;
}

/** A finding of violations: broken with the first of them, or kept with what was seen. */
export function finding(violations: readonly string[], seen: string): Finding {
  if (violations.length === 0) return { kept: true, evidence: seen };
  const rest = violations.length > 3 ? `, and ${violations.length - 3} more` : '';
  return { kept: false, evidence: `${violations.slice(0, 3).join('; ')}${rest}` };
}

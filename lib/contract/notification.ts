/** What programs are told: the JSON that subscribers of the topic get which are queues, functions or web hooks. People get its `text`. */
import type { ApprovalGate, GateSpec } from './approvals';
import type { Overridden } from './checks';
import type { CapacityLook, NodeRef, Outcome, Problem } from './events';

/** Of the schema: it grows when a field changes its meaning or goes; new fields may come at any time. */
export const NOTIFICATION_VERSION = 1;

/** The fields of every notification. */
export interface NotificationHead {
  readonly version: typeof NOTIFICATION_VERSION;
  readonly event: NotificationEvent;
  /** When it was told, ISO 8601. */
  readonly time: string;
  /** Name of the Auto Scaling group. */
  readonly cluster: string;
  /** The version that the upgrade started from, whichever way it goes now; empty while it is not known. */
  readonly fromVersion: string;
  /** The version that was asked for; empty while it is not known. */
  readonly toVersion: string;
  /** Of the run; of a recovery its own. */
  readonly executionArn: string;
  readonly subject: string;
  /** What people are told. */
  readonly text: string;
  /** True when SNS would not have taken it whole: the text is cut, or fields of this event are left out. */
  readonly shortened: boolean;
}

/** What each event tells besides {@link NotificationHead}. */
export interface NotificationDetails {
  /** The upgrade begins: before the backup, and again when a run continues an interrupted upgrade. */
  readonly started: {
    /** True when an interrupted upgrade is gone on with. */
    readonly continues: boolean;
    /** Nodes that will be replaced, in the planned order. */
    readonly nodes: readonly NodeRef[];
    /** One id for all parts; empty without a backup. */
    readonly backupId: string;
    /** From the first node on. */
    readonly expectedSeconds: number;
    readonly warnings: readonly Problem[];
    readonly overridden: readonly Overridden[];
  };
  /** A node of the original version is retired. */
  readonly 'node-replaced': {
    readonly node: NotifiedNode;
    /** Nodes that are done, this one included. */
    readonly done: number;
    readonly left: number;
  };
  /** The upgraded nodes are about to be replaced by original ones. */
  readonly 'rolling-back': {
    readonly reason: string;
    /** What the cluster is made of: with `original` nodes nothing but upgrade mode and the image is to be undone. */
    readonly made: CapacityLook['made'];
    /** Nodes that had been taken out until then. */
    readonly done: number;
  };
  /** The run holds: whoever has the token, and may call Step Functions, answers. */
  readonly 'decision-wanted': {
    readonly reason: string;
    readonly taskToken: string;
    /** What may be answered: `answer` of the task's output. */
    readonly answers: readonly string[];
    /** ISO 8601: without an answer until then the run stops. Empty when nothing is known of a limit. */
    readonly until: string;
  };
  /** The run asks whether it may go on: whoever has the token, and may call Step Functions, answers. */
  readonly 'approval-wanted': {
    readonly gate: ApprovalGate;
    readonly taskToken: string;
    /** What may be answered: `answer` of the task's output. */
    readonly answers: readonly string[];
    /** ISO 8601. */
    readonly until: string;
    /** What follows without an answer until then. */
    readonly ifUnanswered: GateSpec['ifUnanswered'];
  };
  /** The run has ended, or a recovery has. */
  readonly ended: {
    readonly outcome: Outcome;
    /** Name of the error; empty when there was none. */
    readonly error: string;
    readonly nodes: readonly NotifiedNode[];
    readonly backup: readonly { readonly part: string; readonly resource: string; readonly snapshotIds: readonly string[] }[];
    readonly warnings: readonly Problem[];
    readonly overridden: readonly Overridden[];
  };
}

/** What happened: the message attribute `event` has it too. */
export type NotificationEvent = keyof NotificationDetails;

/** A node that was taken out, in short. */
export interface NotifiedNode {
  /** Id of the old instance. */
  readonly old: string;
  /** Id of the instance that took its place; absent when nothing did: the extra node was given back. */
  readonly replacement?: string;
  /** Seconds from the launch of the replacement until it was good; 0 when that was not measured. */
  readonly bootSeconds: number;
  /** Seconds until every target group had let go of the old instance. */
  readonly drainSeconds: number;
}

/** The whole JSON, by its event. */
export type Notification = {
  readonly [Event in NotificationEvent]: NotificationHead & { readonly event: Event } & NotificationDetails[Event];
}[NotificationEvent];

/** What is told while a run goes on: that it begins, that a node is replaced, that it is rolled back. */
import type { JudgedChecks } from '../../lib/contract/checks';
import type { CapacityLook, Plan, Rolled, Run } from '../../lib/contract/events';
import type { NotificationDetails, NotificationEvent } from '../../lib/contract/notification';
import { counted } from './checks/check';
import { duration } from './checks/words';
import { asMade } from './direction';
import { nameOf, refOf } from './observation';
import type { Times } from './plan-duration';
import { plannedDuration } from './plan-duration';
import { nodeText } from './report';
import { asSubject } from './subject';
import type { Told } from './told';
import { aboutPlan, notifiedNode } from './told';

/** What the task `announce` tells. */
export type AnnouncedEvent = Extract<NotificationEvent, 'started' | 'node-replaced' | 'rolling-back'>;

/** What an announcement is made from. */
export interface AnnouncementGround {
  readonly event: AnnouncedEvent;
  readonly run: Run;
  readonly plan: Plan;
  readonly checks?: Partial<JudgedChecks>;
  readonly rolled?: Rolled;
  /** What the cluster is made of when the run is rolled back. */
  readonly made?: CapacityLook['made'];
  /** Why the run is rolled back. */
  readonly reason?: string;
  /** Why there is no backup at all; empty otherwise. */
  readonly noBackupBecause: string;
  readonly times: Times;
}

/** Said to everybody who could do it: apps that change in the middle may not fit both versions. */
const HANDS_OFF = 'Until the end do not install, update or remove apps, and do not turn upgrade mode off by hand.';

/** Puts it into words, and into fields. */
export function announcementOf(ground: AnnouncementGround): Told<AnnouncedEvent> {
  const { subject, paragraphs, details } = MAKERS[ground.event](ground);
  const { plan, run, event } = ground;
  const { fromVersion, toVersion, groupName } = asMade(plan);
  return {
    event,
    ...aboutPlan(plan, run),
    subject: asSubject(`Bitbucket: ${subject} ${fromVersion} to ${toVersion} (${groupName})`),
    text: [...paragraphs, `Execution: ${run.executionArn}`].join('\n\n'),
    details,
  };
}

interface Made<Event extends AnnouncedEvent> {
  readonly subject: string;
  readonly paragraphs: readonly string[];
  readonly details: NotificationDetails[Event];
}

const MAKERS: { readonly [Event in AnnouncedEvent]: (ground: AnnouncementGround) => Made<Event> } = {
  started,
  'node-replaced': nodeReplaced,
  'rolling-back': rollingBack,
};

function started({ plan, checks = {}, noBackupBecause, times }: AnnouncementGround): Made<'started'> {
  const { warnings = [], overridden = [] } = checks;
  const { expectedSeconds } = plannedDuration(plan, times, noBackupBecause === '' && !plan.reusesBackup);
  const noticed = [
    ...warnings.map(({ check, message }) => `- [${check}] ${message}`),
    ...overridden.map(({ check, reason }) => `- [${check}] overridden because: ${reason}`),
  ];
  return {
    subject: plan.continues ? 'upgrade goes on' : 'upgrade begins',
    paragraphs: [
      `The upgrade of ${plan.groupName} from ${plan.fromVersion} to ${plan.toVersion} ${plan.continues ? 'goes on where it was interrupted' : 'begins'}. Bitbucket stays available. ${HANDS_OFF}`,
      [
        'The plan:',
        `- ${plan.nodes.length === 0 ? 'no node is left to replace' : `${counted(plan.nodes.length, 'node')}, one after the other: ${plan.nodes.map(nameOf).join(', ')}`}`,
        `- ${plan.capacity === 'surge' ? 'an extra node serves meanwhile' : 'no extra node: one fewer serves while a node is replaced'}`,
        `- backup: ${backupText(plan, noBackupBecause)}`,
        `- expected: about ${duration(expectedSeconds)} from the first node on`,
        '- you are told of each node, of a roll back, and of the end',
      ].join('\n'),
      ...(noticed.length > 0 ? [`What the checks noticed:\n${noticed.join('\n')}`] : []),
    ],
    details: {
      continues: plan.continues,
      nodes: plan.nodes.map(refOf),
      backupId: noBackupBecause === '' ? plan.backupId : '',
      expectedSeconds,
      warnings,
      overridden,
    },
  };
}

function backupText({ backupId, reusesBackup, backupParts = [] }: Plan, noneBecause: string): string {
  if (noneBecause !== '') return `NONE, because ${noneBecause}`;
  return reusesBackup
    ? `${backupId} of an earlier run is used`
    : `${backupParts.join(', ') || 'every part'}, before anything is changed (${backupId})`;
}

function nodeReplaced({ plan, rolled }: AnnouncementGround): Made<'node-replaced'> {
  const completed = rolled?.completed ?? [];
  const last = completed.at(-1);
  const gone = new Set(completed.map(({ old }) => old.instanceId));
  const left = plan.nodes.filter(({ instanceId }) => !gone.has(instanceId)).length;
  const done = completed.length;
  const which = `node ${done} of ${done + left}`;
  return {
    subject: `${which} is done,`,
    paragraphs: [
      last === undefined
        ? 'A node is done.'
        : `${which.replace('node', 'Node')}: ${nodeText(last)}${last.replacement ? '' : ': the extra node is given back'}.`,
      left === 0
        ? 'No node of the original version is left: the upgrade is verified, then finalized.'
        : `${counted(left, 'node')} of ${plan.fromVersion} ${left === 1 ? 'is' : 'are'} left.`,
    ],
    details: { node: last === undefined ? NO_NODE : notifiedNode(last), done, left },
  };
}

const NO_NODE = { old: '', bootSeconds: 0, drainSeconds: 0 };

function rollingBack({ plan, rolled, made = 'mixed', reason = '' }: AnnouncementGround): Made<'rolling-back'> {
  const { fromVersion, toVersion } = asMade(plan);
  const done = rolled?.completed.length ?? 0;
  return {
    subject: 'ROLLING BACK the upgrade',
    paragraphs: [
      `The upgrade of ${plan.groupName} from ${fromVersion} to ${toVersion} is rolled back: ${made === 'original' ? `no node of ${toVersion} is left, so` : `nodes that run ${toVersion} are replaced by nodes of ${fromVersion}, one after the other, then`} upgrade mode is turned off. Bitbucket stays available. ${HANDS_OFF}`,
      `Why:\n${reason || 'The history of the execution says why.'}`,
      `${counted(done, 'node')} had been taken out until then.`,
    ],
    details: { reason, made, done },
  };
}

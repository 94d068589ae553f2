import type { IChainable } from 'aws-cdk-lib/aws-stepfunctions';
import type { NotificationEvent } from '../contract/notification';
import type { Steps } from './steps';

/** What is told, and from which fields of the state. */
export interface Announcement {
  readonly name: string;
  readonly event: NotificationEvent;
  /** Besides run and plan. */
  readonly payload?: Readonly<Record<string, unknown>>;
  readonly comment: string;
}

/** Makes the state that tells something, before `next`; or none. */
export type Announcer = (steps: Steps, announcement: Announcement, next: IChainable) => IChainable;

/** For a construct with a topic. An error is no reason to stop: the run goes on. */
export const toTopic: Announcer = (steps, { name, event, payload, comment }, next) =>
  steps
    .catching(next, '$.announceFailure')
    .task(name, { task: 'announce', payload: { event, run: '$.run', plan: '$.plan', ...payload }, result: '$.announced', comment })
    .next(next);

/** For one without: there is nobody to tell. */
export const toNobody: Announcer = (_steps, _announcement, next) => next;

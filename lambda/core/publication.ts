/** What SNS is asked to send: https://docs.aws.amazon.com/sns/latest/api/API_Publish.html */
import type { NotificationHead } from '../../lib/contract/notification';
import { NOTIFICATION_VERSION } from '../../lib/contract/notification';
import { bytes, cutText } from './message';
import { asSubject } from './subject';
import type { Told } from './told';

/** The parameters of a `Publish` with `MessageStructure: 'json'`. */
export interface Publication {
  readonly subject: string;
  /** A JSON object with a text for each protocol, and `default` for the others. */
  readonly message: string;
  /** Message attributes of the type String, for the filter policies of subscriptions. */
  readonly attributes: Readonly<Record<string, string>>;
}

/**
 * The protocols at whose end is a program. Of the others (https://docs.aws.amazon.com/sns/latest/api/API_Subscribe.html) e-mail, SMS and
 * chat applications are read by people.
 */
const PROGRAMS = ['sqs', 'lambda', 'http', 'https', 'firehose'] as const;

/** Most bytes of message and attributes together, unless a topic allows more. */
const MOST_BYTES = 262_144;

/** Texts are cut down to this many bytes before fields are left out. */
const LEAST_TEXT = 4096;

/**
 * People get the text, programs the same with all fields as one JSON object. It always fits: what is too
 * long is cut, the programs' text before that of people, and the fields of the event are left out only when that is not enough.
 */
export function asPublication(told: Told, now: Date): Publication {
  const subject = asSubject(told.subject);
  const attributes = { event: told.event, ...(told.cluster !== '' && { cluster: told.cluster }) };
  const room = MOST_BYTES - bytes(subject) - sizeOf(attributes);
  const head: NotificationHead = {
    version: NOTIFICATION_VERSION,
    event: told.event,
    time: now.toISOString(),
    cluster: told.cluster,
    fromVersion: told.fromVersion,
    toVersion: told.toVersion,
    executionArn: told.executionArn,
    subject,
    text: told.text,
    shortened: false,
  };
  return { subject, message: fitting(head, told.details, room), attributes };
}

function fitting(head: NotificationHead, details: Told['details'], room: number): string {
  const whole = messageOf(head.text, { ...head, ...details });
  if (bytes(whole) <= room) return whole;
  const cut = (people: number, programs: number, kept: object): string =>
    messageOf(cutText(head.text, people), { ...head, text: cutText(head.text, programs), shortened: true, ...kept });
  const fits = (...parts: Parameters<typeof cut>): boolean => bytes(cut(...parts)) <= room;
  const kept = fits(LEAST_TEXT, LEAST_TEXT, details) ? details : {};
  const people = longest(bytes(head.text), (most) => fits(most, LEAST_TEXT, kept));
  const programs = longest(bytes(head.text), (most) => fits(people, most, kept));
  return cut(people, programs, kept);
}

/** The most bytes that a text may have, from {@link LEAST_TEXT} to this many: with more the message only grows. */
function longest(most: number, fits: (bytes: number) => boolean): number {
  if (fits(most)) return most;
  let fitting = LEAST_TEXT;
  for (let tooMany = most; tooMany - fitting > 1;) {
    const middle = Math.floor((fitting + tooMany) / 2);
    if (fits(middle)) fitting = middle;
    else tooMany = middle;
  }
  return fitting;
}

function messageOf(text: string, fields: object): string {
  const body = JSON.stringify(fields);
  return JSON.stringify({ default: text, ...Object.fromEntries(PROGRAMS.map((protocol) => [protocol, body])) });
}

const sizeOf = (attributes: Publication['attributes']): number =>
  Object.entries(attributes).reduce((sum, [name, value]) => sum + bytes(name) + bytes('String') + bytes(value), 0);

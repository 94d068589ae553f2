/** What SNS gets: it always fits, people get the text, programs get the fields. */
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { mockClient } from 'aws-sdk-client-mock';
import fc from 'fast-check';
import { notifications } from '../../../lambda/adapters/notifications';
import { asPublication } from '../../../lambda/core/publication';
import type { Told } from '../../../lambda/core/told';
import { NOW } from './support/build';

const told = (change: Partial<Told<'ended'>> = {}): Told<'ended'> => ({
  event: 'ended',
  subject: 'Bitbucket: upgraded',
  text: 'All is well.',
  cluster: 'bitbucket-nodes',
  fromVersion: '9.4.20',
  toVersion: '9.4.23',
  executionArn: 'arn:run',
  details: { outcome: 'SUCCEEDED', error: '', nodes: [], backup: [], warnings: [], overridden: [] },
  ...change,
});

type Texts = Readonly<Record<string, string>>;
const texts = (one: Told): Texts => JSON.parse(asPublication(one, NOW).message) as Texts;
const body = (one: Told): Record<string, unknown> => JSON.parse(texts(one)['sqs']!) as Record<string, unknown>;

/** As SNS counts: the message and its attributes. */
function size(one: Told): number {
  const { message, attributes } = asPublication(one, NOW);
  const pairs = Object.entries(attributes).map(([name, value]) => `${name}String${value}`);
  return Buffer.byteLength([message, ...pairs].join(''));
}

test('people get the text, and programs one JSON object, whatever their protocol', () => {
  const { default: text, ...programs } = texts(told());
  expect(text).toBe('All is well.');
  expect(Object.keys(programs)).toEqual(['sqs', 'lambda', 'http', 'https', 'firehose']);
  expect(new Set(Object.values(programs)).size).toBe(1);
  expect(body(told())).toEqual({
    version: 1,
    event: 'ended',
    time: NOW.toISOString(),
    cluster: 'bitbucket-nodes',
    fromVersion: '9.4.20',
    toVersion: '9.4.23',
    executionArn: 'arn:run',
    subject: 'Bitbucket: upgraded',
    text: 'All is well.',
    shortened: false,
    outcome: 'SUCCEEDED',
    error: '',
    nodes: [],
    backup: [],
    warnings: [],
    overridden: [],
  });
});

test('subscriptions can filter by event and cluster', () => {
  expect(asPublication(told(), NOW).attributes).toEqual({ event: 'ended', cluster: 'bitbucket-nodes' });
  expect(asPublication(told({ cluster: '' }), NOW).attributes).toEqual({ event: 'ended' });
});

test('whatever is told fits, and is as much as fits', () => {
  const line = fc.string({ unit: 'binary', maxLength: 40 });
  const long = fc.tuple(fc.array(line, { maxLength: 30 }), fc.integer({ min: 1, max: 800 }));
  fc.assert(
    fc.property(long, long, ([lines, times], [messages, more]) => {
      const warnings = Array.from({ length: more }, () => messages.map((message) => ({ check: 'c', message }))).flat();
      const { details } = told();
      const one = told({ text: Array.from({ length: times }, () => lines.join('\n')).join('\n'), details: { ...details, warnings } });
      expect(size(one)).toBeLessThanOrEqual(262_144);
    }),
    { numRuns: 15 },
  );
});

test('of a text that is too long people get more than programs, who have the fields', () => {
  const one = told({ text: `${'x'.repeat(99)}\n`.repeat(2500) });
  const given = body(one);
  expect(texts(one)['default']!.length).toBeGreaterThan(200_000);
  expect(texts(one)['default']).toContain('The rest is cut off here');
  expect(given).toMatchObject({ shortened: true, outcome: 'SUCCEEDED' });
  expect((given['text'] as string).length).toBeLessThan(10_000);
  expect(size(one)).toBeGreaterThan(262_144 - 6 * 200); // nothing is given away
});

test('fields go only when cutting the texts is not enough', () => {
  const warnings = Array.from({ length: 4000 }, () => ({ check: 'apps', message: 'y'.repeat(60) }));
  const given = body(told({ details: { ...told().details, warnings } }));
  expect(given).toMatchObject({ shortened: true, event: 'ended', text: 'All is well.' });
  expect(given).not.toHaveProperty('warnings');
});

test('it is published as JSON with attributes', async () => {
  const sns = mockClient(SNSClient);
  sns.on(PublishCommand).resolves({});
  await notifications('arn:topic').publish(told());
  expect(sns.commandCalls(PublishCommand)[0]?.args[0].input).toMatchObject({
    TopicArn: 'arn:topic',
    Subject: 'Bitbucket: upgraded',
    MessageStructure: 'json',
    MessageAttributes: {
      event: { DataType: 'String', StringValue: 'ended' },
      cluster: { DataType: 'String', StringValue: 'bitbucket-nodes' },
    },
  });
});

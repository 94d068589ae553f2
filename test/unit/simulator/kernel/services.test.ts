import { VirtualClock } from '../../../../simulator/kernel/clock';
import { EventJournal } from '../../../../simulator/kernel/journal';
import { seeded } from '../../../../simulator/kernel/random';
import { SecretsManager } from '../../../../simulator/services/secrets-manager/secrets-manager';
import { Sns } from '../../../../simulator/services/sns/sns';
import { Ssm } from '../../../../simulator/services/ssm/ssm';

const caller = { roleLogicalId: 'Role', roleArn: 'arn', name: 'fn' };
const TOPIC = 'arn:aws:sns:eu-central-1:111111111111:topic';

describe('SNS', () => {
  const journal = new EventJournal(new VirtualClock());
  const sns = new Sns([{ name: 'topic', arn: TOPIC, kmsKeyArn: 'arn:aws:kms:eu-central-1:111111111111:key/k' }], seeded(1), journal);
  const publish = (fields: Record<string, unknown>): unknown =>
    sns.operations.Publish.call({ TopicArn: TOPIC, Message: 'm', ...fields }, caller);

  const attribute = (name: string, StringValue: string) => ({ MessageAttributes: { [name]: { DataType: 'String', StringValue } } });

  test.each([
    ['a subject of 101 characters', { Subject: 'x'.repeat(101) }, 'Invalid parameter: Subject'],
    ['a subject with a line break', { Subject: 'a\nb' }, 'Invalid parameter: Subject'],
    ['a subject that is not ASCII', { Subject: 'a → b' }, 'Invalid parameter: Subject'],
    ['an empty message', { Message: '' }, 'Invalid parameter: Empty message'],
    ['a message beyond 256 KiB', { Message: 'é'.repeat(131_073) }, 'Invalid parameter: Message too long'],
    ['a structure that it does not know', { MessageStructure: 'xml' }, 'Invalid parameter: MessageStructure'],
    ['a message by protocol that is no JSON', { MessageStructure: 'json', Message: 'm' }, 'JSON message body failed to parse'],
    ['a message by protocol that is no object', { MessageStructure: 'json', Message: '[]' }, 'JSON message body failed to parse'],
    [
      'a message by protocol without a default',
      { MessageStructure: 'json', Message: '{"sqs":"m"}' },
      'No default entry in JSON message body',
    ],
    ['a default that is no text', { MessageStructure: 'json', Message: '{"default":{}}' }, 'No default entry in JSON message body'],
    ['an attribute with a bad name', attribute('.a', 'v'), "The message attribute name '.a' is invalid"],
    ['an attribute without a value', attribute('a', ''), 'must contain non-empty message attribute value'],
    [
      'an attribute of another type',
      { MessageAttributes: { a: { DataType: 'Text', StringValue: 'v' } } },
      'invalid message attribute type',
    ],
    ['a message that is too long with its attributes', { ...attribute('a', 'v'), Message: 'x'.repeat(262_140) }, 'Message too long'],
    ['a topic that is not there', { TopicArn: `${TOPIC}2` }, 'Topic does not exist'],
  ])('refuses %s', (_name, fields, message) => {
    expect(() => publish(fields)).toThrow(message);
  });

  test('records what it sends', () => {
    publish({ Subject: 'x'.repeat(100), Message: 'hello' });
    expect(journal.entries.at(-1)).toMatchObject({ kind: 'notification', topicArn: TOPIC, message: 'hello', caller: 'fn' });
  });

  test('of a message by protocol records what people get, and beside it what a queue gets', () => {
    publish({ MessageStructure: 'json', Message: '{"default":"for people","sqs":"{}","odd":3}', ...attribute('event', 'ended') });
    expect(journal.entries.at(-1)).toMatchObject({ message: 'for people', body: '{}', attributes: { event: 'ended' } });
    publish({ MessageStructure: 'json', Message: '{"default":"for all"}' });
    expect(journal.entries.at(-1)).not.toHaveProperty('body');
  });

  test('an encrypted topic asks for its key too', () => {
    expect(sns.operations.Publish.authorize({ TopicArn: TOPIC, Message: 'm' }).map(({ action }) => action)).toEqual([
      'sns:Publish',
      'kms:GenerateDataKey',
      'kms:Decrypt',
    ]);
  });
});

test('a secret is found by name, by ARN and by ARN without its suffix', () => {
  const secrets = new SecretsManager(new VirtualClock(), 'eu-central-1', '111111111111');
  const arn = secrets.put('git/admin', 'value');
  for (const SecretId of [arn, 'git/admin', arn.slice(0, -7)]) {
    expect(secrets.operations.GetSecretValue.call({ SecretId })).toMatchObject({ ARN: arn, Name: 'git/admin', SecretString: 'value' });
    expect(secrets.operations.GetSecretValue.authorize({ SecretId })).toMatchObject([{ resources: [arn] }]);
  }
  expect(() => secrets.operations.GetSecretValue.call({ SecretId: 'other' })).toThrow("can't find the specified secret");
});

test('parameters are read one by one and by path, page by page', () => {
  const ssm = new Ssm(new VirtualClock(), 'eu-central-1', '111111111111');
  for (const name of ['/a/1', '/a/2', '/a/b/3', '/c']) ssm.put(name, `value of ${name}`);
  expect(ssm.operations.GetParameter.call({ Name: '/a/1' })).toMatchObject({ Parameter: { Value: 'value of /a/1' } });
  expect(() => ssm.operations.GetParameter.call({ Name: '/x' })).toThrow('Parameter /x not found');
  const names = (input: object): unknown[] =>
    ssm.operations.GetParametersByPath.call({ Path: '/a', ...input }).Parameters.map((parameter) => parameter['Name']);
  expect(names({})).toEqual(['/a/1', '/a/2']);
  expect(names({ Recursive: true })).toEqual(['/a/1', '/a/2', '/a/b/3']);
  expect(names({ Recursive: true, MaxResults: 2, NextToken: '2' })).toEqual(['/a/b/3']);
});

import { Duration } from 'aws-cdk-lib';
import { Choice, Condition, IntegrationPattern, Pass, Wait, WaitTime } from 'aws-cdk-lib/aws-stepfunctions';
import { StepFunctionsStartExecution } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { START_TIME } from '../../../../simulator/kernel/clock';
import { Simulation } from '../../../../simulator/simulation';
import { synthesize } from './support/fixture';

const LOCK = `
import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { SNSClient, PublishCommand } from '@aws-sdk/client-sns';
const db = new DynamoDBClient({});
const sns = new SNSClient({});
let calls = 0;
export const handler = async (event) => {
  calls += 1;
  console.log('call', calls);
  const put = () => db.send(new PutItemCommand({
    TableName: process.env.TABLE, Item: { id: { S: event.id }, owner: { S: 'me' } }, ConditionExpression: 'attribute_not_exists(#id)', ExpressionAttributeNames: { '#id': 'id' },
  }));
  await put();
  let refused;
  try { await put(); } catch (error) { refused = error.name; }
  const { Item } = await db.send(new GetItemCommand({ TableName: process.env.TABLE, Key: { id: { S: event.id } } }));
  await sns.send(new PublishCommand({ TopicArn: process.env.TOPIC, Subject: 'Hello', Message: 'a < b & "c"' }));
  return { owner: Item.owner.S, refused, calls, verdict: 'done', waitSeconds: 600 };
};`;

const assembly = synthesize(({ stack, table, topic, fn, call, machine }) => {
  const lock = fn('Lock', LOCK, { environment: { TABLE: table.tableName, TOPIC: topic.topicArn } });
  table.grant(lock, 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Scan');
  topic.grantPublish(lock);
  const child = machine(
    'Child',
    call('Take the lock', lock).next(Wait.jsonPath(stack, 'Rest', { time: WaitTime.secondsPath('$.result.waitSeconds') })),
  );
  const nested = StepFunctionsStartExecution.jsonPath(stack, 'Run the child', {
    stateMachine: child,
    integrationPattern: IntegrationPattern.RUN_JOB,
    resultSelector: { 'owner.$': '$.Output.result.owner', 'refused.$': '$.Output.result.refused' },
    resultPath: '$.child',
  });
  const done = Choice.jsonPath(stack, 'Is it mine?')
    .when(Condition.stringEquals('$.child.owner', 'me'), Pass.jsonPath(stack, 'It is'))
    .otherwise(Pass.jsonPath(stack, 'It is not'));
  machine('Parent', nested.next(done), Duration.hours(2));
});

const simulate = async (seed: number): Promise<{ simulation: Simulation; output: unknown; execution: ReturnType<Simulation['start']> }> => {
  const simulation = new Simulation({ assembly, seed });
  const execution = simulation.start('Parent', { id: 'one' }, 'run');
  await simulation.finish(execution);
  return { simulation, execution, output: JSON.parse(execution.output ?? 'null') };
};

test('the synthesized machines run the bundled functions against the simulated account', async () => {
  const { simulation, execution, output } = await simulate(1);
  expect([execution.status, execution.error, execution.cause]).toEqual(['SUCCEEDED', undefined, undefined]);
  expect(output).toMatchObject({ child: { owner: 'me', refused: 'ConditionalCheckFailedException' } });
  expect(simulation.journal.entries.filter(({ kind }) => kind === 'notification')).toEqual([
    expect.objectContaining({ subject: 'Hello', message: 'a < b & "c"' }),
  ]);
});

test('waits take virtual time, in milliseconds of real time', async () => {
  const { execution } = await simulate(1);
  const minutes = ((execution.endedAt ?? 0) - START_TIME) / 60_000;
  expect(minutes).toBeGreaterThan(10);
  expect(minutes).toBeLessThan(10.1);
});

test('one seed gives one journal, to the last entry', async () => {
  const journals = [await simulate(7), await simulate(7), await simulate(8)].map(({ simulation }) =>
    JSON.stringify(simulation.journal.entries),
  );
  expect(journals[1]).toBe(journals[0]);
  expect(journals[2]).not.toBe(journals[0]);
});

import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Simulation } from '../../../../simulator/simulation';
import { synthesize } from './support/fixture';

/** Uses everything that differs between simulations: time, chance, the network, the console, timers. */
const CODE = `
import { randomUUID } from 'node:crypto';
import { SSMClient, GetParameterCommand } from '@aws-sdk/client-ssm';
let client;
export const handler = async (event) => {
  client ??= new SSMClient({});
  if (event.leave) setTimeout(() => console.log('left behind'), 60_000);
  if (event.hang) await new Promise(() => undefined);
  if (event.fail) throw new Error('no');
  await new Promise((resolve) => setTimeout(resolve, 1000 * Math.random()));
  const [{ Parameter }] = await Promise.all([
    new SSMClient({}).send(new GetParameterCommand({ Name: '/p' })),
    client.send(new GetParameterCommand({ Name: '/q' })), // overtakes the other once the client has been used
  ]);
  console.log('at', Date.now(), randomUUID(), crypto.randomUUID(), Math.random());
  return { value: Parameter.Value, at: Date.now(), age: Math.round(performance.now()), first: module.first ??= event.name };
};`;

const assembly = synthesize(({ fn, call, machine }) => {
  const doer = fn('Doer', CODE);
  doer.addToRolePolicy(new PolicyStatement({ actions: ['ssm:GetParameter'], resources: ['*'] }));
  machine('Machine', call('Do it', doer).next(call('Do it again', doer)));
});

async function simulate(seed: number, input: Record<string, unknown> = {}): Promise<Simulation> {
  const simulation = new Simulation({ assembly, seed });
  simulation.parameters.put('/p', `value ${seed}`);
  simulation.parameters.put('/q', 'q');
  await simulation.finish(simulation.start('Machine', input));
  return simulation;
}

async function journalOf(seed: number): Promise<string> {
  const simulation = await simulate(seed);
  await simulation.dispose();
  return JSON.stringify(simulation.journal.entries);
}

const resultOf = (simulation: Simulation): unknown =>
  (JSON.parse(simulation.machines.executions[0]?.output ?? '{}') as { result?: unknown }).result;

test('what a simulation left behind for the next changes nothing in it', async () => {
  const first = await journalOf(1);
  const other = await journalOf(2);
  expect(await journalOf(1)).toBe(first);
  expect(await journalOf(2)).toBe(other);
  expect(other).not.toBe(first);
});

test('an evaluated bundle goes on in the next simulation once this one is over, and never before', async () => {
  const [one, two] = [await simulate(1, { name: 'one' }), await simulate(1, { name: 'two' })];
  expect([resultOf(one), resultOf(two)]).toMatchObject([{ first: 'one' }, { first: 'two' }]);
  await two.dispose();
  const three = await simulate(3, { name: 'three' });
  expect(resultOf(three)).toMatchObject({ first: 'two', value: 'value 3' });
  await three.dispose();
});

test.each([
  ['hangs until its time-out', { name: 'spoilt', hang: true }],
  ['is killed', { name: 'spoilt', crash: true }],
])('an environment that %s is not used again', async (_name, input) => {
  const simulation = new Simulation({ assembly, seed: 1 });
  if ('crash' in input) simulation.lambda.intercept(() => ({ when: 'after', errorType: 'Runtime.ExitError', errorMessage: 'killed' }));
  simulation.parameters.put('/p', 'v');
  simulation.parameters.put('/q', 'q');
  await simulation.finish(simulation.start('Machine', input));
  await simulation.dispose();
  const next = await simulate(1, { name: 'next' });
  expect(resultOf(next)).not.toMatchObject({ first: 'spoilt' });
});

test('a timer of a simulation that is over never fires', async () => {
  await (await simulate(1, { leave: true })).dispose();
  const next = await simulate(1);
  let later = false;
  next.clock.after(3_600_000, () => (later = true));
  await next.run(() => later);
  expect(JSON.stringify(next.journal.entries)).not.toContain('left behind');
});

test('a simulation that is over can be read, but not run', async () => {
  const simulation = await simulate(1);
  await simulation.dispose();
  await simulation.dispose();
  expect(simulation.machines.executions[0]?.status).toBe('SUCCEEDED');
  await expect(simulation.finishAll()).rejects.toThrow('disposed of');
});

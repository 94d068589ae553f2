/** What follows a failure: the table, and what an operator is asked. */
import { askOperator } from '../../../lambda/ask-operator/handler';
import { handler as decideHandler } from '../../../lambda/decide-recovery/handler';
import { turn } from '../../../lambda/core/direction';
import type { Policy, RecoveryGround } from '../../../lambda/core/recovery';
import { decideRecovery } from '../../../lambda/core/recovery';
import { NOTHING_ROLLED } from '../../../lambda/core/rolled';
import { ENV } from '../../../lib/contract/environment';
import type { Told } from '../../../lambda/core/told';
import type { Plan } from '../../../lib/contract/events';
import { NOW, plan, run } from './support/build';

const node = { instanceId: 'i-old1', privateIp: '10.0.0.1' };
/** A failure as the nested execution hands it on. */
const failure = (errorType: string) => ({
  Error: 'States.TaskFailed',
  Cause: JSON.stringify({
    Status: 'FAILED',
    Input: JSON.stringify({ node }),
    Error: errorType,
    Cause: JSON.stringify({ errorType, errorMessage: 'it went wrong' }),
  }),
});
const decide = (error: string, change: Partial<RecoveryGround> = {}) =>
  decideRecovery({
    plan: plan(),
    failure: failure(error),
    made: 'mixed',
    rolled: NOTHING_ROLLED,
    answer: { answer: '' },
    policy: 'roll-back',
    budget: 2,
    ...change,
  });

describe('after a failure', () => {
  type Row = [error: string, made: RecoveryGround['made'], failures: number, policy: Policy, action: string];
  test.each<Row>([
    ['ReplacementFailed', 'original', 0, 'roll-back', 'retry'],
    ['ReplacementFailed', 'mixed', 1, 'roll-back', 'retry'],
    ['ReplacementFailed', 'mixed', 2, 'roll-back', 'roll-back'],
    ['ReplacementFailed', 'mixed', 0, 'go-forward', 'retry'],
    ['ReplacementFailed', 'mixed', 2, 'go-forward', 'hold'],
    ['ReplacementFailed', 'mixed', 0, 'hold', 'hold'],
    ['ReplacementFailed', 'original', 0, 'hold', 'roll-back'],
    ['ReplacementFailed', 'original', 2, 'go-forward', 'roll-back'],
    ['WrongVersion', 'mixed', 0, 'roll-back', 'retry'],
    ['WrongVersion', 'original', 0, 'roll-back', 'roll-back'],
    ['WrongVersion', 'original', 0, 'go-forward', 'roll-back'],
    ['BakeFailed', 'mixed', 0, 'roll-back', 'roll-back'],
    ['BakeFailed', 'mixed', 0, 'go-forward', 'hold'],
    ['AccessDenied', 'mixed', 0, 'roll-back', 'roll-back'],
    ['AccessDenied', 'mixed', 0, 'hold', 'hold'],
    ['BackupFailed', 'original', 0, 'hold', 'roll-back'],
    ['FinalizeFailed', 'upgraded', 0, 'roll-back', 'stop'],
    ['ReplacementFailed', 'upgraded', 0, 'go-forward', 'stop'],
  ])('%s with a cluster that is %s, %i failures before, by the policy %s: %s', (error, made, failures, policy, action) => {
    const decision = decide(error, { made, policy, rolled: { ...NOTHING_ROLLED, failures } });
    expect(decision.action).toBe(action);
    expect(decision.plan).toEqual(action === 'roll-back' ? turn(plan()) : plan());
    expect(decision.reason).toContain(`${error}: it went wrong`);
  });
  test('of a replacement it is counted, of anything else it is not', () => {
    expect(decide('BakeFailed').rolled.failures).toBe(1);
    expect(decide('AccessDenied').rolled.failures).toBe(0);
  });
  test('on the way back nothing is replaced before a person has looked', () => {
    const back = { plan: turn(plan()) };
    expect(decide('ReplacementFailed', back)).toMatchObject({ action: 'hold', plan: back.plan });
    expect(decide('ReplacementFailed', { ...back, made: 'original' }).action).toBe('hold');
  });
  test.each(['roll-back', 'hold', 'go-forward'] as const)(
    'of time is no failure: never retried, never held, whatever the policy (%s)',
    (policy) => {
      const failed = { policy, budget: 9 };
      expect(decide('WindowClosing', { ...failed, made: 'mixed' })).toMatchObject({
        action: 'stop',
        rolled: { failures: 0 },
        plan: plan(),
      });
      expect(decide('WindowClosing', { ...failed, made: 'original' })).toMatchObject({ action: 'roll-back', plan: turn(plan()) });
      expect(decide('WindowClosing', { ...failed, made: 'mixed', answer: { answer: 'retry' } }).action).toBe('stop');
    },
  );
  test('the task reads policy and budget from its environment', async () => {
    const quiet = jest.spyOn(console, 'log').mockReturnValue();
    const before = { ...process.env };
    Object.assign(process.env, { [ENV.FAILURE_POLICY]: 'go-forward', [ENV.REPLACEMENT_BUDGET]: '0' });
    const input = { plan: plan(), failure: failure('ReplacementFailed'), made: 'mixed', answer: { answer: '' } } as const;
    await expect(decideHandler(input)).resolves.toMatchObject({ action: 'hold', rolled: { failures: 1, postponed: [] } });
    process.env = before;
    quiet.mockRestore();
  });
});

describe('an operator who was asked', () => {
  const answered = (answer: unknown, change: Partial<RecoveryGround> = {}) =>
    decide('ReplacementFailed', { answer, policy: 'hold', rolled: { ...NOTHING_ROLLED, failures: 9, postponed: ['i-old2'] }, ...change });

  test('decides, also beyond the budget', () => {
    expect(answered({ answer: 'retry', by: 'Ada', reason: 'new image' })).toMatchObject({
      action: 'retry',
      reason: expect.stringContaining('Ada answered retry (new image)') as string,
      rolled: { postponed: ['i-old2'] },
    });
    expect(answered({ answer: 'roll-back' })).toMatchObject({ action: 'roll-back', plan: turn(plan()), rolled: { postponed: [] } });
    expect(answered({ answer: 'stop' }).action).toBe('stop');
  });
  test('may put the node last', () => {
    expect(answered({ answer: 'go-on' })).toMatchObject({ action: 'retry', rolled: { postponed: ['i-old2', 'i-old1'] } });
    const cutOff = { failure: { Error: 'States.TaskFailed', Cause: '{"Error":"ReplacementFailed","Input":"{' } };
    expect(answered({ answer: 'go-on' }, { ...cutOff, next: { node } }).rolled.postponed).toEqual(['i-old2', 'i-old1']);
    expect(answered({ answer: 'go-on' }, { failure: { Error: 'ReplacementFailed', Cause: '' }, next: { node } }).rolled.postponed).toEqual([
      'i-old2',
    ]);
  });
  test.each(['retry', 'go-on', 'roll-back'])('never goes forward from the way back, not by %s either', (answer) => {
    const back = turn(plan());
    expect(answered({ answer }, { plan: back })).toMatchObject({ action: 'roll-back', plan: back });
  });
  test.each([{ answer: 'yes' }, {}, 'retry', 3, { answer: ['retry'] }])('is asked again after %j', (answer) => {
    expect(answered(answer)).toMatchObject({ action: 'hold', reason: expect.stringContaining('none of retry, roll-back') as string });
  });
});

describe('the question', () => {
  const token = `AQCEAAAAKgAAAAMAAAAA+/=it's`;
  const ask = async (thePlan: Plan) => {
    const told: Told[] = [];
    const publish = (one: Told) => Promise.resolve(void told.push(one));
    const result = await askOperator({ token, plan: thePlan, run, reason: 'ReplacementFailed: i-new1', holdLimit: 3600 }, NOW, { publish });
    return { result, ...told[0]! };
  };
  test('says what happened, until when it waits, and gives a command for each answer', async () => {
    const { subject, text } = await ask(plan());
    expect(subject).toBe('Bitbucket: DECISION WANTED 9.4.20 to 9.4.23 (bitbucket-nodes)');
    expect(text).toContain('ReplacementFailed: i-new1');
    expect(text).toContain('2026-03-01T13:00:00Z');
    for (const answer of ['retry', 'roll-back', 'go-on', 'stop']) {
      expect(text).toContain(
        `aws stepfunctions send-task-success --region eu-west-1 --task-token 'AQCEAAAAKgAAAAMAAAAA+/=it'\\''s' --task-output '{"answer":"${answer}",`,
      );
    }
  });
  test('on the way back offers only to go on with it, or to stop', async () => {
    const { text } = await ask(turn(plan()));
    expect(text).toContain('The roll back of bitbucket-nodes (9.4.20 to 9.4.23)');
    expect(text.match(/"answer":"[a-z-]+"/g)).toEqual(['"answer":"roll-back"', '"answer":"stop"']);
  });
  test('gives programs the token, what may be answered, and until when', async () => {
    const { event, cluster, fromVersion, details } = await ask(turn(plan()));
    expect({ event, cluster, fromVersion }).toEqual({ event: 'decision-wanted', cluster: 'bitbucket-nodes', fromVersion: '9.4.20' });
    expect(details).toEqual({
      reason: 'ReplacementFailed: i-new1',
      taskToken: token,
      answers: ['roll-back', 'stop'],
      until: '2026-03-01T13:00:00Z',
    });
  });
  test('keeps the token out of the result, which is logged', async () => {
    expect(JSON.stringify((await ask(plan())).result)).not.toContain('AQCE');
  });
  test('without a topic says where the token is', async () => {
    await expect(askOperator({ token, plan: plan(), run, reason: '' }, NOW, undefined)).resolves.toMatchObject({ told: false });
  });
});

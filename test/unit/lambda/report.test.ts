import { turn } from '../../../lambda/core/direction';
import { unwrapFailure } from '../../../lambda/core/failure';
import type { ReportGround } from '../../../lambda/core/report';
import { makeReport } from '../../../lambda/core/report';
import { reportRun } from '../../../lambda/report-run/handler';
import { plan, run } from './support/build';

const lambdaError = {
  Error: 'ReplacementFailed',
  Cause: JSON.stringify({ errorType: 'ReplacementFailed', errorMessage: 'i-new1 runs 9.4.22', trace: [] }),
};
const childError = {
  Error: 'States.TaskFailed',
  Cause: JSON.stringify({ Status: 'FAILED', Error: lambdaError.Error, Cause: lambdaError.Cause }),
};
const none = { Error: '', Cause: '' };
const report = (ground: Partial<ReportGround> & Pick<ReportGround, 'outcome'>) =>
  makeReport({ run, plan: plan(), restoreFailure: none, ...ground });

describe('a failure', () => {
  test('of a task is unwrapped', () => {
    expect(unwrapFailure(lambdaError)).toEqual({ error: 'ReplacementFailed', message: 'i-new1 runs 9.4.22' });
  });
  test('of a nested execution is unwrapped to the task', () => {
    expect(unwrapFailure(childError)).toEqual({ error: 'ReplacementFailed', message: 'i-new1 runs 9.4.22' });
  });
  test('of a nested execution names the node that it replaced, as text or as an object', () => {
    const node = { instanceId: 'i-old1', privateIp: '10.0.0.1' };
    for (const Input of [JSON.stringify({ node }), { node }]) {
      const Cause = JSON.stringify({ Status: 'FAILED', Error: lambdaError.Error, Cause: lambdaError.Cause, Input });
      expect(unwrapFailure({ Error: 'States.TaskFailed', Cause })).toEqual({
        error: 'ReplacementFailed',
        message: 'i-new1 runs 9.4.22',
        node,
      });
    }
  });
  test('of a nested execution keeps its name though the cause is cut off', () => {
    expect(unwrapFailure({ ...childError, Cause: childError.Cause.replace(/}$/, '') })).toMatchObject({ error: 'ReplacementFailed' });
  });
  test('of a nested execution that was stopped says so', () => {
    expect(unwrapFailure({ Error: 'States.TaskFailed', Cause: '{"Status":"ABORTED","ExecutionArn":"arn:x"}' }).message).toBe(
      'The execution arn:x ended ABORTED.',
    );
  });
  test.each([['plain text'], ['{broken'], ['null'], [''], ['{"other":1}']])('with the cause %j is given as it is', (Cause) => {
    expect(unwrapFailure({ Error: 'E', Cause })).toEqual({ error: 'E', message: Cause });
  });
});

describe('a report', () => {
  test('of a success names every node and the backup pair', () => {
    const { subject, text, error, cause } = report({
      outcome: 'SUCCEEDED',
      backup: [{ part: 'database', resource: 'db', snapshotIds: ['snap-db'], startedAt: '' }],
      rolled: {
        completed: [
          {
            old: plan().nodes[0]!,
            replacement: { instanceId: 'i-new1', privateIp: '10.0.1.1' },
            standbyAt: '2026-03-01T11:00:00Z',
            drainedAt: '2026-03-01T11:02:00Z',
            retiredAt: '',
            bootSeconds: 600,
          },
        ],
        expectedBootSeconds: 600,
        failures: 0,
        postponed: [],
      },
    });
    expect(subject).toBe('Bitbucket: upgraded 9.4.20 to 9.4.23 (bitbucket-nodes)');
    expect(text).toMatch(/i-old1 .*drained in 120 s, replaced by i-new1 .*600 s/);
    expect(text).toContain('snap-db');
    expect([error, cause]).toEqual(['', '']);
  });
  test('of a failure says what happened, how things are, and what to do', () => {
    const { outcome, error, cause, text } = report({ outcome: 'FAILED', failure: childError, made: 'mixed' });
    expect(outcome).toBe('HELD'); // every node serves, and a next run goes on
    expect(error).toBe('ReplacementFailed');
    expect(cause).toBe(text);
    expect(text).toMatch(/i-new1 runs 9\.4\.22[^]*UPGRADE MODE STAYS ON[^]*"targetVersion": "9\.4\.23"/);
  });
  test('of a failure that was undone does not say that upgrade mode is on', () => {
    const { text, error, subject } = report({ outcome: 'ROLLED_BACK', failure: lambdaError, made: 'mixed', plan: turn(plan()) });
    expect(text).toContain('upgrade mode is off again');
    expect(text).not.toContain('STAYS ON');
    expect(text).toMatch(/from 9\.4\.20 to 9\.4\.23 failed and was undone/);
    expect([error, subject]).toEqual(['ReplacementFailed', 'Bitbucket: UPGRADE ROLLED BACK 9.4.20 to 9.4.23 (bitbucket-nodes)']);
  });
  test('of a run that stopped where only original nodes are does not say that upgrade mode is off', () => {
    const { outcome, text } = report({ outcome: 'FAILED', failure: lambdaError, made: 'original' });
    expect(outcome).toBe('FAILED');
    expect(text).toContain('UPGRADE MODE MAY BE ON');
  });
  test('says what was decided after the failure, and repeats nothing', () => {
    const decided = 'ReplacementFailed: i-new1 runs 9.4.22\nThe failure policy is to roll back.';
    const { text } = report({ outcome: 'ROLLED_BACK', failure: lambdaError, reason: decided });
    expect(text.split('i-new1 runs 9.4.22')).toHaveLength(2);
    expect(text).toContain('The failure policy is to roll back.');
  });
  test('of a recovery says which execution ended how, and what could not be put back', () => {
    const ended = { executionArn: 'arn:ended', status: 'ABORTED' };
    expect(report({ outcome: 'RECOVERED', ended, made: 'original' })).toMatchObject({
      subject: expect.stringContaining('recovered') as string,
      text: expect.stringMatching(/arn:ended .* ended ABORTED[^]*upgrade mode is off again/) as string,
      error: '',
    });
    expect(report({ outcome: 'RECOVERED', ended, made: 'mixed', restoreFailure: { Error: 'RestoreFailed', Cause: 'x' } })).toMatchObject({
      subject: expect.stringContaining('RECOVERY FAILED') as string,
      text: expect.stringMatching(/could NOT all be put back[^]*NOT RESTORED: RestoreFailed: x/) as string,
    });
  });
  test('says loudly what could not be restored', () => {
    expect(
      report({ outcome: 'FAILED', failure: lambdaError, made: 'original', restoreFailure: { Error: 'AccessDenied', Cause: 'no' } }).text,
    ).toMatch(/NOT RESTORED: AccessDenied: no/);
  });
  test('of a failure after the point of no return says that the upgrade is final', () => {
    const { text } = report({ outcome: 'FAILED', failure: { Error: 'RestoreFailed', Cause: 'x' }, finalized: { verdict: 'done' } });
    expect(text).toContain('the upgrade is final');
    expect(text).not.toContain('STAYS ON');
  });
  test('of a refusal needs no plan', () => {
    expect(makeReport({ outcome: 'REFUSED', run, failure: { Error: 'RequestRefused', Cause: '{"errorMessage":"1. no"}' } })).toMatchObject({
      error: 'RequestRefused',
      cause: expect.stringContaining('1. no') as string,
    });
  });
  test('of a dry run shows the plan', () => {
    expect(report({ outcome: 'DRY_RUN', checks: { warnings: [{ check: 'draining', message: 'short' }] } }).text).toMatch(
      /node 4: i-old4[^]*\[draining\] short/,
    );
  });
  test('has a subject that SNS takes', () => {
    const { subject } = report({ outcome: 'FAILED', failure: lambdaError, plan: plan({ groupName: 'ä'.repeat(200) }) });
    expect(subject).toMatch(/^[\x20-\x7e]{1,100}$/);
  });
  test('is made though nobody can be told', async () => {
    const silent = jest.spyOn(console, 'error').mockReturnValue();
    await expect(reportRun({ outcome: 'NOTHING_TO_DO', run }, { publish: () => Promise.reject(new Error('no')) })).resolves.toMatchObject({
      outcome: 'NOTHING_TO_DO',
    });
    expect(silent).toHaveBeenCalledTimes(1);
    silent.mockRestore();
  });
});

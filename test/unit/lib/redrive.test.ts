/** What a redrive of an execution comes to: https://docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html */
import * as iam from 'aws-cdk-lib/aws-iam';
import { RETRYABLE_ERRORS } from '../../../lib/contract/errors';
import { ACTING_TASKS } from '../../../lib/contract/tasks';
import { example, resourcesOf } from '../../support/construct';
import type { State } from '../../support/definition';
import { definitionsOf, statesOf } from '../../support/definition';

const { main, node } = definitionsOf(example().stack);
const states = { ...statesOf(main), ...statesOf(node) };

function state(name: string): State {
  const found = states[name];
  if (!found) throw new Error(`no state '${name}'`);
  return found;
}

describe('a run that had ended', () => {
  test.each(['Upgrade refused', 'Upgrade rolled back', 'Upgrade failed'])('%s: begins anew with its request', (name) => {
    expect(state(name)).toMatchObject({
      Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
      Next: 'Take the request',
      TimeoutSeconds: 300,
      Parameters: {
        Payload: {
          'token.$': '$$.Task.Token',
          'error.$': '$.error',
          'cause.$': '$.cause',
          'redriveCount.$': '$$.Execution.RedriveCount',
          'reportedAt.$': '$.redriveCount',
        },
      },
    });
    expect(state(name).Catch).toBeUndefined();
  });

  test.each(['Upgrade refused', 'Upgrade rolled back', 'Upgrade failed'])('%s: its own error is not tried again', (name) => {
    const retried = state(name).Retry?.flatMap(({ ErrorEquals }) => ErrorEquals) ?? [];
    expect(retried).not.toHaveLength(0);
    for (const error of [...RETRYABLE_ERRORS, 'States.ALL', 'States.TaskFailed']) expect(retried).not.toContain(error);
  });

  test('is counted as redriven from its report on', () => {
    for (const name of ['The refusal is told', 'The failure is told']) {
      expect(state(name).Parameters).toMatchObject({ 'redriveCount.$': '$$.Execution.RedriveCount', 'error.$': '$.error' });
    }
  });

  test('starts when its request is taken: its backup pair is a new one', () => {
    expect(state('Take the request').Parameters).toMatchObject({ run: { 'startedAt.$': '$$.State.EnteredTime' } });
  });
});

describe('a run that was ended in the middle', () => {
  test('begins anew once it has found that the lock is lost, in itself or in a nested execution', () => {
    expect(state('Was the lock lost at the end?').Choices).toEqual(state('Is the lock lost?').Choices);
    expect(state('Is the lock lost?')).toMatchObject({
      Choices: [
        {
          Or: [
            { Variable: '$.failure.Error', StringEquals: 'LockLost' },
            {
              And: [
                { Variable: '$.failure.Cause', IsPresent: true },
                { Variable: '$.failure.Cause', StringMatches: '*"Error":"LockLost"*' },
              ],
            },
          ],
          Next: 'Take the request',
        },
      ],
      Default: 'Point the group at what every node runs',
    });
  });

  test('does not go by a plan that was made before it was redriven', () => {
    expect(state("Take the cluster's lock").Next).toBe('Was the plan made since the last redrive?');
    expect(state('Was the plan made since the last redrive?')).toMatchObject({
      Choices: [
        {
          Variable: '$$.Execution.RedriveCount',
          NumericEqualsPath: '$.redriveCount',
          Next: 'Put up the banner',
        },
      ],
      Default: 'Take the request',
    });
  });

  test('the replacement of a node says how often it was redriven itself, wherever it acts', () => {
    for (const name of ['Put the node in Standby', 'Retire the old node', 'Retire the surplus node']) {
      expect(state(name).Parameters).toMatchObject({ 'redriveCount.$': '$$.Execution.RedriveCount' });
    }
  });
});

test('every task that changes the cluster looks at the lock', () => {
  const { stack } = example();
  const functions = Object.values(resourcesOf(stack, 'AWS::Lambda::Function')) as {
    Properties: { Description?: string; Environment?: { Variables: Record<string, unknown> } };
  }[];
  for (const task of ACTING_TASKS) {
    const found = functions.find(({ Properties }) => Properties.Description?.startsWith(`Task ${task} `));
    expect([task, found?.Properties.Environment?.Variables['LOCK_TABLE_NAME']]).toEqual([task, expect.anything()]);
  }
});

test('somebody may be let redrive a run, but not the replacement of a node, nor a recovery', () => {
  const { stack, upgrade } = example();
  upgrade.grantRedriveExecution(new iam.User(stack, 'Operator'));
  const [policy] = Object.values(resourcesOf(stack, 'AWS::IAM::Policy')).filter(({ Properties }) => Properties.Users !== undefined);
  const text = JSON.stringify(policy);
  expect(text).toContain('states:RedriveExecution');
  expect(text).toContain('RollingUpgradeStateMachine');
  expect(text).not.toMatch(/ReplaceNodeStateMachine|RecoverStateMachine/);
});

import type { VirtualClock } from '../kernel/clock';
import type { Authorization, AwsError, Caller, Random } from '../kernel/ports';
import type { Execution } from './execution';
import { TaskError } from './task-error';

/** What a nested execution needs. */
interface Host {
  readonly clock: VirtualClock;
  readonly random: Random;
  readonly machines: { start(machineArn: string, input: string, name?: string, parent?: Execution): Execution };
  authorize(
    caller: Caller,
    authorization: Authorization,
  ): { readonly allowed: true } | { readonly allowed: false; readonly reason: string };
}

/** Until Step Functions has called itself, in virtual milliseconds. */
const START_MS = 50;

/** From the end of the nested execution until the task that awaits it goes on, in virtual milliseconds: an EventBridge event carries it. */
const NOTICE_MS = 500;

/**
 * `states:startExecution.sync:2`: starts a machine and awaits its end; the result is what `DescribeExecution` tells, with the output parsed.
 * https://docs.aws.amazon.com/step-functions/latest/dg/connect-stepfunctions.html
 *
 * @throws TaskError `States.TaskFailed` with the description as its cause when the nested execution did not succeed.
 */
export async function startNested(host: Host, parent: Execution, caller: Caller, json: string): Promise<string> {
  const parameters = JSON.parse(json) as { StateMachineArn?: string; Input?: unknown; Name?: string };
  const { StateMachineArn: machineArn = '' } = parameters;
  const { redriveCount } = parent;
  await host.clock.sleep(START_MS);
  if (parent.ended || parent.redriveCount !== redriveCount) return new Promise<string>(() => undefined); // stopped meanwhile
  for (const authorization of needed(machineArn)) {
    const decision = host.authorize(caller, authorization);
    if (decision.allowed) continue;
    parent.attempt(2);
    throw new TaskError('StepFunctions.AWSStepFunctionsException', `${decision.reason} (Service: Sfn, Status Code: 400)`);
  }
  parent.attempt(4);
  const input = typeof parameters.Input === 'string' ? parameters.Input : JSON.stringify(parameters.Input ?? {});
  const child = startChild(host, machineArn, input, parameters.Name, parent);
  parent.children.add(child);
  await new Promise<void>((resolve) => {
    child.onEnd(() => {
      parent.children.delete(child);
      host.clock.afterWaking(NOTICE_MS, resolve);
    });
  });
  const described = describe(child);
  if (child.status !== 'SUCCEEDED') throw new TaskError('States.TaskFailed', JSON.stringify(described));
  return JSON.stringify({ ...described, Input: JSON.parse(child.input) as unknown, Output: JSON.parse(child.output ?? 'null') as unknown });
}

function startChild(host: Host, machineArn: string, input: string, name: string | undefined, parent: Execution): Execution {
  try {
    return host.machines.start(machineArn, input, name, parent);
  } catch (error) {
    const { code, message } = error as AwsError;
    throw new TaskError(`StepFunctions.${code}Exception`, message);
  }
}

/** What the machine's role must allow. https://docs.aws.amazon.com/step-functions/latest/dg/stepfunctions-iam.html */
function needed(machineArn: string): Authorization[] {
  const [, partition = '', , region = '', account = ''] = machineArn.split(':');
  const executions = `${machineArn.replace(':stateMachine:', ':execution:')}:*`;
  const rule = `arn:${partition}:events:${region}:${account}:rule/StepFunctionsGetEventsForStepFunctionsExecutionRule`;
  return [
    { action: 'states:StartExecution', resources: [machineArn] },
    ...['states:DescribeExecution', 'states:StopExecution'].map((action) => ({ action, resources: [executions] })),
    ...['events:PutTargets', 'events:PutRule', 'events:DescribeRule'].map((action) => ({ action, resources: [rule] })),
  ];
}

/** `DescribeExecution` as the service integration gives it: members capitalized, times in milliseconds. */
function describe(child: Execution): Record<string, unknown> {
  return {
    ...(child.cause === undefined ? {} : { Cause: child.cause }),
    ...(child.error === undefined ? {} : { Error: child.error }),
    ExecutionArn: child.arn,
    Input: child.input,
    InputDetails: { Included: true },
    Name: child.name,
    ...(child.output === undefined ? {} : { Output: child.output, OutputDetails: { Included: true } }),
    StartDate: child.startedAt,
    StateMachineArn: child.machine.arn,
    Status: child.status,
    StopDate: child.endedAt,
  };
}

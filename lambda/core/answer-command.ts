import type { Run } from '../../lib/contract/events';

/** What a command has where a person fills in their own. */
export const TO_FILL_IN = { by: 'your name', reason: 'why' } as const;

/**
 * The command that answers a question, ready to paste into a POSIX shell.
 *
 * https://docs.aws.amazon.com/step-functions/latest/apireference/API_SendTaskSuccess.html
 *
 * @param question the task token, and the run that asks
 */
export function answerCommand({ token, run }: { readonly token: string; readonly run: Run }, answer: string): string {
  const region = run.executionArn.split(':')[3] ?? '';
  const output = JSON.stringify({ answer, ...TO_FILL_IN });
  return [
    'aws stepfunctions send-task-success',
    ...(region === '' ? [] : [`--region ${region}`]),
    `--task-token ${quoted(token)}`,
    `--task-output ${quoted(output)}`,
  ].join(' ');
}

/** When so many seconds have passed, as people read it. */
export const until = (now: Date, seconds: number): string => new Date(now.getTime() + seconds * 1000).toISOString().replace(/\.\d+/, '');

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

import type { FreezeSpec } from '../../lib/contract/environment';
import { TaskError, isTaskError } from '../core/errors';
import type { CommandState, FreezeCommands } from '../ports/commands';
import { pause } from './task';

/** Milliseconds from sending the command until the file systems must be frozen. */
const FROZEN_WITHIN = 20_000;

/** Milliseconds between two looks. */
const POLL = 1000;

/** How often the thaw is sent until it is accepted; the document thaws by itself in any case. */
const THAW_ATTEMPTS = 3;

/** What is frozen, and how. */
export interface Freezing {
  readonly instanceId: string;
  readonly freeze: FreezeSpec;
  readonly commands: FreezeCommands;
  readonly now: () => Date;
}

/**
 * Does `work` while the file systems of the instance are frozen. They are thawed whatever happens; when this function dies, the
 * document does it after its limit. `held`: whether that limit had not passed when the work was done.
 *
 * @throws BackupFailed when they are not frozen in time; `work` was not begun then
 */
export async function whileFrozen<T>(freezing: Freezing, work: () => Promise<T>): Promise<{ readonly result: T; readonly held: boolean }> {
  const { instanceId, freeze, commands, now } = freezing;
  const sentAt = now().getTime();
  try {
    await untilFrozen(freezing, await commands.send(instanceId, freeze, 'freeze'), sentAt);
    const result = await work();
    return { result, held: now().getTime() - sentAt < freeze.limitSeconds * 1000 };
  } finally {
    await thaw(freezing);
  }
}

async function untilFrozen({ instanceId, freeze, commands, now }: Freezing, commandId: string, sentAt: number): Promise<void> {
  let said = 'not known yet';
  for (;;) {
    const seen = await lookUnlessBusy(commands, commandId, instanceId);
    if (seen?.state === 'done') return;
    said = seen?.said ?? said;
    if (seen?.state === 'failed' || now().getTime() - sentAt + POLL > FROZEN_WITHIN) break;
    await pause(POLL);
  }
  throw new TaskError(
    'BackupFailed',
    `The file systems ${freeze.mountPoints.join(', ')} of ${instanceId} were not frozen within ${FROZEN_WITHIN / 1000} s (command ${commandId} of ${freeze.documentName}: ${said}). ` +
      'They are thawed, and no snapshot of them was made. Look at the output of the command in Systems Manager, Run Command, then start the upgrade again.',
  );
}

/** A look that AWS refuses because it is asked too often is a look that saw nothing. */
async function lookUnlessBusy(commands: FreezeCommands, commandId: string, instanceId: string): Promise<CommandState | undefined> {
  try {
    return await commands.look(commandId, instanceId);
  } catch (error) {
    if (isTaskError(error, 'AwsThrottled', 'AwsUnavailable')) return undefined;
    throw error;
  }
}

/** Sends the thaw until it is accepted. Never an error: what went wrong before matters more, and the document thaws by itself. */
async function thaw({ instanceId, freeze, commands }: Freezing): Promise<void> {
  for (let attempt = 1; attempt <= THAW_ATTEMPTS; attempt++) {
    try {
      await commands.send(instanceId, freeze, 'thaw');
      return;
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      console.error({ thaw: instanceId, attempt, message, next: `the document thaws by itself after ${freeze.limitSeconds} s` });
      if (attempt < THAW_ATTEMPTS) await pause(POLL);
    }
  }
}

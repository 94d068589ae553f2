import type { FreezeSpec } from '../../lib/contract/environment';

/** How far a command on an instance is. */
export interface CommandState {
  readonly state: 'running' | 'done' | 'failed';
  /** The vendor's own words. */
  readonly said: string;
}

/** Freezes and thaws the file systems of an instance. */
export interface FreezeCommands {
  /** Sends the command; returns its id once it is accepted. @throws BackupFailed when the instance cannot be reached at all */
  send(instanceId: string, freeze: FreezeSpec, action: 'freeze' | 'thaw'): Promise<string>;
  /** Undefined while the command that was just sent is not known yet. */
  look(commandId: string, instanceId: string): Promise<CommandState | undefined>;
}

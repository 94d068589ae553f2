import type { JournalEntry } from '../../simulator/kernel/ports';
import { isPhase } from '../../simulator/scenario/observe';

/** The journal's notable events as plain lines, for a terminal that is none: one line each, with the simulated time. */
export class PlainView {
  readonly #write: (line: string) => void;
  readonly #startedAt: number;
  #phase = '';

  constructor(startedAt: number, write: (line: string) => void) {
    this.#startedAt = startedAt;
    this.#write = write;
  }

  /** Told each entry of the journal. */
  note(entry: JournalEntry): void {
    const text = this.#describe(entry);
    if (text === undefined) return;
    const seconds = Math.floor((entry.time - this.#startedAt) / 1000);
    this.#write(`${String(Math.floor(seconds / 60)).padStart(4)}:${String(seconds % 60).padStart(2, '0')}  ${text}`);
  }

  #describe(entry: JournalEntry): string | undefined {
    const say = (field: string): string => String(entry[field]);
    switch (entry.kind) {
      case 'state':
        return this.#newPhase(entry);
      case 'good':
        return `${say('instanceId')} is good: in service, a member, healthy in every target group`;
      case 'lifecycle':
        return ['EnteringStandby', 'InService', 'Terminating'].includes(say('to'))
          ? `${say('id')} ${say('from')} -> ${say('to')}`
          : undefined;
      case 'snapshot':
        return `snapshot ${say('id')} of ${say('of')}: ${say('change')}`;
      case 'freeze':
        return `${(entry['mountPoints'] as string[]).join(' and ')} of ${say('instanceId')}: ${say('change')}`;
      case 'notification':
        return `TOLD ${say('subject')}`;
      case 'fault':
        return `FAULT ${say('name')}${entry['instanceId'] === undefined ? '' : ` on ${say('instanceId')}`}`;
      case 'request':
        return `${say('count')} ${say('request')} FAILED: ${say('why')}`;
      case 'approval':
        return `approval ${say('gate')}: ${say('change')}${entry['answer'] === undefined ? '' : ` ${say('answer')}`}`;
      case 'bitbucket':
        return this.#bitbucket(entry);
      default:
        return undefined;
    }
  }

  #newPhase(entry: JournalEntry): string | undefined {
    const state = String(entry['state']);
    if (entry['change'] !== 'entered' || !isPhase(entry) || state === this.#phase) return undefined;
    this.#phase = state;
    return `== ${state}`;
  }

  #bitbucket(entry: JournalEntry): string | undefined {
    if (entry['event'] === 'cluster') return `Bitbucket is ${String(entry['state'])}`;
    if (entry['event'] !== 'node') return undefined;
    const phase = String(entry['phase']);
    return ['starting', 'running', 'maintenance', 'error', 'refused'].includes(phase)
      ? `${String(entry['instanceId'])} Bitbucket ${String(entry['version'])} is ${phase}`
      : undefined;
  }
}

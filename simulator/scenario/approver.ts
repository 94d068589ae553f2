import type { Clock, Journal } from '../kernel/ports';
import type { Answer } from '../states/callbacks';
import type { StateMachines } from '../states/state-machines';
import type { ScenarioApprover, ScenarioApprovers, ScenarioGate } from './approvals';
import { gateIn } from './approvals';

/** What the people who approve need: to be told, and a way to answer. */
interface ApproverHost {
  readonly clock: Clock;
  readonly journal: Journal;
  readonly machines: Pick<StateMachines, 'openTasks' | 'answer'>;
  /** Whether all is well again: whoever would approve some time does so now. */
  readonly healed: () => boolean;
}

/** The task may begin to wait a moment after the message is out. In milliseconds. */
const READING_MS = 1000;

/** People who read the questions of the gates and answer each once, as the scenario says. The journal has what was asked and answered: rules are judged by it. */
export class Approvers {
  readonly #host: ApproverHost;
  readonly #answers: ReadonlyMap<string, ScenarioApprover[]>;
  readonly #asked = new Set<string>();

  constructor(host: ApproverHost, approvers: ScenarioApprovers) {
    this.#host = host;
    this.#answers = new Map(Object.entries(approvers).map(([gate, answers]) => [gate, [...answers]]));
    host.journal.listen(({ kind, message }) => {
      if (kind !== 'notification') return;
      const gate = gateIn(String(message));
      if (gate === undefined) return;
      host.clock.after(READING_MS, () => {
        this.#read(gate, String(message));
      });
    });
  }

  #read(gate: ScenarioGate, message: string): void {
    const { clock, journal, machines } = this.#host;
    for (const { token, execution } of machines.openTasks()) {
      if (!message.includes(token) || this.#asked.has(token)) continue;
      this.#asked.add(token);
      journal.record({ kind: 'approval', change: 'asked', gate, token, execution });
      const answer = this.#next(gate);
      if (answer === undefined || answer.answer === 'nothing') continue;
      clock.after(answer.afterSeconds * 1000, () => {
        this.#answer({ gate, token, execution }, answer);
      });
    }
  }

  #next(gate: ScenarioGate): ScenarioApprover | undefined {
    const answers = this.#answers.get(gate) ?? [];
    const consent = this.#host.healed() ? answers.findIndex(({ answer }) => answer === 'approve') : 0;
    return answers.splice(0, Math.max(0, consent) + 1).at(-1);
  }

  #answer({ gate, token, execution }: { gate: ScenarioGate; token: string; execution: string }, said: ScenarioApprover): void {
    const { journal, machines } = this.#host;
    if (!machines.openTasks().some((task) => task.token === token)) return;
    journal.record({ kind: 'approval', change: 'answered', gate, token, execution, answer: said.answer });
    machines.answer(token, sent(said));
  }
}

function sent({ answer, by, reason }: ScenarioApprover): Answer {
  switch (answer) {
    case 'malformed':
      return { output: { anser: 'yes', by } };
    case 'fail':
      return { error: by, cause: reason };
    default:
      return { output: { answer, by, reason } };
  }
}

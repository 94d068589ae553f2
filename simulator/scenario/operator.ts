import type { Clock, Journal } from '../kernel/ports';
import type { StateMachines } from '../states/state-machines';
import { gateIn } from './approvals';
import type { ScenarioAnswer } from './scenario';

/** What the operator needs: to be told, and a way to answer. */
interface OperatorHost {
  readonly clock: Clock;
  readonly journal: Journal;
  readonly machines: Pick<StateMachines, 'openTasks' | 'answer'>;
}

/** Somebody who reads the notifications and answers with the task token that is in them, as the scenario says; then no more. */
export class Operator {
  readonly #host: OperatorHost;
  readonly #answers: ScenarioAnswer[];
  readonly #asked = new Set<string>();

  constructor(host: OperatorHost, answers: readonly ScenarioAnswer[]) {
    this.#host = host;
    this.#answers = [...answers];
    host.journal.listen(({ kind, message }) => {
      if (kind === 'notification' && gateIn(String(message)) === undefined) this.#read(String(message));
    });
  }

  #read(message: string): void {
    const { clock } = this.#host;
    // The task may begin to wait a moment after the message is out.
    clock.after(1000, () => {
      for (const { token } of this.#host.machines.openTasks()) {
        if (!message.includes(token) || this.#asked.has(token)) continue;
        this.#asked.add(token);
        const answer = this.#answers.shift();
        if (answer !== undefined) {
          clock.after(answer.afterSeconds * 1000, () => {
            this.#answer(token, answer);
          });
        }
      }
    });
  }

  #answer(token: string, { answer, reason }: ScenarioAnswer): void {
    const { journal, machines } = this.#host;
    if (!machines.openTasks().some((task) => task.token === token)) return;
    journal.record({ kind: 'operator', answer, reason: reason ?? '' });
    machines.answer(token, { output: { answer, by: 'operator', ...(reason !== undefined && { reason }) } });
  }
}

import { START_TIME } from '../kernel/clock';
import type { VirtualClock } from '../kernel/clock';

/**
 * The parts of the context object that change while an execution runs (https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html).
 * The engine reads `$$` paths of this object when it makes the input of a state, and calls the state's task in the same turn: a token that was read
 * belongs to the task that is called next.
 */
export class LiveContext {
  private token: string | undefined;

  constructor(
    private readonly clock: VirtualClock,
    private readonly newToken: () => string,
  ) {}

  /** Adds the live members to what is constant. */
  attach(context: Record<string, unknown>): void {
    const live = (read: () => unknown): PropertyDescriptor => ({ enumerable: true, get: read });
    context['Task'] = Object.defineProperty(
      {},
      'Token',
      live(() => this.peek()),
    );
    context['State'] = Object.defineProperty(
      {},
      'EnteredTime',
      live(() => this.now()),
    );
  }

  /** The token of the task that is being called. */
  takeToken(): string {
    const token = this.peek();
    this.token = undefined;
    return token;
  }

  private peek(): string {
    return (this.token ??= this.newToken());
  }

  private now(): string {
    return new Date(Math.max(START_TIME, this.clock.now())).toISOString();
  }
}

/** A simulated service answered something that the API's schema does not know: a mistake in the simulator, not in what it runs. */
export class UnknownMember extends Error {
  constructor(path: string, reason: string) {
    super(`The simulated service answered ${path}: ${reason}.`);
    this.name = 'SimulatorError';
  }
}

/** The type of a value, for messages. */
export const describeType = (value: unknown): string =>
  value === null ? 'null' : Array.isArray(value) ? 'a list' : `a value of type ${typeof value}`;

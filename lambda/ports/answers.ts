/** Answers to tasks that wait for their token. */
export interface Answers {
  succeed(token: string, output: unknown): Promise<void>;
  /** Cut to what Step Functions takes. */
  fail(token: string, error: string, cause: string): Promise<void>;
}

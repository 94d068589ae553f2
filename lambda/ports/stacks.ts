/** CloudFormation stacks. */
export interface Stacks {
  /** `CREATE_COMPLETE`, `UPDATE_IN_PROGRESS`, ...; undefined when there is no such stack. */
  status(stackId: string): Promise<string | undefined>;
}

/** CloudWatch alarms that watch the cluster. */
export interface Alarms {
  /** State of each of these alarms that exists: `OK`, `ALARM`, `INSUFFICIENT_DATA`; by name. */
  states(names: readonly string[]): Promise<ReadonlyMap<string, string>>;
}

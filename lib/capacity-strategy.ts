/** What a {@link CapacityStrategy} comes to. */
export interface CapacityStrategyConfig {
  /** The strategy's name, as the tasks know it. */
  readonly mode: string;
}

/** Whether the cluster keeps its full number of serving nodes during an upgrade. */
export class CapacityStrategy {
  /**
   * One extra node is added first and given back at the end: never fewer nodes serve than the group desires.
   * The group's maximum is raised by one for the time of the run when it leaves no room, and put back.
   */
  public static surge(): CapacityStrategy {
    return new CapacityStrategy('surge');
  }

  /** Each node's replacement starts while the node drains: one node fewer than desired serves meanwhile, and no extra instance or licence is used. */
  public static withinCapacity(): CapacityStrategy {
    return new CapacityStrategy('within-capacity');
  }

  private constructor(private readonly mode: string) {}

  /** What the strategy comes to. */
  public bind(): CapacityStrategyConfig {
    return { mode: this.mode };
  }
}

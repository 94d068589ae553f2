/** The time in which nodes may be begun. */
export interface MaintenanceWindow {
  /**
   * When it opens: an ISO 8601 time with its zone, for example `2026-03-01T02:00:00+01:00`.
   *
   * @default - when the run starts
   */
  readonly opens?: string;

  /** How long it is, in whole minutes: from 15 to 1440. */
  readonly minutes: number;
}

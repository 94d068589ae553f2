/** Who is told how a run ends. */
export interface Notifications {
  publish(subject: string, text: string): Promise<void>;
}

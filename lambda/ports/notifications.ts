import type { Told } from '../core/told';

/** Who is told what happens: people, and programs. */
export interface Notifications {
  publish(told: Told): Promise<void>;
}

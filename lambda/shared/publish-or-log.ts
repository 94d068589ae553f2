import type { TaskName } from '../../lib/contract/tasks';
import type { Told } from '../core/told';
import type { Notifications } from '../ports/notifications';

/** Tells it, if there is somebody to tell. A run does not fail because nobody could be told: that is only logged. */
export async function publishOrLog(task: TaskName, told: Told, topic: Notifications | undefined): Promise<boolean> {
  if (!topic) return false;
  try {
    await topic.publish(told);
    return true;
  } catch (error) {
    console.error({ task, error: 'not published', message: error instanceof Error ? error.message : String(error) });
    return false;
  }
}

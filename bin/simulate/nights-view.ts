import type { ScheduleResult } from '../../simulator/report/schedule-result';
import { imageLine, nightLine, nightsHead } from '../../simulator/report/schedule-text';
import type { ScheduledRun } from '../../simulator/scenario/scheduled-run';
import type { ScenarioSchedule } from '../../simulator/scenario/schedule';

/** Runs the days of a schedule and writes a line for each of its runs as it ends, and for each image that appears. */
export function watchNights(
  run: ScheduledRun,
  { expression, timeZone }: ScenarioSchedule,
  write: (line: string) => void,
): Promise<ScheduleResult> {
  write(`The schedule is ${expression}. Each line is a run that it started:`);
  write(nightsHead(timeZone));
  run.simulation.journal.listen((entry) => {
    if (entry.kind === 'image') write(imageLine(entry.time, String(entry['version']), timeZone));
  });
  run.onNight((night) => {
    write(nightLine(night, timeZone));
  });
  return run.run();
}

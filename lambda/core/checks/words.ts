/** Words that several checks share. */

/** Name of a target group in its ARN. */
export const nameOfTargetGroup = (arn: string): string => arn.split('/')[1] ?? arn;

/** For people: `2026-03-01 12:00 UTC`. */
export const moment = (time: string | Date): string => {
  const iso = (typeof time === 'string' ? new Date(time) : time).toISOString();
  return `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;
};

/** For people: `45 min`, `3 h 20 min`, `2 days`. */
export function duration(seconds: number): string {
  const minutes = Math.max(1, Math.round(seconds / 60));
  if (minutes < 120) return `${minutes} min`;
  if (minutes >= 2880) return `${Math.round(minutes / 1440)} days`;
  const rest = minutes % 60;
  return `${Math.floor(minutes / 60)} h${rest > 0 ? ` ${rest} min` : ''}`;
}

import type { Check } from './facts';
import { when } from './facts';

/** A snapshot is being made, by the daily backup or by a run that ended: that is over soon, and then another can begin. */
const BUSY = 'backing-up';

/** Both halves of the backup pair can be made. */
export const checkBackup: Check = ({ database, sharedHome }) => {
  const { fileServer, volumeIds, volumes } = sharedHome;
  const wrong = volumeIds.flatMap((id) => {
    const volume = volumes.find((candidate) => candidate.id === id);
    if (!volume) return [`${id} does not exist`];
    if (volume.state !== 'in-use') return [`${id} is ${volume.state}, not in-use`];
    return volume.attachedTo.includes(fileServer)
      ? []
      : [`${id} is attached to ${volume.attachedTo.join(', ') || 'nothing'}, not to ${fileServer}`];
  });
  return [
    ...when(
      database.status !== 'available' && database.status !== BUSY,
      'database',
      () => `The DB instance ${database.id} is ${database.status ?? 'not there'}; it must be available for a snapshot.`,
    ),
    ...when(wrong.length > 0, 'shared home', () => `${wrong.join('; ')}: the shared home could not be backed up.`),
  ];
};

/** What makes the backup wait. */
export const warnBackup: Check = ({ database }) =>
  when(database.status === BUSY, 'database', () => `The DB instance ${database.id} is ${BUSY}: the snapshot begins when that is over.`);

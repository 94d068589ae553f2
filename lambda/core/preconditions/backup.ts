import type { Check } from './facts';
import { when } from './facts';

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
      database.status !== 'available',
      'database',
      () => `The DB instance ${database.id} is ${database.status ?? 'not there'}; it must be available for a snapshot.`,
    ),
    ...when(wrong.length > 0, 'shared home', () => `${wrong.join('; ')}: the shared home could not be backed up.`),
  ];
};

import { sourcesOf } from '../scenario/backup';
import type { DrawContext, FaultKind } from './catalogue';

/** A part of the backup. */
const part = ({ random, backup }: DrawContext): string => random.pick(sourcesOf(backup)).part;

/** A moment about the time of the backup: it is the first that a run does. */
const early = ({ random }: DrawContext): { readonly seconds: number; readonly nth: number } => ({ seconds: random.integer(0, 60), nth: 1 });

/** Faults of the backup that the campaign draws. */
export const backupKinds: readonly FaultKind[] = [
  { kind: 'backup-fails', weight: 3, draw: (c) => ({ name: 'backup-fails', part: part(c) }) },
  {
    kind: 'backup-fails: one volume',
    weight: 2,
    draw: (c) => ({ name: 'backup-fails', part: part(c), volume: 1 }),
  },
  {
    kind: 'database-busy',
    weight: 2,
    draw: (c) => ({ name: 'database-busy', forSeconds: c.random.integer(10, 900), ...early(c) }),
  },
  {
    kind: 'snapshot-rate-exceeded',
    weight: 2,
    needs: { method: 'snapshots' },
    draw: (c) => ({ name: 'snapshot-rate-exceeded', forSeconds: c.random.integer(10, 600), ...early(c) }),
  },
  {
    kind: 'api-call: throttled for a while',
    weight: 3,
    draw: (c) => ({
      name: 'api-call',
      action: c.random.pick(c.surface.actions),
      how: 'throttled',
      nth: 1,
      count: 1,
      forSeconds: c.random.integer(30, 240),
    }),
  },
  { kind: 'vault-denied', weight: 2, needs: { method: 'aws-backup' }, draw: () => ({ name: 'vault-denied' }) },
  {
    kind: 'backup-job-expires',
    weight: 3,
    needs: { method: 'aws-backup' },
    draw: (c) => ({ name: 'backup-job-expires', part: part(c) }),
  },
  { kind: 'command-never-runs', weight: 3, needs: { freeze: true }, draw: () => ({ name: 'command-never-runs' }) },
  { kind: 'command-fails', weight: 2, needs: { freeze: true }, draw: () => ({ name: 'command-fails' }) },
];

/** Fakes of the ports of the backup: they hold what is there and remember what was done. */
import type { FreezeSpec } from '../../../../../lib/contract/environment';
import type { Refusal, Snapshot } from '../../../../../lambda/core/backup/snapshot';
import type { Discarded } from '../../../../../lambda/core/backup/tidy';
import type { FileServer, Volume } from '../../../../../lambda/core/backup/volumes';
import type { CommandState, FreezeCommands } from '../../../../../lambda/ports/commands';
import type { DatabaseSnapshots, FoundDatabase, MadeSnapshots, VolumeSnapshots, Volumes } from '../../../../../lambda/ports/snapshots';
import { dbSnapshot, snapshot } from './build';

/** Snapshots that are there, and what is done to them. */
export function fakeMade(made: readonly Snapshot[], outcome: (snapshot: Snapshot) => Discarded = () => 'gone') {
  const marked: string[] = [];
  const discarded: string[] = [];
  const port: MadeSnapshots = {
    made: () => Promise.resolve(made),
    mark: ({ id }) => {
      marked.push(id);
      return Promise.resolve();
    },
    discard: (one) => {
      discarded.push(one.id);
      return Promise.resolve(outcome(one));
    },
  };
  return { ...port, marked, discarded };
}

export const database = (change: Partial<FoundDatabase> = {}): FoundDatabase => ({
  id: 'bitbucket',
  name: 'DB instance bitbucket',
  units: [{ name: 'DB instance bitbucket', status: 'available' }],
  encrypted: true,
  sizeGiB: 100,
  maintenance: () => Promise.resolve([]),
  restore: (id, title) => [{ title: `Restore ${title}`, commands: [`restore ${id}`] }],
  ...change,
});

/** A database with these snapshots; `begins`: what the beginning of another one is answered with. */
export function fakeDatabase(
  found: FoundDatabase | undefined,
  all: readonly (readonly Snapshot[])[],
  begins: Snapshot | Refusal | 'taken' = dbSnapshot({ state: 'pending' }),
): DatabaseSnapshots & { readonly begun: string[] } {
  const begun: string[] = [];
  let looks = 0;
  // One look after the other sees more: reads may be stale.
  const look = () => Promise.resolve(all[Math.min(looks++, all.length - 1)] ?? []);
  return {
    ...fakeMade([]),
    id: 'bitbucket',
    begun,
    database: () => Promise.resolve(found),
    all: look,
    made: look,
    begin: (id) => {
      begun.push(id);
      return Promise.resolve(begins);
    },
  };
}

export const fakeVolumes = (found: readonly Volume[], instance: FileServer | undefined, instanceStore = false): Volumes => ({
  byIds: (ids) => Promise.resolve(found.filter(({ id }) => ids.includes(id))),
  byTag: (key, value) => Promise.resolve(found.filter(({ tags }) => tags[key] === value)),
  server: (id) => Promise.resolve(instance?.instanceId === id ? instance : undefined),
  hasInstanceStore: () => Promise.resolve(instanceStore),
});

export function fakeVolumeSnapshots(
  made: readonly Snapshot[],
  begins: readonly Snapshot[] | Refusal | Error = ['1', '2'].map((n) => snapshot(`snap-${n}`, `vol-${n}`, { state: 'pending' })),
  log: string[] = [],
): VolumeSnapshots & { readonly log: string[] } {
  return {
    ...fakeMade(made),
    log,
    byIds: (ids) => Promise.resolve(made.filter(({ id }) => ids.includes(id))),
    inProgress: () => Promise.resolve(made.filter(({ state }) => state === 'pending')),
    begin: (_, ids) => {
      log.push(`begin ${ids.join(' ')}`);
      return begins instanceof Error ? Promise.reject(begins) : Promise.resolve(begins);
    },
  };
}

/** Commands that are accepted (or not), and then are as they are told, one look after the other. */
export function fakeCommands(
  looks: readonly (CommandState | Error | undefined)[],
  log: string[] = [],
  refuse: (action: string) => Error | undefined = () => undefined,
): FreezeCommands {
  let n = 0;
  return {
    send: (_instance: string, _freeze: FreezeSpec, action) => {
      log.push(action);
      const error = refuse(action);
      return error ? Promise.reject(error) : Promise.resolve(`command-${action}`);
    },
    look: () => {
      const next = looks[Math.min(n++, looks.length - 1)];
      return next instanceof Error ? Promise.reject(next) : Promise.resolve(next);
    },
  };
}

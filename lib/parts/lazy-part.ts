import type { BackupPartConfig, BackupPartName } from '../backup-part';

/** What a part is made of besides its name. */
interface Made {
  readonly tasks: BackupPartConfig['tasks'];
  readonly specification: unknown;
}

/**
 * A part whose functions (and what else it needs) are made when they are first read: a native part that nobody uses, because AWS Backup
 * does its work or nothing is backed up, leaves nothing in the template.
 */
export function lazyPart({ name, title }: BackupPartName, make: () => Made): BackupPartConfig {
  let made: Made | undefined;
  const all = (): Made => (made ??= make());
  return {
    name,
    title,
    get tasks() {
      return all().tasks;
    },
    get specification(): unknown {
      return all().specification;
    },
  };
}

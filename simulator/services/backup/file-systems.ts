import type { Account } from '../account/account';
import type { BeginRequest, Made, Source } from './source';

/** An EFS file system, as far as AWS Backup knows it. */
export interface FileSystem {
  readonly id: string;
  readonly sizeBytes: number;
  readonly encrypted: boolean;
  readonly kmsKeyId?: string;
  readonly tags: Record<string, string>;
}

/** What has to be said of a file system. */
export type FileSystemProps = Pick<FileSystem, 'id'> & Partial<FileSystem>;

const GIB = 2 ** 30;

/**
 * The account's EFS file systems. Their recovery points are AWS Backup's own: `arn:aws:backup:...:recovery-point:ID`, encrypted with the
 * vault's key. https://docs.aws.amazon.com/aws-backup/latest/devguide/encryption.html
 */
export class FileSystems {
  private readonly fileSystems = new Map<string, FileSystem>();

  constructor(private readonly account: Account) {}

  add(props: FileSystemProps): FileSystem {
    const fileSystem: FileSystem = { sizeBytes: 200 * GIB, encrypted: true, tags: {}, ...props };
    this.fileSystems.set(fileSystem.id, fileSystem);
    return fileSystem;
  }

  arn(id: string): string {
    return this.account.arn('elasticfilesystem', `file-system/${id}`);
  }

  source(arn: string): Source | undefined {
    const fileSystem = [...this.fileSystems.values()].find(({ id }) => this.arn(id) === arn);
    if (fileSystem === undefined) return undefined;
    const { id, sizeBytes, tags } = fileSystem;
    return {
      ...{ type: 'EFS', arn, id, tags, sizeGiB: Math.ceil(sizeBytes / GIB) },
      restoreMetadata: { 'file-system-id': id },
      pointArns: this.account.arn('backup', 'recovery-point:*'),
      ready: () => true,
      begin: ({ jobId }: BeginRequest): Made => ({
        recoveryPointArn: this.account.arn('backup', `recovery-point:${jobId}`),
        encrypted: true,
        kmsKeyId: undefined,
        deletions: [],
        finish: () => undefined,
        remove: () => undefined,
      }),
    };
  }
}

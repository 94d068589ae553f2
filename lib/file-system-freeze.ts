import { Duration } from 'aws-cdk-lib';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';
import { freezeDocument } from './private/freeze-document';
import { inWords, MINUTE } from './private/durations';
import { duplicates, malformed } from './private/problems';
import { PATTERNS } from './private/patterns';

/** Options of `FileSystemFreeze.ofMounts`. */
export interface FileSystemFreezeOptions {
  /** Where the file systems are mounted on the file server, for example `['/media/atl/bitbucket/shared']`. */
  readonly mountPoints: string[];

  /**
   * After this time the file systems are thawed whatever happens, by a timer on the file server itself. Bitbucket's writes wait meanwhile.
   *
   * Between 10 seconds and 5 minutes, whole seconds.
   *
   * @default Duration.seconds(30)
   */
  readonly limit?: Duration;
}

/** What a {@link FileSystemFreeze} comes to. */
export interface FileSystemFreezeConfig {
  /** Name of the SSM document, with the parameters `Action` (`freeze` or `thaw`), `MountPoints` and `LimitSeconds`. */
  readonly documentName: string;

  /** Where the file systems are mounted. */
  readonly mountPoints: string[];

  /** After so many seconds they are thawed whatever happens. */
  readonly limitSeconds: number;
}

/** Mount points that a file server cannot do without: frozen, nothing could be told to thaw them. */
const NEVER = ['/', '/etc', '/run', '/tmp', '/usr', '/var', '/var/lib', '/var/log'];

/**
 * Freezes the file systems of the shared home while their snapshots are begun, which takes seconds: no write is cut in two then.
 *
 * By Run Command of Systems Manager, so the file server must be a managed instance (SSM Agent, a role with
 * `AmazonSSMManagedInstanceCore`) with `fsfreeze`, which XFS and ext4 support.
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/run-command.html
 * https://man7.org/linux/man-pages/man8/fsfreeze.8.html
 */
export class FileSystemFreeze {
  /** Freezes what is mounted at some places. */
  public static ofMounts(options: FileSystemFreezeOptions): FileSystemFreeze {
    return new FileSystemFreeze(options.mountPoints, options.limit ?? Duration.seconds(30));
  }

  private constructor(
    private readonly mountPoints: string[],
    private readonly limit: Duration,
  ) {}

  /** Makes the document that freezes and thaws. */
  public bind(scope: Construct): FileSystemFreezeConfig {
    const document = new ssm.CfnDocument(scope, 'Freeze', {
      documentType: 'Command',
      documentFormat: 'JSON',
      targetType: '/AWS::EC2::Instance',
      updateMethod: 'NewVersion', // a change must not wait for a run that uses it
      content: freezeDocument(),
    });
    return {
      documentName: document.ref,
      mountPoints: this.mountPoints,
      limitSeconds: Math.round(this.limit.toSeconds({ integral: false })),
    };
  }

  /**
   * What is wrong with the arguments; empty when nothing is.
   *
   * @internal
   */
  public _problems(): string[] {
    const { mountPoints, limit } = this;
    const problems = mountPoints
      .filter((mount) => malformed(mount, PATTERNS.mountPoint) || NEVER.includes(mount))
      .map((mount) => `freeze: mount point '${mount}' must be an absolute path of a data file system, like '/media/atl/bitbucket/shared'`);
    problems.push(...duplicates(mountPoints).map((mount) => `freeze: mount point '${mount}' is given more than once`));
    if (mountPoints.length === 0) problems.push('freeze: mountPoints must name at least one mount point');
    const seconds = limit.isUnresolved() ? NaN : limit.toMilliseconds() / 1000;
    if (!(Number.isInteger(seconds) && seconds >= LEAST && seconds <= GREATEST)) {
      const given = limit.isUnresolved() ? 'a token' : limit.toHumanString();
      problems.push(`freeze: limit of ${given} must be whole seconds from ${inWords(LEAST)} to ${inWords(GREATEST)}`);
    }
    return problems;
  }
}

const LEAST = 10;
const GREATEST = 5 * MINUTE;

import { Duration } from 'aws-cdk-lib';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { BackupConfig, BackupOptions, BackupSources } from '../backup';
import { Backup } from '../backup';
import type { BackupPartConfig, BackupPartName } from '../backup-part';
import type { BackupSpec } from '../contract/environment';
import { BackupFunctions } from '../functions/backup-functions';
import { DATABASE_PART } from '../parts/rds-part';
import type { BitbucketRollingUpgradeProps } from '../rolling-upgrade-props';
import type { SharedHome, SharedHomeConfig } from '../shared-home';
import { DAY, HOUR, MINUTE, wholeSeconds } from './durations';
import { SHARED_HOME_PART } from './home-problems';
import { PATTERNS } from './patterns';
import type { Problems } from './problems';
import { duplicates } from './problems';

/** The backup with every default filled in and every strategy bound. */
export interface ResolvedBackup {
  readonly functions: BackupFunctions;
  readonly parts: readonly BackupPartConfig[];
  /** What the tasks are told of it. */
  readonly spec: BackupSpec;
  readonly keepFailedParts: boolean;
}

/** Characters that the specification may need: a function's environment holds 4 KB. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const LONGEST_SPECIFICATION = 2500;

/** Binds the strategies of the backup. What is wrong goes to `problems`. */
export function resolveBackup(scope: Construct, props: BitbucketRollingUpgradeProps, problems: Problems): ResolvedBackup {
  const clusterName = props.autoScalingGroup.autoScalingGroupName;
  const functions = new BackupFunctions(scope, 'Backup', {
    clusterName,
    logRetention: props.logRetention ?? logs.RetentionDays.ONE_YEAR,
    encryptionKey: props.encryptionKey,
  });
  const homes = homesOf(props, problems);
  const sources: BackupSources = {
    clusterName,
    database: props.database.bind(new Construct(functions, DATABASE_PART.name)),
    homes: homes.map(({ part, home }) => home.bind(new Construct(functions, part.name), part)),
  };
  checkSources(sources, problems);
  const config = (props.backup ?? Backup.snapshots()).bind(new Construct(functions, 'Strategy'), sources);
  checkParts(config, problems);
  const spec = specificationOf(config, sources, problems);
  problems.require(
    JSON.stringify(spec).length <= LONGEST_SPECIFICATION,
    `backup: its ${config.parts.length} parts and their warnings are too many for a function's environment: back up fewer homes, or shorten their names`,
  );
  return { functions, parts: config.parts, spec, keepFailedParts: config.options?.keepFailedParts ?? false };
}

/** The shared home and the others, with the names of their parts. Homes whose names are wrong are left out. */
function homesOf(
  { sharedHome, otherHomes = [] }: BitbucketRollingUpgradeProps,
  problems: Problems,
): { readonly part: BackupPartName; readonly home: SharedHome }[] {
  const names = otherHomes.map(({ name }) => name);
  const taken = [DATABASE_PART.name, SHARED_HOME_PART.name];
  const wrong = (name: string): boolean => !PATTERNS.homeName.test(name) || taken.includes(name);
  problems.add(
    ...[...new Set(names)]
      .filter(wrong)
      .map(
        (name) =>
          `otherHomes: name '${name}' must be lower-case letters, digits and hyphens, like 'mesh-1', at most 40 characters, and not '${taken.join("' or '")}'`,
      ),
    ...duplicates(names).map((name) => `otherHomes: the name '${name}' is given more than once`),
  );
  const good = otherHomes.filter(({ name }, index) => !wrong(name) && names.indexOf(name) === index);
  return [{ part: SHARED_HOME_PART, home: sharedHome }, ...good.map(({ name, home }) => ({ part: { name, title: name }, home }))];
}

function checkSources({ database, homes }: BackupSources, problems: Problems): void {
  problems.add(...database.problems, ...homes.flatMap((home) => home.problems));
  const arns = homes.flatMap(({ resourceArns }) => [...new Set(resourceArns)]);
  problems.add(
    ...duplicates(arns).map((arn) => {
      const where = homes.filter(({ resourceArns }) => resourceArns.includes(arn)).map(({ part }) => part.title);
      return `${arn.slice(arn.lastIndexOf(':') + 1)} is backed up more than once: for ${where.join(' and ')}`;
    }),
  );
}

/** A strategy may have been written by somebody else. */
function checkParts({ parts, noneBecause, problems: found }: BackupConfig, problems: Problems): void {
  problems.add(...found);
  problems.add(...duplicates(parts.map(({ name }) => name)).map((name) => `backup: two parts are called '${name}'`));
  problems.add(...duplicates(parts.map(({ title }) => title)).map((title) => `backup: the title '${title}' stands for two parts`));
  const long = parts.filter(({ title }) => title.length === 0 || title.length > 40);
  problems.add(...long.map(({ name, title }) => `backup: the title '${title}' of the part '${name}' must have 1 to 40 characters`));
  problems.require(parts.length > 0 || noneBecause !== undefined, 'backup: it has no parts, and does not say why: use Backup.none(reason)');
}

function specificationOf(
  { parts, noneBecause = '', options = {}, warnings }: BackupConfig,
  sources: BackupSources,
  problems: Problems,
): BackupSpec {
  const { skewLimit = Duration.seconds(60), startLimit = Duration.minutes(15), reuseWithin = Duration.hours(24) } = options;
  const retention = retentionOf(options, problems);
  return {
    parts: parts.map(({ name }) => name),
    noneBecause,
    skewLimit: wholeSeconds('backup: skewLimit', skewLimit, [1, HOUR], problems),
    startLimit: wholeSeconds('backup: startLimit', startLimit, [MINUTE, 6 * HOUR], problems),
    reuseWithin: wholeSeconds('backup: reuseWithin', reuseWithin, [0, 30 * DAY], problems),
    ...(retention && { retention }),
    // Without a backup nothing is warned of but that.
    warnings:
      parts.length === 0
        ? []
        : [...warnings, ...sources.database.warnings, ...sources.homes.flatMap((home: SharedHomeConfig) => home.warnings)],
  };
}

function retentionOf({ retention }: BackupOptions, problems: Problems): BackupSpec['retention'] {
  if (!retention) return undefined;
  const { keepLast, keepDays = 0, problems: found } = retention.bind();
  problems.add(...found.map((problem) => `backup: ${problem}`));
  return keepLast === undefined ? { keepDays } : { keepLast };
}

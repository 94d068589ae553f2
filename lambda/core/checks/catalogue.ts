import { Capacity } from './account/capacity';
import { AlarmsQuiet, ChangeCalendars, Permissions } from './account/permits';
import { OtherRun } from './account/runs';
import { MaintenanceWindowOpen } from './account/window';
import type { CheckDescription, CheckOf } from './check';
import { ClusteringOn, Credentials } from './cluster/access';
import { AppCompatibility, BitbucketHealth, MeshNodes, Mirrors } from './cluster/advice';
import { DataCenterLicence, LicenceMaintenance } from './cluster/licence';
import { UpgradeMode } from './cluster/mode';
import { GroupComplete, HealthyTargets, NoNodeInError, NodesAreInstances, OneCluster, TwoNodes } from './cluster/nodes';
import { DeniedVersion, OneVersion, VersionPolicy } from './cluster/versions';
import type { AccountFacts, ClusterFacts, GroupFacts } from './facts';
import { CurrentImage, ImageEncryption, ImagePlatform, ImageVersion, LaunchTemplateUsable, TargetImage } from './group/images';
import { InstanceRefresh, NeededProcesses, StackUpdate, WarmPoolEmpty } from './group/processes';
import { GracePeriod, LifecycleHooks, MaximumLifetime, MaximumSize, ScaleInProtection, ScheduledActions } from './group/settings';
import { AttachedTargetGroups, DeregistrationDelay, HealthCheckPath, HealthCheckPort, WatchedTargetGroups } from './group/target-groups';
import type { JudgedFacts } from './judged';
import { BackupAdvice, BackupSources, RequestUnderstood } from './judged';

/** Who is at work already: first in every list. */
const RUN_CHECKS: readonly CheckOf<AccountFacts>[] = [new OtherRun()];

/** What the account, the calendar and the load allow. */
const TIME_CHECKS: readonly CheckOf<AccountFacts>[] = [
  new ChangeCalendars(),
  new MaintenanceWindowOpen(),
  new AlarmsQuiet(),
  new Capacity(),
  new Permissions(),
];

/** Checks of `check-account`. */
export const ACCOUNT_CHECKS: readonly CheckOf<AccountFacts>[] = [...RUN_CHECKS, ...TIME_CHECKS];

/** Checks of `check-cluster`. */
export const CLUSTER_CHECKS: readonly CheckOf<ClusterFacts>[] = [
  new VersionPolicy(),
  new DeniedVersion(),
  new Credentials(),
  new ClusteringOn(),
  new DataCenterLicence(),
  new LicenceMaintenance(),
  new UpgradeMode(),
  new TwoNodes(),
  new NodesAreInstances(),
  new GroupComplete(),
  new HealthyTargets(),
  new NoNodeInError(),
  new OneVersion(),
  new OneCluster(),
  new BitbucketHealth(),
  new AppCompatibility(),
  new MeshNodes(),
  new Mirrors(),
];

/** Checks of `check-group`. */
export const GROUP_CHECKS: readonly CheckOf<GroupFacts>[] = [
  new NeededProcesses(),
  new InstanceRefresh(),
  new StackUpdate(),
  new ScheduledActions(),
  new LifecycleHooks(),
  new WarmPoolEmpty(),
  new ScaleInProtection(),
  new MaximumLifetime(),
  new MaximumSize(),
  new GracePeriod(),
  new AttachedTargetGroups(),
  new WatchedTargetGroups(),
  new HealthCheckPort(),
  new HealthCheckPath(),
  new DeregistrationDelay(),
  new LaunchTemplateUsable(),
  new TargetImage(),
  new ImagePlatform(),
  new ImageVersion(),
  new ImageEncryption(),
  new CurrentImage(),
];

const REQUEST_CHECK = new RequestUnderstood();
const BACKUP_CHECKS: readonly CheckOf<JudgedFacts>[] = [new BackupSources(), new BackupAdvice()];

/** The check of the request alone: what counts when there is nothing to do. */
export const REQUEST_CHECKS: readonly CheckOf<JudgedFacts>[] = [REQUEST_CHECK];

/** Checks of `judge-checks` itself. */
export const JUDGED_CHECKS: readonly CheckOf<JudgedFacts>[] = [REQUEST_CHECK, ...BACKUP_CHECKS];

/**
 * Every check, in the order in which people read them: who is at work already, what was asked for, the cluster, what is around it, the backup,
 * and whether this is the time.
 */
export const ALL_CHECKS: readonly CheckDescription[] = [
  ...RUN_CHECKS,
  REQUEST_CHECK,
  ...CLUSTER_CHECKS,
  ...GROUP_CHECKS,
  ...BACKUP_CHECKS,
  ...TIME_CHECKS,
];

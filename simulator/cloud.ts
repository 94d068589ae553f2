import type { AwsService, Clock, Journal, LoadBalancers, Random } from './kernel/ports';
import type { CloudHooks, Surroundings } from './services/account/account';
import { Account } from './services/account/account';
import type { Timing } from './services/account/timing';
import { DEFAULT_TIMING } from './services/account/timing';
import type { TerminateInStandby } from './services/auto-scaling/auto-scaling';
import { AutoScaling } from './services/auto-scaling/auto-scaling';
import type { Group, GroupProps } from './services/auto-scaling/group';
import { CpuMetrics } from './services/cloudwatch/cpu-metrics';
import { autoScalingService } from './services/auto-scaling/service';
import type { RecoveryPointProps } from './services/backup/backup';
import { Backup } from './services/backup/backup';
import type { FileSystem, FileSystemProps } from './services/backup/file-systems';
import type { BackupJob } from './services/backup/jobs';
import type { RecoveryPoint } from './services/backup/recovery-points';
import { backupService } from './services/backup/service';
import type { Vault, VaultProps } from './services/backup/vaults';
import type { Subnet } from './services/ec2/addresses';
import { Ec2 } from './services/ec2/ec2';
import type { Image, ImageProps } from './services/ec2/images';
import type { Ec2Instance } from './services/ec2/instances';
import type { LaunchTemplate, LaunchTemplateProps } from './services/ec2/launch-templates';
import { ec2Service } from './services/ec2/service';
import type { Snapshot, SnapshotProps } from './services/ec2/snapshots';
import type { Volume, VolumeProps } from './services/ec2/volumes';
import { Elbv2 } from './services/elbv2/elbv2';
import { elbv2Service } from './services/elbv2/service';
import type { Target, TargetGroup, TargetGroupProps } from './services/elbv2/target-group';
import type { Database, DatabaseProps, DbCluster, DbClusterProps } from './services/rds/database';
import { Databases } from './services/rds/databases';
import type { DbSnapshot, DbSnapshotProps } from './services/rds/db-snapshots';
import { rdsService } from './services/rds/service';
import type { CommandDocument } from './services/ssm/documents';
import { RunCommand, runCommandService } from './services/ssm/run-command';

/** Where the simulated account is, and how it behaves. */
export interface CloudOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly journal: Journal;
  readonly region: string;
  readonly account: string;
  /** Overrides of {@link DEFAULT_TIMING}. */
  readonly timing?: Partial<Timing>;
  readonly hooks?: CloudHooks;
  /** Default `not-counted`. */
  readonly terminateInStandby?: TerminateInStandby;
}

/** A launch template of the scenario; `instanceRoleArn` is the role of the instance profile, which `iam:PassRole` is checked for. */
export interface CloudLaunchTemplateProps extends LaunchTemplateProps {
  readonly instanceRoleArn?: string;
}

/** An instance outside any group, the file server say; it has long been running. */
export interface CloudInstanceProps {
  readonly id: string;
  readonly imageId: string;
  readonly subnet: Subnet;
  readonly instanceType?: string;
  readonly privateIp?: string;
  /** Whether it is a managed node of Systems Manager; default true. */
  readonly managed?: boolean;
  readonly instanceProfileArn?: string;
  readonly securityGroupIds?: readonly string[];
  readonly tags?: Readonly<Record<string, string>>;
}

/**
 * The part of the simulated account that behaves over time: Auto Scaling, EC2 and EBS, the load balancers' target groups, RDS, AWS Backup,
 * and Systems Manager's Run Command.
 * The scenario sets it up with the `add` methods, connects it, and lets the clock run; the SDK clients reach it through {@link Cloud.services}.
 * What is added is already up at that moment: running, in service, healthy; the guests are not told of it.
 */
export class Cloud implements LoadBalancers {
  readonly services: readonly AwsService[];
  /** How busy the instances are, as CloudWatch tells it. */
  readonly cpu: CpuMetrics;
  private readonly world: Account;
  private readonly ec2: Ec2;
  private readonly elbv2: Elbv2;
  private readonly autoScaling: AutoScaling;
  private readonly databases: Databases;
  private readonly backup: Backup;
  private readonly runCommand: RunCommand;
  private readonly roles = new Map<string, string>();

  constructor(options: CloudOptions) {
    const timing = { ...DEFAULT_TIMING, ...options.timing };
    const random = options.random.fork('cloud');
    this.world = new Account(options.clock, random, options.journal, options.region, options.account, timing, options.hooks ?? {});
    this.ec2 = new Ec2(this.world);
    this.elbv2 = new Elbv2(this.world, this.ec2.instances);
    this.autoScaling = new AutoScaling(this.world, this.ec2, this.elbv2, options.terminateInStandby ?? 'not-counted');
    this.databases = new Databases(this.world);
    this.cpu = new CpuMetrics(options.clock, () =>
      this.ec2.instances.all().map((one) => ({ ...one, group: one.tags['aws:autoscaling:groupName'] })),
    );
    this.backup = new Backup(this.world, this.ec2, this.databases);
    this.runCommand = new RunCommand(this.world, this.ec2.instances);
    this.services = [
      this.cpu,
      autoScalingService(this.autoScaling, (profile) => this.roles.get(profile)),
      ec2Service(this.ec2, (profile) => this.roles.get(profile)),
      elbv2Service(this.elbv2),
      rdsService(this.databases),
      backupService(this.backup),
      runCommandService(this.runCommand),
    ];
  }

  /** Must be called before the clock runs. */
  connect(surroundings: Surroundings): void {
    this.world.connect(surroundings);
  }

  addImage(props: ImageProps): Image {
    return this.ec2.images.add(props);
  }

  /** Deregisters an image. @returns it; undefined when there is none */
  withdrawImage(id: string): Image | undefined {
    const image = this.ec2.images.find(id);
    this.ec2.images.remove(id);
    return image;
  }

  addLaunchTemplate({ instanceRoleArn, ...props }: CloudLaunchTemplateProps): LaunchTemplate {
    if (props.instanceProfileArn !== undefined && instanceRoleArn !== undefined) this.roles.set(props.instanceProfileArn, instanceRoleArn);
    return this.ec2.launchTemplates.add(props);
  }

  addTargetGroup(props: TargetGroupProps): TargetGroup {
    return this.elbv2.add(props);
  }

  /** The group's launch template and target groups must have been added. */
  addGroup(props: GroupProps): Group {
    return this.autoScaling.add(props);
  }

  addInstance(props: CloudInstanceProps): Ec2Instance {
    return this.ec2.instances.place({ instanceType: 'm6i.large', tags: {}, ...props }, this.world.clock.now());
  }

  addVolume(props: VolumeProps): Volume {
    return this.ec2.volumes.add(props);
  }

  addDbInstance(props: DatabaseProps): Database {
    return this.databases.add(props);
  }

  /** An Aurora cluster with its members, which are DB instances too. */
  addDbCluster(props: DbClusterProps): DbCluster {
    return this.databases.addCluster(props);
  }

  /** An EFS file system: AWS Backup alone knows it. */
  addFileSystem(props: FileSystemProps): FileSystem {
    return this.backup.fileSystems.add(props);
  }

  addBackupVault(props: VaultProps): Vault {
    return this.backup.vaults.add(props);
  }

  /** A document that Run Command can run, as the template has it. */
  addDocument(document: CommandDocument): void {
    this.runCommand.addDocument(document);
  }

  /** A snapshot that was there before; nothing is journalled, and none of its names is checked. */
  addSnapshot(props: SnapshotProps): Snapshot {
    return this.ec2.snapshots.add(props);
  }

  addDbSnapshot(props: DbSnapshotProps): DbSnapshot {
    return this.databases.snapshots.add('instance', props);
  }

  addDbClusterSnapshot({ clusterId, ...props }: Omit<DbSnapshotProps, 'databaseId'> & { readonly clusterId: string }): DbSnapshot {
    return this.databases.snapshots.add('cluster', { ...props, databaseId: clusterId });
  }

  /** The vault and the resource must have been added. */
  addRecoveryPoint(props: RecoveryPointProps): RecoveryPoint {
    return this.backup.addPoint(props);
  }

  /** A one-time scheduled action of the group at `time` (virtual milliseconds); ignored while `ScheduledActions` is suspended. */
  scheduledAction(group: string, time: number, desired: number, name = `to-${desired}`): void {
    this.autoScaling.schedule(this.autoScaling.get(group), { name, time, desired });
  }

  /** A scaling policy's alarm at `time` that wants another capacity; ignored while `AlarmNotification` is suspended. */
  scalingAlarm(group: string, time: number, desired: number): void {
    this.world.clock.at(time, () => {
      this.autoScaling.automatic(this.autoScaling.get(group), 'AlarmNotification', desired);
    });
  }

  /** Somebody changes the group's sizes, as in the console. */
  resizeByHand(group: string, change: { readonly min?: number; readonly max?: number; readonly desired?: number }): void {
    this.autoScaling.resize(this.autoScaling.get(group), change, 'a user request');
  }

  /** A fault: the group's health check finds the instance unhealthy, and never again otherwise. */
  markUnhealthy(group: string, id: string): void {
    const found = this.autoScaling.get(group);
    const member = found.members.get(id);
    if (member === undefined) return;
    member.health = 'Unhealthy';
    member.unhealthyBecause = 'an ELB system health check failure';
    this.autoScaling.resize(found, {}, '');
  }

  /** A fault: the instance dies now, without a word. */
  killInstance(id: string): void {
    this.ec2.instances.kill(id);
  }

  /** Every instance that ever was, terminated ones too, oldest first. */
  instances(): readonly Ec2Instance[] {
    return this.ec2.instances.all();
  }

  /** The group with its sizes, settings and members as they are now: read it, do not change it. */
  group(name: string): Group {
    return this.autoScaling.get(name);
  }

  targets(targetGroupArn: string): readonly Target[] {
    return this.elbv2.get(targetGroupArn).targets();
  }

  snapshots(): readonly Snapshot[] {
    return this.ec2.snapshots.all();
  }

  dbSnapshots(): readonly DbSnapshot[] {
    return this.databases.snapshots.all('instance');
  }

  dbClusterSnapshots(): readonly (DbSnapshot & { readonly clusterId: string })[] {
    return this.databases.snapshots.all('cluster').map((snapshot) => ({ ...snapshot, clusterId: snapshot.databaseId }));
  }

  recoveryPoints(): readonly RecoveryPoint[] {
    return this.backup.points.all();
  }

  backupJobs(): readonly BackupJob[] {
    return this.backup.jobs.all();
  }

  /** The mount points that are frozen on an instance now. */
  frozen(instanceId: string): readonly string[] {
    return this.runCommand.mounts.of(instanceId);
  }

  /** Whether no snapshot is being made, no backup job is on its way, and no recovery point is being deleted. */
  backupsDone(): boolean {
    return (
      this.snapshots().every(({ state }) => state !== 'pending') &&
      [...this.dbSnapshots(), ...this.dbClusterSnapshots()].every(({ status }) => status !== 'creating') &&
      this.backupJobs().every(({ endedAt }) => endedAt !== undefined) &&
      this.recoveryPoints().every(({ status }) => status !== 'DELETING')
    );
  }

  launchTemplate(id: string): LaunchTemplate {
    return this.ec2.launchTemplates.get({ LaunchTemplateId: id });
  }

  targetGroup(arn: string): TargetGroup {
    return this.elbv2.get(arn);
  }

  /** Somebody deregisters an image. */
  removeImage(id: string): void {
    this.ec2.images.remove(id);
  }

  dbInstance(id: string): Database {
    return this.databases.get(id);
  }

  route(targetGroupArn: string): string | undefined {
    return this.elbv2.route(targetGroupArn);
  }

  healthy(targetGroupArn: string): readonly string[] {
    return this.elbv2.healthy(targetGroupArn);
  }
}

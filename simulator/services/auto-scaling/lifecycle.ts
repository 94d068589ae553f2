import { AwsError } from '../../kernel/ports';
import type { Account } from '../account/account';
import { tagRecord } from '../account/operation';
import { draw } from '../account/timing';
import type { Ec2 } from '../ec2/ec2';
import type { Subnet } from '../ec2/addresses';
import type { Ec2Instance, LaunchRequest } from '../ec2/instances';
import type { Activities } from './activities';
import { timestamp } from './activities';
import type { Group, LifecycleState, Member } from './group';
import type { GroupTargets } from './target-groups';

/**
 * The members' way through their states: Pending, InService, EnteringStandby, Standby, Terminating.
 * https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-lifecycle.html
 */
export class Lifecycle {
  constructor(
    private readonly account: Account,
    private readonly ec2: Ec2,
    private readonly targets: GroupTargets,
    private readonly activities: Activities,
    /** Told when a member is in service, or gone. */
    private readonly settled: (group: Group, member: Member) => void,
  ) {}

  /** What an instance of this group is launched with now: the launch template's version is resolved at this moment. */
  request(group: Group, subnet: Subnet): { request: LaunchRequest; launchTemplate: Member['launchTemplate'] } {
    const { spec, instanceType, imageId } = group.launches();
    const template = this.ec2.launchTemplates.get(spec);
    const { number, data } = this.ec2.launchTemplates.version(template, spec.Version);
    const version = String(number);
    const specified = (data.TagSpecifications ?? [])
      .filter(({ ResourceType }) => ResourceType === 'instance')
      .flatMap(({ Tags }) => Tags ?? []);
    const propagated = [...group.tags].filter(([, tag]) => tag.propagate).map(([key, tag]) => [key, tag.value]);
    const tags = {
      ...tagRecord(specified),
      ...(Object.fromEntries(propagated) as Record<string, string>),
      'aws:autoscaling:groupName': group.name,
      'aws:ec2launchtemplate:id': template.id,
      'aws:ec2launchtemplate:version': version,
    };
    const request: LaunchRequest = {
      imageId: this.image(imageId ?? data.ImageId),
      subnet,
      instanceType: instanceType ?? data.InstanceType ?? 'm1.small',
      launchTemplateId: template.id,
      launchTemplateVersion: version,
      ...(data.IamInstanceProfile?.Arn !== undefined && { instanceProfileArn: data.IamInstanceProfile.Arn }),
      securityGroupIds: data.SecurityGroupIds ?? [],
      tags,
    };
    return { request, launchTemplate: { id: template.id, name: template.name, version } };
  }

  /** Id of the launch template in effect. */
  currentTemplateId(group: Group): string | undefined {
    return this.ec2.launchTemplates.find(group.launches().spec)?.id;
  }

  /** Launches an instance into the subnet; undefined when EC2 refuses, which leaves a failed activity. */
  launch(group: Group, subnet: Subnet, why: string): Member | undefined {
    const { clock } = this.account;
    const cause = `${group.lastChange}At ${timestamp(clock.now())} ${why}`;
    const zone = subnet.availabilityZone;
    try {
      const { request, launchTemplate } = this.request(group, subnet);
      const instance = this.ec2.instances.launch(request);
      const member = this.join(group, instance, launchTemplate, 'Pending');
      const description = `Launching a new EC2 instance: ${instance.id}`;
      member.activity = this.activities.begin(group, { description, cause, zone, status: 'PreInService', progress: 30 });
      return member;
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      const description = `Launching a new EC2 instance.  Status Reason: ${error.message}. Launching EC2 instance failed.`;
      const activity = this.activities.begin(group, { description, cause, zone, status: 'InProgress', progress: 0 });
      this.activities.end(group, activity, 'Failed', `${error.message}. Launching EC2 instance failed.`);
      return undefined;
    }
  }

  /** An instance that has been in service since long ago. */
  place(group: Group, subnet: Subnet, launchedAt: number): Member {
    const { request, launchTemplate } = this.request(group, subnet);
    const member = this.join(group, this.ec2.instances.place(request, launchedAt), launchTemplate, 'InService');
    member.inServiceSince = launchedAt;
    this.targets.place(group, member);
    return member;
  }

  /** The instance runs: a moment later its member serves. */
  running(group: Group, member: Member): void {
    const { clock, random, timing } = this.account;
    clock.after(draw(random, timing.enterService), () => {
      if (member.state !== 'Pending' || member.instance.state !== 'running') return;
      if (group.runs('AddToLoadBalancer')) this.targets.register(group, member);
      member.inServiceSince = clock.now();
      this.move(group, member, 'InService');
      this.activities.end(group, member.activity);
      this.settled(group, member);
    });
  }

  /** https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-enter-exit-standby.html */
  enterStandby(group: Group, member: Member, cause: string): void {
    const description = `Moving EC2 instance to Standby: ${member.id}`;
    const zone = member.instance.availabilityZone;
    const activity = this.activities.begin(group, { description, cause, zone, status: 'InProgress', progress: 50 });
    member.activity = activity;
    this.move(group, member, 'EnteringStandby');
    const drains = this.targets.leave(group, member, () => {
      this.move(group, member, 'Standby');
      this.activities.end(group, activity);
    });
    if (drains) this.activities.continue(group, activity, 'WaitingForELBConnectionDraining', 50);
  }

  exitStandby(group: Group, member: Member, cause: string): void {
    const description = `Moving EC2 instance out of Standby: ${member.id}`;
    const zone = member.instance.availabilityZone;
    member.activity = this.activities.begin(group, { description, cause, zone, status: 'PreInService', progress: 30 });
    this.move(group, member, 'Pending');
    this.running(group, member);
  }

  /** Deregisters the instance, waits until it is drained, then terminates it. */
  terminate(group: Group, member: Member, cause: string): void {
    this.activities.end(group, member.activity, 'Cancelled');
    const description = `Terminating EC2 instance: ${member.id}`;
    const zone = member.instance.availabilityZone;
    const activity = this.activities.begin(group, { description, cause, zone, status: 'InProgress', progress: 0 });
    member.activity = activity;
    this.move(group, member, 'Terminating');
    const drains = this.targets.leave(group, member, () => {
      this.activities.continue(group, activity, 'InProgress', 50);
      const instance = this.ec2.instances.terminate(member.id);
      if (instance.state === 'terminated') this.gone(group, member);
    });
    if (drains) this.activities.continue(group, activity, 'WaitingForELBConnectionDraining', 20);
  }

  /** The instance of a terminating member has ended. */
  gone(group: Group, member: Member): void {
    if (!group.members.delete(member.id)) return;
    this.record(group, member, 'Terminating', 'Terminated');
    this.activities.end(group, member.activity);
    this.settled(group, member);
  }

  private join(group: Group, instance: Ec2Instance, launchTemplate: Member['launchTemplate'], state: LifecycleState): Member {
    const member: Member = {
      id: instance.id,
      instance,
      launchTemplate,
      state,
      health: 'Healthy',
      protectedFromScaleIn: group.newInstancesProtectedFromScaleIn,
      inServiceSince: this.account.clock.now(),
    };
    group.members.set(member.id, member);
    if (state === 'Pending') this.record(group, member, 'None', state);
    return member;
  }

  private move(group: Group, member: Member, to: LifecycleState): void {
    const from = member.state;
    member.state = to;
    this.record(group, member, from, to);
  }

  private record(group: Group, { id }: Member, from: string, to: string): void {
    this.account.journal.record({ kind: 'lifecycle', id, group: group.name, from, to });
  }

  /** `resolve:ssm:NAME` is looked up at launch: https://docs.aws.amazon.com/autoscaling/ec2/userguide/using-systems-manager-parameters.html */
  private image(named: string | undefined): string {
    if (!named?.startsWith('resolve:ssm:')) return named ?? '';
    const parameter = named.slice('resolve:ssm:'.length);
    const id = this.account.hooks.resolveParameter?.(parameter);
    if (id === undefined) throw new AwsError('InvalidAMIID.Malformed', `The SSM parameter ${parameter} does not exist`);
    return id;
  }
}

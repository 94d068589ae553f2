import type { CloudOptions } from '../../../../simulator/cloud';
import { Cloud } from '../../../../simulator/cloud';
import { EventJournal } from '../../../../simulator/kernel/journal';
import { AwsError } from '../../../../simulator/kernel/ports';
import type { Authorization, Caller, Clock, Instance, ProbeAnswer, Timer } from '../../../../simulator/kernel/ports';
import { seeded } from '../../../../simulator/kernel/random';
import type { GroupProps } from '../../../../simulator/services/auto-scaling/group';
import type { TargetGroupProps } from '../../../../simulator/services/elbv2/target-group';

/** A synchronous clock: the tests say how far it goes. */
export class TestClock implements Clock {
  private time = Date.UTC(2026, 0, 6);
  private queue: { time: number; event: () => void }[] = [];

  now(): number {
    return this.time;
  }

  at(time: number, event: () => void): Timer {
    const entry = { time: Math.max(time, this.time), event };
    const index = this.queue.findIndex((other) => other.time > entry.time);
    this.queue.splice(index < 0 ? this.queue.length : index, 0, entry);
    return { cancel: () => void (this.queue = this.queue.filter((other) => other !== entry)) };
  }

  after(milliseconds: number, event: () => void): Timer {
    return this.at(this.time + milliseconds, event);
  }

  /** Lets so many seconds pass. */
  pass(seconds: number): void {
    const end = this.time + seconds * 1000;
    for (let next = this.queue[0]; next !== undefined && next.time <= end; next = this.queue[0]) {
      this.queue.shift();
      this.time = next.time;
      next.event();
    }
    this.time = end;
  }
}

export const WEB = 'arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/web/0123456789abcdef';
export const SSH = 'arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/ssh/fedcba9876543210';
export const ROLE = 'arn:aws:iam::123456789012:role/node';
export const SUBNETS = [
  { id: 'subnet-a', availabilityZone: 'eu-west-1a' },
  { id: 'subnet-b', availabilityZone: 'eu-west-1b' },
];

const CALLER: Caller = { roleLogicalId: 'Role', roleArn: 'arn:aws:iam::123456789012:role/test', name: 'test' };

/** What the instances answer; by default all that have booted answer 200. */
export interface Answers {
  get: (privateIp: string) => ProbeAnswer | undefined;
  /** When the last connection through this target ends; by target group ARN and instance id. */
  busy: Map<string, number>;
}

/** A cloud with a group `nodes`, its two target groups, and what surrounds it. */
export function world(group: Partial<GroupProps> = {}, options: Partial<CloudOptions> = {}, targetGroup: Partial<TargetGroupProps> = {}) {
  const clock = new TestClock();
  const journal = new EventJournal(clock);
  const cloud = new Cloud({ clock, random: seeded(7), journal, region: 'eu-west-1', account: '123456789012', ...options });
  const answers: Answers = { get: () => ({ status: 200, body: '' }), busy: new Map() };
  const heard: string[] = [];
  const cut: string[] = [];
  cloud.connect({
    guests: {
      started: (instance: Instance) => heard.push(`started ${instance.id}`),
      stopped: (instance: Instance, abrupt: boolean) => heard.push(`${abrupt ? 'vanished' : 'stopped'} ${instance.id}`),
    },
    network: { get: (ip) => answers.get(ip), connects: (ip) => answers.get(ip) !== undefined },
    connections: {
      busyUntil: (arn, id) => {
        const until = answers.busy.get(`${arn} ${id}`);
        return until !== undefined && until > clock.now() ? until : undefined;
      },
      cut: (arn, id) => {
        cut.push(`${arn} ${id}`);
        answers.busy.delete(`${arn} ${id}`);
      },
    },
  });
  cloud.addImage({ id: 'ami-old', name: 'bitbucket-9.4.20', tags: { version: '9.4.20' } });
  cloud.addImage({ id: 'ami-new', name: 'bitbucket-9.4.23', tags: { version: '9.4.23' } });
  cloud.addLaunchTemplate({
    id: 'lt-1',
    name: 'nodes',
    imageId: 'ami-old',
    instanceProfileArn: 'arn:aws:iam::123456789012:instance-profile/node',
    instanceRoleArn: ROLE,
    instanceTags: { Name: 'bitbucket' },
  });
  cloud.addTargetGroup({ arn: WEB, protocol: 'HTTP', port: 7990, healthCheck: { path: '/status', intervalSeconds: 10 }, ...targetGroup });
  cloud.addTargetGroup({ arn: SSH, protocol: 'TCP', port: 7999 });
  cloud.addGroup({
    name: 'nodes',
    min: 1,
    max: 6,
    desired: 4,
    launchTemplate: { LaunchTemplateId: 'lt-1', Version: '$Latest' },
    subnets: SUBNETS,
    targetGroupArns: [WEB, SSH],
    ...group,
  });
  /** `NAME`, or `CLIENT/NAME` where several services have one of that name. */
  const operation = (name: string) => {
    const [, only, short] = /^(?:(.+)\/)?(.+)$/.exec(name) ?? [];
    const found = cloud.services.find(({ client, operations }) => (only ?? client) === client && Object.hasOwn(operations, short ?? ''))
      ?.operations[short ?? ''];
    if (found === undefined) throw new Error(`${name} is not modelled`);
    return found;
  };
  return {
    clock,
    journal,
    cloud,
    answers,
    heard,
    cut,
    operation,
    /** Calls an operation, as the wire would after its authorization. The test says what it expects of the answer. */
    // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- a cast at each call would say the same, longer
    call: <T = Record<string, unknown>>(name: string, input: object): T => operation(name).call(input as never, CALLER) as T,
    authorize: (name: string, input: object): readonly Authorization[] => operation(name).authorize(input as never),
    /** Ids of the members in this state. */
    ids: (state: string): string[] =>
      cloud
        .group('nodes')
        .in(state as 'InService')
        .map(({ id }) => id),
    counted: (): number => cloud.group('nodes').counted().length,
    /** States of the group's members, sorted. */
    states: (): string[] => [...cloud.group('nodes').members.values()].map(({ state }) => state).sort(),
  };
}

export type World = ReturnType<typeof world>;

/** The error that an API answers: `CODE: message`. Any other error is the simulator's own, and goes on. */
export function refusal(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return `${error.code}: ${error.message}`;
  }
  return 'no error';
}

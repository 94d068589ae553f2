import type { Timer } from '../../kernel/ports';
import type { Account } from '../account/account';
import { draw } from '../account/timing';
import type { Ec2Instance } from '../ec2/instances';

/** How a target group asks its targets whether they are well. */
export interface HealthCheck {
  /** `TCP`: a connection is enough. */
  readonly protocol: 'HTTP' | 'HTTPS' | 'TCP';
  readonly port: number;
  readonly path: string;
  /** HTTP codes that are well: `200`, `200,202`, `200-299`. */
  readonly matcher: string;
  readonly intervalSeconds: number;
  readonly timeoutSeconds: number;
  readonly healthyThreshold: number;
  readonly unhealthyThreshold: number;
}

/** What has to be said of a target group; the rest has the defaults of AWS. */
export interface TargetGroupProps {
  readonly arn: string;
  readonly protocol: 'HTTP' | 'HTTPS' | 'TCP';
  readonly port: number;
  readonly healthCheck?: Partial<HealthCheck>;
  /** Default 300. */
  readonly deregistrationDelaySeconds?: number;
  /** Attributes that the API shows besides: `deregistration_delay.connection_termination.enabled` is heeded. */
  readonly attributes?: Readonly<Record<string, string>>;
}

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetHealth.html */
export interface Health {
  readonly state: 'initial' | 'healthy' | 'unhealthy' | 'draining' | 'unused';
  readonly reason?: string;
  readonly description?: string;
}

/** A registered, or still draining, target. */
export interface Target {
  readonly id: string;
  readonly health: Health;
}

interface Registered {
  readonly id: string;
  readonly instance: Ec2Instance;
  health: Health;
  /** Checks in a row with the same result. */
  passed: number;
  failed: number;
  timer: Timer | undefined;
}

const HEALTHY: Health = { state: 'healthy' };
const REGISTERING: Health = { state: 'initial', reason: 'Elb.RegistrationInProgress', description: 'Target registration is in progress' };
const CHECKING: Health = { state: 'initial', reason: 'Elb.InitialHealthChecking', description: 'Initial health checks in progress' };
const DRAINING: Health = {
  state: 'draining',
  reason: 'Target.DeregistrationInProgress',
  description: 'Target deregistration is in progress',
};

/** What is answered for a target that is not registered. */
export const NOT_REGISTERED: Health = {
  state: 'unused',
  reason: 'Target.NotRegistered',
  description: 'Target is not registered to the target group',
};

/** Whether an HTTP code is in a matcher: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_Matcher.html */
export const inMatcher = (matcher: string, status: number): boolean =>
  matcher.split(',').some((part) => {
    const [low = '', high = low] = part.split('-');
    return status >= Number(low) && status <= Number(high);
  });

/**
 * A target group: its targets, their health checks and their draining.
 * - A new target must pass one health check; an unhealthy one as many in a row as the healthy threshold says; one that fails as many
 *   in a row as the unhealthy threshold says is unhealthy.
 *   https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
 * - A deregistered target gets no new connection and is `draining` until its last connection has ended, or the deregistration delay has
 *   passed; without connections it is out at once. An Application Load Balancer then closes what is left
 *   (https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-target-group-attributes.html#deregistration-delay),
 *   a Network Load Balancer only if connection termination is on
 *   (https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-target-group-attributes.html#deregistration-delay).
 */
export class TargetGroup {
  readonly arn: string;
  readonly protocol: TargetGroupProps['protocol'];
  readonly port: number;
  readonly healthCheck: HealthCheck;
  readonly attributes: Readonly<Record<string, string>>;
  private readonly registered = new Map<string, Registered>();
  private turn = 0;

  constructor(
    private readonly account: Account,
    props: TargetGroupProps,
    private readonly changed: (group: TargetGroup, instanceId: string) => void,
  ) {
    this.arn = props.arn;
    this.protocol = props.protocol;
    this.port = props.port;
    this.healthCheck = {
      protocol: props.protocol,
      port: props.port,
      path: '/',
      matcher: '200',
      intervalSeconds: 30,
      timeoutSeconds: 5,
      healthyThreshold: 5,
      unhealthyThreshold: 2,
      ...props.healthCheck,
    };
    this.attributes = {
      'deregistration_delay.timeout_seconds': String(props.deregistrationDelaySeconds ?? 300),
      'stickiness.enabled': 'false',
      ...(props.protocol === 'TCP' && { 'deregistration_delay.connection_termination.enabled': 'false' }),
      ...props.attributes,
    };
  }

  /** Name in the ARN: `arn:...:targetgroup/NAME/ID`. */
  get name(): string {
    return this.arn.split('/')[1] ?? '';
  }

  targets(): readonly Target[] {
    return [...this.registered.values()];
  }

  health(instanceId: string): Health {
    return this.registered.get(instanceId)?.health ?? NOT_REGISTERED;
  }

  /** Registers an instance; one that is registered stays as it is, one that drains begins anew. */
  register(instance: Ec2Instance): void {
    const known = this.registered.get(instance.id);
    if (known !== undefined && known.health.state !== 'draining') return;
    known?.timer?.cancel();
    const target: Registered = {
      id: instance.id,
      instance,
      health: known?.health ?? NOT_REGISTERED,
      passed: 0,
      failed: 0,
      timer: undefined,
    };
    this.registered.set(instance.id, target);
    this.become(target, REGISTERING);
    target.timer = this.account.clock.after(draw(this.account.random, this.account.timing.registered), () => {
      this.become(target, CHECKING);
      this.check(target);
    });
  }

  /** Registers an instance that has long been healthy. */
  place(instance: Ec2Instance): void {
    const target: Registered = { id: instance.id, instance, health: HEALTHY, passed: 0, failed: 0, timer: undefined };
    this.registered.set(instance.id, target);
    const phase = this.account.random.integer(0, this.healthCheck.intervalSeconds * 1000 - 1);
    target.timer = this.account.clock.after(phase, () => {
      this.check(target);
    });
  }

  /** Deregisters a target; one that is not registered is no error. */
  deregister(instanceId: string): void {
    const target = this.registered.get(instanceId);
    if (target === undefined || target.health.state === 'draining') return;
    target.timer?.cancel();
    this.become(target, DRAINING);
    const delay = Number(this.attributes['deregistration_delay.timeout_seconds']) * 1000;
    this.drain(target, this.account.clock.now() + delay);
  }

  /** The instance has ended: its target goes. */
  drop(instanceId: string): void {
    const target = this.registered.get(instanceId);
    if (target === undefined) return;
    target.timer?.cancel();
    this.remove(target);
  }

  /** The next of the healthy targets; of all that are registered when none is healthy: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-target-groups.html#target-group-health */
  route(): string | undefined {
    const healthy = this.in('healthy');
    const candidates = healthy.length > 0 ? healthy : [...this.in('unhealthy'), ...this.in('initial')];
    this.turn += 1;
    return candidates[this.turn % candidates.length];
  }

  in(state: Health['state']): string[] {
    return [...this.registered.values()].filter(({ health }) => health.state === state).map(({ id }) => id);
  }

  private check(target: Registered): void {
    const failure = this.probe(target.instance);
    if (failure === undefined) {
      target.failed = 0;
      target.passed += 1;
      const needed = target.health.state === 'unhealthy' ? this.healthCheck.healthyThreshold : 1;
      if (target.health.state !== 'healthy' && target.passed >= needed) this.become(target, HEALTHY);
    } else {
      target.passed = 0;
      target.failed += 1;
      if (target.failed >= this.healthCheck.unhealthyThreshold) this.become(target, failure);
    }
    target.timer = this.account.clock.after(this.healthCheck.intervalSeconds * 1000, () => {
      this.check(target);
    });
  }

  /** Undefined when the target answers as it should. */
  private probe(instance: Ec2Instance): Health | undefined {
    const { protocol, port, path, matcher } = this.healthCheck;
    const { network } = this.account.surroundings;
    const failed: Health = { state: 'unhealthy', reason: 'Target.FailedHealthChecks', description: 'Health checks failed' };
    if (instance.state !== 'running') return failed;
    if (protocol === 'TCP') return network.connects(instance.privateIp, port) ? undefined : failed;
    const answer = network.get(instance.privateIp, port, path);
    if (answer === undefined) return failed;
    if (inMatcher(matcher, answer.status)) return undefined;
    const description = `Health checks failed with these codes: [${answer.status}]`;
    return { state: 'unhealthy', reason: 'Target.ResponseCodeMismatch', description };
  }

  private drain(target: Registered, deadline: number): void {
    const { clock, random, timing } = this.account;
    const busyUntil = this.account.surroundings.connections.busyUntil(this.arn, target.id);
    if (busyUntil === undefined) {
      target.timer = clock.after(draw(random, timing.deregistered), () => {
        this.remove(target);
      });
    } else if (clock.now() >= deadline) {
      this.closeWhatIsLeft(target);
      this.remove(target);
    } else {
      // one millisecond later, so that a connection that ends just then has ended
      target.timer = clock.at(Math.min(Math.max(busyUntil, clock.now()) + 1, deadline), () => {
        this.drain(target, deadline);
      });
    }
  }

  private closeWhatIsLeft(target: Registered): void {
    const terminates = this.protocol !== 'TCP' || this.attributes['deregistration_delay.connection_termination.enabled'] === 'true';
    if (terminates) this.account.surroundings.connections.cut(this.arn, target.id, 'the deregistration delay has passed');
  }

  private remove(target: Registered): void {
    this.registered.delete(target.id);
    this.become(target, NOT_REGISTERED);
  }

  private become(target: Registered, health: Health): void {
    const from = target.health.state;
    target.health = health;
    if (from === health.state) return;
    const { state: to, reason } = health;
    this.account.journal.record({
      kind: 'target',
      targetGroup: this.arn,
      id: target.id,
      from,
      to,
      ...(reason !== undefined && { reason }),
    });
    this.changed(this, target.id);
  }
}

import type { RuleResource, RuleTarget } from '../../assembly/deployment';
import type { Authorization, Caller, Clock, Journal, Random } from '../../kernel/ports';
import { uuidOf } from '../../kernel/random';
import type { Execution } from '../../states/execution';
import { matches } from './pattern';
import { statusChange } from './status-change';
import { targetInput } from './target-input';

/** From the change until a target is told, in virtual milliseconds: about half a second as a rule (https://aws.amazon.com/eventbridge/faqs/) */
const DELIVERY_MS: readonly [number, number] = [300, 2000];

/** What may happen to a delivery: the service promises it at least once for some events and at best effort for others. */
export type DeliveryFault = 'lost' | 'twice';

/** An event on its way to a target. */
export interface Delivery {
  readonly rule: string;
  readonly event: Readonly<Record<string, unknown>>;
  readonly targetArn: string;
}

/** What the bus needs of the simulation. */
export interface BusHost {
  readonly clock: Clock;
  readonly random: Random;
  readonly journal: Journal;
  readonly region: string;
  readonly account: string;
  readonly rules: readonly RuleResource[];
  callerOf(rule: RuleResource, target: RuleTarget): Caller;
  authorize(
    caller: Caller,
    authorization: Authorization,
  ): { readonly allowed: true } | { readonly allowed: false; readonly reason: string };
  start(machineArn: string, input: string, name: string): Execution;
}

/** EventBridge's default bus: brings status changes of executions to the template's rules, whose targets are state machines. */
export class EventBus {
  private readonly random: Random;
  private readonly faults: ((delivery: Delivery) => DeliveryFault | undefined)[] = [];
  private underWay = 0;

  constructor(private readonly host: BusHost) {
    this.random = host.random.fork('events');
  }

  /** Deliveries that have not arrived yet. */
  get pending(): number {
    return this.underWay;
  }

  /** Asks before each delivery whether it meets a fault; the first fault counts. */
  intercept(fault: (delivery: Delivery) => DeliveryFault | undefined): void {
    this.faults.push(fault);
  }

  /** An execution has started, or ended. */
  changed(execution: Execution): void {
    if (this.host.rules.length === 0) return;
    const event = statusChange(execution, uuidOf(this.random), this.host);
    for (const rule of this.host.rules) {
      if (!rule.enabled || !matches(rule.pattern, event)) continue;
      for (const target of rule.targets) {
        const fault = this.faults
          .map((ask) => ask({ rule: rule.logicalId, event, targetArn: target.arn }))
          .find((found) => found !== undefined);
        if (fault !== undefined) this.host.journal.record({ kind: 'fault', name: `event-${fault}`, rule: rule.logicalId });
        const times = fault === undefined ? 1 : fault === 'lost' ? 0 : 2;
        for (let i = 0; i < times; i++) this.send(rule, target, event);
      }
    }
  }

  private send(rule: RuleResource, target: RuleTarget, event: Readonly<Record<string, unknown>>): void {
    this.underWay += 1;
    const name = `${String(event['id'])}_${uuidOf(this.random)}`;
    this.host.clock.after(this.random.integer(...DELIVERY_MS), () => {
      this.underWay -= 1;
      const refusal = this.deliver(rule, target, event, name);
      this.host.journal.record({
        kind: 'event',
        rule: rule.logicalId,
        target: target.arn,
        source: (event['detail'] as { executionArn: string }).executionArn,
        status: (event['detail'] as { status: string }).status,
        ...(refusal === undefined ? { execution: name } : { error: refusal }),
      });
    });
  }

  /** A refusal is not tried again: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html, missing permissions. */
  private deliver(rule: RuleResource, target: RuleTarget, event: Readonly<Record<string, unknown>>, name: string): string | undefined {
    const decision = this.host.authorize(this.host.callerOf(rule, target), { action: 'states:StartExecution', resources: [target.arn] });
    if (!decision.allowed) return decision.reason;
    try {
      this.host.start(target.arn, targetInput(target, event, rule), name);
      return undefined;
    } catch (error) {
      return (error as Error).message;
    }
  }
}

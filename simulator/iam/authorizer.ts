import { findAction, namesAnyAction, takesConditionKey } from './actions';
import { conditionHolds, parseOperator } from './conditions';
import type { RequestContext } from './conditions';
import type { Statement } from './policy';
import { matchesAction, matchesArn } from './wildcards';
import type { Authorization, Caller } from '../kernel/ports';

/** A role of the template with everything that it is allowed and denied. */
export interface RolePolicies {
  readonly logicalId: string;
  readonly arn: string;
  readonly name: string;
  readonly statements: readonly Statement[];
}

/** A call that no policy allowed. */
export interface DeniedCall {
  readonly role: string;
  readonly caller: string;
  readonly action: string;
  readonly resource: string;
  readonly reason: string;
}

/** An action (or pattern) that a role is granted and no call ever needed. */
export interface UnusedGrant {
  readonly role: string;
  readonly action: string;
}

/** An answer to a question: why not, and else the grants by which. */
interface Answer {
  readonly why?: string;
  readonly used: readonly string[];
}

/** The same question has the same answer: policies do not change, and simulations share those of a deployment. */
const answers = new WeakMap<readonly RolePolicies[], Map<string, Answer>>();

export type Decision = { readonly allowed: true } | { readonly allowed: false; readonly reason: string };

/** Callers that are the simulator's own: an operator with all rights, or an AWS service acting for itself. */
const OWN_ACTORS = new Set(['user', 'service']);

/** Grants that the Lambda and Step Functions services use by themselves: logs, traces, network interfaces, log delivery. */
const USED_BY_RUNTIME =
  /^(logs|xray):|^ec2:(Create|Delete|Describe|Assign|Unassign)\w*NetworkInterface|^ec2:\w*PrivateIpAddresses$|^ec2:DescribeSubnets$/i;

/**
 * The documented evaluation of identity policies: an explicit deny wins, then an allow is needed.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export class PolicyAuthorizer {
  private readonly roles: ReadonlyMap<string, RolePolicies>;
  private readonly used = new Set<string>();
  private readonly denied: DeniedCall[] = [];
  private readonly answered: Map<string, Answer>;

  constructor(
    roles: readonly RolePolicies[],
    private readonly region: string,
    private readonly account: string,
  ) {
    this.roles = new Map(roles.map((role) => [role.logicalId, role]));
    this.answered = answers.get(roles) ?? new Map<string, Answer>();
    answers.set(roles, this.answered);
  }

  /**
   * Whether the caller's role may do this; the reason is AWS's own sentence.
   *
   * @throws Error when the authorization itself is wrong: an action, condition key or resource type that AWS does not document.
   */
  authorize(caller: Caller, authorization: Authorization): Decision {
    if (OWN_ACTORS.has(caller.roleLogicalId)) return { allowed: true };
    const role = this.roles.get(caller.roleLogicalId);
    if (role === undefined) throw new Error(`The template has no role ${caller.roleLogicalId} (caller ${caller.name}).`);
    const question = `${role.logicalId} ${authorization.action} ${JSON.stringify(authorization.context ?? '')}`;
    for (const resource of authorization.resources) {
      const key = `${question} ${resource}`;
      let answer = this.answered.get(key);
      if (answer === undefined) {
        checkAuthorization(authorization);
        answer = answerOf(role, authorization.action, resource, this.contextOf(caller, authorization));
        this.answered.set(key, answer);
      }
      const { why, used } = answer;
      for (const grant of used) this.used.add(grant);
      if (why === undefined) continue;
      const reason = `User: ${this.sessionArn(role, caller)} is not authorized to perform: ${authorization.action} on resource: ${resource} ${why}`;
      this.denied.push({ role: role.logicalId, caller: caller.name, action: authorization.action, resource, reason });
      return { allowed: false, reason };
    }
    return { allowed: true };
  }

  deniedCalls(): readonly DeniedCall[] {
    return this.denied;
  }

  /** Grants that no call needed so far; managed policies and what the runtime itself uses are left out. */
  unusedGrants(): UnusedGrant[] {
    const unused = new Map<string, UnusedGrant>();
    for (const role of this.roles.values()) {
      for (const statement of role.statements) {
        if (statement.effect !== 'Allow' || statement.managed) continue;
        for (const action of statement.actions ?? []) {
          const key = grantKey(role, action);
          if (!this.used.has(key) && !USED_BY_RUNTIME.test(action)) unused.set(key, { role: role.logicalId, action });
        }
      }
    }
    return [...unused.values()];
  }

  /** What is wrong with the policies themselves: unknown actions, and conditions that can never match. */
  problems(): string[] {
    const found: string[] = [];
    for (const role of this.roles.values()) {
      for (const statement of role.statements) {
        Object.keys(statement.conditions).forEach(parseOperator);
        const keys = Object.values(statement.conditions).flatMap((condition) => Object.keys(condition));
        for (const pattern of [...(statement.actions ?? []), ...(statement.notActions ?? [])]) {
          if (!namesAnyAction(pattern)) found.push(`Role ${role.logicalId}: AWS documents no action ${pattern}.`);
          const action = findAction(pattern);
          const foreign = action === undefined ? [] : keys.filter((key) => !takesConditionKey(action, key));
          if (foreign.length > 0) found.push(`Role ${role.logicalId}: ${pattern} does not take the condition key ${foreign.join(', ')}.`);
        }
      }
    }
    return found;
  }

  private contextOf(caller: Caller, authorization: Authorization): RequestContext {
    const context = new Map<string, readonly string[]>([
      ['aws:requestedregion', [this.region]],
      ['aws:principalaccount', [this.account]],
      ['aws:principalarn', [caller.roleArn]],
      ['aws:securetransport', ['true']],
    ]);
    for (const [key, value] of Object.entries(authorization.context ?? {})) {
      context.set(key.toLowerCase(), typeof value === 'string' ? [value] : value);
    }
    return context;
  }

  private sessionArn(role: RolePolicies, caller: Caller): string {
    return `arn:aws:sts::${this.account}:assumed-role/${role.name}/${caller.name}`;
  }
}

function answerOf(role: RolePolicies, action: string, resource: string, context: RequestContext): Answer {
  const matching = role.statements.filter((statement) => applies(statement, action, resource, context));
  if (matching.some((statement) => statement.effect === 'Deny'))
    return { why: 'with an explicit deny in an identity-based policy', used: [] };
  if (matching.length === 0) return { why: `because no identity-based policy allows the ${action} action`, used: [] };
  const patterns = matching.flatMap(({ actions = [] }) => actions.filter((pattern) => matchesAction(pattern, action)));
  return { used: patterns.map((pattern) => grantKey(role, pattern)) };
}

const grantKey = (role: RolePolicies, pattern: string): string => `${role.logicalId} ${pattern.toLowerCase()}`;

function applies(statement: Statement, action: string, resource: string, context: RequestContext): boolean {
  if (statement.actions?.some((pattern) => matchesAction(pattern, action)) === false) return false;
  if (statement.notActions?.some((pattern) => matchesAction(pattern, action)) === true) return false;
  if (statement.resources?.some((pattern) => matchesArn(pattern, resource)) === false) return false;
  if (statement.notResources?.some((pattern) => matchesArn(pattern, resource)) === true) return false;
  return Object.entries(statement.conditions).every(([operator, keys]) =>
    Object.entries(keys).every(([key, values]) => conditionHolds(operator, key, values, context)),
  );
}

/** A simulated service must ask for what AWS documents; anything else is a mistake in the simulator. */
function checkAuthorization({ action, resources, context }: Authorization): void {
  const documented = findAction(action);
  if (documented === undefined) throw new Error(`A simulated service asks for ${action}, which AWS does not document.`);
  for (const key of Object.keys(context ?? {})) {
    if (!takesConditionKey(documented, key))
      throw new Error(`A simulated service gives ${action} the condition key ${key}, which it does not take.`);
  }
  for (const resource of resources) {
    const fits = resource === '*' || documented.resourcePatterns.some((pattern) => pattern.test(resource));
    if (!fits) throw new Error(`A simulated service asks for ${action} on ${resource}, which is not a resource type of that action.`);
  }
}

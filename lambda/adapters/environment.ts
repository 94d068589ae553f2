import type { ApprovalsSpec, GateSpec } from '../../lib/contract/approvals';
import { APPROVAL_GATES } from '../../lib/contract/approvals';
import type { BackupSpec, BakeSpec, ChecksSpec, Limits, NodeImagesSpec } from '../../lib/contract/environment';
import { ENV } from '../../lib/contract/environment';
import type { Plan } from '../../lib/contract/events';
import { TaskError } from '../core/errors';
import type { Policy } from '../core/recovery';
import { POLICIES } from '../core/recovery';

/** How Bitbucket is reached. */
export interface BitbucketAccess {
  /** With the context path, without a trailing slash. */
  readonly baseUrl: string;
  readonly nodePort: number;
  readonly nodeProtocol: 'http' | 'https';
  readonly credentialsSecretArn: string;
  /** Empty when the chain of trust is public. */
  readonly caCertificateSecretArn: string;
}

/** Reads variables and collects what is wrong with them. */
export interface EnvironmentReader {
  /** A variable that must be there. */
  text(name: string): string;
  /** A variable that may be missing: empty then. */
  optional(name: string): string;
  list(name: string): readonly string[];
  /** A list that may be missing or empty. */
  optionalList(name: string): readonly string[];
  limits(): Limits;
  nodeImages(): NodeImagesSpec;
  capacity(): Plan['capacity'];
  bake(): BakeSpec;
  checks(): ChecksSpec;
  backup(): BackupSpec;
  /** The gates that are configured; none when the variable is missing. */
  approvals(): ApprovalsSpec;
  failurePolicy(): Policy;
  /** A whole number from 0. */
  count(name: string): number;
  bitbucket(): BitbucketAccess;
}

const LIMITS = ['bootTimeout', 'drainLimit', 'backupTimeout', 'finalizeTimeout', 'minPollInterval', 'maxPollInterval'] as const;

/**
 * Reads a function's environment as `read` says.
 *
 * @throws ConfigurationInvalid with every variable that is missing or malformed
 */
export function readEnvironment<T>(read: (reader: EnvironmentReader) => T, variables: NodeJS.ProcessEnv = process.env): T {
  const problems: string[] = [];
  const value = read(new Reader(variables, problems));
  if (problems.length > 0) {
    throw new TaskError(
      'ConfigurationInvalid',
      `The function's environment is not as the construct sets it: ${problems.join('; ')}. Deploy the stack again; do not edit the function.`,
    );
  }
  return value;
}

class Reader implements EnvironmentReader {
  constructor(
    private readonly variables: NodeJS.ProcessEnv,
    private readonly problems: string[],
  ) {}

  text(name: string): string {
    const value = this.optional(name);
    if (value === '') this.problems.push(`${name} is missing`);
    return value;
  }

  optional(name: string): string {
    return this.variables[name] ?? '';
  }

  list(name: string): readonly string[] {
    return split(this.text(name));
  }

  optionalList(name: string): readonly string[] {
    return split(this.optional(name));
  }

  limits(): Limits {
    const limits = this.json<Limits>(ENV.LIMITS);
    const wrong = LIMITS.filter((key) => !Number.isInteger(limits[key]) || Number(limits[key]) < 1);
    if (this.variables[ENV.LIMITS] && wrong.length > 0)
      this.problems.push(`${ENV.LIMITS}: ${wrong.join(', ')} must be whole numbers from 1`);
    return limits as Limits;
  }

  nodeImages(): NodeImagesSpec {
    const spec = this.json<NodeImagesSpec>(ENV.NODE_IMAGES);
    if (spec.kind !== undefined && !['tag', 'parameter', 'map'].includes(spec.kind))
      this.problems.push(`${ENV.NODE_IMAGES}: kind ${spec.kind} is not known`);
    return spec as NodeImagesSpec;
  }

  capacity(): Plan['capacity'] {
    const value = this.text(ENV.CAPACITY);
    if (value !== '' && value !== 'surge' && value !== 'within-capacity')
      this.problems.push(`${ENV.CAPACITY} must be surge or within-capacity`);
    return value as Plan['capacity'];
  }

  bake(): BakeSpec {
    const bake = this.json<BakeSpec>(ENV.BAKE);
    const isDuration = (value: unknown): boolean => Number.isInteger(value) && Number(value) >= 0;
    if (this.variables[ENV.BAKE] && !(isDuration(bake.first) && isDuration(bake.each) && Array.isArray(bake.alarms)))
      this.problems.push(`${ENV.BAKE} must have first and each in whole seconds, and a list of alarms`);
    return bake as BakeSpec;
  }

  checks(): ChecksSpec {
    const checks = this.json<ChecksSpec>(ENV.CHECKS);
    const { changeCalendars, alarms, maxCpu, loadHours } = checks;
    const isAbove = (value: unknown, least: number): boolean => typeof value === 'number' && value >= least;
    if (
      this.variables[ENV.CHECKS] &&
      !(Array.isArray(changeCalendars) && Array.isArray(alarms) && isAbove(maxCpu, 1) && isAbove(loadHours, 1))
    )
      this.problems.push(`${ENV.CHECKS} must have lists of changeCalendars and alarms, maxCpu in percent and loadHours, both from 1`);
    return checks as ChecksSpec;
  }

  backup(): BackupSpec {
    const backup = this.json<BackupSpec>(ENV.BACKUP);
    const wrong = (['skewLimit', 'startLimit', 'reuseWithin'] as const).filter(
      (key) => !(Number.isInteger(backup[key]) && Number(backup[key]) >= 0),
    );
    if (this.variables[ENV.BACKUP] && !(wrong.length === 0 && Array.isArray(backup.parts) && Array.isArray(backup.warnings)))
      this.problems.push(`${ENV.BACKUP} must have lists of parts and warnings, and skewLimit, startLimit and reuseWithin in whole seconds`);
    return backup as BackupSpec;
  }

  approvals(): ApprovalsSpec {
    if (this.optional(ENV.APPROVALS) === '') return {};
    const gates = this.json<ApprovalsSpec>(ENV.APPROVALS);
    const isGate = ([name, { timeLimit, ifUnanswered }]: [string, GateSpec]): boolean =>
      (APPROVAL_GATES as readonly string[]).includes(name) &&
      Number.isInteger(timeLimit) &&
      ['stop', 'approve', 'reject'].includes(ifUnanswered);
    if (!Object.entries(gates).every(isGate))
      this.problems.push(`${ENV.APPROVALS} must have gates of ${APPROVAL_GATES.join(', ')}, each with timeLimit and ifUnanswered`);
    return gates;
  }

  failurePolicy(): Policy {
    const value = this.text(ENV.FAILURE_POLICY);
    const policy = POLICIES.find((known) => known === value);
    if (value !== '' && policy === undefined) this.problems.push(`${ENV.FAILURE_POLICY} must be ${POLICIES.join(', ')}`);
    return policy ?? 'hold';
  }

  count(name: string): number {
    const value = this.text(name);
    if (value !== '' && !/^\d+$/.test(value)) this.problems.push(`${name} must be a whole number from 0`);
    return Number(value);
  }

  bitbucket(): BitbucketAccess {
    const nodeProtocol = this.text(ENV.NODE_PROTOCOL);
    if (nodeProtocol !== '' && nodeProtocol !== 'http' && nodeProtocol !== 'https')
      this.problems.push(`${ENV.NODE_PROTOCOL} must be http or https`);
    const nodePort = Number(this.text(ENV.NODE_PORT));
    if (!Number.isInteger(nodePort)) this.problems.push(`${ENV.NODE_PORT} must be a number`);
    return {
      baseUrl: this.url(ENV.BASE_URL),
      nodePort,
      nodeProtocol: nodeProtocol as BitbucketAccess['nodeProtocol'],
      credentialsSecretArn: this.text(ENV.CREDENTIALS_SECRET_ARN),
      caCertificateSecretArn: this.optional(ENV.CA_CERTIFICATE_SECRET_ARN),
    };
  }

  private url(name: string): string {
    const value = this.text(name).replace(/\/+$/, '');
    if (value !== '' && !/^https?:\/\/[^/]+/.test(value)) this.problems.push(`${name} must be an http or https URL`);
    return value;
  }

  private json<T>(name: string): Partial<T> {
    const text = this.text(name);
    try {
      return text === '' ? {} : (JSON.parse(text) as Partial<T>);
    } catch {
      this.problems.push(`${name} must be JSON`);
      return {};
    }
  }
}

const split = (text: string): readonly string[] =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');

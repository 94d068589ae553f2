import Ajv from 'ajv';
import type { ErrorObject } from 'ajv';
import type { AlarmGoesOff, Fault } from './fault';
import type { Expectation, Scenario, ScenarioAnswer } from './scenario';
import schema from './scenario.schema.json';
import { GATES, withApproverDefaults } from './approvals';
import { backupContradictions } from './backup-parse';
import { nearest } from './nearest';
import type { GivenSchedule } from './schedule-parse';
import { scheduleContradictions, withScheduleDefaults } from './schedule-parse';

/** A scenario that is not allowed: every mistake at once. */
export class ScenarioInvalid extends Error {
  constructor(
    readonly mistakes: readonly string[],
    source: string,
  ) {
    super(`${source} is no scenario:\n${mistakes.map((mistake) => `  - ${mistake}`).join('\n')}`);
    this.name = 'ScenarioInvalid';
  }
}

const validate = new Ajv({
  allErrors: true,
  useDefaults: false,
  discriminator: true,
  strict: true,
  strictRequired: false,
  verbose: true,
}).compile(schema);

/** Checks a scenario and fills in what it leaves out. Throws {@link ScenarioInvalid}, which names every mistake and its place. */
export function parseScenario(value: unknown, source = 'the scenario'): Scenario {
  if (!validate(value)) throw new ScenarioInvalid(describe(validate.errors ?? []), source);
  const scenario = withDefaults(value as Given);
  const mistakes = contradictions(scenario);
  if (mistakes.length > 0) throw new ScenarioInvalid(mistakes, source);
  return scenario;
}

/** Checks the text of a scenario file. Throws {@link ScenarioInvalid}. */
export function parseScenarioText(text: string, source: string): Scenario {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new ScenarioInvalid([`it is not JSON: ${(error as Error).message}`], source);
  }
  return parseScenario(value, source);
}

/** Keys whose own keys have defaults. */
type Section = 'cluster' | 'timing' | 'traffic' | 'backup' | 'bitbucket' | 'account';
type Partially<T> = { readonly [K in keyof T]?: T[K] };
type Given = Partially<Omit<Scenario, Section | 'expect' | 'operator' | 'approvers' | 'thenStart' | 'schedule'>> & {
  readonly cluster?: Partially<Scenario['cluster']>;
  readonly timing?: Partially<Scenario['timing']>;
  readonly traffic?: Partially<Scenario['traffic']>;
  readonly backup?: Partially<Scenario['backup']>;
  readonly bitbucket?: Partially<Scenario['bitbucket']>;
  readonly account?: Partially<Scenario['account']>;
  readonly expect?: Partially<Scenario['expect']>;
  readonly schedule?: GivenSchedule;
  readonly denyAction?: string;
  readonly alarms?: readonly Omit<AlarmGoesOff, 'name'>[];
  readonly abort?: Omit<Fault & { readonly name: 'abort' }, 'name'>;
  readonly operator?: readonly Partially<ScenarioAnswer>[];
  readonly approvers?: Parameters<typeof withApproverDefaults>[0];
  readonly thenStart?: { readonly request?: Scenario['request']; readonly redrive?: boolean; readonly expect?: Partial<Expectation> };
};

/** The defaults stand in the schema, where people look them up: they are read from there. */
function defaultsOf<S extends Section>(section: S): Scenario[S] {
  const properties = Object.entries(schema.properties[section].properties as Record<string, { default?: unknown }>);
  return Object.fromEntries(
    properties.flatMap(([key, property]) => ('default' in property ? [[key, property.default]] : [])),
  ) as unknown as Scenario[S];
}

function withDefaults(given: Given): Scenario {
  const nodes = given.cluster?.nodes ?? schema.properties.cluster.properties.nodes.default;
  return {
    title: given.title ?? '',
    seed: given.seed ?? schema.properties.seed.default,
    cluster: { ...defaultsOf('cluster'), minSize: nodes, maxSize: nodes, ...given.cluster },
    timing: { ...defaultsOf('timing'), ...given.timing },
    traffic: { ...defaultsOf('traffic'), ...given.traffic },
    backup: { ...defaultsOf('backup'), ...given.backup },
    bitbucket: { ...defaultsOf('bitbucket'), ...given.bitbucket },
    account: { ...defaultsOf('account'), ...given.account },
    capacity: given.capacity ?? 'surge',
    deniedVersions: given.deniedVersions ?? [],
    limits: given.limits ?? {},
    ...(given.failurePolicy !== undefined && { failurePolicy: given.failurePolicy }),
    ...(given.replacementBudget !== undefined && { replacementBudget: given.replacementBudget }),
    bake: given.bake ?? {},
    operator: (given.operator ?? []).map((answer) => ({ afterSeconds: 60, ...answer }) as ScenarioAnswer),
    approvals: given.approvals ?? {},
    approvers: withApproverDefaults(given.approvers ?? {}),
    terminateInStandby: given.terminateInStandby ?? 'not-counted',
    request: given.request ?? schema.properties.request.default,
    faults: faultsOf(given),
    expect: { status: 'SUCCEEDED', ...given.expect },
    ...(given.schedule !== undefined && { schedule: withScheduleDefaults(given.schedule) }),
    ...(given.thenStart !== undefined && {
      thenStart: { ...given.thenStart, expect: { status: 'SUCCEEDED', ...given.thenStart.expect } },
    }),
  };
}

/** The faults and what is short for one, each with its defaults. */
function faultsOf({ faults, denyAction, alarms, abort }: Given): Fault[] {
  const all = [
    ...(faults ?? []),
    ...(denyAction === undefined ? [] : [{ name: 'deny-action', action: denyAction }]),
    ...(alarms ?? []).map((alarm) => ({ name: 'alarm', ...alarm })),
    ...(abort === undefined ? [] : [{ name: 'abort', ...abort }]),
  ];
  return all.map(withFaultDefaults);
}

/** Fills in the defaults that the schema gives the parameters of a fault, itself or by a definition. */
function withFaultDefaults(given: { readonly name: string }): Fault {
  const variant = schema.properties.faults.items.oneOf.find(({ title }) => title === given.name);
  const definitions = schema.definitions as Readonly<Record<string, { readonly default?: unknown } | undefined>>;
  const defaults = Object.entries((variant?.properties ?? {}) as Record<string, { default?: unknown; $ref?: string }>).flatMap(
    ([key, property]) => {
      const value = property.default ?? definitions[property.$ref?.split('/').at(-1) ?? '']?.default;
      return value === undefined || (key === 'launch' && 'node' in given) ? [] : [[key, value] as const];
    },
  );
  return { ...Object.fromEntries(defaults), ...given } as unknown as Fault;
}

/** What a schema cannot say. */
function contradictions(scenario: Scenario): string[] {
  const { cluster, timing, traffic, backup, approvals, approvers, faults } = scenario;
  const mistakes: string[] = [...backupContradictions(backup, faults), ...scheduleContradictions(scenario)];
  if (cluster.minSize > cluster.nodes || cluster.maxSize < cluster.nodes) {
    mistakes.push(`cluster.nodes is ${cluster.nodes}, allowed is minSize ${cluster.minSize} to maxSize ${cluster.maxSize}`);
  }
  if (!cluster.images.includes(cluster.version)) {
    mistakes.push(`cluster.images has no image of the running version ${cluster.version}: add it`);
  }
  for (const [section, values] of Object.entries({ timing, traffic })) {
    for (const [key, range] of Object.entries(values)) {
      if (Array.isArray(range) && range[0] > range[1]) {
        mistakes.push(`${section}.${key} is [${range.join(', ')}]: the least comes first, then the most`);
      }
    }
  }
  for (const gate of GATES) {
    if (approvers[gate] !== undefined && approvals[gate] === undefined) {
      mistakes.push(`approvers.${gate} answers what nobody asks: add approvals.${gate}`);
    }
  }
  for (const fault of faults) {
    if ('node' in fault && (fault.node ?? 0) > cluster.nodes) {
      mistakes.push(`the fault ${fault.name} names node ${fault.node ?? 0}, allowed is 1 to ${cluster.nodes}`);
    }
  }
  return mistakes;
}

function describe(errors: readonly ErrorObject[]): string[] {
  return [...new Set(errors.map(describeOne))];
}

function describeOne({ keyword, instancePath, params, message, data, parentSchema, schema: allowed }: ErrorObject): string {
  const place = instancePath === '' ? 'the top level' : instancePath.slice(1).replaceAll('/', '.');
  if (keyword === 'additionalProperties') {
    const key = String(params['additionalProperty']);
    const known = Object.keys((parentSchema?.['properties'] ?? {}) as object);
    const hint = nearest(key, known);
    return `unknown key "${key}" at ${place}: ${hint === undefined ? '' : `did you mean "${hint}"? `}allowed are ${known.join(', ')}`;
  }
  if (keyword === 'discriminator') {
    const names = schema.properties.faults.items.oneOf.map(({ title }) => title);
    const name = JSON.stringify((data as { name?: unknown } | null)?.name ?? '').replaceAll('"', '');
    const hint = nearest(name, names);
    return `${place} names no known fault: "${name}" was given, ${hint === undefined ? '' : `did you mean "${hint}"? `}allowed are ${names.join(', ')}`;
  }
  if (keyword === 'enum') return `${place} is ${JSON.stringify(data)}: allowed are ${(allowed as unknown[]).map(String).join(', ')}`;
  return `${place} is ${JSON.stringify(data)}: it ${message ?? 'is not allowed'}`;
}

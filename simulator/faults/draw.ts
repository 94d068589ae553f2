import type { Random } from '../kernel/ports';
import { seeded } from '../kernel/random';
import type { Fault, StateFails } from '../scenario/fault';
import type { Scenario, ScenarioAnswer } from '../scenario/scenario';
import { GATES } from '../scenario/approvals';
import { APPROVAL_ROUTES, approversSaying } from './approval-routes';
import { drawFault, isRecovery } from './catalogue';
import type { DrawContext } from './catalogue';
import { ROUTES, THEN_UPGRADE, UPGRADE } from './routes';
import type { Route } from './routes';
import type { Surface } from './surface';
import { ALARM, SETTINGS, VARIANTS, plain } from './variants';

/** Nearly always the upgrade; now and then something that changes nothing. */
const REQUESTS: readonly object[] = [
  ...Array.from({ length: 30 }, () => UPGRADE),
  { ...UPGRADE, dryRun: true },
  { targetVersion: '9.5.0' },
  { targetVersion: '9.4.20' },
];

/** How often the last start is a redrive. */
const REDRIVEN = 0.3;

const NO_APPROVAL = ['reject', 'malformed', 'fail', 'nothing'] as const;

/** Every so many runs one starts from a route. */
const EVERY = 3;

/** A route, and what fails on it. */
interface Turn {
  readonly route: Route;
  readonly fails?: StateFails;
}

/** Each route as often as it has states that may fail, or once. */
const TURNS: readonly Turn[] = [...Object.values(ROUTES), ...Object.values(APPROVAL_ROUTES)].flatMap((route): Turn[] =>
  route.fails.length === 0 ? [{ route }] : route.fails.map((fails) => ({ route, fails })),
);

/**
 * Run `run` of the campaign with this seed: a cluster, several faults, and a start without faults after them. Most are drawn freely; every third
 * starts from a route to a state that free runs seldom see, in turn, so that a campaign of a thousand runs comes by each of them several times.
 */
export function drawScenario(seed: number, run: number, surface: Surface): Scenario {
  const random = seeded(seed).fork(`run ${run}`);
  const title = `Campaign ${seed}, run ${run}`;
  const turn = run % EVERY === 0 ? TURNS[(seed + run / EVERY) % TURNS.length] : undefined;
  return turn === undefined ? drawFreely(title, random, surface) : drawOnRoute(title, random, surface, turn);
}

function drawFreely(title: string, random: Random, surface: Surface): Scenario {
  const variant = random.pick(VARIANTS);
  const { backup } = plain(variant);
  const request = random.pick(REQUESTS);
  const nodes = random.pick([2, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 5]);
  const slow = random.next() < 0.15; // connections last longer than a boot takes
  const faults = withMore([], random.pick([1, 1, 1, 1, 2, 2, 2, 3, 3, 4]), { random, surface, nodes, backup, alarm: ALARM });
  return plain(variant, {
    title,
    seed: random.integer(0, 2 ** 32 - 1),
    cluster: {
      nodes,
      minSize: random.pick([nodes, nodes - 1]),
      maxSize: random.pick([nodes, nodes, nodes + 1]),
      launchTemplate: random.pick(['$Latest', '$Latest', '$Default', 'pinned', 'mixed-instances']),
      suspendedProcesses: random.pick([[], [], ['AZRebalance']]),
    },
    timing: { ...SETTINGS.timing, finalize: random.pick([0, 20]), ...(slow && { deregistrationDelay: 110 }) },
    ...(slow && { traffic: { ...SETTINGS.traffic, clonesPerMinute: 3, cloneSeconds: [60, 105] } }),
    bitbucket: random.pick([{}, { banner: 'Backups run on Sunday' }]),
    request,
    ...(variant.approvals && { approvers: approvers(random) }),
    operator: answers(random.pick([0, 1, 2, 3]), () => random.pick(['retry', 'roll-back', 'go-on', 'stop'] as const)),
    faults,
    expect: { status: 'SUCCEEDED' },
    thenStart: { ...THEN_UPGRADE, redrive: isRedriven(request, random) },
  });
}

/** Whether the last start is a redrive of the first one, if that did not succeed: it keeps its request, so only the upgrade will do. */
const isRedriven = (request: object, random: Random): boolean =>
  JSON.stringify(request) === JSON.stringify(UPGRADE) && random.next() < REDRIVEN;

/** People who mostly approve, and sometimes say, or forget, something else first. */
const approvers = (random: Random): object =>
  approversSaying(Object.fromEntries(GATES.map((gate) => [gate, random.next() < 0.75 ? [] : [random.pick(NO_APPROVAL)]])));

/** A route with a failure at one of its states, or the end of the execution there, and often something else on top. */
function drawOnRoute(title: string, random: Random, surface: Surface, { route, fails }: Turn): Scenario {
  const { scenario } = route;
  const at = fails === undefined || random.next() < 0.8 ? fails : abortAt(fails, scenario.faults);
  const faults = at === undefined ? scenario.faults : [...scenario.faults, at];
  const more = random.pick([0, 0, 0, 1, 1, 2]);
  const { request, thenStart } = scenario;
  const redrive = isRedriven(request, random);
  return {
    ...scenario,
    title,
    ...(thenStart && { thenStart: { ...thenStart, redrive } }),
    seed: random.integer(0, 2 ** 32 - 1),
    faults: withMore(faults, faults.length === 0 ? Math.max(1, more) : more, {
      random,
      surface,
      nodes: scenario.cluster.nodes,
      backup: scenario.backup,
      alarm: ALARM,
    }),
  };
}

/** Somebody stops the execution at the state, instead of its failing; not twice in a run, and not the recovery. */
function abortAt(fails: StateFails, others: readonly Fault[]): Fault {
  if (isRecovery(fails.machine ?? '') || others.some(({ name }) => name === 'abort')) return fails;
  const { machine, state, nth } = fails;
  return { name: 'abort', ...(machine !== undefined && { machine }), state, nth };
}

/** So many faults more, none of which contradicts another. */
function withMore(given: readonly Fault[], more: number, context: DrawContext): readonly Fault[] {
  const faults = [...given];
  while (faults.length < given.length + more) {
    const fault = drawFault(context);
    if (!faults.some((other) => contradicts(other, fault))) faults.push(fault);
  }
  return faults;
}

function answers(count: number, draw: () => ScenarioAnswer['answer']): ScenarioAnswer[] {
  return Array.from({ length: count }, () => ({ afterSeconds: 30, answer: draw() }));
}

/** Two of the same about the same instance, or two aborts, say no more than one. */
function contradicts(one: Fault, other: Fault): boolean {
  if (one.name === 'abort' || one.name === 'second-run') return one.name === other.name;
  const replaces = (fault: Fault): number | undefined =>
    fault.name.startsWith('replacement-') && 'launch' in fault ? fault.launch : undefined;
  return replaces(one) !== undefined && replaces(one) === replaces(other);
}

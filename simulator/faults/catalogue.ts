import type { Random } from '../kernel/ports';
import { API_TROUBLES, HTTP_TROUBLES, TASK_TROUBLES } from '../scenario/fault';
import type { Fault } from '../scenario/fault';
import type { ScenarioBackup } from '../scenario/backup';
import { backupKinds } from './backup-kinds';
import { BITBUCKET_REQUESTS } from './surface';
import type { Surface } from './surface';

/** What a fault is drawn for. */
export interface DrawContext {
  readonly random: Random;
  readonly surface: Surface;
  readonly nodes: number;
  readonly backup: ScenarioBackup;
  /** Name of an alarm that is watched. */
  readonly alarm: string;
}

/** A kind of fault. */
export interface FaultKind {
  readonly kind: string;
  /** How often it is drawn, in relation to the others. */
  readonly weight: number;
  readonly draw: (context: DrawContext) => Fault;
  /** What the backup must be like for it to strike; any, when it is absent. */
  readonly needs?: Partial<ScenarioBackup>;
}

/** How many calls in a row fail: one, which a second attempt mends; more than the SDK tries; more than a task's retries bridge. */
const COUNTS = [1, 1, 3, 8, 45];

/** How often the surface of one fault is called in a run, roughly: the nth is drawn up to here. */
const NTH = 8;

/** Virtual seconds that a run of the campaign takes, roughly. */
const RUN_SECONDS = 900;

const launch = ({ random, nodes }: DrawContext): number => random.integer(1, nodes + 2);
const node = ({ random, nodes }: DrawContext): number => random.integer(1, nodes);
const nth = ({ random }: DrawContext): number => (random.next() < 0.5 ? 1 : random.integer(2, NTH)); // many are called once in a run
const calls = (c: DrawContext): { nth: number; count: number } => ({ nth: nth(c), count: c.random.pick(COUNTS) });

/** A moment anywhere in the run: by the clock, or in a certain state. */
function moment({ random, surface }: DrawContext): { seconds: number; state?: string; nth: number } {
  if (random.next() < 0.4) return { seconds: random.integer(0, RUN_SECONDS), nth: 1 };
  const { state } = random.pick(surface.states.filter(({ machine }) => !isRecovery(machine)));
  return { seconds: random.integer(0, 60), state, nth: random.integer(1, 2) };
}

/** The machine that restores: stopping it is tried state by state elsewhere. */
export const isRecovery = (machine: string): boolean => /Recover/.test(machine);

const nodeKinds: readonly FaultKind[] = [
  { kind: 'replacement-never-joins', weight: 3, draw: (c) => ({ name: 'replacement-never-joins', launch: launch(c) }) },
  {
    kind: 'replacement-wrong-version',
    weight: 3,
    draw: (c) => ({
      name: 'replacement-wrong-version',
      launch: launch(c),
      version: c.random.pick(['9.4.21', '9.4.22', '9.4.20', '9.5.0']),
    }),
  },
  { kind: 'replacement-stays-in-maintenance', weight: 2, draw: (c) => ({ name: 'replacement-stays-in-maintenance', launch: launch(c) }) },
  { kind: 'replacement-errors', weight: 3, draw: (c) => ({ name: 'replacement-errors', launch: launch(c) }) },
  { kind: 'replacement-splits-off', weight: 3, draw: (c) => ({ name: 'replacement-splits-off', launch: launch(c) }) },
  {
    kind: 'replacement-unhealthy',
    weight: 3,
    draw: (c) => ({ name: 'replacement-unhealthy', launch: launch(c), in: c.random.pick(['http', 'ssh'] as const) }),
  },
  {
    kind: 'slow-replacement',
    weight: 2,
    draw: (c) => ({ name: 'slow-replacement', launch: launch(c), seconds: c.random.integer(30, 400) }),
  },
];

const worldKinds: readonly FaultKind[] = [
  { kind: 'instance-dies: old', weight: 4, draw: (c) => ({ name: 'instance-dies', node: node(c), ...moment(c) }) },
  {
    kind: 'instance-dies: booting',
    weight: 3,
    draw: (c) => ({ name: 'instance-dies', launch: launch(c), seconds: c.random.integer(0, 60), nth: 1 }),
  },
  {
    kind: 'instance-dies: baking',
    weight: 4,
    draw: (c) => ({ name: 'instance-dies', launch: launch(c), good: true, seconds: c.random.integer(0, 60), nth: 1 }),
  },
  {
    kind: 'availability-zone-lost',
    weight: 3,
    draw: (c) => ({ name: 'availability-zone-lost', zone: c.random.integer(1, 2), forSeconds: c.random.integer(0, 300), ...moment(c) }),
  },
  { kind: 'launches-refused', weight: 3, draw: (c) => ({ name: 'launches-refused', forSeconds: c.random.integer(60, 600), ...moment(c) }) },
  { kind: 'health-check-replaces', weight: 3, draw: (c) => ({ name: 'health-check-replaces', node: node(c), ...moment(c) }) },
  { kind: 'group-scaled', weight: 3, draw: (c) => ({ name: 'group-scaled', by: c.random.pick([-1, 1]), ...moment(c) }) },
  { kind: 'operator-cancels', weight: 3, draw: (c) => ({ name: 'operator-cancels', ...moment(c) }) },
  { kind: 'operator-starts', weight: 1, draw: (c) => ({ name: 'operator-starts', seconds: c.random.integer(0, 90), nth: 1 }) },
  { kind: 'secret-rotates', weight: 2, draw: (c) => ({ name: 'secret-rotates', ...moment(c) }) },
  {
    kind: 'clock-jumps',
    weight: 1,
    draw: (c) => ({ name: 'clock-jumps', by: c.random.pick([-1, 1]) * c.random.integer(5, 120), ...moment(c) }),
  },
  {
    kind: 'banner-edited',
    weight: 1,
    draw: (c) => ({ name: 'banner-edited', ...(c.random.next() < 0.7 && { message: 'Backup on Sunday' }), ...moment(c) }),
  },
  {
    kind: 'app-changes',
    weight: 1,
    draw: (c) => ({ name: 'app-changes', app: c.random.pick(['Merge Checks', 'Commit Graphs']), version: '9.9.9', ...moment(c) }),
  },
  {
    kind: 'alarm',
    weight: 4,
    draw: (c) => ({
      name: 'alarm',
      alarm: c.alarm,
      good: c.random.integer(1, c.nodes),
      seconds: c.random.integer(0, 30),
      forSeconds: c.random.integer(10, 300),
      nth: 1,
    }),
  },
];

const callKinds: readonly FaultKind[] = [
  ...API_TROUBLES.map((how) => ({
    kind: `api-call: ${how}`,
    weight: 3,
    draw: (c: DrawContext): Fault => ({ name: 'api-call', action: c.random.pick(c.surface.actions), how, ...calls(c) }),
  })),
  ...HTTP_TROUBLES.map((how) => ({
    kind: `bitbucket-call: ${how}`,
    weight: 2,
    draw: (c: DrawContext): Fault => ({ name: 'bitbucket-call', request: c.random.pick(BITBUCKET_REQUESTS), how, ...calls(c) }),
  })),
  ...TASK_TROUBLES.map((how) => ({
    kind: `task-fails: ${how}`,
    weight: how === 'fails' ? 10 : 3,
    draw: (c: DrawContext): Fault => ({
      name: 'task-fails',
      task: c.random.pick(c.surface.tasks),
      ...(c.random.next() < 0.3 && { machine: 'Recover' }),
      how,
      nth: nth(c),
      count: c.random.pick([1, 1, 2, 5]),
    }),
  })),
];

const runKinds: readonly FaultKind[] = [
  {
    kind: 'abort',
    weight: 10,
    draw: ({ random, surface }) => {
      const { machine, state } = random.pick(surface.states.filter((each) => !isRecovery(each.machine)));
      return { name: 'abort', machine, state, nth: random.integer(1, 3) };
    },
  },
  {
    kind: 'state-fails',
    weight: 10,
    draw: ({ random, surface }) => ({
      name: 'state-fails',
      ...random.pick(surface.caught),
      error: random.next() < 0.8 ? 'AwsRejected' : random.pick(['ReplacementFailed', 'BakeFailed', 'CredentialsRefused']),
      nth: random.pick([1, 1, 1, 2, 3]),
    }),
  },
  { kind: 'second-run', weight: 2, draw: (c) => ({ name: 'second-run', ...moment(c) }) },
  { kind: 'bad-credentials', weight: 1, draw: ({ random }) => ({ name: 'bad-credentials', notAdministrator: random.next() < 0.5 }) },
  { kind: 'upgrade-tasks-fail', weight: 1, draw: () => ({ name: 'upgrade-tasks-fail' }) },
  { kind: 'shared-home-keeps-version', weight: 3, draw: () => ({ name: 'shared-home-keeps-version' }) },
];

/** Every kind of fault that the campaign draws from. */
export const CATALOGUE: readonly FaultKind[] = [...nodeKinds, ...worldKinds, ...callKinds, ...runKinds, ...backupKinds];

/** The kind that a fault is of. */
export function kindOf(fault: Fault): string {
  if ('forSeconds' in fault && fault.name === 'api-call') return `${fault.name}: ${fault.how} for a while`;
  if (fault.name === 'backup-fails' && fault.volume !== undefined) return 'backup-fails: one volume';
  if ('how' in fault) return `${fault.name}: ${fault.how}`;
  if (fault.name !== 'instance-dies') return fault.name;
  return `instance-dies: ${fault.node !== undefined ? 'old' : fault.good === true ? 'baking' : 'booting'}`;
}

/** Draws a fault: the kind by its weight, then what it is about. */
export function drawFault(context: DrawContext): Fault {
  const fitting = CATALOGUE.filter(({ needs }) => fits(context.backup, needs));
  const total = fitting.reduce((sum, { weight }) => sum + weight, 0);
  let at = context.random.next() * total;
  const kind = fitting.find(({ weight }) => (at -= weight) < 0) ?? fitting[0];
  if (kind === undefined) throw new Error('The catalogue of faults is empty.');
  return kind.draw(context);
}

const fits = (backup: ScenarioBackup, needs: Partial<ScenarioBackup> = {}): boolean =>
  (Object.keys(needs) as (keyof ScenarioBackup)[]).every((key) => backup[key] === needs[key]);

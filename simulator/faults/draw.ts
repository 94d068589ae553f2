import { seeded } from '../kernel/random';
import { parseScenario } from '../scenario/parse';
import type { Fault } from '../scenario/fault';
import type { Scenario, ScenarioAnswer } from '../scenario/scenario';
import { BACKUP_VARIANTS } from './backup-variants';
import { drawFault } from './catalogue';
import type { Surface } from './surface';

/** A way in which the construct is deployed for the campaign. */
export interface Variant {
  readonly capacity: Scenario['capacity'];
  readonly failurePolicy: NonNullable<Scenario['failurePolicy']>;
  /** What is backed up, and how, when it is not the default. */
  readonly backup?: Partial<Scenario['backup']>;
}

/** Every way: each strategy with the default backup, and each kind of backup with one of them. */
export const VARIANTS: readonly Variant[] = [
  ...(['surge', 'within-capacity'] as const).flatMap((capacity) =>
    (['roll-back', 'hold', 'go-forward'] as const).map((failurePolicy) => ({ capacity, failurePolicy })),
  ),
  ...BACKUP_VARIANTS,
];

const ALARM = 'bitbucket-errors';

/**
 * A small and quick cluster: whatever takes minutes in production takes seconds, so that thousands of runs are cheap.
 * The limits are the least that the construct allows.
 */
const SETTINGS = {
  timing: {
    operatingSystem: [5, 10],
    start: [8, 15],
    migration: [5, 15],
    join: [2, 5],
    stop: 5,
    deregistrationDelay: 30,
    databaseSnapshot: [20, 40],
    volumeSnapshot: [15, 40],
  },
  traffic: {
    webPerSecond: 0.5,
    clonesPerMinute: 1,
    cloneSeconds: [5, 20],
    pushesPerMinute: 1,
    pushSeconds: [2, 10],
    sshPerMinute: 1,
    sshSeconds: [5, 20],
  },
  limits: {
    bootTimeout: 300,
    drainLimit: 120,
    backupTimeout: 300,
    finalizeTimeout: 300,
    minPollInterval: 6,
    maxPollInterval: 20,
    holdLimit: 600,
  },
  bake: { firstSeconds: 40, eachSeconds: 15, alarms: [ALARM] },
  replacementBudget: 1,
} as const;

/** The scenario of a variant without anything that is drawn: its settings are those of every run of that variant. */
export function plain(variant: Variant, given: object = {}): Scenario {
  return parseScenario({ ...SETTINGS, ...variant, ...given });
}

const UPGRADE = { targetVersion: '9.4.23' };

/** Nearly always the upgrade; now and then something that changes nothing. */
const REQUESTS: readonly object[] = [
  ...Array.from({ length: 30 }, () => UPGRADE),
  { ...UPGRADE, dryRun: true },
  { targetVersion: '9.5.0' },
  { targetVersion: '9.4.20' },
];

/** Run `run` of the campaign with this seed: a cluster, several faults, and a start without faults after them. */
export function drawScenario(seed: number, run: number, surface: Surface): Scenario {
  const random = seeded(seed).fork(`run ${run}`);
  const variant = random.pick(VARIANTS);
  const { backup } = plain(variant);
  const nodes = random.pick([2, 2, 3, 3, 4, 5]);
  const slow = random.next() < 0.15; // connections last longer than a boot takes
  const faults: Fault[] = [];
  const many = random.pick([1, 1, 1, 1, 2, 2, 2, 3, 3, 4]);
  while (faults.length < many) {
    const fault = drawFault({ random, surface, nodes, backup, alarm: ALARM });
    if (!faults.some((other) => contradicts(other, fault))) faults.push(fault);
  }
  return plain(variant, {
    title: `Campaign ${seed}, run ${run}`,
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
    request: random.pick(REQUESTS),
    operator: answers(random.pick([0, 1, 2, 3]), () => random.pick(['retry', 'roll-back', 'go-on', 'stop'] as const)),
    faults,
    expect: { status: 'SUCCEEDED' },
    thenStart: { request: UPGRADE, expect: { status: 'SUCCEEDED', versions: ['9.4.23'] } },
  });
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

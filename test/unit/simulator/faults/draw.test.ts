import { CATALOGUE, isRecovery, kindOf } from '../../../../simulator/faults/catalogue';
import { drawScenario } from '../../../../simulator/faults/draw';
import { ROUTES } from '../../../../simulator/faults/routes';
import type { Surface } from '../../../../simulator/faults/surface';
import { parseScenario } from '../../../../simulator/scenario/parse';
import { seeded } from '../../../../simulator/kernel/random';

const surface: Surface = {
  actions: ['autoscaling:EnterStandby', 'ec2:DescribeInstances'],
  tasks: ['stand-by', 'report-run'],
  states: [
    { machine: 'RollingUpgrade', state: 'Hold the group' },
    { machine: 'Recover', state: 'Take the event' },
  ],
  caught: [{ machine: 'RollingUpgrade', state: 'Hold the group' }],
};
const runs = (seed: number, count: number) => Array.from({ length: count }, (_, run) => drawScenario(seed, run, surface));

test('the same seed and number give the same run, whatever else is drawn', () => {
  expect(drawScenario(7, 3, surface)).toEqual(runs(7, 5)[3]);
  expect(drawScenario(7, 3, surface)).not.toEqual(drawScenario(8, 3, surface));
});

test('every kind of fault is drawn, is a fault of the scenario format, and is known by its kind', () => {
  for (const { kind, draw, needs = {} } of CATALOGUE) {
    const { backup } = parseScenario({ backup: needs });
    const fault = draw({ random: seeded(1), surface, nodes: 3, backup, alarm: 'an-alarm' });
    expect(kindOf(fault)).toBe(kind);
    expect(() => parseScenario({ backup: needs, faults: [fault] })).not.toThrow();
  }
  const drawn = new Set(runs(1, 2000).flatMap(({ faults }) => faults.map(kindOf)));
  expect(CATALOGUE.map(({ kind }) => kind).filter((kind) => !drawn.has(kind))).toEqual([]);
});

test('each run ends with a start without faults, and has at least one fault', () => {
  for (const { faults, thenStart } of runs(2, 50)) {
    expect(faults.length).toBeGreaterThan(0);
    expect(thenStart?.expect).toMatchObject({ status: 'SUCCEEDED', versions: ['9.4.23'] });
  }
});

test('the clusters differ: sizes, capacity strategies, failure policies', () => {
  const drawn = runs(3, 200);
  expect(new Set(drawn.map(({ cluster }) => cluster.nodes))).toEqual(new Set([2, 3, 4, 5]));
  expect(new Set(drawn.map(({ capacity, failurePolicy }) => `${capacity} ${failurePolicy ?? ''}`)).size).toBe(6);
});

test('the clusters are backed up in different ways, and faults are of what is backed up', () => {
  const drawn = runs(5, 300).map(({ backup }) => `${backup.database} ${backup.sharedHome} ${backup.method}`);
  expect(new Set(drawn).size).toBe(4);
});

test('executions of the recovery are not stopped in the campaign', () => {
  const aborts = runs(4, 500).flatMap(({ faults }) => faults.filter(({ name }) => name === 'abort'));
  expect(aborts.length).toBeGreaterThan(0);
  expect(aborts.filter((fault) => fault.name === 'abort' && isRecovery(fault.machine ?? ''))).toEqual([]);
});

test('every route has its turn, and each state that may fail on it', () => {
  const drawn = runs(5, 4 * 100).flatMap(({ faults }) => faults.map((fault) => JSON.stringify(fault)));
  const meant = Object.values(ROUTES).flatMap(({ fails }) => fails);
  const missed = meant.filter((fault) => !drawn.includes(JSON.stringify(fault)) && !drawn.some((one) => isAbortAt(one, fault)));
  expect(missed).toEqual([]);
});

const isAbortAt = (drawn: string, { machine, state }: { readonly machine?: string; readonly state: string }): boolean => {
  const fault = JSON.parse(drawn) as { readonly name: string; readonly machine?: string; readonly state?: string };
  return fault.name === 'abort' && fault.machine === machine && fault.state === state;
};

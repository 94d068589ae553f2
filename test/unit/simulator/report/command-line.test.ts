import { parseArguments } from '../../../../bin/simulate/arguments';
import { frame } from '../../../../bin/simulate/frame';
import { LiveView } from '../../../../bin/simulate/live-view';
import type { Snapshot } from '../../../../simulator/scenario/snapshot';

describe('the command line', () => {
  test.each([
    [[], { json: false, all: false, help: false }],
    [['mine.json', '--json'], { file: 'mine.json', json: true, all: false, help: false }],
    [['--seed', '7', '--all'], { json: false, all: true, help: false, seed: 7 }],
    [['--seed=7'], { json: false, all: false, help: false, seed: 7 }],
    [['--help'], { json: false, all: false, help: true }],
  ])('%j is understood', (given, expected) => {
    expect(parseArguments(given)).toEqual(expected);
  });

  test.each([
    [['--sed', '1'], /unknown option --sed: allowed are --json, --seed, --all, --help/],
    [['--seed'], /--seed takes a whole number from 0 to 4294967295, given is nothing/],
    [['--seed', '-3'], /given is -3/],
    [['--seed', '1.5'], /given is 1\.5/],
    [['--seed', '99999999999'], /given is 99999999999/],
    [['--json=yes'], /--json takes no value/],
    [['a.json', 'b.json'], /one scenario file is allowed, given are a\.json, b\.json/],
    [['--all', 'a.json'], /--all runs every example: a\.json cannot be given with it/],
    [['--json', '--json'], /--json is given twice/],
  ])('%j is refused, and the message says what is allowed', (given, message) => {
    expect(() => parseArguments(given)).toThrow(message);
  });

  test('all mistakes are said at once', () => {
    expect(() => parseArguments(['--sed', '--seed', 'x'])).toThrow(/unknown option --sed[^]*--seed takes/);
  });
});

const snapshot: Snapshot = {
  seconds: 754,
  state: 'Replace the node',
  nodes: [
    { instanceId: 'i-0aaa', version: '9.4.23', lifecycle: 'InService', phase: 'running', health: ['healthy', 'healthy'], connections: 7 },
    { instanceId: 'i-0bbb', version: '9.4.20', lifecycle: 'Standby', phase: 'running', health: ['draining', 'unused'], connections: 2 },
  ],
  backup: [],
  serving: 4,
  planned: 4,
  clusterState: 'MIXED',
  requests: { total: 1000, failed: 0 },
  progress: 0.5,
};

describe('a frame of the live view', () => {
  const text = frame('Four nodes', snapshot, { width: 100, color: false }).join('\n');

  test.each(['Four nodes', '50 %', '12 min 34 s', 'Replace the node', '4 nodes serve, 4 are needed', 'MIXED', '1000 served', '0 failed'])(
    'shows %s',
    (what) => {
      expect(text).toContain(what);
    },
  );

  test('shows each node with version, what Bitbucket does, its state in the group, its health and open connections', () => {
    expect(text).toMatch(/i-0aaa\s+9\.4\.23\s+running\s+InService\s+healthy\s+7 open/);
    expect(text).toMatch(/i-0bbb\s+9\.4\.20\s+running\s+Standby\s+draining\/unused\s+2 open/);
  });

  test.each([20, 40, 80, 200])('is never wider than a terminal of %i columns', (width) => {
    for (const line of frame('A very long title '.repeat(20), snapshot, { width, color: false })) expect(line.length).toBeLessThan(width);
  });

  test('has colors only when they are wanted', () => {
    expect(text).not.toContain('\u001b');
    expect(frame('x', snapshot, { width: 80, color: true }).join('')).toContain('\u001b[32m');
  });
});

describe('the live view', () => {
  const terminal = (rows?: number) => {
    const written: string[] = [];
    return { written, write: (text: string) => written.push(text), columns: 80, ...(rows !== undefined && { rows }) };
  };

  test('draws once for so many virtual seconds, each frame in one write over the last one', () => {
    const screen = terminal();
    const view = new LiveView(screen, 'title', false, 40);
    for (let second = 0; second < 120; second++) view.tick(second, () => snapshot);
    const frames = screen.written.slice(1);
    expect(frames).toHaveLength(3);
    expect(frames[1]!.startsWith('\u001b[7A\r')).toBe(true); // eight lines: back to the first
  });

  test('shows no more lines than the terminal has', () => {
    const screen = terminal(8);
    const nodes = Array.from({ length: 30 }, (_, n) => ({ ...snapshot.nodes[0]!, instanceId: `i-${n}` }));
    new LiveView(screen, 'title', false, 1).tick(0, () => ({ ...snapshot, nodes }));
    expect(screen.written.at(-1)!.split('\n').length).toBeLessThan(8);
    expect(screen.written.at(-1)).toMatch(/and \d+ more nodes/);
  });

  test('gives the cursor back at the end', () => {
    const screen = terminal();
    const view = new LiveView(screen, 'title', false, 1);
    view.end(snapshot);
    expect(screen.written[0]).toBe('\u001b[?25l');
    expect(screen.written.at(-1)).toContain('\u001b[?25h');
  });
});

/** What a simulated upgrade does to Bitbucket's banner, and what people do meanwhile. */
import { Assemblies } from '../../../../bin/simulate/assembly';
import { plain } from '../../../../simulator/faults/variants';
import { ScenarioRun } from '../../../../simulator/scenario/run';

jest.setTimeout(120_000);

const assemblies = new Assemblies();
afterAll(() => {
  assemblies.dispose();
});

const run = async (given: object, failurePolicy: 'roll-back' | 'hold' = 'roll-back') => {
  const scenario = plain({ capacity: 'surge', failurePolicy }, { cluster: { nodes: 2 }, ...given });
  const going = new ScenarioRun(scenario, assemblies.for(scenario));
  const result = await going.run();
  const { entries } = going.simulation.journal;
  const banners = entries.filter(({ kind, event }) => kind === 'inventory' && event === 'banner');
  return { result, entries, banners: banners.map(({ by, message }) => [by, message]) };
};

const OURS = expect.stringMatching(/^A rolling upgrade of Bitbucket runs: from 9\.4\.20 to 9\.4\.23/) as string;
const bitbucket = { banner: 'Backups run on Sunday' };

test('the banner is up from before the backup until the settings are restored', async () => {
  const { banners, entries, result } = await run({ bitbucket });
  expect(banners).toEqual([
    ['rest', OURS],
    ['rest', 'Backups run on Sunday'],
  ]);
  const at = (find: (entry: (typeof entries)[number]) => boolean): number => entries.findIndex(find);
  const [up, down] = ['A rolling', 'Backups'].map((begin) =>
    at(({ kind, message }) => kind === 'inventory' && String(message).startsWith(begin)),
  );
  expect(up).toBeLessThan(at(({ kind }) => kind === 'snapshot'));
  expect(down).toBeGreaterThan(at(({ kind, operation }) => kind === 'call' && operation === 'ResumeProcesses'));
  expect(result.mutatingCalls.filter((call) => call === 'bitbucket:banner')).toHaveLength(2);
});

test('a run that is stopped, and the next one, put back the same banner', async () => {
  const { banners, result } = await run({
    bitbucket,
    faults: [{ name: 'abort', state: 'Look at the surge node' }],
    thenStart: {},
  });
  expect(banners.map(([, message]) => message)).toEqual([OURS, 'Backups run on Sunday', OURS, 'Backups run on Sunday']);
  expect(result.rules.concat(result.next?.rules ?? []).filter(({ kept }) => !kept)).toEqual([]);
});

test('a recovery that could not put back the banner leaves that to the next start, although there is nothing else to do', async () => {
  const { banners, result } = await run({
    bitbucket,
    // Final, and the group as it was: all that is left is the banner.
    faults: [{ name: 'bitbucket-call', request: 'PUT /rest/api/latest/admin/banner', how: 'forbidden', nth: 2, count: 100 }],
    expect: { status: 'FAILED', brokenRules: [7, 13] },
    thenStart: {},
  });
  expect(result.status).toBe('FAILED');
  expect(result.others).toMatchObject([{ status: 'FAILED' }]);
  expect(banners.at(-1)).toEqual(['rest', 'Backups run on Sunday']);
  expect(result.next).toMatchObject({ status: 'SUCCEEDED', versions: ['9.4.23'] });
  expect(result.next?.rules.filter(({ kept }) => !kept)).toEqual([]);
});

test.each([
  ['puts up another banner', { message: 'The licence is renewed' }, 'The licence is renewed'],
  ['takes the banner down', {}, null],
])('somebody %s: it stays so', async (_, edit, left) => {
  const { banners, result } = await run({
    bitbucket,
    faults: [{ name: 'banner-edited', state: 'Look at the surge node', seconds: 1, ...edit }],
  });
  expect(banners).toEqual([
    ['rest', OURS],
    ['person', left],
  ]);
  expect(result).toMatchObject({ status: 'SUCCEEDED' });
  expect(result.rules.filter(({ kept }) => !kept)).toEqual([]);
});

test('what is told is for people and for programs, one message for each event', async () => {
  const { result } = await run({});
  const bodies = result.notifications.map(({ body }) => JSON.parse(body ?? '') as { event: string; text: string; cluster: string });
  expect(bodies.map(({ event }) => event)).toEqual(['started', 'node-replaced', 'node-replaced', 'ended']);
  expect(bodies.map(({ text }) => text)).toEqual(result.notifications.map(({ text }) => text));
});

import { body, instance, smallWorld } from './world';

interface Overview {
  upgradeModeEnabled: boolean;
  state: string;
  originalVersion?: string;
  nodes: { ipAddress: string; state: string; version: string; local: boolean; tasksTotal: number; activeUserCount: number }[];
}

const overview = (world: ReturnType<typeof smallWorld>) => body(world.ask('GET', '/git/rest/zdu/cluster')) as Overview;
const states = (world: ReturnType<typeof smallWorld>) => overview(world).nodes.map(({ state, version }) => `${version} ${state}`);
const statusAt = (world: ReturnType<typeof smallWorld>, ip: string) => world.cluster.get(ip, 7990, '/git/status');

describe('the life of a node', () => {
  test('goes from refused connections over STARTING to RUNNING and ACTIVE', async () => {
    const world = smallWorld();
    world.cluster.started(instance(3));
    expect(statusAt(world, '10.0.0.3')).toBeUndefined();
    await world.run(31);
    expect(statusAt(world, '10.0.0.3')).toEqual({ status: 503, body: '{"state":"STARTING"}' });
    expect(overview(world).nodes).toHaveLength(2);
    await world.run(200);
    expect(states(world)).toEqual(['9.4.20 ACTIVE', '9.4.20 ACTIVE', '9.4.20 STARTING']);
    await world.run(10);
    expect(statusAt(world, '10.0.0.3')).toEqual({ status: 200, body: '{"state":"RUNNING"}' });
    expect(states(world)).toEqual(['9.4.20 ACTIVE', '9.4.20 ACTIVE', '9.4.20 ACTIVE']);
  });

  test('the first node of a newer version migrates the database; those after it do not', async () => {
    const world = smallWorld();
    world.ask('POST', '/git/rest/zdu/start');
    world.cluster.started(instance(3, '9.4.23'));
    await world.run(245);
    expect(world.cluster.serves('i-3')).toBe(false);
    await world.run(60);
    expect(world.cluster.serves('i-3')).toBe(true);
    world.cluster.started(instance(4, '9.4.23'));
    await world.run(245);
    expect(world.cluster.serves('i-4')).toBe(true);
  });

  test('a node that starts during the migration waits for it; after the sudden death of the migrating node it waits for ever', async () => {
    const world = smallWorld();
    world.ask('POST', '/git/rest/zdu/start');
    const first = instance(3, '9.4.23');
    world.cluster.started(first);
    await world.run(240);
    world.cluster.stopped(first, true);
    world.cluster.started(instance(4, '9.4.23'));
    await world.run(3600);
    expect(statusAt(world, '10.0.0.4')?.body).toBe('{"state":"STARTING"}');
  });

  test('a newer node is not let in while upgrade mode is off', async () => {
    const world = smallWorld();
    world.cluster.started(instance(3, '9.4.23'));
    await world.run(600);
    expect(statusAt(world, '10.0.0.3')).toEqual({ status: 500, body: '{"state":"ERROR"}' });
    expect(overview(world).nodes).toHaveLength(2);
  });

  test('told to stop it takes no new requests, and cuts what is open after its grace', async () => {
    const cut: string[] = [];
    const world = smallWorld({ vanished: (id, why) => void cut.push(`${id}: ${why}`) });
    world.cluster.stopped(world.b, false);
    expect(world.cluster.serves('i-2')).toBe(false);
    expect(states(world)).toContain('9.4.20 TERMINATING');
    await world.run(29);
    expect(cut).toEqual([]);
    await world.run(2);
    expect(cut).toEqual(['i-2: Bitbucket stopped and waited no longer than 30 s for open requests']);
    expect(overview(world).nodes).toHaveLength(1);
  });

  test('when the instance vanishes, everything open is cut at once', () => {
    const cut: string[] = [];
    const world = smallWorld({ vanished: (id) => void cut.push(id) });
    world.cluster.stopped(world.b, true);
    expect(cut).toEqual(['i-2']);
    expect(world.cluster.connects('10.0.0.2', 7999)).toBe(false);
  });

  test('with a fault it never joins, comes up as another version, in MAINTENANCE, in ERROR, or as a cluster of its own', async () => {
    const faults = [
      { neverJoins: true },
      { version: '9.4.22' },
      { endsIn: 'maintenance' },
      { endsIn: 'error' },
      { splitBrain: true },
    ] as const;
    const world = smallWorld({ misbehaviour: (_, launch) => faults[launch - 1]! });
    world.ask('POST', '/git/rest/zdu/start');
    for (let n = 3; n <= 7; n++) world.cluster.started(instance(n, '9.4.23'));
    await world.run(1000);
    expect(states(world)).toEqual([
      '9.4.20 ACTIVE',
      '9.4.20 ACTIVE',
      '9.4.22 ACTIVE',
      '9.4.23 ACTIVE', // in MAINTENANCE: only /status tells
      '9.4.23 ERROR',
    ]);
    expect(statusAt(world, '10.0.0.3')?.body).toBe('{"state":"STARTING"}');
    expect(statusAt(world, '10.0.0.5')).toEqual({ status: 200, body: '{"state":"MAINTENANCE"}' });
    expect(statusAt(world, '10.0.0.7')).toEqual({ status: 200, body: '{"state":"RUNNING"}' });
    const own = body(world.ask('GET', 'http://10.0.0.7:7990/git/rest/api/latest/admin/cluster')) as { nodes: unknown[] };
    expect(own.nodes).toHaveLength(1);
  });
});

describe('an upgrade', () => {
  test('goes from STABLE over READY_TO_UPGRADE, MIXED and READY_TO_RUN_UPGRADE_TASKS to STABLE, with OFFLINE nodes kept until the end', async () => {
    const world = smallWorld();
    expect(world.ask('POST', '/git/rest/zdu/start')?.status).toBe(200);
    expect(overview(world)).toMatchObject({ upgradeModeEnabled: true, state: 'READY_TO_UPGRADE', originalVersion: '9.4.20' });
    world.cluster.started(instance(3, '9.4.23'));
    await world.run(310);
    expect(overview(world).state).toBe('MIXED');
    expect(world.ask('POST', '/git/rest/zdu/cancel')?.status).toBe(409);
    expect(world.ask('POST', '/git/rest/zdu/approve')?.status).toBe(409);
    world.cluster.stopped(world.a, false);
    world.cluster.stopped(world.b, false);
    await world.run(31);
    world.routeTo('i-3');
    expect(states(world)).toEqual(['9.4.20 OFFLINE', '9.4.20 OFFLINE', '9.4.23 ACTIVE']);
    expect(overview(world).state).toBe('READY_TO_RUN_UPGRADE_TASKS');
    expect(body(world.ask('POST', '/git/rest/zdu/approve'))).toMatchObject({ state: 'STABLE', upgradeModeEnabled: false });
    expect(states(world)).toEqual(['9.4.23 ACTIVE']);
    world.cluster.started(instance(4, '9.4.20'));
    await world.run(600);
    expect(statusAt(world, '10.0.0.4')?.status).toBe(500);
  });

  test('can be cancelled while no node is newer, and again once they are gone', async () => {
    const world = smallWorld();
    world.ask('POST', '/git/rest/zdu/start');
    const newer = instance(3, '9.4.23');
    world.cluster.started(newer);
    await world.run(310);
    world.cluster.stopped(newer, false);
    await world.run(31);
    expect(overview(world).state).toBe('READY_TO_UPGRADE');
    expect(world.ask('POST', '/git/rest/zdu/cancel')?.status).toBe(200);
    expect(overview(world)).toMatchObject({ state: 'STABLE', upgradeModeEnabled: false });
  });

  test('runs its upgrade tasks for a while when there are any', async () => {
    const world = smallWorld({
      timing: { operatingSystem: [1, 1], start: [1, 1], migration: [1, 1], join: [1, 1], stop: 1, finalize: 60 },
    });
    world.ask('POST', '/git/rest/zdu/start');
    world.cluster.started(instance(3, '9.4.23'));
    await world.run(10);
    world.cluster.stopped(world.a, true);
    world.cluster.stopped(world.b, true);
    world.routeTo('i-3');
    expect(body(world.ask('POST', '/git/rest/zdu/approve'))).toMatchObject({ state: 'RUNNING_UPGRADE_TASKS' });
    await world.run(61);
    expect(overview(world).state).toBe('STABLE');
  });

  test('is started once: the second start answers 409 without a body', () => {
    const world = smallWorld();
    world.ask('POST', '/git/rest/zdu/start');
    expect(world.ask('POST', '/git/rest/zdu/start')).toEqual({ status: 409, headers: {}, body: '' });
  });
});

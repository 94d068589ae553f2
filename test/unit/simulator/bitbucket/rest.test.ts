import { body, smallWorld } from './world';

describe('what a node answers', () => {
  test('the overview says which node answered, and its load', () => {
    const { nodes } = body(smallWorld().ask('GET', '/git/rest/zdu/cluster')) as { nodes: object[] };
    expect(nodes).toMatchObject([
      { ipAddress: '10.0.0.1', local: true, state: 'ACTIVE', tasksTotal: 3, activeUserCount: 5, buildNumber: '9004020', portNumber: 7990 },
      { ipAddress: '10.0.0.2', local: false },
    ]);
  });

  test('state and single nodes can be asked for, an unknown node is 404', () => {
    const world = smallWorld();
    expect(body(world.ask('GET', '/git/rest/zdu/state'))).toMatchObject({ state: 'STABLE', buildInfo: { ipAddress: '10.0.0.1' } });
    const id = world.cluster.node('i-2')!.id;
    expect(body(world.ask('GET', `/git/rest/zdu/nodes/${id}`))).toMatchObject({ ipAddress: '10.0.0.2' });
    expect(world.ask('GET', '/git/rest/zdu/nodes/unknown')?.status).toBe(404);
  });

  test('version and status need no credentials; latest and 1.0 are the same', () => {
    const world = smallWorld();
    for (const version of ['latest', '1.0']) {
      expect(body(world.ask('GET', `/git/rest/api/${version}/application-properties`, ''))).toMatchObject({ version: '9.4.20' });
    }
    expect(body(world.ask('GET', '/git/status', ''))).toEqual({ state: 'RUNNING' });
  });

  test('each node answers at its own address, nothing listens at other ports', () => {
    const world = smallWorld();
    expect(body(world.ask('GET', 'http://10.0.0.2:7990/git/rest/api/latest/admin/cluster'))).toMatchObject({
      localNode: { address: { address: '10.0.0.2' }, buildVersion: '9.4.20' },
      running: true,
    });
    expect(world.ask('GET', 'http://10.0.0.2:7991/git/status')).toBeUndefined();
  });

  test('what is not modelled answers 501 and names it', () => {
    const answer = smallWorld().ask('GET', '/git/rest/api/latest/admin/mail-server');
    expect(answer?.status).toBe(501);
    expect(answer?.body).toContain('GET /git/rest/api/latest/admin/mail-server');
    expect(smallWorld().ask('DELETE', '/git/rest/zdu/cluster')?.status).toBe(501);
  });

  test('outside the context path there is nothing', () => {
    expect(smallWorld().ask('GET', '/rest/zdu/cluster')?.status).toBe(404);
  });

  test('the load balancer answers 503 without a target and 502 when nothing listens there', () => {
    const world = smallWorld();
    world.cluster.stopped(world.b, true);
    world.routeTo('i-2');
    expect(world.ask('GET', '/git/status')?.status).toBe(502);
    world.routeTo(undefined);
    expect(world.ask('GET', '/git/status')?.status).toBe(503);
  });
});

describe('authentication', () => {
  test('administration needs credentials (401) and a system administrator (403)', () => {
    expect(smallWorld().ask('GET', '/git/rest/zdu/cluster', '')?.status).toBe(401);
    expect(smallWorld().ask('GET', '/git/rest/zdu/cluster', 'wrong')?.status).toBe(401);
    expect(smallWorld({}, { systemAdministrator: false }).ask('GET', '/git/rest/zdu/cluster')?.status).toBe(403);
  });

  test('after five failed logins even the right password is refused', () => {
    const world = smallWorld();
    for (let i = 0; i < 5; i++) world.ask('GET', '/git/rest/zdu/cluster', 'wrong');
    const answer = world.ask('GET', '/git/rest/zdu/cluster');
    expect(answer?.status).toBe(401);
    expect(answer?.headers['x-authentication-denied-reason']).toBe('CAPTCHA_CHALLENGE');
  });

  test('a login that works forgets the failures before it', () => {
    const world = smallWorld();
    for (let round = 0; round < 3; round++) {
      for (let i = 0; i < 4; i++) world.ask('GET', '/git/rest/zdu/cluster', 'wrong');
      expect(world.ask('GET', '/git/rest/zdu/cluster')?.status).toBe(200);
    }
  });
});

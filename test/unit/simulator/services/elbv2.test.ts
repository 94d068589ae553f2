import { inMatcher } from '../../../../simulator/services/elbv2/target-group';
import { refusal, SSH, WEB, world } from './world';

const health = (w: ReturnType<typeof world>, arn: string, id: string) =>
  w.call<{ TargetHealthDescriptions: { TargetHealth: object }[] }>('DescribeTargetHealth', { TargetGroupArn: arn, Targets: [{ Id: id }] })
    .TargetHealthDescriptions[0]?.TargetHealth;

/** A world with one more target that has just been registered. */
function registering() {
  const w = world();
  const instance = w.cloud.addInstance({ id: 'i-extra', imageId: 'ami-old', subnet: { id: 'subnet-a', availabilityZone: 'eu-west-1a' } });
  w.call('RegisterTargets', { TargetGroupArn: WEB, Targets: [{ Id: instance.id }] });
  return { w, id: instance.id, ip: instance.privateIp };
}

test.each([
  ['200', 200, true],
  ['200', 204, false],
  ['200,202', 202, true],
  ['200-299', 250, true],
  ['200-299', 301, false],
])('matcher %s and code %d: %s', (matcher, code, well) => {
  expect(inMatcher(matcher, code)).toBe(well);
});

describe('health checks', () => {
  test('a new target is initial, and healthy after one good check', () => {
    const { w, id } = registering();
    expect(health(w, WEB, id)).toMatchObject({ State: 'initial', Reason: 'Elb.RegistrationInProgress' });
    w.clock.pass(6);
    expect(health(w, WEB, id)).toEqual({ State: 'healthy', Reason: undefined, Description: undefined });
  });

  test('a target that does not answer is initial, then unhealthy; it needs the whole threshold to come back', () => {
    const { w, id, ip } = registering();
    const others = w.answers.get;
    w.answers.get = (asked) => (asked === ip ? undefined : others(asked));
    w.clock.pass(6);
    expect(health(w, WEB, id)).toMatchObject({ State: 'initial', Reason: 'Elb.InitialHealthChecking' });
    w.clock.pass(10);
    expect(health(w, WEB, id)).toMatchObject({ State: 'unhealthy', Reason: 'Target.FailedHealthChecks' });
    w.answers.get = others;
    w.clock.pass(39);
    expect(health(w, WEB, id)).toMatchObject({ State: 'unhealthy' });
    w.clock.pass(10);
    expect(health(w, WEB, id)).toMatchObject({ State: 'healthy' });
  });

  test('a wrong code is told', () => {
    const { w, id, ip } = registering();
    w.answers.get = (asked) => ({ status: asked === ip ? 503 : 200, body: '' });
    w.clock.pass(20);
    expect(health(w, WEB, id)).toEqual({
      State: 'unhealthy',
      Reason: 'Target.ResponseCodeMismatch',
      Description: 'Health checks failed with these codes: [503]',
    });
  });

  test('the target of an instance that ended goes away', () => {
    const { w, id } = registering();
    w.clock.pass(10);
    w.call('TerminateInstances', { InstanceIds: [id] });
    w.clock.pass(60);
    expect(health(w, WEB, id)).toMatchObject({ State: 'unused', Reason: 'Target.NotRegistered' });
  });
});

describe('draining', () => {
  test('without a connection it is over at once', () => {
    const w = world();
    const [id = ''] = w.ids('InService');
    w.call('DeregisterTargets', { TargetGroupArn: WEB, Targets: [{ Id: id }] });
    expect(health(w, WEB, id)).toMatchObject({ State: 'draining', Reason: 'Target.DeregistrationInProgress' });
    w.clock.pass(2);
    expect(health(w, WEB, id)).toMatchObject({ State: 'unused' });
  });

  test('lasts as long as the last connection, and cuts nothing', () => {
    const w = world();
    const [id = ''] = w.ids('InService');
    w.answers.busy.set(`${WEB} ${id}`, w.clock.now() + 120_000);
    w.call('DeregisterTargets', { TargetGroupArn: WEB, Targets: [{ Id: id }] });
    w.clock.pass(119);
    expect(health(w, WEB, id)).toMatchObject({ State: 'draining' });
    w.clock.pass(4);
    expect(health(w, WEB, id)).toMatchObject({ State: 'unused' });
    expect(w.cut).toEqual([]);
  });

  test.each([
    ['an Application Load Balancer closes what is left', WEB, {}, true],
    ['a Network Load Balancer leaves it', SSH, {}, false],
    [
      'a Network Load Balancer closes it with connection termination',
      SSH,
      { 'deregistration_delay.connection_termination.enabled': 'true' },
      true,
    ],
  ])('after the deregistration delay %s', (_, arn, attributes, cuts) => {
    const w = world();
    if (arn === SSH) w.cloud.addTargetGroup({ arn: SSH, protocol: 'TCP', port: 7999, attributes });
    const [id = ''] = w.ids('InService');
    if (arn === SSH) w.call('RegisterTargets', { TargetGroupArn: SSH, Targets: [{ Id: id }] });
    w.clock.pass(60);
    w.answers.busy.set(`${arn} ${id}`, w.clock.now() + 4000_000);
    w.call('DeregisterTargets', { TargetGroupArn: arn, Targets: [{ Id: id }] });
    w.clock.pass(299);
    expect(health(w, arn, id)).toMatchObject({ State: 'draining' });
    w.clock.pass(1);
    expect(health(w, arn, id)).toMatchObject({ State: 'unused' });
    expect(w.cut).toEqual(cuts ? [`${arn} ${id}`] : []);
  });
});

describe('routing', () => {
  test('goes round the healthy targets', () => {
    const w = world();
    const routed = Array.from({ length: 8 }, () => w.cloud.route(WEB));
    expect([...new Set(routed)].sort()).toEqual(w.ids('InService').sort());
    expect(routed.slice(0, 4)).toEqual(routed.slice(4));
  });

  test('passes a draining target over', () => {
    const w = world();
    const [id = ''] = w.ids('InService');
    w.call('DeregisterTargets', { TargetGroupArn: WEB, Targets: [{ Id: id }] });
    expect(Array.from({ length: 8 }, () => w.cloud.route(WEB))).not.toContain(id);
  });

  test('fails open: with no healthy target it goes to the unhealthy ones', () => {
    const w = world();
    w.answers.get = () => undefined;
    w.clock.pass(60);
    expect(w.cloud.healthy(WEB)).toEqual([]);
    expect(w.ids('InService')).toContain(w.cloud.route(WEB));
  });

  test('has nowhere to go without targets', () => {
    expect(world({ desired: 0, min: 0 }).cloud.route(WEB)).toBeUndefined();
  });
});

test('target groups and their attributes are described', () => {
  const { call } = world({}, {}, { deregistrationDelaySeconds: 600 });
  expect(call('DescribeTargetGroups', { TargetGroupArns: [WEB] })).toMatchObject({
    TargetGroups: [{ TargetGroupName: 'web', Protocol: 'HTTP', Port: 7990, HealthCheckPath: '/status', HealthCheckIntervalSeconds: 10 }],
  });
  const { Attributes } = call<{ Attributes: object[] }>('DescribeTargetGroupAttributes', { TargetGroupArn: WEB });
  expect(Attributes).toContainEqual({ Key: 'deregistration_delay.timeout_seconds', Value: '600' });
  expect(refusal(() => call('DescribeTargetHealth', { TargetGroupArn: 'arn:nowhere' }))).toMatch(/^TargetGroupNotFound/u);
});

import { FREEZE } from './calls';
import { refusal, SUBNETS, world } from './world';

function server(options: Parameters<typeof world>[1] = {}, document: object = FREEZE) {
  const w = world({}, options);
  w.cloud.addInstance({ id: 'i-nfs', imageId: 'ami-old', subnet: SUBNETS[0]!, tags: { Name: 'nfs' } });
  w.cloud.addInstance({ id: 'i-bare', imageId: 'ami-old', subnet: SUBNETS[0]!, managed: false });
  w.cloud.addDocument({ name: 'freeze', content: document });
  return w;
}
type Server = ReturnType<typeof server>;

const send = (w: Server, Action: string, more: object = {}) =>
  w.call<{ Command: { CommandId: string } }>('SendCommand', {
    DocumentName: 'freeze',
    InstanceIds: ['i-nfs'],
    Parameters: { Action: [Action], MountPoints: ['/data /mesh'], LimitSeconds: ['60'] },
    ...more,
  }).Command.CommandId;
const look = (w: Server, CommandId: string) =>
  w.call<{ Status: string; StatusDetails: string }>('GetCommandInvocation', { CommandId, InstanceId: 'i-nfs' });
const freezes = (w: Server) => w.journal.entries.filter(({ kind }) => kind === 'freeze').map(({ change }) => change);

test('a command is unknown for a moment, then pending, in progress, and successful', () => {
  const w = server();
  const id = send(w, 'freeze');
  expect(refusal(() => look(w, id))).toMatch(/^InvocationDoesNotExist/u);
  const seen: string[] = [];
  for (let step = 0; step < 500; step += 1) {
    w.clock.pass(0.01);
    const status = refusal(() => look(w, id)) === 'no error' ? look(w, id).Status : 'unknown';
    if (seen.at(-1) !== status) seen.push(status);
  }
  expect(seen).toEqual(['unknown', 'Pending', 'InProgress', 'Success']);
  expect(w.cloud.frozen('i-nfs')).toEqual(['/data', '/mesh']);
});

test('what is frozen is thawed by another command, and its timer is disarmed', () => {
  const w = server();
  send(w, 'freeze');
  w.clock.pass(10);
  const thaw = send(w, 'thaw');
  w.clock.pass(10);
  expect(look(w, thaw)).toMatchObject({ Status: 'Success', ResponseCode: 0 });
  expect(w.cloud.frozen('i-nfs')).toEqual([]);
  w.clock.pass(120);
  expect(freezes(w)).toEqual(['frozen', 'thawed']);
});

test('what nobody thaws is thawed by the timer, and thawing it then fails', () => {
  const w = server();
  send(w, 'freeze');
  w.clock.pass(50);
  expect(w.cloud.frozen('i-nfs')).not.toEqual([]);
  w.clock.pass(20);
  expect(w.cloud.frozen('i-nfs')).toEqual([]);
  expect(freezes(w)).toEqual(['frozen', 'thawed-by-timer']);
  const late = send(w, 'thaw');
  w.clock.pass(10);
  expect(look(w, late)).toMatchObject({ Status: 'Failed', StandardErrorContent: expect.stringContaining('exit status') as string });
});

test('a script that arms no timer leaves everything frozen', () => {
  const w = server(
    {},
    { ...FREEZE, mainSteps: [{ action: 'aws:runShellScript', inputs: { runCommand: ['fsfreeze --{{ Action }} {{ MountPoints }}'] } }] },
  );
  send(w, 'freeze');
  w.clock.pass(3600);
  expect(w.cloud.frozen('i-nfs')).toEqual(['/data', '/mesh']);
});

test('what is frozen cannot be frozen again; the timer runs anew', () => {
  const w = server();
  send(w, 'freeze');
  w.clock.pass(40);
  const again = send(w, 'freeze');
  w.clock.pass(30);
  expect(look(w, again)).toMatchObject({ Status: 'Failed' });
  expect(w.cloud.frozen('i-nfs')).not.toEqual([]);
  w.clock.pass(40);
  expect(w.cloud.frozen('i-nfs')).toEqual([]);
});

test('a command may fail without effect, or never reach the instance', () => {
  const w = server({ hooks: { command: (_, { Action }) => (Action?.[0] === 'freeze' ? 'fails' : 'never-starts') } });
  const failed = send(w, 'freeze');
  const lost = send(w, 'thaw', { TimeoutSeconds: 30 });
  w.clock.pass(30);
  expect(look(w, failed)).toMatchObject({ Status: 'Failed' });
  expect(look(w, lost)).toMatchObject({ Status: 'Pending' });
  w.clock.pass(40);
  expect(look(w, lost)).toMatchObject({ Status: 'TimedOut', StatusDetails: 'DeliveryTimedOut' });
  expect(freezes(w)).toEqual([]);
});

test.each([
  ['an instance that is not managed', { InstanceIds: ['i-bare'] }, 'InvalidInstanceId'],
  ['an unknown instance', { InstanceIds: ['i-9'] }, 'InvalidInstanceId'],
  ['an unknown document', { DocumentName: 'x' }, 'InvalidDocument'],
  ['an unknown parameter', { Parameters: { Action: ['thaw'], MountPoints: ['/data'], X: ['1'] } }, 'InvalidParameters'],
  ['a missing parameter', { Parameters: { Action: ['thaw'] } }, 'InvalidParameters'],
  ['a value that is not allowed', { Parameters: { Action: ['melt'], MountPoints: ['/data'] } }, 'InvalidParameters'],
  ['a value that could be code', { Parameters: { Action: ['thaw'], MountPoints: ['/data; reboot'] } }, 'InvalidParameters'],
])('%s is refused', (_, more, code) => {
  const w = server();
  expect(refusal(() => send(w, 'freeze', more)).split(':')[0]).toBe(code);
});

test('a command needs permission for its document and for each instance, whose tags a policy may ask for', () => {
  const asked = server().authorize('SendCommand', { DocumentName: 'freeze', InstanceIds: ['i-nfs'] });
  expect(asked).toEqual([
    { action: 'ssm:SendCommand', resources: ['arn:aws:ssm:eu-west-1:123456789012:document/freeze'] },
    {
      action: 'ssm:SendCommand',
      resources: ['arn:aws:ec2:eu-west-1:123456789012:instance/i-nfs'],
      context: { 'aws:ResourceTag/Name': 'nfs', 'ssm:resourceTag/Name': 'nfs' },
    },
  ]);
});

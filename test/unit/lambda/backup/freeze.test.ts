/** File systems are frozen while snapshots begin, and thawed whatever happens. */
import { TaskError } from '../../../../lambda/core/errors';
import type { CommandState } from '../../../../lambda/ports/commands';
import { startEbsSnapshots } from '../../../../lambda/start-ebs-snapshots/handler';
import type { FreezeSpec } from '../../../../lib/contract/environment';
import { NOW, plan } from '../support/build';
import { EBS, HOME, server, settings, volume } from './support/build';
import { fakeCommands, fakeVolumeSnapshots, fakeVolumes } from './support/fakes';

const freeze: FreezeSpec = { documentName: 'Freeze', mountPoints: ['/media/atl'], limitSeconds: 60 };
const state = (kind: CommandState['state'], said: string = kind): CommandState => ({ state: kind, said });

interface World {
  readonly looks: Parameters<typeof fakeCommands>[0];
  readonly begins?: Parameters<typeof fakeVolumeSnapshots>[1];
  readonly limitSeconds?: number;
  readonly refuse?: (action: string) => Error | undefined;
}

/** Runs the task in virtual time; says what was done in which order, and how it ended. */
async function start({ looks, begins, limitSeconds = 60, refuse }: World) {
  const log: string[] = [];
  const ended = startEbsSnapshots(
    { part: { ...HOME, specification: { ...EBS, freeze: { ...freeze, limitSeconds } } }, plan: plan() },
    { ...settings, now: () => new Date() },
    {
      volumes: fakeVolumes([volume('vol-1'), volume('vol-2')], server()),
      snapshots: fakeVolumeSnapshots([], begins, log),
      commands: fakeCommands(looks, log, refuse),
    },
  ).then(
    ({ verdict }) => verdict as string,
    (error: unknown) => error as TaskError,
  );
  await jest.advanceTimersByTimeAsync(60_000);
  return { log, ended: await ended };
}

beforeEach(() => {
  jest.useFakeTimers({ now: NOW });
  jest.spyOn(console, 'error').mockReturnValue();
});
afterEach(() => {
  jest.useRealTimers();
  jest.restoreAllMocks();
});

const BEGIN = 'begin vol-1 vol-2';

test('snapshots begin once the file systems are frozen; then they are thawed', async () => {
  await expect(start({ looks: [undefined, state('running'), state('done')] })).resolves.toEqual({
    log: ['freeze', BEGIN, 'thaw'],
    ended: 'done',
  });
});
test.each<[string, World['looks']]>([
  ['that takes longer than 20 s', [state('running')]],
  ['that fails', [state('failed', 'exit code 1')]],
  ['that is never heard of', [undefined]],
])('a freeze %s ends in a thaw, and no snapshot is begun', async (_, looks) => {
  const { log, ended } = await start({ looks });
  expect(log).toEqual(['freeze', 'thaw']);
  expect(ended).toMatchObject({ name: 'BackupFailed', message: expect.stringContaining('not frozen') as string });
});
test('a look that AWS refuses for the moment does not end the freeze', async () => {
  const { log } = await start({ looks: [new TaskError('AwsThrottled', 'slow down'), state('done')] });
  expect(log).toContain(BEGIN);
});
test('file systems are thawed when the snapshots are refused for the moment, and when the call fails', async () => {
  const refusal = { refused: 'SnapshotCreationPerVolumeRateExceeded', message: 'slow down' };
  await expect(start({ looks: [state('done')], begins: refusal })).resolves.toEqual({ log: ['freeze', BEGIN, 'thaw'], ended: 'wait' });
  const lost = new TaskError('AwsUnavailable', 'connection lost');
  await expect(start({ looks: [state('done')], begins: lost })).resolves.toEqual({ log: ['freeze', BEGIN, 'thaw'], ended: lost });
});
test('a thaw that is not accepted is sent again, and hides nothing', async () => {
  const refuse = (action: string) => (action === 'thaw' ? new TaskError('AwsThrottled', 'slow down') : undefined);
  await expect(start({ looks: [state('done')], refuse })).resolves.toEqual({
    log: ['freeze', BEGIN, 'thaw', 'thaw', 'thaw'],
    ended: 'done',
  });
});
test('a freeze that may have ended before the snapshots began is no freeze', async () => {
  const { ended } = await start({ looks: [...Array.from({ length: 10 }, () => state('running')), state('done')], limitSeconds: 10 });
  expect(ended).toMatchObject({ name: 'BackupFailed', message: expect.stringContaining('longer limit') as string });
});

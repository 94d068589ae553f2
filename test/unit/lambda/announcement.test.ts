/** What is told while a run goes on. */
import { announce } from '../../../lambda/announce/handler';
import type { AnnouncementGround } from '../../../lambda/core/announcement';
import { announcementOf } from '../../../lambda/core/announcement';
import { turn } from '../../../lambda/core/direction';
import { NOTHING_ROLLED } from '../../../lambda/core/rolled';
import type { NodeReport } from '../../../lib/contract/events';
import { limits, plan, run, without } from './support/build';

const tell = (change: Partial<AnnouncementGround>) =>
  announcementOf({ event: 'started', run, plan: plan(), noBackupBecause: '', times: { limits }, ...change });
const done = (n: number, change: Partial<NodeReport> = {}): NodeReport => ({
  old: { instanceId: `i-old${n}`, privateIp: `10.0.0.${n}` },
  replacement: { instanceId: `i-new${n}`, privateIp: `10.0.1.${n}` },
  standbyAt: '2026-03-01T12:00:00Z',
  drainedAt: '2026-03-01T12:02:05Z',
  retiredAt: '2026-03-01T12:10:00Z',
  bootSeconds: 300,
  ...change,
});
const rolled = (...completed: NodeReport[]) => ({ ...NOTHING_ROLLED, completed });

describe('the begin', () => {
  test('tells the plan in short, and that apps must not be changed', () => {
    const { subject, text, details, cluster, executionArn } = tell({ plan: plan({ backupParts: ['database', 'shared-home'] }) });
    expect(subject).toBe('Bitbucket: upgrade begins 9.4.20 to 9.4.23 (bitbucket-nodes)');
    expect(text).toMatch(/do not install, update or remove apps/);
    expect(text).toContain('4 nodes, one after the other: i-old1 (10.0.0.1), i-old2');
    expect(text).toContain('backup: database, shared-home, before anything is changed (bitbucket-rolling-upgrade-1)');
    expect(text).toContain('an extra node serves meanwhile');
    expect(text).toMatch(/expected: about \d+ min from the first node on/);
    expect({ cluster, executionArn }).toEqual({ cluster: 'bitbucket-nodes', executionArn: run.executionArn });
    expect(details).toMatchObject({ continues: false, backupId: 'bitbucket-rolling-upgrade-1', nodes: plan().nodes });
  });
  test('says when an interrupted upgrade goes on, and with which backup', () => {
    const { subject, text, details } = tell({
      plan: plan({ continues: true, reusesBackup: true, nodes: [], capacity: 'within-capacity' }),
    });
    expect(subject).toContain('upgrade goes on');
    expect(text).toContain('goes on where it was interrupted');
    expect(text).toContain('bitbucket-rolling-upgrade-1 of an earlier run is used');
    expect(text).toContain('no node is left to replace');
    expect(details).toMatchObject({ continues: true, nodes: [] });
  });
  test('says that there is no backup, what the checks noticed, and what was overridden', () => {
    const overridden = [
      { check: 'licence', severity: 'refuse', verdict: 'failed', found: 'over', todo: '', reason: 'renewed, CHG-1' },
    ] as const;
    const checks = { warnings: [{ check: 'mirrors', message: 'one is older' }], overridden };
    const { text, details } = tell({ noBackupBecause: 'a clone', checks });
    expect(text).toContain('backup: NONE, because a clone');
    expect(text).toContain('- [mirrors] one is older\n- [licence] overridden because: renewed, CHG-1');
    expect(details).toMatchObject({ backupId: '', ...checks });
  });
});

describe('a node', () => {
  test('is told with which of how many, by whom, how long, and how many are left', () => {
    const { subject, text, details } = tell({ event: 'node-replaced', rolled: rolled(done(1), done(2)) });
    expect(subject).toBe('Bitbucket: node 2 of 4 is done, 9.4.20 to 9.4.23 (bitbucket-nodes)');
    expect(text).toContain('Node 2 of 4: i-old2 (10.0.0.2): drained in 125 s, replaced by i-new2 (10.0.1.2), good 300 s after its launch.');
    expect(text).toContain('2 nodes of 9.4.20 are left.');
    expect(details).toEqual({ node: { old: 'i-old2', replacement: 'i-new2', bootSeconds: 300, drainSeconds: 125 }, done: 2, left: 2 });
  });
  test('that nothing replaces gives back the extra node; after the last one the upgrade is finalized', () => {
    const last = without(done(4, { bootSeconds: 0 }), 'replacement');
    const { text, details } = tell({ event: 'node-replaced', rolled: rolled(done(1), done(2), done(3), last) });
    expect(text).toContain('retired: the extra node is given back.');
    expect(text).toContain('No node of the original version is left');
    expect(details).toMatchObject({ node: { old: 'i-old4' }, done: 4, left: 0 });
  });
  test('of which the plan did not know is counted', () => {
    expect(tell({ event: 'node-replaced', rolled: rolled(done(9)) }).details).toMatchObject({ done: 1, left: 4 });
  });
});

test('a roll back is told with its reason, and the versions as people know them', () => {
  const { subject, text, details, fromVersion } = tell({
    event: 'rolling-back',
    plan: turn(plan()),
    rolled: rolled(done(1)),
    reason: 'BakeFailed: errors went off',
  });
  expect(subject).toBe('Bitbucket: ROLLING BACK the upgrade 9.4.20 to 9.4.23 (bitbucket-nodes)');
  expect(text).toContain('nodes that run 9.4.23 are replaced by nodes of 9.4.20');
  expect(text).toContain('Why:\nBakeFailed: errors went off');
  expect({ details, fromVersion }).toEqual({
    details: { reason: 'BakeFailed: errors went off', made: 'mixed', done: 1 },
    fromVersion: '9.4.20',
  });
});

test('a roll back with nothing replaced says that no node has to be', () => {
  const { text } = tell({ event: 'rolling-back', plan: turn(plan()), made: 'original', reason: 'BackupFailed: no' });
  expect(text).toContain('no node of 9.4.23 is left, so upgrade mode is turned off');
  expect(text).not.toContain('one after the other');
});

test('the run goes on though nobody could be told; without a topic nobody is', async () => {
  const silent = jest.spyOn(console, 'error').mockReturnValue();
  const ground = { event: 'started', run, plan: plan(), noBackupBecause: '', times: { limits } } as const;
  await expect(announce(ground, { publish: () => Promise.reject(new Error('no')) })).resolves.toMatchObject({ told: false });
  expect(silent).toHaveBeenCalledTimes(1);
  await expect(announce(ground, undefined)).resolves.toMatchObject({ told: false });
  await expect(announce(ground, { publish: () => Promise.resolve() })).resolves.toMatchObject({ told: true });
  silent.mockRestore();
});

import { judge } from '../../../../simulator/rules';
import type { Evidence } from '../../../../simulator/rules/rule';
import { SSH, calls, entry, evidence, launch, mode, moves, serves, without, withEntries } from './evidence';

const broken = (overrides: Partial<Evidence>): number[] =>
  judge(evidence(overrides))
    .filter(({ kept }) => !kept)
    .map(({ id }) => id);
const said = (id: number, overrides: Partial<Evidence> = {}): string => judge(evidence(overrides)).find((rule) => rule.id === id)!.evidence;

test('a good run keeps all rules, each with evidence', () => {
  const judged = judge(evidence());
  expect(judged.filter(({ kept }) => !kept)).toEqual([]);
  expect(judged.map(({ id }) => id)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]);
  for (const { evidence: text } of judged) expect(text).not.toBe('');
});

describe('rule 1, serving nodes', () => {
  const tooFew = serves(800, ['i-new1', 'i-new2'], SSH);

  test('is broken by fewer than desired with surge, in any target group', () => {
    expect(broken(withEntries(tooFew))).toEqual([1]);
    expect(said(1, withEntries(tooFew))).toBe('only 2 of 3 planned nodes served in ssh at 13:20');
  });

  test('allows one fewer without surge, not two', () => {
    expect(broken({ ...withEntries(tooFew), capacity: 'within-capacity' })).toEqual([]);
    expect(broken({ ...withEntries(serves(800, ['i-new1'], SSH)), capacity: 'within-capacity' })).toEqual([1]);
  });

  test('counts apart what a fault takes away, until it is made up for', () => {
    const death = entry(799, 'fault', { name: 'instance-dies', instanceId: 'i-3' });
    expect(broken(withEntries(death, tooFew))).toEqual([]);
    expect(broken(withEntries(death, tooFew, serves(900, ['i-2', 'i-new1', 'i-new2'], SSH), serves(950, ['i-2', 'i-new1'], SSH)))).toEqual([
      1,
    ]);
    expect(broken(withEntries(death, serves(800, ['i-new1'], SSH)))).toEqual([1]);
  });
});

describe('rule 2, one at a time', () => {
  test('is broken by a second old node out before the first is back or retired', () => {
    expect(broken(withEntries(moves(450, 'i-2', 'EnteringStandby')))).toEqual([2]);
    expect(said(2, withEntries(moves(450, 'i-2', 'Terminating')))).toContain('i-1 and i-2 were out of service together at 7:30');
  });

  test('allows the next when the first has returned to service', () => {
    expect(
      broken(withEntries(moves(450, 'i-1', 'InService'), moves(451, 'i-2', 'EnteringStandby'), moves(452, 'i-2', 'InService'))),
    ).toEqual([]);
  });

  test('does not count new nodes, nor those that a fault took', () => {
    expect(broken(withEntries(moves(450, 'i-new1', 'Terminating')))).toEqual([]);
    expect(
      broken(withEntries(entry(440, 'fault', { name: 'instance-dies', instanceId: 'i-3' }), moves(450, 'i-3', 'Terminating'))),
    ).toEqual([]);
  });
});

describe('rule 3, nothing is cut', () => {
  const failed = (seconds: number, instanceId?: string) =>
    entry(seconds, 'request', { outcome: 'failed', request: 'clone', count: 2, why: 'it was cut', ...(instanceId && { instanceId }) });

  test('is broken by a request that failed, with or without a target', () => {
    expect(broken(withEntries(failed(600, 'i-1')))).toEqual([3]);
    expect(said(3, withEntries(failed(600)))).toContain('2 clone failed at 10:00: it was cut');
  });

  test('is broken by a node that is stopped with open connections', () => {
    const stopped = entry(995, 'bitbucket', { event: 'node', instanceId: 'i-2', phase: 'stopping', openConnections: 1 });
    expect(broken(withEntries(stopped))).toEqual([3]);
  });

  test('allows what a fault cut, and what was left when the drain limit had passed', () => {
    expect(broken(withEntries(entry(590, 'fault', { name: 'instance-dies', instanceId: 'i-3' }), failed(600, 'i-3')))).toEqual([]);
    expect(broken({ ...withEntries(failed(600, 'i-1')), drainLimitSeconds: 190 })).toEqual([]);
    expect(broken({ ...withEntries(failed(600, 'i-1')), drainLimitSeconds: 191 })).toEqual([3]);
  });
});

describe('rule 5, versions', () => {
  test.each([
    ['a feature version', 'ami-50'],
    ['a downgrade', 'ami-19'],
    ['a pre-release', 'ami-rc'],
    ['an unknown image', 'ami-unknown'],
  ])('is broken by a launch of %s', (_, imageId) => {
    expect(broken(withEntries(launch(800, 'i-x', imageId)))).toContain(5);
  });

  test('is broken by a denied version', () => {
    expect(broken({ deniedVersions: ['9.4.23'] })).toEqual([5]);
  });

  test('allows the original version', () => {
    expect(broken(withEntries(launch(800, 'i-x', 'ami-20')))).toEqual([]);
  });
});

describe('rule 6, upgrade mode', () => {
  test('is broken by switching the image, or launching it, while upgrade mode is off', () => {
    expect(broken(withEntries(calls(135, 'ec2:CreateLaunchTemplateVersion', { execution: 'run-1' })))).toEqual([6]);
    expect(
      broken(withEntries(calls(135, 'autoscaling:UpdateAutoScalingGroup', { execution: 'run-1', input: { LaunchTemplate: {} } }))),
    ).toEqual([6]);
    expect(broken(withEntries(launch(135, 'i-x')))).toEqual([6]);
  });

  test('allows a launch of the new version after the upgrade is finalized, not of the old one', () => {
    expect(broken(withEntries(launch(1550, 'i-x')))).toEqual([]);
    expect(broken(withEntries(launch(1550, 'i-x', 'ami-20')))).toEqual([6]);
  });

  test('is broken by a success that leaves upgrade mode on or two versions', () => {
    expect(broken({ upgradeModeAtEnd: true })).toEqual([6]);
    expect(broken({ versionsAtEnd: ['9.4.20', '9.4.23'], upgradeModeAtEnd: true })).toEqual([6]);
  });

  test('is broken by a failure that leaves upgrade mode on and does not say so', () => {
    const left = { upgradeModeAtEnd: true, versionsAtEnd: ['9.4.20', '9.4.23'] };
    expect(broken({ ...left, ending: { status: 'FAILED', cause: 'a node was bad' } })).toEqual([6]);
    expect(broken({ ...left, ending: { status: 'FAILED', cause: 'a node was bad; upgrade mode is still on' } })).toEqual([]);
  });

  test('what is left may be said by the recovery, or in a notification', () => {
    const left = { upgradeModeAtEnd: true, versionsAtEnd: ['9.4.20', '9.4.23'], ending: { status: 'ABORTED' } };
    expect(broken(left)).toEqual([6]);
    expect(
      broken({ ...left, others: [{ machine: 'Recover', seconds: 60, status: 'SUCCEEDED', output: { text: 'upgrade mode stays on' } }] }),
    ).toEqual([]);
    expect(broken({ ...left, ...withEntries(entry(1590, 'notification', { message: 'The nodes are mixed.' })) })).toEqual([]);
  });

  test('after somebody has turned upgrade mode off, the group may be pointed back, not forth', () => {
    const cancelled = [mode(1000, false), entry(1000, 'fault', { name: 'operator-cancels', accepted: true })];
    const point = (imageId: string) =>
      calls(1100, 'ec2:CreateLaunchTemplateVersion', { execution: 'run-1', input: { LaunchTemplateData: { ImageId: imageId } } });
    const last = mode(1500, false, '9.4.23');
    expect(broken(withEntries(...cancelled, point('ami-20'), last))).toEqual([]);
    expect(broken(withEntries(...cancelled, point('ami-23'), last))).toEqual([6]);
  });

  test('upgrade mode that was turned off again no longer allows a new image', () => {
    expect(broken(withEntries(mode(1000, false), launch(1010, 'i-x')))).toEqual([6]);
  });

  describe('left on by a run that succeeded', () => {
    const left = { upgradeModeAtEnd: true, versionsAtEnd: ['9.4.20', '9.4.23', '9.4.23'] };
    const held = (output: unknown) => said(6, { ...left, ending: { status: 'SUCCEEDED', output } });
    test('is right only when its output is held, and says so', () => {
      const text = 'State:\n- UPGRADE MODE STAYS ON: nodes of 9.4.20 and 9.4.23 can run together';
      expect(held(JSON.stringify({ outcome: 'HELD', text }))).toMatch(/^upgrade mode is on, and the run says so/);
      for (const output of [undefined, { outcome: 'SUCCEEDED', text }, { outcome: 'HELD', text: 'waits for the next window' }, { text }]) {
        expect(held(output)).toContain('the run SUCCEEDED, but upgrade mode is still on');
      }
    });
    test('is wrong while it is off and versions are mixed, whatever it says', () => {
      const ending = { status: 'SUCCEEDED', output: { outcome: 'HELD', text: 'UPGRADE MODE STAYS ON' } };
      expect(said(6, { ...left, upgradeModeAtEnd: false, ending })).toContain('nodes run 9.4.20 and 9.4.23');
    });
  });
});

describe('rule 7, settings', () => {
  const after = { ...evidence().after };

  test.each([
    ['a size', { max: 4 }],
    ['a suspended process', { suspendedProcesses: ['AZRebalance'] }],
    ['a tag', { tags: { Name: 'bitbucket', run: 'x' } }],
    ['the launch template version pinned', { versionSpec: '7' }],
    ['another default version', { defaultVersion: '2' }],
    ['a node in Standby', { standby: ['i-1'] }],
    ['the old image', { imageId: 'ami-20' }],
  ])('is broken by %s left behind', (_, change) => {
    expect(broken({ after: { ...after, ...change } })).toEqual([7]);
  });

  test.each([
    ['is still up', { wanted: 'none', atEnd: '"an upgrade runs"' }],
    ['is lost', { wanted: '"Sunday"', atEnd: 'none' }],
    ['is another than people want', { wanted: '"Sunday"', atEnd: '"Monday"' }],
  ])('a banner that %s', (_, banner) => {
    expect(said(7, { banner })).toBe(`Bitbucket's banner changed from ${banner.wanted} to ${banner.atEnd}`);
  });

  test('tags may stay that say what an unfinished upgrade must put back later, but none may be lost', () => {
    const held = { upgradeModeAtEnd: true, versionsAtEnd: ['9.4.20', '9.4.23'], ending: { status: 'FAILED', cause: 'upgrade mode is on' } };
    expect(broken({ ...held, after: { ...after, tags: { Name: 'bitbucket', run: 'x' } } })).toEqual([]);
    expect(broken({ ...held, after: { ...after, tags: { run: 'x' } } })).toEqual([7]);
  });

  test('a pinned version may become another number, a default version may move when the group follows it', () => {
    const before = evidence().before;
    expect(broken({ before: { ...before, versionSpec: '1' }, after: { ...after, versionSpec: '2' } })).toEqual([]);
    expect(
      broken({ before: { ...before, versionSpec: '$Default' }, after: { ...after, versionSpec: '$Default', defaultVersion: '2' } }),
    ).toEqual([]);
  });
});

describe('rule 8, one run', () => {
  test('is broken by a second run that changes the cluster while the first does', () => {
    expect(broken(withEntries(calls(600, 'autoscaling:EnterStandby', { execution: 'run-2' })))).toEqual([8]);
  });

  test('allows a run after the other', () => {
    expect(broken(withEntries(calls(1590, 'autoscaling:SuspendProcesses', { execution: 'run-2' })))).toEqual([]);
  });
});

describe('rule 9, the canary', () => {
  test('is broken by a second old node taken out before a new one was good', () => {
    const journal = without(({ kind }) => kind === 'good').journal;
    expect(broken({ journal })).toEqual([9]);
    expect(said(9, { journal })).toContain('no new node was ever good');
  });
});

describe('rule 10, allowed and discreet', () => {
  test('is broken by a denied call', () => {
    const denied = withEntries(calls(800, 'autoscaling:EnterStandby', { error: 'AccessDenied', message: 'no' }));
    expect(broken(denied)).toEqual([10]);
    expect(said(10, denied)).toContain('autoscaling:EnterStandby was denied to Task at 13:20');
  });

  test.each([
    ['a log', entry(800, 'log', { text: 'password s3cret"word' })],
    ['a notification, within JSON', entry(800, 'notification', { message: JSON.stringify({ p: 's3cret"word' }) })],
    ['a state, in base64', entry(800, 'state', { input: { header: `Basic ${Buffer.from('s3cret"word').toString('base64')}` } })],
    ['the user name', entry(800, 'log', { text: 'logged in as the-user' })],
  ])('is broken by a secret in %s', (_, leak) => {
    expect(broken(withEntries(leak))).toEqual([10]);
  });

  test("is broken by a secret in the execution's output", () => {
    expect(broken({ ending: { status: 'FAILED', cause: 'could not log in with s3cret"word' } })).toEqual([10]);
  });
});

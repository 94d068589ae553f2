import { makeReport } from '../../../lambda/core/report';
import type { PageGround } from '../../../lambda/core/plan-page';
import { makePlanPage } from '../../../lambda/core/plan-page';
import { planPageText } from '../../../lambda/core/plan-page-text';
import { releaseNotes } from '../../../lambda/core/release-notes';
import type { CheckResult } from '../../../lib/contract/checks';
import { limits, plan, run } from './support/build';

const page = (change: Partial<PageGround> = {}) =>
  makePlanPage({ plan: plan(), noBackupBecause: '', times: { limits }, gates: {}, ...change });
const text = (change: Partial<PageGround> = {}): string => planPageText(page(change)).join('\n\n');
const check = (name: string, change: Partial<CheckResult> = {}): CheckResult => ({
  check: name,
  severity: 'refuse',
  verdict: 'passed',
  found: `${name} is well.`,
  todo: '',
  ...change,
});

describe('a plan page', () => {
  test('names the versions, the images, the nodes in their order with why, and the extra node', () => {
    const nodes = [
      { instanceId: 'i-b', privateIp: '10.0.0.2', why: 'it does not serve' },
      { instanceId: 'i-a', privateIp: '10.0.0.1', why: 'it is busy' },
    ];
    const told = text({ plan: plan({ nodes }), request: { resolution: '9.4.23 is the newest.' } });
    expect(told).toContain('version: 9.4.20 becomes 9.4.23');
    expect(told).toContain('image: ami-00000000000000020 becomes ami-00000000000000023 in launch template lt-1 ($Latest)');
    expect(told).toMatch(/1\. i-b \(10\.0\.0\.2\): it does not serve\n2\. i-a \(10\.0\.0\.1\): it is busy/);
    expect(told).toContain('One extra node: 5 instead of 4');
    expect(told).toContain('why this version: 9.4.23 is the newest.');
    expect(text({ plan: plan({ capacity: 'within-capacity' }) })).toContain('No extra node: one node fewer than 4');
    expect(text({ plan: plan({ nodes: [] }) })).toContain('none is added');
    expect(text({ plan: plan({ continues: true }) })).toContain('goes on with an interrupted upgrade');
  });
  test('names what is suspended: not what is suspended already', () => {
    const told = page({ plan: plan({ suspendedBefore: ['AZRebalance'] }) });
    expect(told.suspended.map(({ process }) => process)).toEqual(['AlarmNotification', 'ScheduledActions', 'ReplaceUnhealthy']);
    expect(JSON.stringify(told.calls)).not.toContain('AZRebalance');
    const all = ['AlarmNotification', 'AZRebalance', 'ScheduledActions', 'ReplaceUnhealthy'];
    expect(JSON.stringify(page({ plan: plan({ suspendedBefore: all }) }).calls)).not.toMatch(/SuspendProcesses|ResumeProcesses/);
  });
  test('tells the backup: a new one, that of an earlier run, or none', () => {
    const parts = { backupParts: ['database', 'mesh-1'] };
    expect(text({ plan: plan(parts) })).toMatch(/backup: database, mesh-1, before anything else is changed[^]*StartBackupJob/);
    const reused = text({ plan: plan({ ...parts, reusesBackup: true, unfinishedBackups: ['x', 'y'] }) });
    expect(reused).toMatch(/of an earlier run is used \(database, mesh-1\)[^]*delete every part of x\n.*delete every part of y/);
    expect(reused).not.toContain('StartBackupJob');
    const none = page({ noBackupBecause: 'it is a test' });
    expect(planPageText(none).join()).toMatch(/backup: NONE, because it is a test\n.*after that there is none/);
    expect(JSON.stringify([none.calls, none.duration])).not.toMatch(/back.?up as|"back up"|Tidy/i);
  });
  test('tells the maintenance window, and how many nodes are expected to be done in it', () => {
    const window = { opensAt: run.startedAt, endsAt: '2026-03-01T13:00:00.000Z' };
    const told = page({ plan: plan({ window }) });
    expect(told.duration.window).toEqual({ ...window, nodes: 4, fit: 4 }); // two hours: a backup of ten minutes, and boots of half of 45
    expect(text({ plan: plan({ window: { ...window, endsAt: '2026-03-01T12:00:00.000Z' } }) })).toContain(
      'maintenance window: from 2026-03-01 11:00 UTC to 2026-03-01 12:00 UTC; 2 of 4 nodes are expected to be done before its end, the others in the next one',
    );
    expect(text()).not.toContain('maintenance window');
  });
  test('counts the time at most by the limits, and says what the expectation rests on', () => {
    const told = page().duration;
    const seconds = (phase: RegExp, given = told) => given.phases.find((one) => phase.test(one.phase))?.atMostSeconds;
    expect(seconds(/back up/)).toBe(7200);
    expect(seconds(/replace 4 nodes/)).toBe(4 * 3600 + 3600);
    expect(told.expectedSeconds).toBe(4 * 1350 + 300);
    expect(text()).toContain('expected: about 95 min from the first node on (how long a node takes to boot is not known');
    expect(text()).toContain('at most: 8 h, if every phase takes its whole limit');
    const baked = page({
      plan: plan({ capacity: 'within-capacity' }),
      times: { limits, bake: { first: 600, each: 60, alarms: [] } },
    }).duration;
    expect(seconds(/watch/, baked)).toBe(600 + 3 * 60);
    expect(seconds(/replace/, baked)).toBe(4 * 3600);
    expect(seconds(/replace|watch/, page({ plan: plan({ nodes: [] }) }).duration)).toBeUndefined();
  });
  test('names every changing call in its order', () => {
    const steps = page().calls.map(({ step }) => step);
    const order = [
      /lock/,
      /Announce/,
      /Put up .* banner/,
      /Back up/,
      /Hold/,
      /upgrade mode/,
      /image/,
      /extra node/,
      /Replace 4/,
      /Finalize/,
      /Restore/,
      /Take down .* banner/,
      /lock/,
      /Tidy/,
      /Report/,
    ];
    expect(steps).toEqual(order.map((pattern) => expect.stringMatching(pattern) as string));
    expect(
      page({ plan: plan({ capacity: 'within-capacity' }) })
        .calls.map(({ step }) => step)
        .join(),
    ).not.toContain('extra node');
    expect(text()).toContain('EnterStandby without decrement (its replacement starts while it drains), 3 times');
  });
  test.each([
    ['$Latest', /CreateLaunchTemplateVersion \(lt-1: version 1 with ami-00000000000000023\)\n(?!.*ModifyLaunchTemplate)/],
    ['$Default', /ModifyLaunchTemplate/],
    ['7', /UpdateAutoScalingGroup \(the new version instead of 7\)/],
  ])('of a group that names its template by %s tells what has to follow', (versionSpec, expected) => {
    expect(text({ plan: plan({ launchTemplate: { ...plan().launchTemplate, versionSpec } }) })).toMatch(expected);
  });
  test('shows all checks: passed, warned and overridden with the reason', () => {
    const warned = check('apps', { severity: 'warn', verdict: 'failed', found: 'One is old.', todo: 'Update it.' });
    const unknown = check('marketplace', { severity: 'warn', verdict: 'unknown', found: 'No answer.' });
    const failed = check('licence', { verdict: 'failed', found: 'It is over.', todo: 'Renew it.' });
    const checks = { results: [check('clustering'), warned, unknown, failed], overridden: [{ ...failed, reason: 'renewed, CHG-1' }] };
    expect(text({ checks })).toContain(
      [
        'Checks (1 passed, 2 warned, 1 overridden):',
        '- WARNING [apps] One is old. Update it.',
        '- WARNING, unknown [marketplace] No answer.',
        '- OVERRIDDEN [licence] It is over. Renew it. Overridden because: renewed, CHG-1',
        '- passed [clustering] clustering is well.',
      ].join('\n'),
    );
    expect(page({ checks }).checks[3]).toMatchObject({ check: 'licence', overriddenBecause: 'renewed, CHG-1' });
  });
  test('of a hundred nodes and fifty talkative checks fits the state of an execution with its report', () => {
    const nodes = Array.from({ length: 100 }, (_, n) => ({
      instanceId: `i-${String(n).padStart(17, '0')}`,
      privateIp: '10.0.0.1',
      why: 'x'.repeat(90),
    }));
    const results = Array.from({ length: 50 }, (_, n) =>
      check(`check-${n}`, { severity: 'warn', verdict: 'failed', found: 'x'.repeat(1000) }),
    );
    const ground = {
      outcome: 'DRY_RUN',
      run,
      plan: plan({ nodes }),
      checks: { results, warnings: [], overridden: [] },
      times: { limits },
    } as const;
    expect(JSON.stringify(makeReport(ground)).length).toBeLessThan(256 * 1024);
  });
});

describe('release notes', () => {
  test('are those of the target and of every version between', () => {
    const found = releaseNotes('9.4.20', '9.4.23');
    expect(found.map(({ version }) => version)).toEqual(['9.4.21', '9.4.22', '9.4.23']);
    expect(found[2]).toEqual({
      version: '9.4.23',
      notes: 'https://confluence.atlassian.com/display/BitbucketServer/Bitbucket+Data+Center+9.4+release+notes',
      issues: 'https://jira.atlassian.com/issues/?jql=project%20%3D%20BSERV%20AND%20fixVersion%20%3D%20%229.4.23%22',
    });
  });
  test('of 8 have the title that they had', () => {
    expect(releaseNotes('8.19.1', '8.19.2')[0]?.notes).toMatch(/Bitbucket\+Data\+Center\+and\+Server\+8\.19\+release\+notes$/);
  });
  test.each([
    ['9.4.23', '9.4.23'],
    ['9.4.23', '9.4.20'],
    ['9.4.20', '9.5.1'],
    ['x', '9.4.20'],
    ['9.4.20', ''],
  ])('from %s to %s are none', (from, to) => {
    expect(releaseNotes(from, to)).toEqual([]);
  });
  test('are at most fifty, the latest ones', () => {
    const found = releaseNotes('9.4.0', '9.4.900000');
    expect(found).toHaveLength(50);
    expect(found.at(-1)?.version).toBe('9.4.900000');
  });
});

import { turn } from '../../../lambda/core/direction';
import { unwrapFailure } from '../../../lambda/core/failure';
import type { ReportGround } from '../../../lambda/core/report';
import { makeReport } from '../../../lambda/core/report';
import { asPublication } from '../../../lambda/core/publication';
import type { Told } from '../../../lambda/core/told';
import { reportRun } from '../../../lambda/report-run/handler';
import type { Outcome, Plan } from '../../../lib/contract/events';
import { limits, NOW, plan, run } from './support/build';

const lambdaError = {
  Error: 'ReplacementFailed',
  Cause: JSON.stringify({ errorType: 'ReplacementFailed', errorMessage: 'i-new1 runs 9.4.22', trace: [] }),
};
const childError = {
  Error: 'States.TaskFailed',
  Cause: JSON.stringify({ Status: 'FAILED', Error: lambdaError.Error, Cause: lambdaError.Cause }),
};
const none = { Error: '', Cause: '' };
const report = (ground: Partial<ReportGround> & Pick<ReportGround, 'outcome'>) =>
  makeReport({ run, plan: plan(), restoreFailure: none, ...ground });

describe('a failure', () => {
  test('of a task is unwrapped', () => {
    expect(unwrapFailure(lambdaError)).toEqual({ error: 'ReplacementFailed', message: 'i-new1 runs 9.4.22' });
  });
  test('of a nested execution is unwrapped to the task', () => {
    expect(unwrapFailure(childError)).toEqual({ error: 'ReplacementFailed', message: 'i-new1 runs 9.4.22' });
  });
  test('of a nested execution names the node that it replaced, as text or as an object', () => {
    const node = { instanceId: 'i-old1', privateIp: '10.0.0.1' };
    for (const Input of [JSON.stringify({ node }), { node }]) {
      const Cause = JSON.stringify({ Status: 'FAILED', Error: lambdaError.Error, Cause: lambdaError.Cause, Input });
      expect(unwrapFailure({ Error: 'States.TaskFailed', Cause })).toEqual({
        error: 'ReplacementFailed',
        message: 'i-new1 runs 9.4.22',
        node,
      });
    }
  });
  test('of a nested execution keeps its name though the cause is cut off', () => {
    expect(unwrapFailure({ ...childError, Cause: childError.Cause.replace(/}$/, '') })).toMatchObject({ error: 'ReplacementFailed' });
  });
  test('of a nested execution that was stopped says so', () => {
    expect(unwrapFailure({ Error: 'States.TaskFailed', Cause: '{"Status":"ABORTED","ExecutionArn":"arn:x"}' }).message).toBe(
      'The execution arn:x ended ABORTED.',
    );
  });
  test.each([['plain text'], ['{broken'], ['null'], [''], ['{"other":1}']])('with the cause %j is given as it is', (Cause) => {
    expect(unwrapFailure({ Error: 'E', Cause })).toEqual({ error: 'E', message: Cause });
  });
});

describe('the backup in a report', () => {
  const part = (name: string, startedAt: string, restore = [{ title: `Restore ${name}`, commands: [`restore-${name}`] }]) => ({
    part: name,
    resource: `the-${name}`,
    snapshotIds: [`snap-${name}`],
    startedAt,
    restore,
  });
  const backup = [part('database', '2026-03-01T11:00:00Z'), part('shared-home', '2026-03-01T11:00:12Z')];

  test('of a success is named with its skew, and with every step and command of the way back', () => {
    const { text, restorePlan, backup: told } = report({ outcome: 'SUCCEEDED', backup });
    expect(text).toMatch(/Backup bitbucket-rolling-upgrade-1, begun within 12 s:\n- database \(the-database\): snap-database/);
    expect(restorePlan.map(({ title }) => title)).toEqual([
      expect.stringContaining('Stop every Bitbucket node'),
      expect.stringContaining('9.4.20 again'),
      'Restore database',
      'Restore shared-home',
      expect.stringContaining('integrity check'),
      expect.stringContaining('Start one node'),
      expect.stringContaining('integrity check'),
      expect.stringContaining('Start the other nodes'),
    ]);
    for (const { title, commands } of restorePlan) for (const line of [title, ...commands]) expect(text).toContain(line);
    expect(told[0]).not.toHaveProperty('restore');
  });
  test('of a failure names the steps; the commands are in the message, but not in the cause, which has a limit', () => {
    const { text, cause } = report({ outcome: 'FAILED', failure: lambdaError, made: 'mixed', backup });
    expect(text).toContain('     restore-database');
    expect(cause).toContain('Restore database');
    expect(cause).not.toContain('restore-database');
    expect(cause).toContain('restorePlan');
  });
  test('that is not complete in every part has no way back', () => {
    expect(report({ outcome: 'SUCCEEDED', backup: [backup[0]!, part('shared-home', '', [])] }).restorePlan).toEqual([]);
    expect(report({ outcome: 'FAILED', failure: lambdaError }).restorePlan).toEqual([]);
  });
  test('is none, because ..., where there is none', () => {
    const { text } = report({ outcome: 'SUCCEEDED', backup: [], noBackupBecause: 'this is a test cluster' });
    expect(text).toContain('Backup: none, because this is a test cluster');
    expect(text).toContain('no backup was made');
  });
  test('could not be tidied: that is a warning, and no failure', () => {
    const { warnings, error } = report({ outcome: 'SUCCEEDED', backup, tidyFailure: lambdaError });
    expect([warnings, error]).toEqual([
      [{ check: 'backup', message: expect.stringMatching(/could not be tidied: ReplacementFailed: i-new1 .*by hand/) as string }],
      '',
    ]);
    expect(report({ outcome: 'SUCCEEDED', backup, tidyFailure: none }).warnings).toEqual([]);
  });
  test.each<[string, Partial<Plan['launchTemplate']>, RegExp]>([
    ['$Latest', { versionSpec: '$Latest' }, /create-launch-template-version .*--source-version 3 .*ami-/],
    ['$Default', { versionSpec: '$Default' }, /modify-launch-template .*--default-version 3/],
    ['a number', { versionSpec: '4' }, /update-auto-scaling-group .*--launch-template LaunchTemplateId=lt-1,Version=3/],
    ['a number in a mixed policy', { versionSpec: '4', within: 'mixed-instances-policy' }, /--mixed-instances-policy '.*"Version":"3"/],
  ])('goes back to the original image by %s', (_, change, expected) => {
    const given = plan({ launchTemplate: { ...plan().launchTemplate, version: '3', ...change } });
    expect(report({ outcome: 'SUCCEEDED', plan: given, backup }).restorePlan[1]!.commands.join('\n')).toMatch(expected);
    // A plan that was turned round is told as it was made.
    expect(report({ outcome: 'FAILED', failure: lambdaError, plan: turn(given), backup }).restorePlan[1]!.title).toContain('9.4.20');
  });
  test('never resumes what was suspended before, nor everything', () => {
    const last = (suspendedBefore: string[]) =>
      report({ outcome: 'SUCCEEDED', plan: plan({ suspendedBefore }), backup }).restorePlan.at(-1)!.commands;
    expect(last(['AZRebalance']).at(-1)).toMatch(/resume-processes (?!.*AZRebalance)/);
    expect(last(['AlarmNotification', 'AZRebalance', 'ScheduledActions', 'ReplaceUnhealthy']).join()).not.toContain('resume');
  });
});

describe('a report', () => {
  test('of a success names every node and the backup pair', () => {
    const { subject, text, error, cause } = report({
      outcome: 'SUCCEEDED',
      backup: [{ part: 'database', resource: 'db', snapshotIds: ['snap-db'], startedAt: '' }],
      rolled: {
        completed: [
          {
            old: plan().nodes[0]!,
            replacement: { instanceId: 'i-new1', privateIp: '10.0.1.1' },
            standbyAt: '2026-03-01T11:00:00Z',
            drainedAt: '2026-03-01T11:02:00Z',
            retiredAt: '',
            bootSeconds: 600,
          },
        ],
        expectedBootSeconds: 600,
        failures: 0,
        postponed: [],
      },
    });
    expect(subject).toBe('Bitbucket: upgraded 9.4.20 to 9.4.23 (bitbucket-nodes)');
    expect(text).toMatch(/i-old1 .*drained in 120 s, replaced by i-new1 .*600 s/);
    expect(text).toContain('snap-db');
    expect([error, cause]).toEqual(['', '']);
  });
  test('of a failure says what happened, how things are, and what to do', () => {
    const { outcome, error, cause, text } = report({ outcome: 'FAILED', failure: childError, made: 'mixed' });
    expect(outcome).toBe('HELD'); // every node serves, and a next run goes on
    expect(error).toBe('ReplacementFailed');
    expect(cause).toBe(text);
    expect(text).toMatch(/i-new1 runs 9\.4\.22[^]*UPGRADE MODE STAYS ON[^]*"targetVersion": "9\.4\.23"/);
  });
  test('of a failure that was undone does not say that upgrade mode is on', () => {
    const { text, error, subject } = report({ outcome: 'ROLLED_BACK', failure: lambdaError, made: 'mixed', plan: turn(plan()) });
    expect(text).toContain('upgrade mode is off again');
    expect(text).not.toContain('STAYS ON');
    expect(text).toMatch(/from 9\.4\.20 to 9\.4\.23 failed and was undone/);
    expect([error, subject]).toEqual(['ReplacementFailed', 'Bitbucket: UPGRADE ROLLED BACK 9.4.20 to 9.4.23 (bitbucket-nodes)']);
  });
  test('of a run that stopped where only original nodes are does not say that upgrade mode is off', () => {
    const { outcome, text } = report({ outcome: 'FAILED', failure: lambdaError, made: 'original' });
    expect(outcome).toBe('FAILED');
    expect(text).toContain('UPGRADE MODE MAY BE ON');
  });
  test('says what was decided after the failure, and repeats nothing', () => {
    const decided = 'ReplacementFailed: i-new1 runs 9.4.22\nThe failure policy is to roll back.';
    const { text } = report({ outcome: 'ROLLED_BACK', failure: lambdaError, reason: decided });
    expect(text.split('i-new1 runs 9.4.22')).toHaveLength(2);
    expect(text).toContain('The failure policy is to roll back.');
  });
  test('of a recovery says which execution ended how, and what could not be put back', () => {
    const ended = { executionArn: 'arn:ended', status: 'ABORTED' };
    expect(report({ outcome: 'RECOVERED', ended, made: 'original' })).toMatchObject({
      subject: expect.stringContaining('recovered') as string,
      text: expect.stringMatching(/arn:ended .* ended ABORTED[^]*upgrade mode is off again/) as string,
      error: '',
    });
    expect(report({ outcome: 'RECOVERED', ended, made: 'mixed', restoreFailure: { Error: 'RestoreFailed', Cause: 'x' } })).toMatchObject({
      subject: expect.stringContaining('RECOVERY FAILED') as string,
      text: expect.stringMatching(/could NOT all be put back[^]*NOT RESTORED: RestoreFailed: x/) as string,
    });
  });
  test('says loudly what could not be restored', () => {
    expect(
      report({ outcome: 'FAILED', failure: lambdaError, made: 'original', restoreFailure: { Error: 'AccessDenied', Cause: 'no' } }).text,
    ).toMatch(/NOT RESTORED: AccessDenied: no/);
  });
  test('of a failure after the point of no return says that the upgrade is final', () => {
    const { text } = report({ outcome: 'FAILED', failure: { Error: 'RestoreFailed', Cause: 'x' }, finalized: { verdict: 'done' } });
    expect(text).toContain('the upgrade is final');
    expect(text).not.toContain('STAYS ON');
  });
  test('of a refusal needs no plan', () => {
    expect(makeReport({ outcome: 'REFUSED', run, failure: { Error: 'RequestRefused', Cause: '{"errorMessage":"1. no"}' } })).toMatchObject({
      error: 'RequestRefused',
      cause: expect.stringContaining('1. no') as string,
    });
  });
  test('of a dry run has the plan page in its text and as data, and is no longer than SNS takes', async () => {
    const { text, planPage } = report({ outcome: 'DRY_RUN', times: { limits } });
    expect(planPage).toMatchObject({ fromVersion: '9.4.20', toVersion: '9.4.23' });
    expect(text).toContain('4. i-old4');
    const told: Told[] = [];
    const nodes = Array.from({ length: 9000 }, (_, n) => ({ instanceId: `i-${n}`, privateIp: '10.0.0.1', why: 'ä'.repeat(20) }));
    const ground = { outcome: 'DRY_RUN', run, plan: plan({ nodes }), times: { limits } } as const;
    await reportRun(ground, 'bitbucket-nodes', { publish: (one) => Promise.resolve(void told.push(one)) });
    const { message } = asPublication(told[0]!, NOW);
    expect(Buffer.byteLength(message)).toBeLessThanOrEqual(262_144);
    expect((JSON.parse(message) as { default: string }).default).toMatch(
      /The rest is cut off here: the output of the execution has the whole report\.$/,
    );
  });
  test('of a dry run says with which request it is done, overrides included', () => {
    const request = { targetVersion: '9.4.23', imageId: 'ami-1', dryRun: true, problems: [], overrides: { licence: 'renewed, CHG-1' } };
    expect(report({ outcome: 'DRY_RUN', request }).text).toContain(
      'start an execution with {"targetVersion": "9.4.23", "overrides": {"licence":"renewed, CHG-1"}}',
    );
  });
  test('of a dry run with nothing to do has no page', () => {
    const { text, planPage } = report({ outcome: 'DRY_RUN', times: { limits }, plan: plan({ action: 'nothing' }) });
    expect(planPage).toBeUndefined();
    expect(text).toContain('there is nothing to upgrade');
    expect(text).not.toContain('To do it');
  });
  test('of a run that found nothing newer says what was looked at', () => {
    const request = {
      targetVersion: '9.4.23',
      imageId: '',
      dryRun: false,
      problems: [],
      upToDate: true,
      resolution: '9.4.23 is the newest.',
    };
    expect(report({ outcome: 'NOTHING_TO_DO', request }).text).toMatch(/^9\.4\.23 is the newest\. bitbucket-nodes runs it already\./);
  });
  test.each<Outcome>(['SUCCEEDED', 'FAILED', 'ROLLED_BACK', 'HELD', 'RECOVERED', 'DRY_RUN'])(
    '%s names what was overridden, and why',
    (outcome) => {
      const overridden = [
        { check: 'licence', severity: 'refuse', verdict: 'failed', found: 'It is over.', todo: 'Renew it.', reason: 'renewed, CHG-1' },
      ] as const;
      const told = report({ outcome, checks: { overridden } });
      expect(told.text).toContain('Overridden by the request:\n- [licence] It is over. Overridden because: renewed, CHG-1');
      expect(told.overridden).toEqual(overridden);
    },
  );
  test('has a subject that SNS takes', () => {
    const { subject } = report({ outcome: 'FAILED', failure: lambdaError, plan: plan({ groupName: 'ä'.repeat(200) }) });
    expect(subject).toMatch(/^[\x20-\x7e]{1,100}$/);
  });
  test('warns of a banner that could not be put up, and of apps that changed', () => {
    const { warnings, text } = report({
      outcome: 'SUCCEEDED',
      bannerFailure: { Error: 'PermissionMissing', Cause: '{"errorType":"PermissionMissing","errorMessage":"answered 403."}' },
      apps: { warnings: [{ check: 'apps', message: 'Merge Checks was changed.' }] },
      appsFailure: none,
    });
    expect(warnings.map(({ check }) => check)).toEqual(['banner', 'apps']);
    expect(text).toContain('- [banner] ');
    expect(text).toContain('PermissionMissing: answered 403.');
    const failed = report({ outcome: 'SUCCEEDED', bannerFailure: none, apps: { warnings: [] }, appsFailure: { Error: 'E', Cause: 'why' } });
    expect(failed.warnings).toEqual([{ check: 'apps', message: expect.stringContaining('not known: E: why') as string }]);
  });
  test('is made though nobody can be told', async () => {
    const silent = jest.spyOn(console, 'error').mockReturnValue();
    await expect(
      reportRun({ outcome: 'DRY_RUN', run }, 'bitbucket-nodes', { publish: () => Promise.reject(new Error('no')) }),
    ).resolves.toMatchObject({
      outcome: 'DRY_RUN',
    });
    expect(silent).toHaveBeenCalledTimes(1);
    silent.mockRestore();
  });
});

test('nothing to do is told by the output only: a schedule must not send mails that nobody reads', async () => {
  const publish = jest.fn(() => Promise.resolve());
  await expect(reportRun({ outcome: 'NOTHING_TO_DO', run }, 'bitbucket-nodes', { publish })).resolves.toMatchObject({
    outcome: 'NOTHING_TO_DO',
  });
  expect(publish).not.toHaveBeenCalled();
});

describe('a run whose maintenance window ended', () => {
  const why = 'No further node is begun: 2 nodes of 9.4.20 must wait. The next start goes on from here.';
  const failure = { Error: 'WindowClosing', Cause: JSON.stringify({ errorType: 'WindowClosing', errorMessage: why }) };

  test('is held, as it was planned: no error, and what is to be done is nothing', () => {
    const told = report({ outcome: 'FAILED', made: 'mixed', failure, reason: `WindowClosing: ${why}` });
    expect(told).toMatchObject({ outcome: 'HELD', error: '', cause: '' });
    expect(told.subject).toBe('Bitbucket: held until the next window, upgrade mode on: 9.4.20 to 9.4.23 (bitbucket-nodes)');
    expect(told.text).toMatch(
      /^The upgrade .* is held until the next maintenance window, as planned: 0 nodes were upgraded in this one\. Every node serves\.\nNo further/,
    );
    expect(told.text).toContain('UPGRADE MODE STAYS ON');
    expect(told.text).toContain('Nothing: the next start in a window goes on from here');
    expect(told.text).not.toMatch(/remove the cause|WindowClosing/i);
  });
  test('and that is back where it began waits as well, with upgrade mode off', () => {
    const told = report({ outcome: 'ROLLED_BACK', plan: turn(plan()), failure });
    expect(told).toMatchObject({ outcome: 'HELD', error: '', cause: '', fromVersion: '9.4.20', restorePlan: [] });
    expect(told.subject).toBe('Bitbucket: upgrade waits for the next window: 9.4.20 to 9.4.23 (bitbucket-nodes)');
    expect(told.text).toContain('upgrade mode is off again');
    expect(told.text).not.toContain('UPGRADE MODE');
  });
  test.each([
    ['could not put everything back', { restoreFailure: { Error: 'RestoreFailed', Cause: 'no' }, made: 'mixed' as const }],
    ['stopped with original nodes only, where nobody turned upgrade mode off', { made: 'original' as const }],
  ])('but %s has failed', (_, change) => {
    expect(report({ outcome: 'FAILED', failure, ...change })).toMatchObject({ outcome: 'FAILED', error: 'WindowClosing' });
  });
});

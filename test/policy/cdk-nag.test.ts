import { App, Validations } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { AwsSolutionsChecks } from 'cdk-nag';
import { readSettings } from '../../bin/app/settings';
import { defineApp } from '../../bin/app/stack';
import { EXAMPLE_CONTEXT } from '../support/settings';

jest.mock('../../lib/private/bundle', () => jest.requireActual<object>('../support/placeholder-bundle'));

/**
 * Every finding of AwsSolutions that is not acknowledged, as `rule at path`. The checks are asked directly: as a plug-in they need a later
 * aws-cdk-lib than the oldest one that is supported.
 */
function findings(settings: Readonly<Record<string, string>>): string[] {
  const app = new App();
  defineApp(
    app,
    readSettings((key) => settings[key]),
  );
  const { violations } = new AwsSolutionsChecks(app).validateScope(app);
  return violations.flatMap(({ ruleName, violatingResources }) =>
    violatingResources.map(({ constructPath }) => `${ruleName} at ${constructPath ?? '?'}`),
  );
}

test('the deployable app has no finding that is not acknowledged with its reason', () => {
  expect(findings(EXAMPLE_CONTEXT)).toEqual([]);
});

const WATCHED = { bakeFirstMinutes: '30', bakeAlarmNames: 'bitbucket-errors', failurePolicy: 'hold' };

test('nor has it with a schedule, images by parameter, and alarms', () => {
  const settings = {
    scheduleExpression: 'rate(7 days)',
    scheduleTargetVersion: '9.4.23',
    imageParameterPrefix: '/bitbucket/ami',
    ...WATCHED,
  };
  expect(findings({ ...EXAMPLE_CONTEXT, ...settings })).toEqual([]);
});

const FILE_SYSTEM = {
  fileServerInstanceId: '',
  sharedHomeVolumeIds: '',
  fileSystemId: 'fs-0123456789abcdef0',
  backupVaultName: 'bitbucket',
};

test.each<[string, Readonly<Record<string, string>>]>([
  [
    'Aurora and volumes by tag',
    { databaseInstanceId: '', databaseClusterId: 'aurora', sharedHomeVolumeIds: '', sharedHomeVolumeTag: 'home=shared' },
  ],
  [
    'volumes of instances, frozen',
    { sharedHomeVolumeIds: '', freezeMountPoints: '/srv/shared', otherHomes: '{"mesh-1":"i-0123456789abcdef1"}' },
  ],
  ['a file system', FILE_SYSTEM],
  ['all by AWS Backup', { backupMethod: 'aws-backup', backupVaultName: 'bitbucket', otherHomes: '{"mirror-1":"vol-0123456789abcdef1"}' }],
  [
    'Aurora and an instance by AWS Backup',
    {
      databaseInstanceId: '',
      databaseClusterId: 'aurora',
      sharedHomeVolumeIds: '',
      backupMethod: 'aws-backup',
      backupVaultName: 'bitbucket',
    },
  ],
  ['no backup', { backupMethod: 'none', noBackupReason: 'another tool makes one' }],
])('nor has it with %s', (_what, settings) => {
  expect(findings({ ...EXAMPLE_CONTEXT, ...settings })).toEqual([]);
});

test('a wildcard that nobody acknowledged is found', () => {
  const app = new App();
  const { upgrade } = defineApp(
    app,
    readSettings((key) => EXAMPLE_CONTEXT[key]),
  );
  upgrade.replaceNodeStateMachine.addToRolePolicy(
    new PolicyStatement({ actions: ['ec2:TerminateInstances'], resources: ['arn:aws:ec2:*'] }),
  );
  const { violations } = new AwsSolutionsChecks(app).validateScope(app);
  expect(violations.map(({ ruleName }) => ruleName)).toEqual(['AwsSolutions-IAM5[Resource::arn:aws:ec2:*]']);
});

test('each acknowledgement says why', () => {
  const app = new App();
  const stack = defineApp(
    app,
    readSettings((key) => EXAMPLE_CONTEXT[key]),
  );
  const reasons = stack.node
    .findAll()
    .flatMap(({ node }) => node.metadata)
    .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
    .flatMap(({ data }) => Object.entries(data as Record<string, string>));
  expect(reasons.length).toBeGreaterThan(50);
  for (const [rule, reason] of reasons) expect([rule, reason]).toEqual([rule, expect.stringMatching(/\w+( \S+){3,}/)]);
});

import { loadActions } from '../../../../simulator/iam/actions';
import { PolicyAuthorizer } from '../../../../simulator/iam/authorizer';
import { conditionHolds } from '../../../../simulator/iam/conditions';
import { parseStatements } from '../../../../simulator/iam/policy';
import { matchesArn } from '../../../../simulator/iam/wildcards';
import type { Authorization } from '../../../../simulator/kernel/ports';

const caller = { roleLogicalId: 'Role', roleArn: 'arn:aws:iam::111111111111:role/the-role', name: 'the-function' };
const GROUP = 'arn:aws:autoscaling:eu-central-1:111111111111:autoScalingGroup:1-2:autoScalingGroupName/git';

function authorizer(...statements: Record<string, unknown>[]): PolicyAuthorizer {
  const parsed = parseStatements({ Statement: statements }, 'test');
  return new PolicyAuthorizer(
    [{ logicalId: 'Role', arn: caller.roleArn, name: 'the-role', statements: parsed }],
    'eu-central-1',
    '111111111111',
  );
}

const allow = (Action: string | string[], Resource: string | string[] = '*', Condition?: unknown): Record<string, unknown> => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...(Condition === undefined ? {} : { Condition }),
});
const deny = (Action: string): Record<string, unknown> => ({ Effect: 'Deny', Action, Resource: '*' });

const update: Authorization = {
  action: 'autoscaling:UpdateAutoScalingGroup',
  resources: [GROUP],
  context: { 'aws:ResourceTag/team': 'git' },
};

beforeAll(() => loadActions(['autoscaling', 'backup', 'ec2', 'iam', 'rds', 'sns', 'ssm']));

test.each([
  ['nothing granted', [], false],
  ['granted', [allow('autoscaling:UpdateAutoScalingGroup', GROUP)], true],
  ['granted without case', [allow('AUTOSCALING:updateAutoScalingGroup', GROUP)], true],
  ['granted by wildcards', [allow('autoscaling:Upd*Group', 'arn:aws:autoscaling:*:*:autoScalingGroup:*:autoScalingGroupName/git')], true],
  [
    'granted for another group',
    [allow('autoscaling:UpdateAutoScalingGroup', 'arn:aws:autoscaling:*:*:autoScalingGroup:*:autoScalingGroupName/other')],
    false,
  ],
  ['granted for another region', [allow('autoscaling:*', 'arn:aws:autoscaling:us-east-1:*:autoScalingGroup:*')], false],
  ['another action granted', [allow('autoscaling:SetDesiredCapacity')], false],
  ['granted and denied', [allow('autoscaling:*'), deny('autoscaling:Update*')], false],
  ['all but another', [{ Effect: 'Allow', NotAction: 'ec2:*', Resource: '*' }], true],
  ['all but this resource', [{ Effect: 'Allow', Action: '*', NotResource: GROUP }], false],
  ['a condition that holds', [allow('autoscaling:*', '*', { StringEquals: { 'aws:ResourceTag/team': ['x', 'git'] } })], true],
  ['a condition that does not hold', [allow('autoscaling:*', '*', { StringEquals: { 'aws:ResourceTag/team': 'x' } })], false],
  [
    'a condition on a key that the request does not carry',
    [allow('autoscaling:*', '*', { StringEquals: { 'aws:ResourceTag/other': 'x' } })],
    false,
  ],
  [
    'two conditions of which one holds',
    [allow('autoscaling:*', '*', { StringEquals: { 'aws:ResourceTag/team': 'git' }, Bool: { 'aws:SecureTransport': 'false' } })],
    false,
  ],
])('%s', (_name, statements, allowed) => {
  expect(authorizer(...statements).authorize(caller, update).allowed).toBe(allowed);
});

test('the refusal has the words of AWS', () => {
  const who =
    'User: arn:aws:sts::111111111111:assumed-role/the-role/the-function is not authorized to perform: autoscaling:UpdateAutoScalingGroup';
  const tested = authorizer(deny('autoscaling:Up*'));
  expect(authorizer().authorize(caller, update)).toEqual({
    allowed: false,
    reason: `${who} on resource: ${GROUP} because no identity-based policy allows the autoscaling:UpdateAutoScalingGroup action`,
  });
  expect(tested.authorize(caller, update)).toEqual({
    allowed: false,
    reason: `${who} on resource: ${GROUP} with an explicit deny in an identity-based policy`,
  });
  expect(tested.deniedCalls()).toMatchObject([{ role: 'Role', action: 'autoscaling:UpdateAutoScalingGroup', resource: GROUP }]);
});

test('a call on several resources needs each of them', () => {
  const tested = authorizer(allow('autoscaling:UpdateAutoScalingGroup', GROUP));
  const resources = [GROUP, GROUP.replace('/git', '/other')];
  expect(tested.authorize(caller, { ...update, resources }).allowed).toBe(false);
});

test('grants that no call needed are listed, those of the runtime and used wildcards are not', () => {
  const tested = authorizer(allow(['autoscaling:Update*', 'autoscaling:SetDesiredCapacity', 'logs:PutLogEvents']), allow('sns:Publish'));
  tested.authorize(caller, update);
  expect(tested.unusedGrants()).toEqual([
    { role: 'Role', action: 'autoscaling:SetDesiredCapacity' },
    { role: 'Role', action: 'sns:Publish' },
  ]);
});

test('policies that can never work are reported', () => {
  const tested = authorizer(allow('autoscaling:UpdateGroup'), allow('sns:Publish', '*', { StringEquals: { 'ec2:Region': 'x' } }));
  expect(tested.problems()).toEqual([
    'Role Role: AWS documents no action autoscaling:UpdateGroup.',
    'Role Role: sns:Publish does not take the condition key ec2:Region.',
  ]);
});

test.each([
  ['an unknown action', { action: 'autoscaling:Nonsense', resources: ['*'] }, 'asks for autoscaling:Nonsense, which AWS does not document'],
  ['a key of another action', { ...update, context: { 'ec2:Vpc': 'x' } }, 'the condition key ec2:Vpc, which it does not take'],
  [
    'a resource of another type',
    { ...update, resources: ['arn:aws:sns:eu-central-1:1:topic'] },
    'which is not a resource type of that action',
  ],
])('a simulated service that asks with %s is wrong itself', (_name, authorization, message) => {
  expect(() => authorizer(allow('*')).authorize(caller, authorization)).toThrow(message);
});

test.each([
  ['policy variables', { Effect: 'Allow', Action: '*', Resource: 'arn:aws:s3:::${aws:username}' }],
  ['Principal', { Effect: 'Allow', Action: '*', Resource: '*', Principal: '*' }],
])('%s are refused, not ignored', (_name, statement) => {
  expect(() => parseStatements({ Statement: statement }, 'test')).toThrow('the simulator does not');
});

const context = new Map([
  ['k', ['a', 'b']],
  ['one', ['Abc']],
  ['n', ['5']],
  ['when', ['2026-01-06T00:00:00Z']],
]);

test.each([
  ['StringEquals', 'one', ['Abc'], true],
  ['StringEquals', 'one', ['abc'], false],
  ['StringEqualsIgnoreCase', 'one', ['abc'], true],
  ['StringNotEquals', 'one', ['x', 'y'], true],
  ['StringNotEquals', 'one', ['x', 'Abc'], false],
  ['StringNotEquals', 'absent', ['x'], true],
  ['StringLike', 'one', ['A?c'], true],
  ['StringNotLike', 'one', ['A*'], false],
  ['StringEqualsIfExists', 'absent', ['x'], true],
  ['StringEquals', 'absent', ['x'], false],
  ['ForAllValues:StringEquals', 'k', ['a', 'b', 'c'], true],
  ['ForAllValues:StringEquals', 'k', ['a'], false],
  ['ForAllValues:StringEquals', 'absent', ['a'], true],
  ['ForAnyValue:StringEquals', 'k', ['b'], true],
  ['ForAnyValue:StringEquals', 'k', ['c'], false],
  ['ForAnyValue:StringEquals', 'absent', ['c'], false],
  ['NumericLessThan', 'n', ['6'], true],
  ['NumericGreaterThanEquals', 'n', ['6'], false],
  ['DateLessThan', 'when', ['2026-02-01T00:00:00Z'], true],
  ['Null', 'absent', ['true'], true],
  ['Null', 'one', ['true'], false],
  ['Null', 'one', ['false'], true],
] as const)('%s on %s with %j: %s', (operator, key, values, holds) => {
  expect(conditionHolds(operator, key, values, context)).toBe(holds);
});

test('an unknown operator is an error, never a pass', () => {
  expect(() => conditionHolds('IpAddress', 'one', ['10.0.0.0/8'], context)).toThrow('does not model the condition operator IpAddress');
});

test.each([
  ['arn:aws:ec2:*:*:instance/*', 'arn:aws:ec2:eu-central-1:1:instance/i-1', true],
  ['arn:aws:ec2:*:instance/*', 'arn:aws:ec2:eu-central-1:1:instance/i-1', false],
  ['arn:aws:states:r:1:execution:m:*', 'arn:aws:states:r:1:execution:m:run:1', true],
  ['arn:aws:ec2:*::image/*', 'arn:aws:ec2:eu-central-1:1:image/ami-1', false],
  ['*', 'anything', true],
  ['arn:aws:sns:r:1:t', '*', false],
])('%s for %s: %s', (pattern, arn, matches) => {
  expect(matchesArn(pattern, arn)).toBe(matches);
});

test.each([
  'arn:aws:ec2:eu-central-1::snapshot/snap-1',
  'arn:aws:ec2:eu-central-1::image/ami-1',
  'arn:aws:rds:eu-central-1:111111111111:snapshot:awsbackup:job-1',
  'arn:aws:backup:eu-central-1:111111111111:recovery-point:1',
])('%s is a recovery point, whose tags a policy may ask for', (arn) => {
  const tag = { 'aws:ResourceTag/cluster': 'git' };
  const guard = authorizer(allow('backup:DeleteRecoveryPoint', arn, { StringEquals: tag }));
  const ask = (context: Record<string, string>) =>
    guard.authorize(caller, { action: 'backup:DeleteRecoveryPoint', resources: [arn], context }).allowed;
  expect([ask(tag), ask({})]).toEqual([true, false]);
  expect(guard.problems()).toEqual([]);
});

test.each([
  ['rds:DeleteDBClusterSnapshot', 'arn:aws:rds:eu-central-1:111111111111:cluster-snapshot:x', 'rds:cluster-snapshot-tag/a'],
  ['ssm:SendCommand', 'arn:aws:ec2:eu-central-1:111111111111:instance/i-1', 'ssm:resourceTag/a'],
])('%s takes the condition keys of its resource type', (action, arn, key) => {
  const guard = authorizer(allow(action, arn, { StringEquals: { [key]: 'b' } }));
  expect(guard.authorize(caller, { action, resources: [arn], context: { [key]: 'b' } })).toEqual({ allowed: true });
  expect(guard.problems()).toEqual([]);
});

import { loadActions } from '../../../../simulator/iam/actions';
import { PolicyAuthorizer } from '../../../../simulator/iam/authorizer';
import type { Caller } from '../../../../simulator/kernel/ports';
import { cluster, inputs } from './calls';
import { ROLE, world } from './world';

const ACCOUNT = '123456789012';
/** The simulator's own actor: whatever is asked is allowed, when it is a question that AWS would ask. */
const ANYBODY: Caller = { roleLogicalId: 'user', roleArn: `arn:aws:iam::${ACCOUNT}:user/test`, name: 'test' };

const NAMES = world().cloud.services.flatMap(({ client, operations }) => Object.keys(operations).map((name) => `${client}/${name}`));

beforeAll(() => loadActions(['autoscaling', 'backup', 'cloudwatch', 'ec2', 'elasticloadbalancing', 'iam', 'rds', 'ssm']));

test.each(NAMES)('%s asks only for resources and condition keys that the service authorization reference knows', (name) => {
  const site = cluster();
  const authorizations = site.w.authorize(name, inputs(site)[name.replace(/.*\//u, '')] ?? {});
  expect(authorizations.length).toBeGreaterThan(0);
  const authorizer = new PolicyAuthorizer([], 'eu-west-1', ACCOUNT);
  for (const authorization of authorizations) expect(authorizer.authorize(ANYBODY, authorization)).toEqual({ allowed: true });
});

test.each(NAMES)('%s can be authorized whatever it is asked for', (name) => {
  expect(() => world().authorize(name, {})).not.toThrow();
});

describe('UpdateAutoScalingGroup', () => {
  const asked = (change: object): string[] => [
    ...new Set(
      world()
        .authorize('UpdateAutoScalingGroup', { AutoScalingGroupName: 'nodes', ...change })
        .map(({ action }) => action),
    ),
  ];

  test('of sizes needs nothing else', () => {
    expect(asked({ MinSize: 1, DesiredCapacity: 5 })).toEqual(['autoscaling:UpdateAutoScalingGroup']);
  });

  test.each([
    ['LaunchTemplate', { LaunchTemplate: { LaunchTemplateId: 'lt-1', Version: '1' } }],
    [
      'MixedInstancesPolicy',
      { MixedInstancesPolicy: { LaunchTemplate: { LaunchTemplateSpecification: { LaunchTemplateName: 'nodes' } } } },
    ],
  ])('of the %s also needs to launch, to tag and to pass the node role', (_, change) => {
    expect(asked(change)).toEqual(['autoscaling:UpdateAutoScalingGroup', 'ec2:RunInstances', 'ec2:CreateTags', 'iam:PassRole']);
  });

  test('checks each resource of the launch in the context of the launch template', () => {
    const authorizations = world().authorize('UpdateAutoScalingGroup', {
      AutoScalingGroupName: 'nodes',
      LaunchTemplate: { LaunchTemplateId: 'lt-1', Version: '1' },
    });
    const run = authorizations.filter(({ action }) => action === 'ec2:RunInstances');
    expect(run.map(({ resources }) => resources[0]?.replace(/^arn:aws:ec2:eu-west-1:(?:123456789012)?:/u, ''))).toEqual([
      'image/ami-old',
      'instance/*',
      'network-interface/*',
      'volume/*',
      'launch-template/lt-1',
      'security-group/sg-0b17b0cce70000001',
      'subnet/subnet-a',
      'subnet/subnet-b',
    ]);
    for (const { context } of run)
      expect(context).toMatchObject({ 'ec2:LaunchTemplate': `arn:aws:ec2:eu-west-1:${ACCOUNT}:launch-template/lt-1` });
    const pass = authorizations.find(({ action }) => action === 'iam:PassRole');
    expect(pass).toEqual({ action: 'iam:PassRole', resources: [ROLE], context: { 'iam:PassedToService': 'ec2.amazonaws.com' } });
  });
});

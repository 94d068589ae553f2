import { withoutAction } from '../../../../simulator/scenario/deny';

const template = () => ({
  Resources: {
    Policy: {
      Type: 'AWS::IAM::Policy',
      Properties: {
        PolicyDocument: {
          Statement: [
            { Effect: 'Allow', Action: ['autoscaling:EnterStandby', 'autoscaling:ExitStandby'], Resource: '*' },
            { Effect: 'Allow', Action: 'autoscaling:EnterStandby', Resource: 'x' },
          ],
        },
      },
    },
  },
});

test('an action is taken from every statement, and statements without any go', () => {
  const patched = template();
  withoutAction(patched, 'autoscaling:enterstandby');
  expect(patched.Resources.Policy.Properties.PolicyDocument.Statement).toEqual([
    { Effect: 'Allow', Action: ['autoscaling:ExitStandby'], Resource: '*' },
  ]);
});

test('an action that nobody is granted is an error', () => {
  expect(() => {
    withoutAction(template(), 'ec2:RunInstances');
  }).toThrow(/no policy of the template grants ec2:RunInstances/);
});

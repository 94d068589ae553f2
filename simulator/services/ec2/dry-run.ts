import type { RunInstancesCommandOutput, RunInstancesRequest } from '@aws-sdk/client-ec2';
import type { AwsOperation, Caller } from '../../kernel/ports';
import { AwsError } from '../../kernel/ports';
import { operation, refuseUnmodelled } from '../account/operation';
import type { Subnet } from './addresses';
import type { Ec2 } from './ec2';
import { launchAuthorizations } from './launch-authorizations';
import type { RoleOf } from './launch-authorizations';

/**
 * The answer to a call that would work and is a dry run: an error. Without the permission it is `UnauthorizedOperation`, as without the flag.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/CommonParameters.html
 */
const wouldSucceed = (): AwsError => new AwsError('DryRunOperation', 'Request would have succeeded, but DryRun flag is set.', 412);

/** What a dry run of an operation looks at besides permissions: it throws what the call itself would answer. */
type Look = (input: never) => unknown;

/** Gives EC2 operations their dry run. One that has no look of its own answers for its permissions alone. */
export function withDryRun(
  operations: Readonly<Record<string, AwsOperation>>,
  looks: Readonly<Record<string, Look>>,
): Record<string, AwsOperation> {
  return Object.fromEntries(
    Object.entries(operations).map(([name, one]) => [
      name,
      {
        ...one,
        call: (input: { readonly DryRun?: boolean }, caller: Caller): unknown => {
          const { DryRun: dryRun, ...rest } = input;
          if (dryRun !== true) return one.call(rest as never, caller);
          looks[name]?.(rest as never);
          throw wouldSucceed();
        },
      },
    ]),
  );
}

/** `RunInstances` from a launch template, only to find out whether it would work: groups launch instances here, nobody else. */
export function runInstances(ec2: Ec2, roleOf: RoleOf): AwsOperation {
  return operation<RunInstancesRequest, RunInstancesCommandOutput>({
    mutates: true,
    authorize: (input) => launchAuthorizations(ec2, roleOf, input.LaunchTemplate ?? {}, subnetsOf(input), input.ImageId),
    call: () => {
      throw new AwsError('NotImplemented', 'The simulator models RunInstances only as a dry run from a launch template.', 501);
    },
  });
}

/** The template and its version must be there, and the image must be fit to launch from. Errors: as `RunInstances` answers. */
export function lookAtLaunch({ launchTemplates, images }: Ec2, input: RunInstancesRequest): void {
  refuseUnmodelled('a dry run of RunInstances', input, [
    'LaunchTemplate',
    'ImageId',
    'SubnetId',
    'Placement',
    'MinCount',
    'MaxCount',
    'ClientToken',
  ]);
  const spec = input.LaunchTemplate ?? {};
  const { data } = launchTemplates.version(launchTemplates.get(spec), spec.Version);
  images.launchable(input.ImageId ?? data.ImageId ?? '');
}

const subnetsOf = ({ SubnetId: id, Placement: placement }: RunInstancesRequest): Subnet[] =>
  id === undefined ? [] : [{ id, availabilityZone: placement?.AvailabilityZone ?? '' }];

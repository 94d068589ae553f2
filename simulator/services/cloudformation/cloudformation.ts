import type {
  DescribeStackResourcesCommandInput,
  DescribeStackResourcesCommandOutput,
  DescribeStacksCommandInput,
  DescribeStacksCommandOutput,
  StackStatus,
} from '@aws-sdk/client-cloudformation';
import type { AwsService, Clock, Journal } from '../../kernel/ports';
import { AwsError } from '../../kernel/ports';
import { operation, refuseUnmodelled } from '../account/operation';

/** A resource of a stack. */
export interface StackResource {
  readonly logicalId: string;
  readonly physicalId: string;
  /** `AWS::AutoScaling::AutoScalingGroup` */
  readonly type: string;
}

interface Stack {
  readonly name: string;
  readonly id: string;
  readonly createdAt: number;
  readonly resources: readonly StackResource[];
  status: StackStatus;
}

/** CloudFormation's stacks, as far as one can see whether they are being updated. https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/ */
export class CloudFormation implements AwsService {
  readonly client = 'client-cloudformation';
  private readonly stacks = new Map<string, Stack>();

  constructor(
    private readonly clock: Clock,
    private readonly journal: Journal,
    private readonly region: string,
    private readonly account: string,
  ) {}

  /** Adds a stack, or sets its status. */
  set(name: string, status: StackStatus, resources: readonly StackResource[] = []): void {
    const there = this.stacks.get(name);
    if (there === undefined) {
      const id = `arn:aws:cloudformation:${this.region}:${this.account}:stack/${name}/00000000-0000-4000-8000-000000000000`;
      this.stacks.set(name, { name, id, createdAt: this.clock.now(), resources, status });
    } else there.status = status;
    this.journal.record({ kind: 'stack', name, status });
  }

  readonly operations = {
    DescribeStacks: operation<DescribeStacksCommandInput, DescribeStacksCommandOutput>({
      mutates: false,
      authorize: ({ StackName: name }) => [{ action: 'cloudformation:DescribeStacks', resources: [this.arnFor(name)] }],
      call: (input) => {
        refuseUnmodelled('DescribeStacks', input, ['StackName']);
        const stacks = input.StackName === undefined ? [...this.stacks.values()] : [this.find(input.StackName)];
        return {
          Stacks: stacks.map(({ name, id, status, createdAt }) => ({
            StackName: name,
            StackId: id,
            StackStatus: status,
            CreationTime: new Date(createdAt),
          })),
        };
      },
    }),
    DescribeStackResources: operation<DescribeStackResourcesCommandInput, DescribeStackResourcesCommandOutput>({
      mutates: false,
      authorize: ({ StackName: name }) => [{ action: 'cloudformation:DescribeStackResources', resources: [this.arnFor(name)] }],
      call: (input) => {
        refuseUnmodelled('DescribeStackResources', input, ['StackName', 'PhysicalResourceId', 'LogicalResourceId']);
        const { StackName: name, PhysicalResourceId: physicalId, LogicalResourceId: logicalId } = input;
        const stack = name === undefined ? this.owner(physicalId ?? '') : this.find(name);
        return {
          StackResources: stack.resources
            .filter((resource) => logicalId === undefined || resource.logicalId === logicalId)
            .map((resource) => ({
              StackName: stack.name,
              StackId: stack.id,
              LogicalResourceId: resource.logicalId,
              PhysicalResourceId: resource.physicalId,
              ResourceType: resource.type,
              Timestamp: new Date(stack.createdAt),
              ResourceStatus: 'CREATE_COMPLETE' as const,
            })),
        };
      },
    }),
  };

  private find(name: string): Stack {
    const stack = [...this.stacks.values()].find((candidate) => candidate.name === name || candidate.id === name);
    if (stack === undefined) throw new AwsError('ValidationError', `Stack with id ${name} does not exist`);
    return stack;
  }

  private owner(physicalId: string): Stack {
    const stack = [...this.stacks.values()].find(({ resources }) => resources.some((resource) => resource.physicalId === physicalId));
    if (stack === undefined) throw new AwsError('ValidationError', `Stack for ${physicalId} does not exist`);
    return stack;
  }

  /** By name, the policy must allow any id of that name. */
  private arnFor(name: string | undefined): string {
    if (name === undefined) return '*';
    if (name.startsWith('arn:')) return name;
    return this.stacks.get(name)?.id ?? `arn:aws:cloudformation:${this.region}:${this.account}:stack/${name}/*`;
  }
}

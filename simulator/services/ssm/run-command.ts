import type { GetCommandInvocationRequest, GetCommandInvocationResult, SendCommandRequest, SendCommandResult } from '@aws-sdk/client-ssm';
import type { AwsService } from '../../kernel/ports';
import { AwsError } from '../../kernel/ports';
import type { Account } from '../account/account';
import { uuid } from '../account/account';
import { operation, refuseUnmodelled, tagKeys } from '../account/operation';
import { draw } from '../account/timing';
import type { Ec2Instance, Instances } from '../ec2/instances';
import type { CommandDocument, Parameters } from './documents';
import { executionTimeout, resolveParameters, scriptOf } from './documents';
import { FrozenMounts } from './frozen-mounts';

/** A command on one instance. */
interface Invocation {
  readonly commandId: string;
  readonly instanceId: string;
  readonly document: CommandDocument;
  readonly parameters: Parameters;
  readonly sentAt: number;
  /** When it is first known to `GetCommandInvocation`. */
  readonly seenAt: number;
  status: 'Pending' | 'InProgress' | 'Success' | 'Failed' | 'TimedOut';
  details: 'Pending' | 'InProgress' | 'Success' | 'Failed' | 'DeliveryTimedOut';
  startedAt?: number;
  endedAt?: number;
}

/** How long a command waits for its instance unless `TimeoutSeconds` says otherwise. */
const DELIVERY_TIMEOUT = 3600;

/** Systems Manager's Run Command. https://docs.aws.amazon.com/systems-manager/latest/userguide/run-command.html */
export class RunCommand {
  readonly mounts: FrozenMounts;
  private readonly documents = new Map<string, CommandDocument>();
  private readonly invocations: Invocation[] = [];

  constructor(
    readonly account: Account,
    private readonly instances: Instances,
  ) {
    this.mounts = new FrozenMounts(account);
  }

  addDocument(document: CommandDocument): void {
    this.documents.set(document.name, document);
  }

  /** The instance, whatever its state. */
  instance(id: string): Ec2Instance | undefined {
    return this.instances.find(id);
  }

  /** Errors: no such document; an instance that is not managed; parameters that the document does not take. */
  send(input: SendCommandRequest): SendCommandResult {
    const { account } = this;
    const name = documentName(input.DocumentName);
    const document = this.documents.get(name);
    if (document === undefined) throw new AwsError('InvalidDocument', `document ${name} does not exist.`);
    const instanceIds = input.InstanceIds ?? [];
    const unmanaged = instanceIds.filter((id) => !isManaged(this.instance(id)));
    if (unmanaged.length > 0 || instanceIds.length === 0)
      throw new AwsError('InvalidInstanceId', `Instances [[${unmanaged.join(', ')}]] not in a valid state for account ${account.id}`);
    const parameters = resolveParameters(document, input.Parameters ?? {});
    const commandId = uuid(account.random);
    const now = account.clock.now();
    const delivery = input.TimeoutSeconds ?? DELIVERY_TIMEOUT;
    // "Delivery timeout [...] plus execution timeout": https://docs.aws.amazon.com/systems-manager/latest/userguide/monitor-commands.html
    const expiresAt = now + (delivery + executionTimeout(document)) * 1000;
    for (const instanceId of instanceIds) this.deliver({ commandId, instanceId, document, parameters }, expiresAt);
    return {
      Command: {
        CommandId: commandId,
        DocumentName: name,
        InstanceIds: [...instanceIds],
        Parameters: Object.fromEntries(Object.entries(parameters).map(([key, values]) => [key, [...values]])),
        RequestedDateTime: new Date(now),
        ExpiresAfter: new Date(expiresAt),
        Status: 'Pending',
        StatusDetails: 'Pending',
        TargetCount: instanceIds.length,
        CompletedCount: 0,
        TimeoutSeconds: delivery,
      },
    };
  }

  /** Errors: the command is not, or not yet, known on that instance. https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetCommandInvocation.html */
  get(input: GetCommandInvocationRequest): GetCommandInvocationResult {
    const now = this.account.clock.now();
    const found = this.invocations.find(
      ({ commandId, instanceId, seenAt }) => commandId === input.CommandId && instanceId === input.InstanceId && seenAt <= now,
    );
    if (found === undefined)
      throw new AwsError('InvocationDoesNotExist', 'The command ID and managed node ID you specified did not match any invocations.');
    const time = (at: number | undefined): string => (at === undefined ? '' : new Date(at).toISOString());
    return {
      CommandId: found.commandId,
      InstanceId: found.instanceId,
      DocumentName: found.document.name,
      Status: found.status,
      StatusDetails: found.details,
      ResponseCode: found.status === 'Success' ? 0 : found.status === 'Failed' ? 1 : -1,
      ExecutionStartDateTime: time(found.startedAt),
      ExecutionEndDateTime: time(found.endedAt),
      StandardOutputContent: '',
      StandardErrorContent: found.status === 'Failed' ? 'failed to run commands: exit status 1' : '',
    };
  }

  private deliver(command: Pick<Invocation, 'commandId' | 'instanceId' | 'document' | 'parameters'>, expiresAt: number): void {
    const { clock, random, timing, hooks } = this.account;
    const sentAt = clock.now();
    const seenAt = sentAt + draw(random, timing.commandSeen);
    const invocation: Invocation = { ...command, sentAt, seenAt, status: 'Pending', details: 'Pending' };
    this.invocations.push(invocation);
    this.record(invocation, 'sent');
    const trouble = hooks.command?.(command.instanceId, command.parameters);
    if (trouble === 'never-starts') {
      clock.at(expiresAt, () => {
        this.end(invocation, 'TimedOut', 'DeliveryTimedOut');
      });
      return;
    }
    clock.at(seenAt + draw(random, timing.commandStarts), () => {
      invocation.status = 'InProgress';
      invocation.details = 'InProgress';
      invocation.startedAt = clock.now();
      clock.after(draw(random, timing.commandRuns), () => {
        const outcome = trouble !== 'fails' && this.effect(invocation) ? 'Success' : 'Failed';
        this.end(invocation, outcome, outcome);
      });
    });
  }

  private end(invocation: Invocation, status: 'Success' | 'Failed' | 'TimedOut', details: Invocation['details']): void {
    invocation.status = status;
    invocation.details = details;
    invocation.endedAt = this.account.clock.now();
    this.record(invocation, status === 'TimedOut' ? 'timed-out' : status.toLowerCase());
  }

  /** What the script does: only freezing file systems is known. Whether it succeeds. */
  private effect({ instanceId, document, parameters }: Invocation): boolean {
    const script = scriptOf(document, parameters);
    const action = parameters['Action']?.[0];
    if (!/\bfsfreeze\b/.test(script) || (action !== 'freeze' && action !== 'thaw'))
      throw new Error(`The simulator knows only documents that freeze and thaw file systems, not ${document.name}.`);
    const mountPoints = (parameters['MountPoints'] ?? []).flatMap((text) => text.split(/\s+/)).filter((text) => text !== '');
    // the script's own timer: a transient unit, or a process that sleeps in the background
    const armed = /\bsystemd-run\b|\bsleep\b/.test(script);
    const limitSeconds = armed ? Number(parameters['LimitSeconds']?.[0]) : undefined;
    return this.mounts.apply(instanceId, { action, mountPoints, limitSeconds });
  }

  private record({ commandId, instanceId }: Invocation, change: string): void {
    this.account.journal.record({ kind: 'command', id: commandId, instanceId, change });
  }
}

const isManaged = (instance: Ec2Instance | undefined): boolean => instance?.state === 'running' && instance.managed;

/** The name of a document that may be given as its ARN. */
const documentName = (text = ''): string => text.replace(/^arn:.*:document\//, '');

/** Run Command's API. Resources and condition keys: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssystemsmanager.html */
export const runCommandService = (runCommand: RunCommand): AwsService => ({
  client: 'client-ssm',
  operations: {
    SendCommand: operation<SendCommandRequest, SendCommandResult>({
      mutates: true,
      authorize: (input) => {
        const { account } = runCommand;
        const action = 'ssm:SendCommand';
        return [
          { action, resources: [account.arn('ssm', `document/${documentName(input.DocumentName)}`)] },
          ...(input.InstanceIds ?? []).map((id) => ({
            action,
            resources: [account.arn('ec2', `instance/${id}`)],
            context: tagKeys(['aws:ResourceTag', 'ssm:resourceTag'], runCommand.instance(id)?.tags ?? {}),
          })),
        ];
      },
      call: (input) => {
        const modelled = ['DocumentName', 'DocumentVersion', 'InstanceIds', 'Parameters', 'TimeoutSeconds', 'Comment'];
        refuseUnmodelled('SendCommand', input, modelled);
        return runCommand.send(input);
      },
    }),
    GetCommandInvocation: operation<GetCommandInvocationRequest, GetCommandInvocationResult>({
      mutates: false,
      authorize: () => [{ action: 'ssm:GetCommandInvocation', resources: ['*'] }],
      call: (input) => {
        refuseUnmodelled('GetCommandInvocation', input, ['CommandId', 'InstanceId', 'PluginName']);
        return runCommand.get(input);
      },
    }),
  },
});

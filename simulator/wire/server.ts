import { CLIENTS } from './protocols';
import type { Protocol } from './protocols';
import { shapesOf } from './shapes';
import type { HttpAnswer, HttpFailure, HttpRequest } from '../kernel/internet';
import type { Authorization, AwsService, Caller, Clock, Journal, Random } from '../kernel/ports';
import { uuidOf } from '../kernel/random';

/** Decides whether a caller may; the reason why not is AWS's own sentence. */
export interface Authorizer {
  authorize(
    caller: Caller,
    authorization: Authorization,
  ): { readonly allowed: true } | { readonly allowed: false; readonly reason: string };
}

/** A fault of a call: of the service, of the network, or of the consistency of what is read. */
export type ServiceFault =
  /** The error that the service answers, instead of the effect or after it. */
  | { readonly when: 'before' | 'after'; readonly code: string; readonly message: string; readonly status: number }
  /** The request, or the answer, is lost. */
  | { readonly when: 'before' | 'after'; readonly network: 'reset' | 'timeout' }
  /** The last answer to the very same request is given again, if there was one lately: eventual consistency. Only calls that read can be stale. */
  | { readonly stale: true };

/** A call of an AWS API, as faults and the journal see it. */
export interface ApiCall {
  readonly service: string;
  readonly operation: string;
  readonly mutates: boolean;
  readonly caller: Caller;
  /** ARN of the execution in which it is made. */
  readonly execution: string;
  /** As the SDK's command takes it. */
  readonly input: Readonly<Record<string, unknown>>;
}

/** What the server needs of the simulation. */
export interface ServerHost {
  readonly clock: Clock;
  readonly random: Random;
  readonly journal: Journal;
  readonly authorizer: Authorizer;
  /** Who calls with this access key id, and in which execution. */
  sessionOf(accessKeyId: string): { readonly caller: Caller; readonly execution: string } | undefined;
  /** The first fault that a call meets, if any. */
  faultFor(call: ApiCall): ServiceFault | undefined;
}

interface Registered {
  readonly service: AwsService;
  readonly protocol: Protocol;
  readonly host: string;
}

/** `autoscaling.us-east-1.amazonaws.com`, `ec2.us-east-1.api.aws`, `dynamodb-fips.us-east-1.amazonaws.com` */
const ENDPOINT = /^([a-z0-9]+)(?:-fips)?\.(?:dualstack\.)?([a-z0-9-]+)\.(?:amazonaws\.com|api\.aws)$/;

/**
 * How old a stale answer may be. AWS names no bound, only that changes are seen in the end
 * (https://docs.aws.amazon.com/ec2/latest/devguide/eventual-consistency.html): an assumption, which docs/unconfirmed.md names.
 */
const STALE_MS = 30_000;

/** Answers the real SDK clients on the wire, for every simulated AWS service. */
export class AwsServer {
  private readonly byHost = new Map<string, Registered>();
  private readonly random: Random;
  /** Last good answer to each request that reads. */
  private readonly lastAnswers = new Map<string, { readonly answer: HttpAnswer; readonly time: number }>();

  constructor(private readonly host: ServerHost) {
    this.random = host.random.fork('aws-request-ids');
  }

  /** @throws Error when the client is unknown, or an operation is none of that client's. */
  register(service: AwsService): void {
    const client = CLIENTS[service.client];
    if (client === undefined) throw new Error(`No protocol is known for ${service.client}; add it to simulator/wire/protocols.ts.`);
    const there = this.byHost.get(client.host)?.service;
    const merged = there === undefined ? service : { client: service.client, operations: { ...there.operations, ...service.operations } };
    this.byHost.set(client.host, { service: merged, protocol: client.protocol, host: client.host });
  }

  /** Whether a host name is one of AWS's API endpoints. */
  isEndpoint(host: string): boolean {
    return host.endsWith('.amazonaws.com') || host.endsWith('.api.aws');
  }

  handle(request: HttpRequest): HttpAnswer | HttpFailure {
    const requestId = uuidOf(this.random);
    const answer = this.answer(request, requestId);
    if (typeof answer === 'string') return answer;
    return { ...answer, headers: { ...answer.headers, date: new Date(this.host.clock.now()).toUTCString() } };
  }

  private answer(request: HttpRequest, requestId: string): HttpAnswer | HttpFailure {
    const prefix = ENDPOINT.exec(request.host)?.[1] ?? request.host;
    const registered = this.byHost.get(prefix);
    if (registered === undefined) return notModelled(`the service at ${request.host}`);
    const { service, protocol } = registered;
    const shapes = shapesOf(service.client);
    const name = protocol.operationOf(request, shapes);
    const operation = Object.hasOwn(service.operations, name) ? service.operations[name] : undefined;
    if (operation === undefined) {
      this.host.journal.record({ kind: 'unmodelled', service: prefix, operation: name });
      return protocol.encodeError(shapes, 'NotImplemented', `The simulator does not model ${prefix}:${name}.`, 501, requestId);
    }
    const session = this.host.sessionOf(accessKeyOf(request));
    if (session === undefined) {
      return protocol.encodeError(
        shapes,
        'UnrecognizedClientException',
        'The security token included in the request is invalid.',
        403,
        requestId,
      );
    }
    const shape = shapes.operation(name);
    const input = protocol.decode(shape, request);
    const { caller, execution } = session;
    const mutates = operation.mutates && input['DryRun'] !== true; // a dry run of EC2 never changes anything
    const call: ApiCall = { service: prefix, operation: name, mutates, caller, execution, input };
    const refuse = (code: string, message: string, status: number): HttpAnswer => {
      const answer = protocol.encodeError(shapes, code, message, status, requestId);
      this.record(call, code, message);
      return answer;
    };

    const fault = this.host.faultFor(call);
    const meet = (met: Exclude<ServiceFault, { stale: true }>): HttpAnswer | HttpFailure => {
      const [error, message] =
        'network' in met ? [met.network, `The ${met.when === 'before' ? 'request' : 'answer'} was lost.`] : [met.code, met.message];
      this.record(call, error, message, met.when === 'after');
      return 'network' in met ? met.network : protocol.encodeError(shapes, met.code, met.message, met.status, requestId);
    };
    const question = `${prefix}:${name} ${request.path} ${request.body}`;
    if (fault !== undefined && 'stale' in fault) {
      // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.ReadConsistency.html
      const isConsistent = input['ConsistentRead'] === true;
      const last = operation.mutates || isConsistent ? undefined : this.lastAnswers.get(question);
      if (last !== undefined && this.host.clock.now() - last.time <= STALE_MS) {
        this.record(call);
        return last.answer;
      }
    } else if (fault?.when === 'before') return meet(fault);
    const missing = shape.required.filter((member) => input[member] === undefined);
    if (missing.length > 0) return refuse(protocol.missingMember, `The request must contain the parameter ${missing.join(', ')}.`, 400);
    const denial = this.denialOf(caller, operation.authorize(input as never));
    if (denial !== undefined) return refuse(protocol.denied.code, protocol.denied.prefix + denial, protocol.denied.status);
    let output: unknown;
    try {
      output = operation.call(input as never, caller);
    } catch (error) {
      const known = error as { code?: unknown; statusCode?: unknown; message: string };
      if (typeof known.code !== 'string' || typeof known.statusCode !== 'number') throw error;
      return refuse(known.code, known.message, known.statusCode);
    }
    const answer = protocol.encode(shape, output, requestId);
    if (fault !== undefined && !('stale' in fault)) return meet(fault);
    if (!operation.mutates) this.lastAnswers.set(question, { answer, time: this.host.clock.now() });
    this.record(call);
    return answer;
  }

  private denialOf(caller: Caller, authorizations: readonly Authorization[]): string | undefined {
    for (const authorization of authorizations) {
      const decision = this.host.authorizer.authorize(caller, authorization);
      if (!decision.allowed) return decision.reason;
    }
    return undefined;
  }

  private record(call: ApiCall, error?: string, message?: string, tookEffect = false): void {
    this.host.journal.record({
      kind: 'call',
      service: call.service,
      operation: call.operation,
      mutates: call.mutates,
      caller: call.caller.name,
      execution: call.execution,
      ...(call.mutates ? { input: call.input } : {}),
      ...(error === undefined ? {} : { error, message }),
      ...(tookEffect ? { tookEffect } : {}),
    });
  }
}

/** The access key id in a Signature Version 4 `Authorization` header. */
const accessKeyOf = (request: HttpRequest): string => /Credential=([^/,\s]+)\//.exec(request.headers['authorization'] ?? '')?.[1] ?? '';

function notModelled(what: string): HttpAnswer {
  const message = `The simulator does not model ${what}.`;
  return {
    status: 501,
    headers: { 'content-type': 'application/x-amz-json-1.1' },
    body: JSON.stringify({ __type: 'NotImplemented', message }),
  };
}

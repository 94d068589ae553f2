import { VirtualClock } from '../../../../../simulator/kernel/clock';
import { SimulatedResponse } from '../../../../../simulator/kernel/http-shim';
import type { HttpRequest } from '../../../../../simulator/kernel/internet';
import { EventJournal } from '../../../../../simulator/kernel/journal';
import type { AwsOperation, Caller } from '../../../../../simulator/kernel/ports';
import { seeded } from '../../../../../simulator/kernel/random';
import { AwsServer } from '../../../../../simulator/wire/server';
import type { ServiceFault } from '../../../../../simulator/wire/server';

const caller: Caller = { roleLogicalId: 'Role', roleArn: 'arn:aws:iam::1:role/r', name: 'fn' };

/** What the SDK hands to its HTTP handler. */
interface SentRequest {
  readonly method: string;
  readonly hostname: string;
  readonly path: string;
  readonly query?: Record<string, string>;
  readonly headers: Record<string, string>;
  readonly body?: string | Uint8Array;
}

/** How the simulated side behaves. */
export interface Setup {
  readonly denied?: boolean;
  readonly fault?: ServiceFault;
}

/** A client of the real SDK whose requests are answered by a simulated operation. */
export function client<C>(
  Client: new (config: never) => C,
  name: string,
  operation: string,
  call: (input: never) => unknown,
  setup: Setup = {},
): C {
  const clock = new VirtualClock();
  const server = new AwsServer({
    clock,
    random: seeded(1),
    journal: new EventJournal(clock),
    authorizer: { authorize: () => (setup.denied === true ? { allowed: false, reason: 'User: x is not authorized' } : { allowed: true }) },
    sessionOf: (id) => (id === 'AKIDTEST' ? { caller, execution: '' } : undefined),
    faultFor: () => setup.fault,
  });
  const modelled: AwsOperation = { mutates: false, authorize: () => [{ action: 'a:b', resources: ['*'] }], call };
  server.register({ client: name, operations: { [operation]: modelled } });
  const handle = (request: SentRequest): unknown => {
    const headers = Object.fromEntries(Object.entries(request.headers).map(([key, value]) => [key.toLowerCase(), value]));
    const body =
      typeof request.body === 'string' ? request.body : Buffer.concat(request.body === undefined ? [] : [request.body]).toString();
    const query = new URLSearchParams(request.query).toString();
    const path = query === '' ? request.path : `${request.path}?${query}`;
    const asked: HttpRequest = { method: request.method, protocol: 'https', host: request.hostname, port: 443, path, headers, body };
    const answer = server.handle(asked);
    if (typeof answer === 'string') throw new Error(answer);
    const response = new SimulatedResponse(answer, undefined as never);
    return Promise.resolve({ response: { statusCode: answer.status, headers: response.headers, body: response } });
  };
  return new Client({
    region: 'eu-central-1',
    maxAttempts: 1,
    credentials: { accessKeyId: 'AKIDTEST', secretAccessKey: 's' },
    requestHandler: { handle },
  } as never);
}

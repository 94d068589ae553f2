import type { HttpRequest, NetworkFault } from '../kernel/internet';
import type { Clock, Journal } from '../kernel/ports';
import { crash, hang, throttled } from '../states/lambda-runtime';
import type { Invocation, InvocationFault } from '../states/lambda-runtime';
import type { ApiCall, ServiceFault } from '../wire/server';
import type { ApiTrouble, CallFault, Fault, HttpTrouble, TaskTrouble } from './fault';
import { endpointOf, taskOf } from './call-names';

/** What the call faults need of the simulation. */
export interface CallFaultsHost {
  readonly journal: Journal;
  readonly clock: Pick<Clock, 'now'>;
  readonly healed: () => boolean;
  /** Context path of Bitbucket. */
  readonly contextPath: string;
  readonly interceptCalls: (ask: (call: ApiCall) => ServiceFault | undefined) => void;
  readonly interceptHttp: (ask: (request: HttpRequest) => NetworkFault | undefined) => void;
  readonly interceptTasks: (ask: (invocation: Invocation) => InvocationFault | undefined) => void;
}

/** Makes calls go wrong: of AWS APIs, of Bitbucket, and invocations of the tasks. Stale answers are elsewhere, where answers are made. */
export function installCallFaults(faults: readonly Fault[], host: CallFaultsHost): void {
  for (const fault of faults) {
    if (fault.name === 'api-call') installApiFault(fault, host);
    if (fault.name === 'bitbucket-call') installHttpFault(fault, host);
    if (fault.name === 'task-fails') installTaskFault(fault, host);
  }
}

/** Counts the calls that a fault is about, and says which of them it meets: so many from the nth on, or all for so long. */
export function meeting(fault: CallFault, { journal, healed, clock }: Pick<CallFaultsHost, 'journal' | 'healed' | 'clock'>): () => boolean {
  let calls = 0;
  let until = 0;
  const forSeconds = 'forSeconds' in fault ? fault.forSeconds : undefined;
  return () => {
    if (healed()) return false;
    calls += 1;
    if (calls === fault.nth) until = clock.now() + (forSeconds ?? 0) * 1000;
    const meets = calls >= fault.nth && (forSeconds === undefined ? calls < fault.nth + fault.count : clock.now() < until);
    if (meets && calls === fault.nth) journal.record({ kind: 'fault', ...fault });
    return meets;
  };
}

type Of<N extends CallFault['name']> = CallFault & { readonly name: N };

function installApiFault(fault: Of<'api-call'>, host: CallFaultsHost): void {
  const meets = meeting(fault, host);
  const [service = '', operation = ''] = fault.action.split(':');
  const answer = apiAnswer(fault.how, service);
  host.interceptCalls((call) => (call.service === endpointOf(service) && call.operation === operation && meets() ? answer : undefined));
}

function installHttpFault(fault: Of<'bitbucket-call'>, host: CallFaultsHost): void {
  const meets = meeting(fault, host);
  const answer = HTTP_ANSWERS[fault.how];
  if (answer === undefined) return;
  const [method, path = ''] = fault.request.split(' ');
  host.interceptHttp((request) => {
    if (request.method !== method) return undefined;
    return request.path.split('?')[0] === `${host.contextPath}${path}` && meets() ? answer : undefined;
  });
}

function installTaskFault(fault: Of<'task-fails'>, host: CallFaultsHost): void {
  const meets = meeting(fault, host);
  const { task, machine = '', how } = fault;
  host.interceptTasks(({ fn, execution }) =>
    taskOf(fn.logicalId) === task && execution.includes(machine) && meets() ? TASK_ANSWERS[how] : undefined,
  );
}

/** The codes with which services throttle: https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html */
const THROTTLING: Readonly<Record<string, string>> = {
  autoscaling: 'Throttling',
  ec2: 'RequestLimitExceeded',
  elasticloadbalancing: 'Throttling',
  rds: 'Throttling',
  sns: 'Throttled',
  cloudwatch: 'Throttling',
};

function apiAnswer(how: ApiTrouble, service: string): ServiceFault {
  switch (how) {
    case 'throttled':
      return {
        when: 'before',
        code: THROTTLING[service] ?? 'ThrottlingException',
        message: 'Rate exceeded',
        status: service === 'ec2' ? 503 : 400,
      };
    case 'unavailable':
      return { when: 'before', code: 'ServiceUnavailable', message: 'Service is unable to handle request.', status: 503 };
    case 'unavailable-after':
      return { when: 'after', code: 'InternalFailure', message: 'An internal error has occurred.', status: 500 };
    case 'reset':
    case 'timeout':
      return { when: 'before', network: how };
    case 'reset-after':
      return { when: 'after', network: 'reset' };
    case 'timeout-after':
      return { when: 'after', network: 'timeout' };
    case 'stale':
      return { stale: true };
  }
}

const page = (when: 'before' | 'after', status: number, body: string): NetworkFault => ({
  when,
  answer: { status, headers: { 'content-type': 'text/html;charset=UTF-8' }, body: `<html><body>${body}</body></html>` },
});

/** A stale answer is none of the network's: `stale.ts`. */
const HTTP_ANSWERS: Readonly<Partial<Record<HttpTrouble, NetworkFault>>> = {
  reset: { when: 'before', answer: 'reset' },
  'reset-after': { when: 'after', answer: 'reset' },
  timeout: { when: 'before', answer: 'timeout' },
  'timeout-after': { when: 'after', answer: 'timeout' },
  throttled: page('before', 429, 'Too many requests'),
  unavailable: page('before', 503, 'Service Temporarily Unavailable'),
  'unavailable-after': page('after', 500, 'Oops, you have found a dead link'),
  'bad-gateway': page('before', 502, 'Bad Gateway'),
  garbage: page('before', 200, 'Log in'),
  forbidden: page('before', 403, 'Forbidden'),
  conflict: { when: 'before', answer: { status: 409, headers: {}, body: '' } },
};

const TASK_ANSWERS: Readonly<Record<TaskTrouble, InvocationFault>> = {
  fails: { when: 'before', errorType: 'AwsRejected', errorMessage: 'the simulated API refused a call' },
  crashes: crash('before'),
  'crashes-after': crash('after'),
  'times-out': hang('before'),
  'times-out-after': hang('after'),
  throttled,
};

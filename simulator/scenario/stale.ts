import type { Clock, Journal } from '../kernel/ports';
import type { HttpAnswer, HttpRequest } from '../kernel/internet';
import { meeting } from './call-faults';
import type { Fault } from './fault';

/** What a stale answer needs to know. */
interface StaleHost {
  readonly journal: Journal;
  readonly clock: Pick<Clock, 'now'>;
  readonly healed: () => boolean;
}

type Handler = (request: HttpRequest) => HttpAnswer | 'refused';

/** Bitbucket, with its reads stale where faults say so: the last answer is given again. */
export function withStaleAnswers(handler: Handler, contextPath: string, faults: readonly Fault[], host: StaleHost): Handler {
  return faults.reduce<Handler>((inner, fault) => {
    if (fault.name !== 'bitbucket-call' || fault.how !== 'stale' || !fault.request.startsWith('GET ')) return inner;
    const meets = meeting(fault, host);
    const path = `${contextPath}${fault.request.slice('GET '.length)}`;
    const last = new Map<string, HttpAnswer | 'refused'>();
    return (request) => {
      const { method, host: target, path: asked } = request;
      if (method !== 'GET' || asked.split('?')[0] !== path) return inner(request);
      const old = meets() ? last.get(target) : undefined;
      if (old !== undefined) return old;
      const answer = inner(request);
      last.set(target, answer);
      return answer;
    };
  }, handler);
}

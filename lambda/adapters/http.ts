import * as http from 'node:http';
import * as https from 'node:https';

export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** A request to Bitbucket. */
export interface HttpRequest {
  readonly method: HttpMethod;
  readonly url: string;
  /** JSON; none when absent. */
  readonly body?: string;
  /** Media type that is asked for instead of JSON. */
  readonly accept?: string;
  readonly authorization?: string;
  /** PEM of a private certificate authority. */
  readonly ca?: string;
  /** Name that the certificate is checked against when the URL names an address. */
  readonly serverName?: string;
}

/** What came back; a connection that failed is an answer too. */
export type HttpAnswer =
  | { readonly status: number; readonly body: string }
  /** No answer: refused, reset, or timed out. `why` is the system's code. */
  | { readonly status: 0; readonly why: string };

/** Milliseconds until a request counts as unanswered: a node that starts may accept connections and stay silent. */
const TIMEOUT = 10_000;

/** Makes a request. Never throws: who asks decides what a missing answer means. Redirects are not followed. */
export function exchange(request: HttpRequest): Promise<HttpAnswer> {
  const url = new URL(request.url);
  const secure = url.protocol === 'https:';
  const options: https.RequestOptions = {
    method: request.method,
    agent: false, // a connection of its own: the next look must not meet a node that has gone
    headers: {
      // Some plug-ins write JSON under types of their own.
      Accept: request.accept ?? 'application/json, */*;q=0.5',
      'X-Atlassian-Token': 'no-check',
      ...(request.method !== 'GET' && { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(request.body ?? '') }),
      ...(request.authorization !== undefined && { Authorization: request.authorization }),
    },
    ...(secure && request.ca !== undefined && { ca: request.ca }),
    ...(secure && request.serverName !== undefined && { servername: request.serverName }),
  };
  return new Promise((resolve) => {
    const failed = (error: Error & { code?: string }): void => {
      clearTimeout(timer);
      resolve({ status: 0, why: error.code ?? error.message });
    };
    const outgoing = (secure ? https : http).request(url, options, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('error', failed);
      incoming.on('end', () => {
        clearTimeout(timer);
        resolve({ status: incoming.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') });
      });
    });
    const timer = setTimeout(() => {
      outgoing.destroy(Object.assign(new Error('no answer'), { code: `no answer within ${TIMEOUT / 1000} s` }));
    }, TIMEOUT);
    outgoing.on('error', failed);
    outgoing.end(request.body);
  });
}

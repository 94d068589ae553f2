/** A request as a Bitbucket node gets it. Header names are in lower case. */
export interface HttpRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** An answer of a Bitbucket node or of the load balancer before it. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** An answer with a JSON body. */
export function json(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): HttpAnswer {
  return { status, headers: { 'content-type': 'application/json;charset=UTF-8', ...headers }, body: JSON.stringify(body) };
}

/** An answer without a body: how a call that is not legal in the cluster's state answers 409. */
export function bare(status: number): HttpAnswer {
  return { status, headers: {}, body: '' };
}

/** An answer of the error shape that Bitbucket's REST resources share. */
export function failure(
  status: number,
  message: string,
  exceptionName: string,
  headers: Readonly<Record<string, string>> = {},
): HttpAnswer {
  return json(status, { errors: [{ context: null, message, exceptionName }] }, headers);
}

/** An answer of a proxy or of Tomcat: a page, no JSON. */
export function page(status: number, text: string): HttpAnswer {
  return { status, headers: { 'content-type': 'text/html;charset=UTF-8' }, body: `<html><body><h1>${status} ${text}</h1></body></html>` };
}

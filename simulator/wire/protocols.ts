import { encodeJson, decodeJson } from './json-codec';
import { QueryDecoder } from './query-decode';
import { RestJsonProtocol } from './rest-json';
import type { ClientShapes, Operation } from './shapes';
import { encodeStructure, escapeXml } from './xml-encode';
import type { HttpAnswer, HttpRequest } from '../kernel/internet';

/** How one client speaks. */
export interface Protocol {
  /** The name of the operation that a request asks for. */
  operationOf(request: HttpRequest, shapes: ClientShapes): string;
  decode(operation: Operation, request: HttpRequest): Record<string, unknown>;
  encode(operation: Operation, output: unknown, requestId: string): HttpAnswer;
  encodeError(shapes: ClientShapes, code: string, message: string, status: number, requestId: string): HttpAnswer;
  /** The code of an answer to a request without a required member. */
  readonly missingMember: string;
  /** The code and status of an answer to a call that no policy allows, and what its message begins with. */
  readonly denied: { readonly code: string; readonly status: number; readonly prefix: string };
}

const XML = { 'content-type': 'text/xml' };

class QueryProtocol implements Protocol {
  private readonly decoder: QueryDecoder;
  readonly missingMember: string;
  readonly denied: Protocol['denied'];

  constructor(
    private readonly ec2: boolean,
    deniedCode: string,
  ) {
    this.decoder = new QueryDecoder(ec2);
    this.missingMember = ec2 ? 'MissingParameter' : 'ValidationError';
    this.denied = { code: deniedCode, status: 403, prefix: ec2 ? 'You are not authorized to perform this operation. ' : '' };
  }

  operationOf(request: HttpRequest): string {
    return /(?:^|&)Action=(\w+)/.exec(request.body)?.[1] ?? '';
  }

  decode(operation: Operation, request: HttpRequest): Record<string, unknown> {
    return this.decoder.decode(operation.input, new URLSearchParams(request.body));
  }

  encode(operation: Operation, output: unknown, requestId: string): HttpAnswer {
    const { name } = operation;
    const members = encodeStructure(operation.output, output ?? {}, name);
    const body = this.ec2
      ? `<${name}Response><requestId>${requestId}</requestId>${members}</${name}Response>`
      : `<${name}Response><${name}Result>${members}</${name}Result><ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></${name}Response>`;
    return { status: 200, headers: XML, body };
  }

  encodeError(shapes: ClientShapes, code: string, message: string, status: number, requestId: string): HttpAnswer {
    const modelled = shapes.error(code);
    const text = `<Code>${escapeXml(modelled?.queryCode ?? code)}</Code><Message>${escapeXml(message)}</Message>`;
    const body = this.ec2
      ? `<Response><Errors><Error>${text}</Error></Errors><RequestID>${requestId}</RequestID></Response>`
      : `<ErrorResponse><Error><Type>${status >= 500 ? 'Receiver' : 'Sender'}</Type>${text}</Error><RequestId>${requestId}</RequestId></ErrorResponse>`;
    return { status: modelled?.status ?? status, headers: XML, body };
  }
}

class JsonProtocol implements Protocol {
  readonly missingMember = 'ValidationException';
  readonly denied = { code: 'AccessDeniedException', status: 400, prefix: '' };

  constructor(private readonly version: '1.0' | '1.1') {}

  operationOf(request: HttpRequest): string {
    return request.headers['x-amz-target']?.split('.').pop() ?? '';
  }

  decode(operation: Operation, request: HttpRequest): Record<string, unknown> {
    return (decodeJson(operation.input, JSON.parse(request.body === '' ? '{}' : request.body)) ?? {}) as Record<string, unknown>;
  }

  encode(operation: Operation, output: unknown, requestId: string): HttpAnswer {
    return this.answer(200, encodeJson(operation.output, output ?? {}, operation.name) ?? {}, requestId);
  }

  encodeError(shapes: ClientShapes, code: string, message: string, status: number, requestId: string): HttpAnswer {
    const modelled = shapes.error(code);
    // every client error is 400 here, whatever status its shape names
    return this.answer(
      Math.max(status, modelled?.status ?? 0) >= 500 ? Math.max(status, modelled?.status ?? 0) : 400,
      { __type: modelled?.shape ?? code, message },
      requestId,
    );
  }

  private answer(status: number, body: unknown, requestId: string): HttpAnswer {
    const headers = { 'content-type': `application/x-amz-json-${this.version}`, 'x-amzn-requestid': requestId };
    return { status, headers, body: JSON.stringify(body) };
  }
}

const query = new QueryProtocol(false, 'AccessDenied');

/** Host name prefix and protocol of each SDK client that can be answered. */
export const CLIENTS: Readonly<Record<string, { readonly host: string; readonly protocol: Protocol }>> = {
  'client-auto-scaling': { host: 'autoscaling', protocol: query },
  'client-elastic-load-balancing-v2': { host: 'elasticloadbalancing', protocol: query },
  'client-rds': { host: 'rds', protocol: query },
  'client-sns': { host: 'sns', protocol: new QueryProtocol(false, 'AuthorizationError') },
  'client-sts': { host: 'sts', protocol: query },
  'client-cloudformation': { host: 'cloudformation', protocol: query },
  'client-ec2': { host: 'ec2', protocol: new QueryProtocol(true, 'UnauthorizedOperation') },
  'client-dynamodb': { host: 'dynamodb', protocol: new JsonProtocol('1.0') },
  'client-cloudwatch': { host: 'monitoring', protocol: new JsonProtocol('1.0') },
  'client-sfn': { host: 'states', protocol: new JsonProtocol('1.0') },
  'client-secrets-manager': { host: 'secretsmanager', protocol: new JsonProtocol('1.1') },
  'client-backup': { host: 'backup', protocol: new RestJsonProtocol() },
  'client-ssm': { host: 'ssm', protocol: new JsonProtocol('1.1') },
};

import { decodeJson, encodeJson } from './json-codec';
import type { Plan } from './plan';
import type { Protocol } from './protocols';
import type { ClientShapes, Operation } from './shapes';
import type { HttpAnswer, HttpRequest } from '../kernel/internet';

/** A path template as a pattern; `{Name}` is one segment, `{Name+}` the rest. */
interface Route {
  readonly name: string;
  readonly method: string;
  readonly pattern: RegExp;
  readonly labels: readonly string[];
  /** Segments that are no label: of two routes that fit, the one with more of them is meant. */
  readonly literals: number;
}

const LABEL = /^\{(\w+)(\+?)\}$/;

function routeOf({ name, http }: Operation): Route | undefined {
  if (http === undefined) return undefined;
  const segments = (http.path.split('?')[0] ?? '').split('/').filter((segment) => segment !== '');
  const labels = segments.flatMap((segment) => LABEL.exec(segment)?.[1] ?? []);
  const parts = segments.map((segment) => {
    const label = LABEL.exec(segment);
    if (label === null) return segment.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    return label[2] === '+' ? '(.+)' : '([^/]+)';
  });
  return {
    name,
    method: http.method,
    pattern: new RegExp(`^/${parts.join('/')}/?$`),
    labels,
    literals: segments.length - labels.length,
  };
}

const pathOf = (request: HttpRequest): string => request.path.split('?')[0] ?? '';

/** AWS's `restJson1`: method and path say the operation, members are in path, query and JSON body. https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html */
export class RestJsonProtocol implements Protocol {
  readonly missingMember = 'MissingParameterValueException';
  readonly denied = { code: 'AccessDeniedException', status: 403, prefix: '' };
  private readonly routes = new WeakMap<ClientShapes, readonly Route[]>();

  operationOf(request: HttpRequest, shapes: ClientShapes): string {
    const path = pathOf(request);
    return this.routesOf(shapes).find(({ method, pattern }) => method === request.method && pattern.test(path))?.name ?? '';
  }

  decode(operation: Operation, request: HttpRequest): Record<string, unknown> {
    const body: unknown = request.body === '' ? {} : JSON.parse(request.body);
    const input = (decodeJson(operation.input, body) ?? {}) as Record<string, unknown>;
    const query = new URLSearchParams(request.path.split('?')[1] ?? '');
    const route = routeOf(operation);
    const values = route?.pattern.exec(pathOf(request)) ?? [];
    for (const [name, member] of operation.input.members) {
      const { binding } = member;
      const text =
        binding.in === 'query'
          ? (query.get(binding.name) ?? undefined)
          : binding.in === 'label'
            ? values[1 + (route?.labels.indexOf(name) ?? 0)]
            : undefined;
      if (text !== undefined) input[name] = scalar(member, binding.in === 'label' ? decodeURIComponent(text) : text);
    }
    return input;
  }

  encode({ name, output, http }: Operation, value: unknown, requestId: string): HttpAnswer {
    const body = output.kind === 'structure' ? JSON.stringify(encodeJson(output, value ?? {}, name)) : '';
    return { status: http?.status ?? 200, headers: { 'content-type': 'application/json', 'x-amzn-requestid': requestId }, body };
  }

  encodeError(shapes: ClientShapes, code: string, message: string, status: number, requestId: string): HttpAnswer {
    const modelled = shapes.error(code);
    const headers = {
      'content-type': 'application/json',
      'x-amzn-requestid': requestId,
      'x-amzn-errortype': modelled?.shape ?? code,
    };
    return { status: modelled?.status ?? status, headers, body: JSON.stringify({ Code: code, Message: message }) };
  }

  private routesOf(shapes: ClientShapes): readonly Route[] {
    let routes = this.routes.get(shapes);
    if (routes === undefined) {
      routes = shapes
        .operationNames()
        .flatMap((name) => routeOf(shapes.operation(name)) ?? [])
        .sort((a, b) => b.literals - a.literals);
      this.routes.set(shapes, routes);
    }
    return routes;
  }
}

/** A member in the path or the query; times are in ISO 8601 there. https://smithy.io/2.0/spec/http-bindings.html#httpquery-trait */
function scalar({ kind }: Plan, text: string): unknown {
  switch (kind) {
    case 'number':
      return Number(text);
    case 'boolean':
      return text === 'true';
    case 'timestamp':
      return new Date(text);
    default:
      return text;
  }
}

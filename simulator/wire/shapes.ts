import { NormalizedSchema } from '@smithy/core/schema';
import { planOf } from './plan';
import type { Plan } from './plan';

/**
 * What the SDK clients export about their wire format: schemas of operations, structures and errors, in constants whose names end in `$`.
 * This is not a documented surface: a guard test fails when an update of the SDK changes it.
 */

/** `[9, namespace, name, traits, input, output]` */
type OperationSchema = readonly [9, string, string, OperationTraits, unknown, unknown];
/** `[-3, namespace, name, traits, members, memberSchemas]` */
type ErrorSchema = readonly [-3, string, string, ErrorTraits];
/** `[3, namespace, name, traits, memberNames, memberSchemas, numberOfRequired]`: the required members come first. */
type StructureSchema = readonly [3, string, string, unknown, readonly string[], readonly unknown[], number?];

/** In REST protocols: method, path template and status. A number stands for traits that say nothing of HTTP. */
type OperationTraits = number | { readonly http?: readonly [method: string, path: string, status: number] };

interface ErrorTraits {
  readonly awsQueryError?: readonly [code: string, status: number];
  readonly httpError?: number;
  readonly error?: 'client' | 'server';
}

/** An operation as the wire needs it. */
export interface Operation {
  readonly name: string;
  readonly input: Plan;
  readonly output: Plan;
  /** Names of the input's required members. */
  readonly required: readonly string[];
  /** In REST protocols only. */
  readonly http: HttpBinding | undefined;
}

/** How a REST operation is asked for: `GET`, `/backup-jobs/{BackupJobId}`, and the status of its answer. */
export interface HttpBinding {
  readonly method: string;
  readonly path: string;
  readonly status: number;
}

/** An error as the wire names it. */
export interface ModelledError {
  /** In JSON: the shape's name. */
  readonly shape: string;
  /** In the query protocols. */
  readonly queryCode: string;
  readonly status: number;
}

const isSchema = (value: unknown, kind: number): boolean => Array.isArray(value) && value[0] === kind;

/** The operations and errors of one SDK client. */
export class ClientShapes {
  private readonly operations = new Map<string, Operation>();
  private readonly errors = new Map<string, ModelledError>();

  /** @param client the SDK package without its scope: `client-auto-scaling`. */
  constructor(readonly client: string) {
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- the client is known at run time only, and large: it is loaded when it is first called
    this.exported = require(`@aws-sdk/${client}`) as Record<string, unknown>;
    for (const [name, value] of Object.entries(this.exported)) {
      if (!name.endsWith('$') || !isSchema(value, -3)) continue;
      const [, , shape, traits] = value as ErrorSchema;
      const status = traits.awsQueryError?.[1] ?? traits.httpError ?? (traits.error === 'server' ? 500 : 400);
      const error = { shape, queryCode: traits.awsQueryError?.[0] ?? shape, status };
      this.errors.set(error.queryCode, error);
      this.errors.set(shape, error);
    }
  }

  private readonly exported: Record<string, unknown>;

  /** Names of all operations of the client. */
  operationNames(): string[] {
    return Object.entries(this.exported).flatMap(([key, value]) => (key.endsWith('$') && isSchema(value, 9) ? [key.slice(0, -1)] : []));
  }

  /** @throws Error when the client has no such operation. */
  operation(name: string): Operation {
    let found = this.operations.get(name);
    if (found === undefined) {
      const schema = this.exported[`${name}$`];
      if (!isSchema(schema, 9)) throw new Error(`@aws-sdk/${this.client} has no operation ${name}.`);
      const [, , , traits, inputRef, outputRef] = schema as OperationSchema;
      const http = typeof traits === 'number' ? undefined : traits.http;
      const input = NormalizedSchema.of(inputRef as never);
      const raw = input.getSchema() as unknown;
      const required = isSchema(raw, 3) ? (raw as StructureSchema)[4].slice(0, (raw as StructureSchema)[6] ?? 0) : [];
      found = {
        name,
        input: planOf(input),
        output: planOf(NormalizedSchema.of(outputRef as never)),
        required,
        http: http && { method: http[0], path: http[1], status: http[2] },
      };
      this.operations.set(name, found);
    }
    return found;
  }

  /** The modelled error of that shape name or query code. */
  error(code: string): ModelledError | undefined {
    return this.errors.get(code);
  }
}

const loaded = new Map<string, ClientShapes>();

/** The shapes of an SDK client, loaded once a process. */
export function shapesOf(client: string): ClientShapes {
  let shapes = loaded.get(client);
  if (shapes === undefined) loaded.set(client, (shapes = new ClientShapes(client)));
  return shapes;
}

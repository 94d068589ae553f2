import { AwsError } from '../../kernel/ports';

/** A document of type `Command`, as far as it is run here. https://docs.aws.amazon.com/systems-manager/latest/userguide/documents-schemas-features.html */
export interface CommandDocument {
  readonly name: string;
  readonly content: DocumentContent;
}

/** The content of a document, schema 2.2. */
export interface DocumentContent {
  readonly schemaVersion?: string;
  readonly parameters?: Readonly<Record<string, DocumentParameter>>;
  readonly mainSteps?: readonly { readonly action: string; readonly inputs?: StepInputs }[];
}

interface DocumentParameter {
  readonly type: string;
  readonly default?: unknown;
  readonly allowedValues?: readonly string[];
  readonly allowedPattern?: string;
}

interface StepInputs {
  readonly runCommand?: readonly string[];
  readonly timeoutSeconds?: string | number;
}

/** Values by parameter's name, as `SendCommand` takes them. */
export type Parameters = Readonly<Record<string, readonly string[]>>;

/** How long a shell script may run unless its step says otherwise: https://docs.aws.amazon.com/systems-manager/latest/userguide/documents-command-ssm-plugin-reference.html */
const DEFAULT_EXECUTION_TIMEOUT = 3600;

/** The parameters with the document's defaults. Errors: one that is unknown, missing, or not allowed. */
export function resolveParameters({ content }: CommandDocument, given: Parameters): Parameters {
  const known = content.parameters ?? {};
  const refuse = (why: string): never => {
    throw new AwsError('InvalidParameters', why);
  };
  for (const name of Object.keys(given)) if (!Object.hasOwn(known, name)) refuse(`Parameter "${name}" is not defined by the document.`);
  return Object.fromEntries(
    Object.entries(known).map(([name, parameter]) => {
      const fallback = parameter.default === undefined ? undefined : [parameter.default].flat().map(String);
      const values = given[name] ?? fallback ?? refuse(`Parameter "${name}" requires a value.`);
      for (const value of values) {
        if (parameter.allowedValues?.includes(value) === false) refuse(`Parameter "${name}" does not allow the value "${value}".`);
        if (parameter.allowedPattern !== undefined && !new RegExp(parameter.allowedPattern).test(value))
          refuse(`Parameter "${name}" has a value that does not match ${parameter.allowedPattern}.`);
      }
      return [name, values];
    }),
  );
}

/** Seconds that the document's script may run. */
export function executionTimeout({ content }: CommandDocument): number {
  const given = content.mainSteps?.map(({ inputs }) => Number(inputs?.timeoutSeconds)).find((seconds) => seconds > 0);
  return given ?? DEFAULT_EXECUTION_TIMEOUT;
}

/** The document's script with the values of its parameters, as the agent writes it to the instance. */
export function scriptOf({ content }: CommandDocument, parameters: Parameters): string {
  const script = (content.mainSteps ?? []).flatMap(({ inputs }) => inputs?.runCommand ?? []).join('\n');
  return script.replace(/\{\{\s*(\w+)\s*\}\}/g, (whole, name: string) => parameters[name]?.join(' ') ?? whole);
}

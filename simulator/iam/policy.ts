/** The parts of an IAM policy document that identity policies use, normalized to lists. */
export interface Statement {
  readonly sid: string | undefined;
  readonly effect: 'Allow' | 'Deny';
  /** `Action`, or undefined when `notAction` is given. */
  readonly actions: readonly string[] | undefined;
  readonly notActions: readonly string[] | undefined;
  readonly resources: readonly string[] | undefined;
  readonly notResources: readonly string[] | undefined;
  /** Operator -> condition key -> values. */
  readonly conditions: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
  /** An AWS managed policy: its grants are not this template's to shrink. */
  readonly managed: boolean;
}

const asList = (value: unknown): readonly string[] | undefined =>
  value === undefined ? undefined : (Array.isArray(value) ? value : [value]).map((item) => String(item));

const KNOWN = new Set(['Sid', 'Effect', 'Action', 'NotAction', 'Resource', 'NotResource', 'Condition']);

/**
 * Reads the statements of a resolved policy document.
 *
 * @param where names the policy in errors.
 * @throws Error for elements that the evaluator does not know, and for policy variables.
 */
export function parseStatements(document: unknown, where: string, managed = false): Statement[] {
  const raw = (document as { Statement?: unknown }).Statement;
  const list = (Array.isArray(raw) ? raw : [raw]) as Record<string, unknown>[];
  return list.map((statement) => {
    const unknown = Object.keys(statement).filter((key) => !KNOWN.has(key));
    if (unknown.length > 0) throw new Error(`${where}: the simulator does not know the policy element ${unknown.join(', ')}.`);
    if (JSON.stringify(statement).includes('${')) throw new Error(`${where}: the simulator does not model policy variables.`);
    const effect = statement['Effect'];
    if (effect !== 'Allow' && effect !== 'Deny') throw new Error(`${where}: Effect must be Allow or Deny, not ${String(effect)}.`);
    const conditions: Record<string, Record<string, readonly string[]>> = {};
    for (const [operator, keys] of Object.entries((statement['Condition'] ?? {}) as Record<string, Record<string, unknown>>)) {
      conditions[operator] = Object.fromEntries(Object.entries(keys).map(([key, values]) => [key, asList(values) ?? []]));
    }
    return {
      sid: statement['Sid'] as string | undefined,
      effect,
      actions: asList(statement['Action']),
      notActions: asList(statement['NotAction']),
      resources: asList(statement['Resource']),
      notResources: asList(statement['NotResource']),
      conditions,
      managed,
    };
  });
}

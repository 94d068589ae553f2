/** The part of a template that {@link withoutAction} reads. */
export interface PolicyTemplate {
  readonly Resources?: Record<string, { readonly Type: string; Properties?: Record<string, unknown> }>;
}

interface Statement {
  Action?: string | string[];
}

/**
 * Takes an action from every policy of a template, as if somebody had forgotten to grant it.
 * Throws an `Error` when no policy grants it by name.
 */
export function withoutAction(template: PolicyTemplate, action: string): void {
  let taken = 0;
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    const document = value as { Statement?: Statement[] };
    if (Array.isArray(document.Statement)) {
      document.Statement = document.Statement.filter((statement) => {
        const actions = [statement.Action ?? []].flat();
        const left = actions.filter((each) => each.toLowerCase() !== action.toLowerCase());
        if (left.length === actions.length) return true;
        taken += 1;
        statement.Action = left;
        return left.length > 0;
      });
    }
    for (const child of Object.values(value)) visit(child);
  };
  for (const { Type, Properties } of Object.values(template.Resources ?? {})) {
    if (Type.startsWith('AWS::IAM::')) visit(Properties);
  }
  if (taken === 0) throw new Error(`no policy of the template grants ${action} by name: there is nothing to deny`);
}

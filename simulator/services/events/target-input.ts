import type { RuleTarget } from '../../assembly/deployment';

/** The value at a path of an event: `$.detail.status`; undefined when there is none. */
function at(path: string, event: unknown): unknown {
  return path
    .replace(/^\$\.?/, '')
    .split('.')
    .filter((part) => part !== '')
    .reduce<unknown>(
      (value, part) => (typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[part] : undefined),
      event,
    );
}

/**
 * What a target is given of an event: a constant, a part, a template filled in, or all of it.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
 *
 * @returns JSON, or text when the template makes such.
 */
export function targetInput(
  target: RuleTarget,
  event: Readonly<Record<string, unknown>>,
  rule: { readonly arn: string; readonly name: string },
): string {
  if (target.input !== undefined) return target.input;
  if (target.inputPath !== undefined) return JSON.stringify(at(target.inputPath, event) ?? {});
  if (target.inputTransformer === undefined) return JSON.stringify(event);
  const { paths, template } = target.inputTransformer;
  const predefined: Record<string, unknown> = {
    'aws.events.rule-arn': rule.arn,
    'aws.events.rule-name': rule.name,
    'aws.events.event.ingestion-time': event['time'],
    'aws.events.event': event,
    'aws.events.event.json': event,
  };
  const valueOf = (name: string): unknown => (Object.hasOwn(predefined, name) ? predefined[name] : at(paths[name] ?? `$.${name}`, event));
  let quoted = false;
  return template.replace(/\\.|"|<([\w.-]+)>/g, (token, name: string | undefined) => {
    if (token === '"') quoted = !quoted;
    if (name === undefined) return token;
    const value = valueOf(name);
    if (value === undefined) return quoted ? '' : '""';
    const json = JSON.stringify(value);
    return quoted && typeof value === 'string' ? json.slice(1, -1) : json;
  });
}

import type { Plan } from './plan';
import { describeType, UnknownMember } from './unknown-member';

/** JSON to the SDK's input: timestamps are seconds, blobs are Base64. https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html */
export function decodeJson(plan: Plan, value: unknown): unknown {
  if (value === null || value === undefined) return undefined;
  switch (plan.kind) {
    case 'list':
      return (value as unknown[]).map((item) => decodeJson(plan.item, item));
    case 'map':
      return mapValues(value, (item) => decodeJson(plan.item, item));
    case 'structure': {
      const result: Record<string, unknown> = {};
      for (const [name, item] of Object.entries(value)) {
        const member = plan.members.get(name);
        const decoded = member === undefined ? undefined : decodeJson(member, item);
        if (decoded !== undefined) result[name] = decoded;
      }
      return result;
    }
    case 'timestamp':
      return new Date(Number(value) * 1000);
    case 'blob':
      return new Uint8Array(Buffer.from(value as string, 'base64'));
    default:
      return value;
  }
}

/** The SDK's output to JSON. `path` names it in errors. */
export function encodeJson(plan: Plan, value: unknown, path: string): unknown {
  if (value === null || value === undefined) return undefined;
  switch (plan.kind) {
    case 'list':
      if (!Array.isArray(value)) throw new UnknownMember(path, `a list is needed, not ${describeType(value)}`);
      return value.map((item, i) => encodeJson(plan.item, item, `${path}.${i}`));
    case 'map':
      return mapValues(value, (item, key) => encodeJson(plan.item, item, `${path}.${key}`));
    case 'structure': {
      const result: Record<string, unknown> = {};
      for (const [name, item] of Object.entries(value)) {
        if (item === undefined) continue;
        const member = plan.members.get(name);
        if (member === undefined) throw new UnknownMember(`${path}.${name}`, 'the API has no such member');
        result[name] = encodeJson(member, item, `${path}.${name}`);
      }
      return result;
    }
    case 'timestamp':
      return (value as Date).getTime() / 1000;
    case 'blob':
      return Buffer.from(value as Uint8Array).toString('base64');
    default:
      return value;
  }
}

function mapValues(value: unknown, convert: (item: unknown, key: string) => unknown): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value as Record<string, unknown>).map(([key, item]) => [key, convert(item, key)]));
}

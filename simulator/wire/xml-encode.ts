import type { Plan } from './plan';
import { describeType, UnknownMember } from './unknown-member';

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Text that is safe inside an XML element. */
export const escapeXml = (text: string): string => (/[&<>"]/.test(text) ? text.replace(/[&<>"]/g, (char) => ESCAPES[char] ?? char) : text);

/** The members of a structure as XML elements. `path` names it in errors. */
export function encodeStructure(plan: Plan, value: unknown, path: string): string {
  if (plan.kind !== 'structure') return '';
  if (typeof value !== 'object' || value === null) throw new UnknownMember(path, `a structure is needed, not ${describeType(value)}`);
  let xml = '';
  for (const [name, member] of Object.entries(value)) {
    if (member === undefined) continue;
    const inner = plan.members.get(name);
    if (inner === undefined) throw new UnknownMember(`${path}.${name}`, 'the API has no such member');
    xml += encodeMember(inner.xmlName ?? name, inner, member, path, name);
  }
  return xml;
}

function encodeMember(element: string, plan: Plan, value: unknown, parent: string, name: string): string {
  if (value === undefined || value === null) return '';
  switch (plan.kind) {
    case 'list':
      return encodeList(element, plan, value, `${parent}.${name}`);
    case 'map':
      return encodeMap(element, plan, value, `${parent}.${name}`);
    case 'structure':
      return `<${element}>${encodeStructure(plan, value, `${parent}.${name}`)}</${element}>`;
    case 'timestamp':
      if (Object.prototype.toString.call(value) !== '[object Date]') throw wrong(parent, name, 'Date', value);
      return `<${element}>${(value as Date).toISOString()}</${element}>`;
    case 'blob':
      return `<${element}>${Buffer.from(value as Uint8Array).toString('base64')}</${element}>`;
    default:
      if (typeof value !== plan.kind) throw wrong(parent, name, plan.kind, value);
      return `<${element}>${escapeXml(`${value as string | number | boolean}`)}</${element}>`;
  }
}

function encodeList(element: string, plan: Plan, value: unknown, path: string): string {
  if (!Array.isArray(value)) throw new UnknownMember(path, `a list is needed, not ${describeType(value)}`);
  const itemElement = plan.flattened ? element : (plan.item.xmlName ?? 'member');
  const items = value.map((item, i) => encodeMember(itemElement, plan.item, item, path, String(i))).join('');
  return plan.flattened ? items : `<${element}>${items}</${element}>`;
}

function encodeMap(element: string, plan: Plan, value: unknown, path: string): string {
  const [keyName, valueName] = [plan.key.xmlName ?? 'key', plan.item.xmlName ?? 'value'];
  const entries = Object.entries(value as Record<string, unknown>).map(
    ([key, item]) => `<entry><${keyName}>${escapeXml(key)}</${keyName}>${encodeMember(valueName, plan.item, item, path, key)}</entry>`,
  );
  return `<${element}>${entries.join('')}</${element}>`;
}

const wrong = (parent: string, name: string, wanted: string, value: unknown): UnknownMember =>
  new UnknownMember(`${parent}.${name}`, `a ${wanted} is needed, not ${describeType(value)}`);

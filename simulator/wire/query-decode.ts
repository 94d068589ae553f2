import type { Plan } from './plan';

/** A form's keys, split at their dots. */
interface Node {
  value?: string;
  children?: Map<string, Node>;
}

function treeOf(form: URLSearchParams): Node {
  const root: Node = {};
  for (const [key, value] of form) {
    let node = root;
    for (const part of key.split('.')) {
      node.children ??= new Map();
      let child = node.children.get(part);
      if (child === undefined) node.children.set(part, (child = {}));
      node = child;
    }
    node.value = value;
  }
  return root;
}

/** The numbered children, in order: `X.1`, `X.2`, ... */
const numbered = (node: Node | undefined): Node[] =>
  [...(node?.children ?? [])]
    .filter(([key]) => /^\d+$/.test(key))
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([, child]) => child);

const capitalized = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** Reads query parameters by schema. https://smithy.io/2.0/aws/protocols/aws-query-protocol.html, https://smithy.io/2.0/aws/protocols/aws-ec2-query-protocol.html */
export class QueryDecoder {
  constructor(private readonly ec2: boolean) {}

  decode(plan: Plan, form: URLSearchParams): Record<string, unknown> {
    return plan.kind === 'structure' ? this.structure(plan, treeOf(form)) : {};
  }

  private read(plan: Plan, node: Node): unknown {
    const text = node.value ?? '';
    switch (plan.kind) {
      case 'list':
        return this.list(plan, node);
      case 'map':
        return this.map(plan, node);
      case 'structure':
        return this.structure(plan, node);
      case 'boolean':
        return text === 'true';
      case 'number':
        return Number(text);
      case 'timestamp':
        return new Date(text);
      case 'blob':
        return new Uint8Array(Buffer.from(text, 'base64'));
      case 'string':
        return text;
    }
  }

  private structure(plan: Plan, node: Node): Record<string, unknown> {
    const result: Record<string, unknown> = {};
    for (const [name, member] of plan.members) {
      const child = node.children?.get(this.memberKey(name, member));
      if (child !== undefined) result[name] = this.read(member, child);
    }
    return result;
  }

  private memberKey(name: string, { ec2QueryName, xmlName }: Plan): string {
    return this.ec2 ? (ec2QueryName ?? capitalized(xmlName ?? name)) : (xmlName ?? name);
  }

  private list(plan: Plan, node: Node): unknown[] {
    const flat = this.ec2 || plan.flattened;
    return numbered(flat ? node : node.children?.get(plan.item.xmlName ?? 'member')).map((child) => this.read(plan.item, child));
  }

  private map(plan: Plan, node: Node): Record<string, unknown> {
    const result: Record<string, unknown> = {};
    for (const { children } of numbered(plan.flattened ? node : node.children?.get('entry'))) {
      const key = children?.get(plan.key.xmlName ?? 'key')?.value ?? '';
      result[key] = this.read(plan.item, children?.get(plan.item.xmlName ?? 'value') ?? {});
    }
    return result;
  }
}

import type { NormalizedSchema } from '@smithy/core/schema';

/** Where a member of an input goes in HTTP; `query` is the parameter's name. */
export type Binding = { readonly in: 'body' | 'label' } | { readonly in: 'query'; readonly name: string };

export type Kind = 'list' | 'map' | 'structure' | 'timestamp' | 'blob' | 'boolean' | 'number' | 'string';

/** A schema as the codecs need it, made once: the SDK's own objects are slow to ask. */
export interface Plan {
  readonly kind: Kind;
  /** `xmlName`, `ec2QueryName` and whether the list or map is flattened. */
  readonly xmlName: string | undefined;
  readonly ec2QueryName: string | undefined;
  readonly flattened: boolean;
  /** Where REST protocols put the member: in the path, in the query, or in the body. https://smithy.io/2.0/spec/http-bindings.html */
  readonly binding: Binding;
  /** Members of a structure, by name. */
  readonly members: ReadonlyMap<string, Plan>;
  /** Items of a list, values of a map. */
  readonly item: Plan;
  /** Keys of a map. */
  readonly key: Plan;
}

/** The plan of a schema. Inner plans are made when they are first asked for: shapes may contain themselves. */
export const planOf = (schema: NormalizedSchema): Plan => new LazyPlan(schema);

interface Traits {
  readonly xmlName?: string;
  readonly ec2QueryName?: string;
  readonly xmlFlattened?: unknown;
  readonly httpLabel?: unknown;
  readonly httpQuery?: string;
}

function bindingOf({ httpLabel, httpQuery }: Traits): Binding {
  if (httpLabel !== undefined) return { in: 'label' };
  return httpQuery === undefined ? { in: 'body' } : { in: 'query', name: httpQuery };
}

class LazyPlan implements Plan {
  readonly kind: Kind;
  readonly xmlName: string | undefined;
  readonly ec2QueryName: string | undefined;
  readonly flattened: boolean;
  readonly binding: Binding;
  private inner: { members?: ReadonlyMap<string, Plan>; item?: Plan; key?: Plan } = {};

  constructor(private readonly schema: NormalizedSchema) {
    const traits = schema.getMergedTraits() as Traits;
    this.xmlName = traits.xmlName;
    this.ec2QueryName = traits.ec2QueryName;
    this.flattened = traits.xmlFlattened !== undefined;
    this.binding = bindingOf(traits);
    this.kind = kindOf(schema);
  }

  get members(): ReadonlyMap<string, Plan> {
    return (this.inner.members ??= new Map([...this.schema.structIterator()].map(([name, member]) => [name, new LazyPlan(member)])));
  }

  get item(): Plan {
    return (this.inner.item ??= new LazyPlan(this.schema.getValueSchema()));
  }

  get key(): Plan {
    return (this.inner.key ??= new LazyPlan(this.schema.getKeySchema()));
  }
}

function kindOf(schema: NormalizedSchema): Kind {
  if (schema.isListSchema()) return 'list';
  if (schema.isMapSchema()) return 'map';
  if (schema.isStructSchema()) return 'structure';
  if (schema.isTimestampSchema()) return 'timestamp';
  if (schema.isBlobSchema()) return 'blob';
  if (schema.isBooleanSchema()) return 'boolean';
  return schema.isNumericSchema() ? 'number' : 'string';
}

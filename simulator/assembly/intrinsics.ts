import { makePhysical } from './physical';
import type { Physical, Place } from './physical';

/** A CloudFormation template, as far as it is read. */
export interface Template {
  readonly Resources?: Readonly<Record<string, TemplateResource>>;
  readonly Parameters?: Readonly<Record<string, { readonly Type?: string; readonly Default?: unknown }>>;
  readonly Conditions?: Readonly<Record<string, unknown>>;
  readonly Mappings?: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;
  readonly Outputs?: Readonly<Record<string, { readonly Value: unknown }>>;
}

/** One resource of a template. */
export interface TemplateResource {
  readonly Type: string;
  readonly Condition?: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}

/** `AWS::NoValue`: the property is left out. */
const NO_VALUE = Symbol('AWS::NoValue');

/** Resolves intrinsic functions as CloudFormation does. https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html */
export class Resolver {
  private readonly physicals = new Map<string, Physical>();

  constructor(
    private readonly template: Template,
    private readonly place: Place,
    private readonly parameters: Readonly<Record<string, unknown>> = {},
  ) {}

  /** @throws Error for an intrinsic function, resource or parameter that is not known, by name. */
  resolve(value: unknown): unknown {
    const resolved = this.value(value);
    return resolved === NO_VALUE ? undefined : resolved;
  }

  /** Whether the resource is created: its condition holds, or it has none. */
  isCreated(resource: TemplateResource): boolean {
    return resource.Condition === undefined || this.condition({ Condition: resource.Condition });
  }

  private value(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((item) => this.value(item)).filter((item) => item !== NO_VALUE);
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value);
    const [only] = entries;
    if (entries.length === 1 && only !== undefined && (only[0] === 'Ref' || only[0].startsWith('Fn::')))
      return this.intrinsic(only[0], only[1]);
    return Object.fromEntries(entries.map(([key, item]) => [key, this.value(item)] as const).filter(([, item]) => item !== NO_VALUE));
  }

  private text(value: unknown): string {
    const resolved = this.value(value);
    if (typeof resolved !== 'string' && typeof resolved !== 'number' && typeof resolved !== 'boolean') {
      throw new Error(`A string is needed, not ${JSON.stringify(value)}.`);
    }
    return String(resolved);
  }

  private intrinsic(name: string, argument: unknown): unknown {
    const list = (Array.isArray(argument) ? argument : []) as unknown[];
    switch (name) {
      case 'Ref':
        return this.ref(argument as string);
      case 'Fn::GetAtt': {
        const [logicalId = '', ...path] = typeof argument === 'string' ? argument.split('.') : (list as string[]);
        return this.attribute(logicalId, path.join('.'));
      }
      case 'Fn::Join':
        return (this.value(list[1]) as unknown[]).map((item) => this.text(item)).join(list[0] as string);
      case 'Fn::Sub':
        return this.sub(argument);
      case 'Fn::Select':
        return (this.value(list[1]) as unknown[])[Number(this.value(list[0]))];
      case 'Fn::Split':
        return this.text(list[1]).split(list[0] as string);
      case 'Fn::If':
        return this.value(this.condition({ Condition: list[0] }) ? list[1] : list[2]);
      case 'Fn::Base64':
        return Buffer.from(this.text(argument)).toString('base64');
      case 'Fn::FindInMap':
        return this.template.Mappings?.[this.text(list[0])]?.[this.text(list[1])]?.[this.text(list[2])];
      case 'Fn::GetAZs':
        return ['a', 'b', 'c'].map((zone) => `${this.place.region}${zone}`);
      default:
        throw new Error(`The simulator does not know the intrinsic function ${name}.`);
    }
  }

  private ref(name: string): unknown {
    const { region, account, partition, stackName } = this.place;
    const pseudo: Record<string, unknown> = {
      'AWS::Region': region,
      'AWS::AccountId': account,
      'AWS::Partition': partition,
      'AWS::URLSuffix': 'amazonaws.com',
      'AWS::StackName': stackName,
      'AWS::StackId': `arn:${partition}:cloudformation:${region}:${account}:stack/${stackName}/00000000-0000-4000-8000-000000000000`,
      'AWS::NoValue': NO_VALUE,
    };
    if (Object.hasOwn(pseudo, name)) return pseudo[name];
    const parameter = this.template.Parameters?.[name];
    if (parameter !== undefined) {
      const value = this.parameters[name] ?? parameter.Default;
      if (value === undefined) throw new Error(`The parameter ${name} of the template has no default and was given no value.`);
      return value;
    }
    return this.physical(name).ref;
  }

  private attribute(logicalId: string, attribute: string): string {
    const value = this.physical(logicalId).attributes[attribute];
    if (value === undefined) throw new Error(`The simulator does not know the attribute ${attribute} of ${logicalId}.`);
    return value;
  }

  private physical(logicalId: string): Physical {
    let physical = this.physicals.get(logicalId);
    if (physical === undefined) {
      const resource = this.template.Resources?.[logicalId];
      if (resource === undefined) throw new Error(`The template refers to ${logicalId}, which it does not contain.`);
      const names = Object.entries(resource.Properties ?? {}).filter(([key]) => key.endsWith('Name'));
      const properties = Object.fromEntries(names.map(([key, value]) => [key, this.resolve(value)]));
      physical = makePhysical(logicalId, resource.Type, properties, this.place);
      this.physicals.set(logicalId, physical);
    }
    return physical;
  }

  private sub(argument: unknown): string {
    const [template, variables] = (Array.isArray(argument) ? argument : [argument, {}]) as [string, Record<string, unknown>];
    return template.replace(/\$\{(!?)([^}]+)\}/g, (_all, literal: string, name: string) => {
      if (literal === '!') return `\${${name}}`;
      if (Object.hasOwn(variables, name)) return this.text(variables[name]);
      return this.text(name.includes('.') ? { 'Fn::GetAtt': name } : { Ref: name });
    });
  }

  private condition(expression: unknown): boolean {
    const [first] = Object.entries(expression as Record<string, unknown>);
    const [kind, argument] = first ?? ['', undefined];
    const list = (Array.isArray(argument) ? argument : []) as unknown[];
    switch (kind) {
      case 'Condition': {
        const named = this.template.Conditions?.[argument as string];
        if (named === undefined) throw new Error(`The template has no condition ${String(argument)}.`);
        return this.condition(named);
      }
      case 'Fn::Equals':
        return this.text(list[0]) === this.text(list[1]);
      case 'Fn::And':
        return list.every((item) => this.condition(item));
      case 'Fn::Or':
        return list.some((item) => this.condition(item));
      case 'Fn::Not':
        return !this.condition(list[0]);
      default:
        throw new Error(`The simulator does not know the condition function ${kind}.`);
    }
  }
}

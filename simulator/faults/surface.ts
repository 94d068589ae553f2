import type { Deployment } from '../assembly/deployment';
import { taskOf } from '../scenario/call-names';
import { edgesOf } from '../states/coverage';

/** Where faults can strike: read from what is deployed, so that nothing new is left out. */
export interface Surface {
  /** Calls of AWS APIs that the tasks are allowed to make: `autoscaling:EnterStandby`. */
  readonly actions: readonly string[];
  /** Names of the Lambda tasks: `stand-by`. */
  readonly tasks: readonly string[];
  /** Every state. */
  readonly states: readonly StateOf[];
  /** States whose failure is caught. */
  readonly caught: readonly StateOf[];
}

/** A state, with the logical id of its machine. */
export interface StateOf {
  readonly machine: string;
  readonly state: string;
}

/** Requests to Bitbucket that the workflow makes: `docs/architecture.md`, "What each task calls". */
export const BITBUCKET_REQUESTS = [
  'GET /rest/zdu/cluster',
  'GET /rest/api/latest/application-properties',
  'GET /rest/api/latest/admin/cluster',
  'GET /rest/api/latest/admin/license',
  'GET /rest/api/latest/admin/git/mesh/nodes',
  'GET /rest/mirroring/latest/mirrorServers',
  'GET /rest/troubleshooting/1.0/check/',
  'GET /rest/plugins/1.0/product-updates/',
  'GET /rest/plugins/1.0/',
  'GET /rest/api/latest/admin/banner',
  'PUT /rest/api/latest/admin/banner',
  'DELETE /rest/api/latest/admin/banner',
  'GET /status',
  'POST /rest/zdu/start',
  'POST /rest/zdu/cancel',
  'POST /rest/zdu/approve',
] as const;

/** What is granted only for what a call does by itself, or to Lambda and Step Functions: no task calls it. */
const NOT_CALLED = new Set(['iam:PassRole', 'ec2:RunInstances']);
const OTHERS = /^(logs|xray|kms|lambda|events|sqs):|NetworkInterface|PrivateIpAddresses|DescribeSubnets|^states:(Start|Stop)Execution/;

/** The surface of a deployment. */
export function surfaceOf({ functions, machines, roles }: Deployment): Surface {
  const roleArns = new Set(functions.map(({ roleArn }) => roleArn));
  const actions = roles
    .filter(({ arn }) => roleArns.has(arn))
    .flatMap(({ statements }) => statements.flatMap((statement) => statement.actions ?? []))
    .filter((action) => !NOT_CALLED.has(action) && !OTHERS.test(action));
  return {
    actions: [...new Set(actions)].sort(),
    tasks: functions.flatMap(({ logicalId }) => taskOf(logicalId) ?? []).sort(),
    states: machines.flatMap((machine) => edgesOf(machine).states.map((state) => ({ machine: machine.logicalId, state }))),
    caught: machines.flatMap((machine) => edgesOf(machine).catches.map(({ state }) => ({ machine: machine.logicalId, state }))),
  };
}

/** Where faults can strike in any of several deployments. */
export function surfaceOfAll(deployments: readonly Deployment[]): Surface {
  const surfaces = deployments.map(surfaceOf);
  const distinct = (all: readonly StateOf[]): StateOf[] => [
    ...new Map(all.map((each) => [`${each.machine} ${each.state}`, each])).values(),
  ];
  return {
    actions: [...new Set(surfaces.flatMap(({ actions }) => actions))].sort(),
    tasks: [...new Set(surfaces.flatMap(({ tasks }) => tasks))].sort(),
    states: distinct(surfaces.flatMap(({ states }) => states)),
    caught: distinct(surfaces.flatMap(({ caught }) => caught)),
  };
}

import { ENV } from '../contract/environment';
import type { BackupTaskName, TaskName } from '../contract/tasks';
import { ACTING_TASKS } from '../contract/tasks';
import type { ResolvedProps } from '../private/resolve-props';

/** The tasks that ask Bitbucket: they run in the VPC and read the credentials. */
export const BITBUCKET_TASKS: readonly TaskName[] = [
  'resolve-request',
  'plan-upgrade',
  'check-cluster',
  'put-up-banner',
  'enable-upgrade-mode',
  'point-at-image',
  'choose-node',
  'await-replacement',
  'bake-node',
  'verify-cluster',
  'compare-apps',
  'finalize-upgrade',
  'restore-capacity',
  'plan-recovery',
  'cancel-upgrade-mode',
  'take-down-banner',
];

/** What the environment of the tasks is made of, besides the props. */
export interface EnvironmentSources {
  readonly props: ResolvedProps;
  readonly groupName: string;
  readonly lockTableName: string;
  readonly credentialsSecretArn: string;
  readonly caCertificateSecretArn?: string;
  readonly topicArn?: string;
  /** Writes JSON that may hold references to resources. */
  readonly toJson: (value: unknown) => string;
}

/** The environment of one task: what every task may need, and what only some need. No secret is in it. */
export function environmentOf(task: TaskName, sources: EnvironmentSources): Record<string, string> {
  return {
    ...standard(sources),
    ...(BITBUCKET_TASKS.includes(task) ? bitbucket(sources) : {}),
    ...((ACTING_TASKS as readonly TaskName[]).includes(task) ? lock(sources) : {}),
    ...EXTRAS[task]?.(sources),
  };
}

/** The environment of one task of the backup. */
export function backupEnvironment(task: BackupTaskName, sources: EnvironmentSources): Record<string, string> {
  return { ...standard(sources), ...(task.startsWith('start-') ? backup(sources) : {}) };
}

function standard({ props, groupName }: EnvironmentSources): Record<string, string> {
  return {
    [ENV.GROUP_NAME]: groupName,
    [ENV.TARGET_GROUP_ARNS]: props.targetGroupArns.join(','),
    [ENV.LIMITS]: JSON.stringify(props.limits),
  };
}

function bitbucket({ props, credentialsSecretArn, caCertificateSecretArn }: EnvironmentSources): Record<string, string> {
  return {
    [ENV.BASE_URL]: props.baseUrl,
    [ENV.NODE_PORT]: String(props.nodePort),
    [ENV.NODE_PROTOCOL]: props.nodeProtocol,
    [ENV.CREDENTIALS_SECRET_ARN]: credentialsSecretArn,
    ...withValue(ENV.CA_CERTIFICATE_SECRET_ARN, caCertificateSecretArn),
  };
}

/** One variable, or none when there is no value. */
function withValue(name: string, value: string | undefined): Record<string, string> {
  return value === undefined ? {} : { [name]: value };
}

type Extra = (sources: EnvironmentSources) => Record<string, string>;

const images: Extra = ({ props }) => ({ [ENV.NODE_IMAGES]: props.images.specification });
const capacity: Extra = ({ props }) => ({ [ENV.CAPACITY]: props.capacity });
const denied: Extra = ({ props }) => ({ [ENV.DENIED_VERSIONS]: props.deniedVersions.join(',') });
const defaultTarget: Extra = ({ props }) => ({ [ENV.DEFAULT_TARGET_VERSION]: props.defaultTargetVersion });
const baseUrl: Extra = ({ props }) => ({ [ENV.BASE_URL]: props.baseUrl });
const lock: Extra = ({ lockTableName }) => ({ [ENV.LOCK_TABLE_NAME]: lockTableName });
const backup: Extra = ({ props, toJson }) => ({ [ENV.BACKUP]: toJson(props.backup.spec) }); // warnings may name what is known only at deployment
const bake: Extra = ({ props, toJson }) => ({ [ENV.BAKE]: toJson(props.failures.bake) }); // names of alarms may be known only at deployment
const checks: Extra = ({ props, toJson }) => ({ [ENV.CHECKS]: toJson(props.checks) }); // so may those of calendars
const failures: Extra = ({ props }) => ({
  [ENV.FAILURE_POLICY]: props.failures.policy,
  [ENV.REPLACEMENT_BUDGET]: String(props.failures.replacementBudget),
});
const approvals: Extra = ({ props }) =>
  withValue(ENV.APPROVALS, Object.keys(props.approvals).length > 0 ? JSON.stringify(props.approvals) : undefined);
const topic: Extra = ({ topicArn }) => withValue(ENV.TOPIC_ARN, topicArn);

/** What those need who tell people of the plan. */
const telling: Extra = (sources) => ({ ...topic(sources), ...backup(sources), ...bake(sources), ...approvals(sources) });

const EXTRAS: Partial<Record<TaskName, Extra>> = {
  'resolve-request': (sources) => ({ ...images(sources), ...denied(sources), ...defaultTarget(sources) }),
  'plan-upgrade': (sources) => ({ ...capacity(sources), ...backup(sources), ...lock(sources) }),
  'check-cluster': denied,
  'check-group': (sources) => ({ ...baseUrl(sources), ...images(sources) }),
  'check-account': (sources) => ({ ...lock(sources), ...checks(sources), ...bake(sources) }),
  'judge-checks': backup,
  'plan-recovery': (sources) => ({ ...capacity(sources), ...lock(sources) }),
  'acquire-lock': lock,
  'release-lock': lock,
  'judge-readiness': backup,
  'judge-skew': backup,
  'choose-expired-backups': backup,
  'bake-node': bake,
  'choose-node': bake,
  'hold-group': bake,
  'compare-apps': lock,
  'decide-recovery': failures,
  'ask-operator': topic,
  'ask-approval': (sources) => ({ ...telling(sources), ...lock(sources) }),
  'judge-approval': approvals,
  announce: (sources) => ({ ...topic(sources), ...backup(sources), ...bake(sources) }),
  'report-run': (sources) => telling(sources),
};

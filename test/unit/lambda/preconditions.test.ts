import { recordTags } from '../../../lambda/core/record';
import type { Facts } from '../../../lambda/core/preconditions';
import { checkPreconditions } from '../../../lambda/core/preconditions';
import type { Member } from '../../../lambda/core/observation';
import type { Image } from '../../../lambda/ports/compute';
import {
  ARNS,
  FROM,
  backupSpec,
  observed,
  NEW_IMAGE,
  OLD_IMAGE,
  TO,
  cluster,
  group,
  limits,
  member,
  news,
  node,
  olds,
  plan,
  upgrading,
  views,
  without,
} from './support/build';

const image = (imageId: string, change: Partial<Image> = {}): Image => ({
  imageId,
  state: 'available',
  architecture: 'x86_64',
  createdAt: '',
  tags: {},
  ...change,
});
const settings = (arn: string) => ({
  arn,
  protocol: 'HTTP',
  port: 7990,
  healthCheckPort: 'traffic-port',
  healthCheckProtocol: 'HTTP',
  healthCheckPath: '/git/status',
  deregistrationDelaySeconds: 900,
});

const stopped = observed({ problems: [{ check: 'database', message: 'db is stopped' }] });

function facts(change: Partial<Facts> = {}, members: readonly Member[] = olds(1, 2, 3, 4)): Facts {
  const viewed = members.every(({ view }) => view) ? members : views(members);
  return {
    plan: plan(),
    request: { targetVersion: TO, imageId: NEW_IMAGE, dryRun: false, problems: [] },
    deniedVersions: [],
    limits,
    contextPath: '/git',
    group: group(members),
    members: viewed,
    cluster: cluster(members),
    targetGroupArns: ARNS,
    targetGroups: ARNS.map(settings),
    targetImage: image(NEW_IMAGE),
    originalImage: image(OLD_IMAGE),
    refresh: undefined,
    stack: { id: 'stack-1', status: 'UPDATE_COMPLETE' },
    observations: [observed({ part: 'database' }), observed({ part: 'shared-home' })],
    backup: backupSpec(),
    activeRun: undefined,
    ...change,
  };
}

function refusal(given: Facts): string {
  try {
    checkPreconditions(given);
  } catch (error) {
    expect(error).toMatchObject({ name: 'RequestRefused' });
    return (error as Error).message;
  }
  return 'allowed';
}

const four = olds(1, 2, 3, 4);
const with4 = (change: Partial<Member>): readonly Member[] => [...olds(1, 2, 3), member('i-old4', change)];
const tags = recordTags(plan());

describe('an upgrade', () => {
  test('is allowed when nothing is against it', () => {
    expect(checkPreconditions(facts())).toEqual({ warnings: [] });
  });
  test.each<[string, RegExp, Facts]>([
    ['to a feature version', /feature upgrade/, facts({ plan: plan({ toVersion: '9.5.0' }) })],
    ['to a denied version', /denied/, facts({ deniedVersions: [TO] })],
    [
      'with a mistake in the request',
      /typo/,
      facts({ request: { targetVersion: '', imageId: '', dryRun: false, problems: [{ check: 'request', message: 'typo' }] } }),
    ],
    ['in a mode that a person turned on', /no run of this workflow/, facts({ cluster: upgrading(four, 'READY_TO_UPGRADE') })],
    ['during an update of the stack', /stack-1 .*UPDATE_IN_PROGRESS/, facts({ stack: { id: 'stack-1', status: 'UPDATE_IN_PROGRESS' } })],
    ['with nodes of two versions', /10\.0\.0\.4 runs 9\.4\.21/, facts({}, with4({ node: node('10.0.0.4', '9.4.21') }))],
    [
      'of a cluster with a node in ERROR',
      /ERROR/,
      facts({ cluster: cluster([...four], { nodes: [...cluster(four).nodes, node('10.0.0.9', FROM, 'ERROR')] }) }),
    ],
    ['of one node', /at least two/, facts({}, olds(1))],
    [
      'with an instance that is no node',
      /not in the cluster/,
      facts({ cluster: cluster(olds(1, 2, 3)) }, views([...olds(1, 2, 3), without(member('i-old4'), 'node')])),
    ],
    ['with a node that is no instance', /no instances in service/, facts({ cluster: cluster([...four, member('i-old9')]) })],
    ['of a split cluster', /split/, facts({}, views(olds(1, 2, 3, 4), { members: ['10.0.0.1', '10.0.0.2'] }))],
    [
      'with a node that cannot be asked',
      /security groups/,
      facts({}, [...views(olds(1, 2, 3)), { ...member('i-old4'), view: { status: 'without answer (ETIMEDOUT)', version: '' } }]),
    ],
    ['with an unhealthy target', /i-old4 .* not registered/, facts({}, with4({ targets: [] }))],
    [
      'with a target group that the group does not fill',
      /not attached/,
      facts({ group: group(four, 4, { targetGroupArns: ARNS.slice(0, 1) }) }),
    ],
    ['with health checks on the cluster port', /5701/, facts({ targetGroups: [{ ...settings(ARNS[0]!), healthCheckPort: '5701' }] })],
    ['with health checks of another page', /\/git\/status/, facts({ targetGroups: [{ ...settings(ARNS[0]!), healthCheckPath: '/' }] })],
    [
      'with a suspended Launch process',
      /Launch .*suspended/,
      facts({ group: group(four, 4, { suspendedProcesses: ['Launch', 'AZRebalance'] }) }),
    ],
    ['during an instance refresh', /instance refresh r-1/, facts({ refresh: 'r-1' })],
    ['during another run', /execution:other/, facts({ activeRun: 'execution:other' })],
    ['of a group with too few instances', /3 of 4 desired/, facts({ group: group(olds(1, 2, 3), 4) }, olds(1, 2, 3))],
    ['with overrides that have templates', /m5\.large/, facts({ group: group(four, 4, { overridesWithTemplates: ['m5.large'] }) })],
    ['with an image by parameter', /resolve:ssm/, facts({ plan: plan({ originalImageId: 'resolve:ssm:/ami' }) })],
    ['without the image', /no image ami-/, facts({ targetImage: undefined })],
    ['with an image that is not ready', /is pending/, facts({ targetImage: image(NEW_IMAGE, { state: 'pending' }) })],
    ['with an image of another architecture', /arm64/, facts({ targetImage: image(NEW_IMAGE, { architecture: 'arm64' }) })],
    ['with the image that the old nodes have', /Build a new image/, facts({ plan: plan({ targetImageId: OLD_IMAGE }) })],
    ['with a database that cannot be backed up', /\[database\] db is stopped/, facts({ observations: [stopped] })],
  ])('%s is refused', (_, reason, given) => {
    expect(refusal(given)).toMatch(reason);
  });
  test('waits for a snapshot that is being made, and says so', () => {
    const busy = [observed({ ready: false, detail: 'db is backing-up' })];
    expect(checkPreconditions(facts({ observations: busy })).warnings).toEqual([
      { check: 'database', message: 'db is backing-up: the backup begins once that is over.' },
    ]);
    // What is used again is itself what the source is busy with.
    expect(checkPreconditions(facts({ observations: busy, plan: plan({ reusesBackup: true }) })).warnings).toEqual([]);
  });
  test('is warned of what the parts and the strategies say, each once', () => {
    const warned = (part: string) => observed({ part, warnings: [{ check: 'backup vault', message: 'said by both' }] });
    expect(
      checkPreconditions(facts({ observations: [warned('database'), warned('shared-home')], backup: backupSpec({ warnings: ['EFS'] }) }))
        .warnings,
    ).toEqual([
      { check: 'backup', message: 'EFS' },
      { check: 'backup vault', message: 'said by both' },
    ]);
  });
  test('without a backup is warned that there will be no way back', () => {
    const given = facts({ observations: [], backup: backupSpec({ parts: [], noneBecause: 'a test cluster' }) });
    expect(checkPreconditions(given).warnings).toMatchObject([
      { check: 'backup', message: expect.stringContaining('because a test cluster') as string },
    ]);
  });
  test('is refused once for what two parts say in the same words', () => {
    const broken = (part: string) => observed({ part, problems: [{ check: 'backup vault', message: 'the vault x cannot be used' }] });
    expect(refusal(facts({ observations: [broken('database'), broken('shared-home')] }))).toMatch(/The reason:\n1\. \[backup vault\]/);
  });
  test('of a group with a launch configuration is refused', () => {
    const bare = without(group(four), 'launchTemplate');
    expect(refusal(facts({ group: bare }))).toMatch(/launch configuration/);
  });
  test('is refused with all reasons at once, numbered', () => {
    const message = refusal(facts({ refresh: 'r-1', observations: [stopped], plan: plan({ toVersion: '9.5.0' }) }));
    expect(message).toMatch(/All 3 reasons:\n1\. .*\n2\. .*\n3\. /);
  });
  test('names another run that is active before any other reason', () => {
    expect(refusal(facts({ activeRun: 'execution:other', refresh: 'r-1', plan: plan({ toVersion: '9.5.0' }) }))).toMatch(
      /\n1\. \[lock\] AnotherRunActive: execution:other/,
    );
  });
  test('goes on though an instance of the interrupted run died', () => {
    const dead = member('i-old4', { ec2State: 'terminated', targets: [] });
    const members = [...views([...olds(1, 2, 3), ...news(1)]), without(dead, 'node')];
    expect(
      refusal(
        facts(
          { plan: plan({ continues: true }), cluster: upgrading(members), group: group(members, 5, { tags }) },
          members.map((one) => ({ ...one, view: one.view ?? { status: 'without answer', version: '' } })),
        ),
      ),
    ).toBe('allowed');
  });
  test('goes on with our own interrupted run', () => {
    const members = [...olds(1, 2, 3), ...news(1, 2)];
    expect(
      refusal(facts({ plan: plan({ continues: true }), cluster: upgrading(members), group: group(members, 5, { tags }) }, members)),
    ).toBe('allowed');
  });
  test('goes on with a node that was left in Standby', () => {
    const members = [member('i-old1', { lifecycleState: 'Standby', targets: [] }), ...olds(2, 3, 4), ...news(1)];
    expect(
      refusal(facts({ plan: plan({ continues: true }), cluster: upgrading(members), group: group(members, 4, { tags }) }, members)),
    ).toBe('allowed');
  });
  test('goes on while a replacement of the interrupted run still boots', () => {
    const booting = member('i-new2', { targets: [], node: node('10.0.1.2', TO, 'STARTING') });
    const members = [...views([...olds(1, 2, 3), ...news(1)]), { ...booting, view: { status: 'STARTING', version: '' } }];
    expect(
      refusal(facts({ plan: plan({ continues: true }), cluster: upgrading(members), group: group(members, 5, { tags }) }, members)),
    ).toBe('allowed');
  });
  test('to another target is refused while an interrupted run has left two versions', () => {
    const members = [...olds(1, 2, 3), ...news(1)];
    expect(
      refusal(facts({ plan: plan({ toVersion: '9.4.24' }), cluster: upgrading(members), group: group(members, 4, { tags }) }, members)),
    ).toMatch(/"targetVersion": "9\.4\.23"/);
  });
  test('with nothing to do needs no more than a right request', () => {
    expect(refusal(facts({ plan: plan({ action: 'nothing', fromVersion: TO }), observations: [stopped] }))).toBe('allowed');
  });
  test('is warned about short and long draining, the grace period, and a lost image', () => {
    const given = facts({
      targetGroups: [
        { ...settings(ARNS[0]!), deregistrationDelaySeconds: 30 },
        { ...settings(ARNS[1]!), deregistrationDelaySeconds: 7200 },
      ],
      group: group(four, 4, { gracePeriodSeconds: 60, targetGroupArns: [...ARNS, 'arn:x:targetgroup/third/1'] }),
      originalImage: undefined,
    });
    expect(
      checkPreconditions(given)
        .warnings.map(({ check }) => check)
        .sort(),
    ).toEqual(['draining', 'draining', 'grace period', 'image', 'targets']);
  });
});

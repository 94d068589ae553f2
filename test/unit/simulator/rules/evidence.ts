import type { JournalEntry } from '../../../../simulator/kernel/ports';
import type { BackupFacts } from '../../../../simulator/rules/backups';
import type { Evidence, GroupSettings } from '../../../../simulator/rules/rule';

export const HTTP = 'arn:aws:elasticloadbalancing:eu-central-1:111122223333:targetgroup/http/1';
export const SSH = 'arn:aws:elasticloadbalancing:eu-central-1:111122223333:targetgroup/ssh/2';

/** An entry of the journal at a second. */
export const entry = (seconds: number, kind: string, fields: Record<string, unknown> = {}): JournalEntry => ({
  time: seconds * 1000,
  kind,
  ...fields,
});
export const moves = (seconds: number, id: string, to: string) => entry(seconds, 'lifecycle', { id, to });
export const serves = (seconds: number, instanceIds: string[], targetGroupArn = HTTP) =>
  entry(seconds, 'serving', { targetGroupArn, instanceIds });
export const calls = (seconds: number, action: string, fields: Record<string, unknown> = {}) =>
  entry(seconds, 'call', { service: action.split(':')[0], operation: action.split(':')[1], mutates: true, caller: 'Task', ...fields });
export const mode = (seconds: number, on: boolean, version = '9.4.20') =>
  entry(seconds, 'bitbucket', { event: 'cluster', upgradeModeEnabled: on, version });
export const launch = (seconds: number, id: string, imageId = 'ami-23') => entry(seconds, 'instance', { id, change: 'pending', imageId });
/** The tags of a backup of this cluster. */
export const backupTags = (id = 'a', versions = '9.4.20 to 9.4.23') => ({
  'x:backup-id': id,
  'x:cluster': 'bitbucket',
  'x:versions': versions,
});
export const snapshot = (seconds: number, of: string, change: string, tags: Record<string, string> = backupTags()) =>
  entry(seconds, 'snapshot', { id: `snap-${of}-${tags['x:backup-id'] ?? ''}`, of, change, tags });

/** Facts of a cluster with a database and one volume. */
export const backupFacts = (overrides: Partial<BackupFacts> = {}): BackupFacts => ({
  sources: [
    { part: 'database', of: ['db'] },
    { part: 'shared-home', of: ['vol'] },
  ],
  cluster: 'bitbucket',
  skewLimitSeconds: 60,
  reuseSeconds: 3600,
  keepsFailedParts: false,
  thawSeconds: 30,
  atStart: [],
  toVersions: ['9.4.20 to 9.4.23'],
  cleanedUp: true,
  ...overrides,
});

const settings: GroupSettings = {
  min: 3,
  max: 3,
  desired: 3,
  suspendedProcesses: [],
  tags: { Name: 'bitbucket' },
  within: 'group',
  versionSpec: '$Latest',
  defaultVersion: '1',
  imageId: 'ami-20',
  standby: [],
};

/** What a good run of three nodes with surge leaves behind. */
export function goodJournal(): JournalEntry[] {
  return [
    snapshot(10, 'db', 'creating'),
    snapshot(10, 'vol', 'pending'),
    snapshot(100, 'vol', 'completed'),
    snapshot(120, 'db', 'available'),
    calls(130, 'autoscaling:SuspendProcesses', { execution: 'run-1' }),
    entry(140, 'bitbucket', { event: 'upgrade-mode', call: 'start', accepted: true }),
    mode(140, true),
    calls(150, 'ec2:CreateLaunchTemplateVersion', { execution: 'run-1' }),
    calls(160, 'autoscaling:UpdateAutoScalingGroup', { execution: 'run-1', input: { MaxSize: 4 } }),
    launch(165, 'i-new1'),
    moves(180, 'i-new1', 'InService'),
    serves(400, ['i-1', 'i-2', 'i-3', 'i-new1']),
    serves(401, ['i-1', 'i-2', 'i-3', 'i-new1'], SSH),
    entry(401, 'good', { instanceId: 'i-new1' }),
    moves(410, 'i-1', 'EnteringStandby'),
    serves(410, ['i-2', 'i-3', 'i-new1']),
    launch(411, 'i-new2'),
    moves(500, 'i-1', 'Standby'),
    serves(700, ['i-2', 'i-3', 'i-new1', 'i-new2']),
    entry(700, 'good', { instanceId: 'i-new2' }),
    moves(710, 'i-1', 'Terminating'),
    entry(712, 'bitbucket', { event: 'node', instanceId: 'i-1', phase: 'stopping', openConnections: 0 }),
    moves(720, 'i-2', 'EnteringStandby'),
    moves(740, 'i-1', 'Terminated'),
    serves(720, ['i-3', 'i-new1', 'i-new2']),
    moves(990, 'i-2', 'Terminating'),
    mode(1500, false, '9.4.23'),
    calls(1510, 'autoscaling:ResumeProcesses', { execution: 'run-1' }),
  ];
}

/** The evidence of a good run, with what differs. */
export function evidence(overrides: Partial<Evidence> = {}): Evidence {
  return {
    journal: goodJournal(),
    startedAt: 0,
    endedAt: 1600_000,
    boundSeconds: 10_000,
    capacity: 'surge',
    originalVersion: '9.4.20',
    upgradeModeAtStart: false,
    deniedVersions: [],
    drainLimitSeconds: 3600,
    targetGroupArns: [HTTP, SSH],
    initialInstances: ['i-1', 'i-2', 'i-3'],
    initialVersions: { 'i-1': '9.4.20', 'i-2': '9.4.20', 'i-3': '9.4.20' },
    standbyAtStart: [],
    journalBefore: [],
    faultyBefore: [],
    scaledBefore: [],
    versionOfImage: {
      'ami-19': '9.4.19',
      'ami-20': '9.4.20',
      'ami-22': '9.4.22',
      'ami-23': '9.4.23',
      'ami-50': '9.5.0',
      'ami-rc': '9.4.24-rc1',
    },
    backup: backupFacts(),
    gates: [],
    before: settings,
    after: { ...settings, imageId: 'ami-23' },
    servingAtEnd: 3,
    inServiceAtEnd: ['i-new1', 'i-new2', 'i-new3'],
    balancingAtEnd: undefined,
    strayAtEnd: [],
    locksAtEnd: 0,
    recordsAtEnd: [],
    banner: { wanted: 'none', atEnd: 'none' },
    goingOnAtEnd: [],
    versionsAtEnd: ['9.4.23', '9.4.23', '9.4.23'],
    upgradeModeAtEnd: false,
    ending: { status: 'SUCCEEDED', output: { text: 'done' } },
    others: [],
    secrets: ['s3cret"word', 'the-user'],
    ...overrides,
  };
}

/** The good journal with more entries, in the order of time. */
export function withEntries(...more: JournalEntry[]): { journal: JournalEntry[] } {
  return { journal: [...goodJournal(), ...more].sort((a, b) => a.time - b.time) };
}

/** The good journal without some entries. */
export function without(drop: (entry: JournalEntry) => boolean): { journal: JournalEntry[] } {
  return { journal: goodJournal().filter((each) => !drop(each)) };
}

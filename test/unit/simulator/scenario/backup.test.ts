import { sourcesOf } from '../../../../simulator/scenario/backup';
import { ScenarioInvalid, parseScenario } from '../../../../simulator/scenario/parse';

const mistakesOf = (value: unknown): readonly string[] => {
  try {
    parseScenario(value);
    return [];
  } catch (error) {
    expect(error).toBeInstanceOf(ScenarioInvalid);
    return (error as ScenarioInvalid).mistakes;
  }
};
const sources = (backup: object) => Object.fromEntries(sourcesOf(parseScenario({ backup }).backup).map(({ part, of }) => [part, of]));

test('without a word a DB instance and the volumes of a file server are backed up, by snapshots', () => {
  expect(parseScenario({}).backup).toEqual({
    database: 'rds-instance',
    sharedHome: 'ebs-volumes',
    volumes: 2,
    method: 'snapshots',
    mesh: 0,
    mirrors: 0,
    freeze: false,
    encrypted: true,
    earlierBackups: 0,
    foreignSnapshots: 0,
    mistakes: [],
  });
  expect(sources({})).toEqual({ database: ['bitbucket-db'], 'shared-home': ['vol-0b17b0c4e70000070', 'vol-0b17b0c4e70000081'] });
});

test('each Mesh node and mirror is a part of its own', () => {
  expect(Object.keys(sources({ mesh: 2, mirrors: 1 }))).toEqual(['database', 'shared-home', 'mesh-1', 'mesh-2', 'mirror-1']);
});

test('AWS Backup takes instances as a whole, snapshots take their volumes', () => {
  expect(sources({ method: 'aws-backup', sharedHome: 'ebs-instance' })['shared-home']).toEqual(['i-0b17b0c4e7000006f']);
  expect(sources({ sharedHome: 'ebs-instance' })['shared-home']).toHaveLength(2);
  expect(sources({ sharedHome: 'efs', database: 'aurora' })).toEqual({
    database: ['bitbucket-aurora'],
    'shared-home': ['fs-0b17b0c4e70000a30'],
  });
});

test('no backup has no parts', () => {
  expect(sources({ method: 'none' })).toEqual({});
});

test('contradictions in the backup are refused, all at once', () => {
  const mistakes = mistakesOf({
    backup: { method: 'aws-backup', sharedHome: 'ebs-tag', freeze: true },
    faults: [{ name: 'backup-fails', part: 'mesh-1' }],
  });
  expect(mistakes).toEqual([
    expect.stringContaining('backup.freeze is for snapshots of EBS volumes'),
    expect.stringContaining('backup.sharedHome is ebs-tag'),
    expect.stringContaining('the fault backup-fails names the part mesh-1: allowed are database, shared-home'),
  ]);
  expect(mistakesOf({ backup: { retention: { keepLast: 1, keepDays: 3 } } })).not.toEqual([]);
});

test.each([
  [{ name: 'vault-denied' }, /needs method aws-backup, or sharedHome efs/],
  [{ name: 'backup-job-expires', part: 'database' }, /needs method aws-backup/],
  [{ name: 'command-never-runs' }, /needs backup\.freeze/],
  [{ name: 'backup-fails', part: 'shared-home', volume: 3 }, /names volume 3 of shared-home, allowed is 1 to 2/],
  [{ name: 'backup-fails', part: 'home' }, /part is "home"/],
])('the fault %j is refused where it cannot strike', (fault, message) => {
  expect(mistakesOf({ faults: [fault] }).join()).toMatch(message);
});

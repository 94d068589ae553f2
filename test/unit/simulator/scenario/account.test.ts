import { VirtualClock } from '../../../../simulator/kernel/clock';
import { EventJournal } from '../../../../simulator/kernel/journal';
import { seeded } from '../../../../simulator/kernel/random';
import { buildCloud, groupSettings } from '../../../../simulator/scenario/account';
import { deniedActions, misbehaviourOf } from '../../../../simulator/scenario/faults';
import { parseScenario } from '../../../../simulator/scenario/parse';
import { imageId } from '../../../../simulator/scenario/site';

const settings = (cluster: object) => {
  const clock = new VirtualClock();
  return groupSettings(buildCloud(parseScenario({ cluster }), { clock, random: seeded(1), journal: new EventJournal(clock) }));
};

test('the group is as the scenario says', () => {
  expect(settings({ nodes: 3, minSize: 2, maxSize: 6, suspendedProcesses: ['AZRebalance'] })).toMatchObject({
    min: 2,
    max: 6,
    desired: 3,
    suspendedProcesses: ['AZRebalance'],
    imageId: imageId('9.4.20'),
    standby: [],
  });
});

test.each([
  ['$Latest', 'group', '$Latest'],
  ['$Default', 'group', '$Default'],
  ['pinned', 'group', '1'],
  ['mixed-instances', 'mixed-instances-policy', '$Latest'],
])('a launch template named by %s is in the %s as %s', (launchTemplate, within, versionSpec) => {
  expect(settings({ launchTemplate })).toMatchObject({ within, versionSpec, imageId: imageId('9.4.20') });
});

test('image ids differ by version and look like those of AWS', () => {
  const ids = ['9.4.20', '9.4.2', '9.42.0', '10.0.0', '10.0.0-rc1'].map(imageId);
  expect(new Set(ids).size).toBe(5);
  for (const id of ids) expect(id).toMatch(/^ami-[0-9a-f]{17}$/);
});

test('faults of a launch are about that launch only', () => {
  const { faults } = parseScenario({
    faults: [
      { name: 'slow-replacement', launch: 2, seconds: 60 },
      { name: 'replacement-errors', launch: 2 },
      { name: 'deny-action', action: 'ec2:DescribeImages' },
    ],
  });
  expect(misbehaviourOf(faults, 1)).toEqual({ misbehaviour: {}, names: [] });
  expect(misbehaviourOf(faults, 2)).toEqual({
    misbehaviour: { extraSeconds: 60, endsIn: 'error' },
    names: ['slow-replacement', 'replacement-errors'],
  });
  expect(deniedActions(faults)).toEqual(['ec2:DescribeImages']);
});

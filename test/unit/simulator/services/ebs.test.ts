import { refusal, SUBNETS, world } from './world';

function servers(options: Parameters<typeof world>[1] = {}) {
  const w = world({}, options);
  for (const id of ['i-nfs', 'i-mesh']) {
    w.cloud.addInstance({ id, imageId: 'ami-old', subnet: SUBNETS[1]! });
    w.cloud.addVolume({ id: `vol-${id}`, attachedTo: id, tags: { home: id } });
  }
  w.cloud.addVolume({ id: 'vol-fast', attachedTo: 'i-nfs', type: 'io2', iops: 8000, sizeGiB: 50, encrypted: false });
  w.cloud.addVolume({ id: 'vol-loose', attachedTo: undefined, availabilityZone: 'eu-west-1c' });
  return w;
}

const names = (found: unknown): unknown[] => (found as { Volumes: { VolumeId: string }[] }).Volumes.map(({ VolumeId }) => VolumeId);

test('a volume tells its type, performance, zone and attachment', () => {
  const w = servers();
  expect(w.call('DescribeVolumes', { VolumeIds: ['vol-i-nfs', 'vol-fast', 'vol-loose'] })).toMatchObject({
    Volumes: [
      {
        VolumeType: 'gp3',
        Iops: 3000,
        Throughput: 125,
        AvailabilityZone: 'eu-west-1b',
        Encrypted: true,
        Attachments: [{ InstanceId: 'i-nfs', Device: '/dev/sdf', DeleteOnTermination: false }],
      },
      { VolumeType: 'io2', Iops: 8000, Throughput: undefined, Encrypted: false, Attachments: [{ Device: '/dev/sdg' }] },
      { State: 'available', AvailabilityZone: 'eu-west-1c', Attachments: [] },
    ],
  });
});

test.each([
  ['tag:home', 'i-mesh', ['vol-i-mesh']],
  ['attachment.instance-id', 'i-nfs', ['vol-i-nfs', 'vol-fast']],
  ['volume-id', 'vol-loose', ['vol-loose']],
  ['attachment.device', '/dev/sdg', ['vol-fast']],
])('volumes are found by %s', (Name, value, expected) => {
  expect(names(servers().call('DescribeVolumes', { Filters: [{ Name, Values: [value] }] }))).toEqual(expected);
});

test('instance types tell whether they have local disks', () => {
  const w = servers();
  const types = ['m6i.large', 'm6id.large', 'i3en.2xlarge', 'c7gd.medium', 'r6g.xlarge'];
  const { InstanceTypes } = w.call<{ InstanceTypes: { InstanceStorageSupported: boolean }[] }>('DescribeInstanceTypes', {
    InstanceTypes: types,
  });
  expect(InstanceTypes.map(({ InstanceStorageSupported }) => InstanceStorageSupported)).toEqual([false, true, true, true, false]);
  expect(refusal(() => w.call('DescribeInstanceTypes', { InstanceTypes: ['big'] }))).toMatch(/^InvalidInstanceType/u);
});

test('a second snapshot of a volume within 15 seconds is refused, and another volume is not', () => {
  const w = servers();
  w.call('CreateSnapshot', { VolumeId: 'vol-fast' });
  expect(refusal(() => w.call('CreateSnapshot', { VolumeId: 'vol-fast' }))).toMatch(/^SnapshotCreationPerVolumeRateExceeded/u);
  expect(refusal(() => w.call('CreateSnapshots', { InstanceSpecification: { InstanceId: 'i-nfs' } }))).toMatch(
    /^SnapshotCreationPerVolumeRateExceeded/u,
  );
  expect(refusal(() => w.call('CreateSnapshot', { VolumeId: 'vol-i-mesh' }))).toBe('no error');
  w.clock.pass(15);
  expect(refusal(() => w.call('CreateSnapshot', { VolumeId: 'vol-fast' }))).toBe('no error');
  expect(w.cloud.snapshots()).toHaveLength(3);
});

test('five snapshots of a volume may be on their way, no sixth', () => {
  const w = servers({ timing: { snapshot: { low: 900_000, high: 900_000 } } });
  for (let n = 0; n < 5; n += 1) {
    w.call('CreateSnapshot', { VolumeId: 'vol-fast' });
    w.clock.pass(20);
  }
  expect(refusal(() => w.call('CreateSnapshot', { VolumeId: 'vol-fast' }))).toMatch(/^ConcurrentSnapshotLimitExceeded/u);
});

test('a pending snapshot that is deleted goes once it has completed', () => {
  const w = servers();
  w.call('CreateSnapshot', { VolumeId: 'vol-fast' });
  const SnapshotId = w.cloud.snapshots()[0]?.id;
  w.call('DeleteSnapshot', { SnapshotId });
  expect(w.call('DescribeSnapshots', {})).toMatchObject({ Snapshots: [{ State: 'pending' }] });
  w.clock.pass(900);
  expect(w.call('DescribeSnapshots', {})).toEqual({ Snapshots: [], NextToken: undefined });
  expect(w.journal.entries.filter(({ kind }) => kind === 'snapshot').map(({ change }) => change)).toEqual([
    'pending',
    'completed',
    'deleted',
  ]);
});

test('a snapshot that an image is made of is not deleted', () => {
  const w = servers();
  const { id } = w.cloud.addSnapshot({ volumeId: 'vol-fast' });
  const volume = w.cloud.addVolume({ id: 'vol-other', attachedTo: 'i-mesh' });
  w.cloud.addImage({ id: 'ami-made', name: 'made', devices: [{ device: '/dev/sdf', snapshotId: id, volume }] });
  expect(refusal(() => w.call('DeleteSnapshot', { SnapshotId: id }))).toBe(
    `InvalidSnapshot.InUse: The snapshot ${id} is currently in use by ami-made`,
  );
});

test('snapshots are encrypted as their volumes are', () => {
  const w = servers();
  w.call('CreateSnapshots', { InstanceSpecification: { InstanceId: 'i-nfs' } });
  expect(w.cloud.snapshots().map(({ volumeId, encrypted }) => [volumeId, encrypted])).toEqual([
    ['vol-i-nfs', true],
    ['vol-fast', false],
  ]);
});

test('a policy may ask for the tags of the snapshot that is tagged or deleted', () => {
  const w = servers();
  const { id } = w.cloud.addSnapshot({ volumeId: 'vol-fast', tags: { cluster: 'a' } });
  for (const [name, input] of [
    ['CreateTags', { Resources: [id], Tags: [{ Key: 'finished', Value: 'yes' }] }],
    ['DeleteSnapshot', { SnapshotId: id }],
  ] as const)
    expect(w.authorize(name, input)[0]?.context).toMatchObject({ 'aws:ResourceTag/cluster': 'a', 'ec2:ResourceTag/cluster': 'a' });
});

test('tags are described by resource', () => {
  const w = servers();
  const { id } = w.cloud.addSnapshot({ volumeId: 'vol-fast', tags: { cluster: 'a', part: 'home' } });
  const Filters = [
    { Name: 'resource-id', Values: [id, 'vol-i-nfs'] },
    { Name: 'key', Values: ['cluster', 'home'] },
  ];
  expect(w.call('client-ec2/DescribeTags', { Filters })).toMatchObject({
    Tags: [
      { ResourceId: id, ResourceType: 'snapshot', Key: 'cluster', Value: 'a' },
      { ResourceId: 'vol-i-nfs', ResourceType: 'volume', Key: 'home', Value: 'i-nfs' },
    ],
  });
});

import { refusal, SUBNETS, world } from './world';

const LT = { LaunchTemplateId: 'lt-1' };

describe('launch templates', () => {
  type Versions = { LaunchTemplateVersions: { VersionNumber: number; LaunchTemplateData: Record<string, unknown> }[] };
  const create = (w: ReturnType<typeof world>, input: object) =>
    w.call<{ LaunchTemplateVersion: Versions['LaunchTemplateVersions'][number] }>('CreateLaunchTemplateVersion', { ...LT, ...input })
      .LaunchTemplateVersion;

  test('a new version inherits from its source what it does not say, and is no default by itself', () => {
    const w = world();
    const version = create(w, { SourceVersion: '1', LaunchTemplateData: { ImageId: 'ami-new' } });
    expect(version).toMatchObject({
      VersionNumber: 2,
      DefaultVersion: false,
      LaunchTemplateData: { ImageId: 'ami-new', InstanceType: 'm6i.2xlarge' },
    });
    const described = (Versions: string[]) =>
      w.call<Versions>('DescribeLaunchTemplateVersions', { ...LT, Versions }).LaunchTemplateVersions;
    expect(described(['$Latest'])).toMatchObject([{ VersionNumber: 2 }]);
    expect(described(['$Default'])).toMatchObject([{ VersionNumber: 1, LaunchTemplateData: { ImageId: 'ami-old' } }]);
    w.call('ModifyLaunchTemplate', { ...LT, DefaultVersion: '2' });
    expect(described(['$Default'])).toMatchObject([{ VersionNumber: 2 }]);
    expect(described([]).map(({ VersionNumber }) => VersionNumber)).toEqual([2, 1]);
  });

  test('without a source it has only what it says', () => {
    expect(create(world(), { LaunchTemplateData: { ImageId: 'ami-new' } }).LaunchTemplateData).toEqual({ ImageId: 'ami-new' });
  });

  test('one client token makes one version, and is refused for another', () => {
    const w = world();
    const input = { ClientToken: 'token', SourceVersion: '1', LaunchTemplateData: { ImageId: 'ami-new' } };
    expect(create(w, input).VersionNumber).toBe(2);
    expect(create(w, input).VersionNumber).toBe(2);
    expect(w.cloud.launchTemplate('lt-1').versions).toHaveLength(2);
    expect(refusal(() => create(w, { ...input, LaunchTemplateData: {} }))).toMatch(/^IdempotentParameterMismatch/u);
  });

  test('unknown templates and versions have the errors of EC2', () => {
    const { call } = world();
    expect(refusal(() => call('DescribeLaunchTemplateVersions', { LaunchTemplateId: 'lt-9' }))).toMatch(
      /^InvalidLaunchTemplateId.NotFound/u,
    );
    expect(refusal(() => call('DescribeLaunchTemplateVersions', { LaunchTemplateName: 'x' }))).toMatch(/^InvalidLaunchTemplateName/u);
    expect(refusal(() => call('ModifyLaunchTemplate', { ...LT, DefaultVersion: '7' }))).toMatch(
      /^InvalidLaunchTemplateId.VersionNotFound/u,
    );
  });
});

describe('filters', () => {
  const images = (w: ReturnType<typeof world>, input: object) =>
    w.call<{ Images: { ImageId: string }[] }>('DescribeImages', input).Images.map(({ ImageId }) => ImageId);

  test.each([
    [{ Filters: [{ Name: 'tag:version', Values: ['9.4.23'] }] }, ['ami-new']],
    [{ Filters: [{ Name: 'name', Values: ['bitbucket-*'] }] }, ['ami-old', 'ami-new']],
    [
      {
        Filters: [
          { Name: 'name', Values: ['bitbucket-9.4.2?'] },
          { Name: 'state', Values: ['available'] },
        ],
      },
      ['ami-old', 'ami-new'],
    ],
    [{ Filters: [{ Name: 'name', Values: ['bitbucket-9x4*'] }] }, []],
    [{ Filters: [{ Name: 'tag-key', Values: ['other'] }] }, []],
    [{ Owners: ['self'] }, ['ami-old', 'ami-new']],
    [{ Owners: ['999999999999'] }, []],
    [{ ImageIds: ['ami-new'] }, ['ami-new']],
  ])('images by %j', (input, ids) => {
    expect(images(world(), input)).toEqual(ids);
  });

  test('an image that does not exist, and a filter that is not modelled, are errors that name it', () => {
    const { call } = world();
    expect(refusal(() => call('DescribeImages', { ImageIds: ['ami-9'] }))).toBe(
      "InvalidAMIID.NotFound: The image id '[ami-9]' does not exist",
    );
    expect(refusal(() => call('DescribeImages', { Filters: [{ Name: 'kernel-id', Values: [] }] }))).toContain(
      "'kernel-id' is not modelled",
    );
  });

  test('instances by state and tag', () => {
    const { call, ids } = world();
    const [id = ''] = ids('InService');
    call('TerminateInstances', { InstanceIds: [id] });
    const running = call<{ Reservations: unknown[] }>('DescribeInstances', {
      Filters: [
        { Name: 'instance-state-name', Values: ['running'] },
        { Name: 'tag:aws:autoscaling:groupName', Values: ['nodes'] },
      ],
    });
    expect(running.Reservations).toHaveLength(3);
    expect(refusal(() => call('DescribeInstances', { InstanceIds: ['i-9'] }))).toBe(
      "InvalidInstanceID.NotFound: The instance ID 'i-9' does not exist",
    );
  });
});

describe('instances', () => {
  test('a terminated instance shuts down, loses its address, and is forgotten after an hour', () => {
    const { call, clock, ids, heard } = world({ suspendedProcesses: ['ReplaceUnhealthy'] });
    const [id = ''] = ids('InService');
    const look = () =>
      call<{ Reservations: { Instances: object[] }[] }>('DescribeInstances', { InstanceIds: [id] }).Reservations[0]?.Instances[0];
    call('TerminateInstances', { InstanceIds: [id] });
    expect(heard).toEqual([`stopped ${id}`]);
    expect(look()).toMatchObject({ State: { Name: 'shutting-down', Code: 32 } });
    clock.pass(60);
    expect(look()).toMatchObject({ State: { Name: 'terminated', Code: 48 } });
    expect(look()).not.toHaveProperty('PrivateIpAddress');
    clock.pass(3600);
    expect(refusal(look)).toMatch(/^InvalidInstanceID.NotFound/u);
  });

  test('one that dies vanishes without a word', () => {
    const { cloud, heard, ids } = world();
    const [id = ''] = ids('InService');
    cloud.killInstance(id);
    expect(heard).toEqual([`vanished ${id}`]);
  });

  test('reads may not see a new instance at once', () => {
    const { call, clock, ids } = world({}, { hooks: { unseenFor: (what) => (what === 'instance' ? 20_000 : 0) } });
    call('SetDesiredCapacity', { AutoScalingGroupName: 'nodes', DesiredCapacity: 5 });
    clock.pass(7);
    const InstanceIds = ids('Pending');
    expect(refusal(() => call('DescribeInstances', { InstanceIds }))).toMatch(/^InvalidInstanceID.NotFound/u);
    clock.pass(20);
    expect(call('DescribeInstances', { InstanceIds })).toMatchObject({ Reservations: [{}] });
  });

  test('long lists come in pages', () => {
    const { call } = world();
    const first = call<{ Reservations: unknown[]; NextToken: string }>('DescribeInstances', { MaxResults: 3 });
    const second = call<{ Reservations: unknown[] }>('DescribeInstances', { MaxResults: 3, NextToken: first.NextToken });
    expect([first.Reservations.length, second.Reservations.length]).toEqual([3, 1]);
    expect(second).not.toHaveProperty('NextToken', expect.anything());
  });
});

describe('snapshots', () => {
  const TAGS = [{ ResourceType: 'snapshot', Tags: [{ Key: 'backup', Value: 'b-1' }] }];
  type Found = { Snapshots: { SnapshotId: string; State: string; Progress: string; VolumeId: string }[] };

  function fileServer(options: Parameters<typeof world>[1] = {}) {
    const w = world({}, options);
    w.cloud.addInstance({ id: 'i-nfs', imageId: 'ami-old', subnet: SUBNETS[0]! });
    w.cloud.addVolume({ id: 'vol-root', attachedTo: 'i-nfs', boot: true });
    w.cloud.addVolume({ id: 'vol-home', attachedTo: 'i-nfs', sizeGiB: 500 });
    w.cloud.addVolume({ id: 'vol-scratch', attachedTo: 'i-nfs' });
    return w;
  }
  const input = (specification: object = {}) => ({
    InstanceSpecification: { InstanceId: 'i-nfs', ExcludeBootVolume: true, ExcludeDataVolumeIds: ['vol-scratch'], ...specification },
    TagSpecifications: TAGS,
  });

  test('of several volumes leave out what the call excludes, progress, and complete', () => {
    const w = fileServer();
    w.call('CreateSnapshots', input());
    const found = () =>
      w.call<Found>('DescribeSnapshots', { OwnerIds: ['self'], Filters: [{ Name: 'tag:backup', Values: ['b-1'] }] }).Snapshots;
    expect(found()).toMatchObject([{ VolumeId: 'vol-home', State: 'pending', Progress: '0%' }]);
    w.clock.pass(120);
    const percent = Number.parseInt(found()[0]?.Progress ?? '', 10);
    expect(percent).toBeGreaterThan(10);
    expect(percent).toBeLessThan(100);
    w.clock.pass(600);
    expect(found()).toMatchObject([{ State: 'completed', Progress: '100%' }]);
    expect(w.journal.entries.filter(({ kind }) => kind === 'snapshot').map(({ change }) => change)).toEqual(['pending', 'completed']);
  });

  test('may fail', () => {
    const w = fileServer({ hooks: { snapshotEnds: (source) => (source === 'vol-home' ? 'error' : 'completed') } });
    w.call('CreateSnapshots', input());
    w.clock.pass(900);
    expect(w.call<Found>('DescribeSnapshots', {}).Snapshots).toMatchObject([{ State: 'error' }]);
  });

  test('are all or none', () => {
    const w = fileServer({ hooks: { snapshotRateExceeded: (volume) => volume === 'vol-scratch' } });
    expect(refusal(() => w.call('CreateSnapshots', input({ ExcludeDataVolumeIds: [] })))).toMatch(
      /^SnapshotCreationPerVolumeRateExceeded/u,
    );
    expect(w.cloud.snapshots()).toEqual([]);
  });

  test('of an unknown instance, or with a root volume among the excluded data volumes, are refused', () => {
    const w = fileServer();
    expect(refusal(() => w.call('CreateSnapshots', input({ InstanceId: 'i-9' })))).toMatch(/^InvalidInstanceID.NotFound/u);
    expect(refusal(() => w.call('CreateSnapshots', input({ ExcludeDataVolumeIds: ['vol-root'] })))).toMatch(/^InvalidParameterValue/u);
  });

  test('are tagged and deleted', () => {
    const w = fileServer();
    w.call('CreateSnapshot', { VolumeId: 'vol-home' });
    const [snapshot] = w.cloud.snapshots();
    w.call('CreateTags', { Resources: [snapshot?.id], Tags: [{ Key: 'late', Value: 'yes' }] });
    expect(snapshot?.tags).toEqual({ late: 'yes' });
    w.call('DeleteSnapshot', { SnapshotId: snapshot?.id });
    w.clock.pass(900);
    expect(w.cloud.snapshots()).toEqual([]);
  });

  test('an instance tells its volumes, the root volume by the root device', () => {
    const { call } = fileServer();
    expect(call('DescribeInstances', { InstanceIds: ['i-nfs'] })).toMatchObject({
      Reservations: [
        {
          Instances: [
            {
              RootDeviceName: '/dev/xvda',
              BlockDeviceMappings: [
                { DeviceName: '/dev/xvda', Ebs: { VolumeId: 'vol-root' } },
                { DeviceName: '/dev/sdf', Ebs: { VolumeId: 'vol-home' } },
                { DeviceName: '/dev/sdg', Ebs: { VolumeId: 'vol-scratch' } },
              ],
            },
          ],
        },
      ],
    });
  });

  test('volumes are found by their instance', () => {
    const w = fileServer();
    const Filters = [{ Name: 'attachment.instance-id', Values: ['i-nfs'] }];
    const { Volumes } = w.call<{ Volumes: { VolumeId: string }[] }>('DescribeVolumes', { Filters });
    expect(Volumes.map(({ VolumeId }) => VolumeId)).toEqual(['vol-root', 'vol-home', 'vol-scratch']);
  });
});

/** Pointing the group at another image: which calls that takes, and that they are made once. */
import { turn } from '../../../lambda/core/direction';
import type { TemplateVersion } from '../../../lambda/core/launch-template';
import { pointAtImage } from '../../../lambda/point-at-image/handler';
import type { LaunchTemplates } from '../../../lambda/ports/compute';
import { TaskError } from '../../../lambda/core/errors';
import type { Member } from '../../../lambda/core/observation';
import { recordTags } from '../../../lambda/core/record';
import { NEW_IMAGE, OLD_IMAGE, cluster, group, news, olds, plan, upgrading } from './support/build';
import type { Call } from './support/fakes';
import { fakeBitbucket, fakeGroup } from './support/fakes';

describe('point-at-image', () => {
  const version = (
    number: number,
    imageId: string,
    data: unknown = { InstanceType: 'm5.large' },
    isDefault = number === 1,
  ): TemplateVersion => ({ number, imageId, isDefault, data });
  const point = async (versionSpec: string, versions: readonly TemplateVersion[], image: 'target' | 'original' = 'target', on = true) => {
    const calls: Call[] = [];
    const templates: LaunchTemplates = {
      versions: () => Promise.resolve(versions),
      create: (...args) => {
        calls.push(['create', ...args]);
        return Promise.resolve('9');
      },
      setDefault: (...args) => {
        calls.push(['setDefault', ...args]);
        return Promise.resolve();
      },
    };
    const inUse = /^\d+$/.test(versionSpec) && image === 'original' ? '2' : versionSpec;
    const fake = fakeGroup(group(olds(1), 1, { launchTemplate: { id: 'lt-1', versionSpec: inUse, within: 'group' } }));
    const thePlan = plan({ launchTemplate: { id: 'lt-1', versionSpec, version: '1', within: 'group' } });
    const bitbucket = fakeBitbucket([on ? upgrading(olds(1)) : cluster(olds(1))]);
    const result = await pointAtImage({ plan: thePlan, image }, { group: fake, templates, bitbucket });
    return {
      calls: [...calls, ...fake.calls].map(([name, ...args]) => [name, ...args.slice(0, 3)]),
      version: result.launchTemplateVersion,
    };
  };
  const original = version(1, OLD_IMAGE);
  const target = version(2, NEW_IMAGE);

  test('makes a new version; $Latest follows by itself', async () => {
    expect(await point('$Latest', [original])).toEqual({ calls: [['create', 'lt-1', '1', NEW_IMAGE]], version: '9' });
  });
  test('makes the new version the default when the group names $Default', async () => {
    expect((await point('$Default', [original])).calls).toEqual([
      ['create', 'lt-1', '1', NEW_IMAGE],
      ['setDefault', 'lt-1', '9'],
    ]);
  });
  test('names the new version when the group names a number', async () => {
    expect((await point('1', [original])).calls).toEqual([
      ['create', 'lt-1', '1', NEW_IMAGE],
      ['useTemplateVersion', '9'],
    ]);
  });
  describe('at what every node runs', () => {
    const settled = async (nodes: readonly Member[] | 'down', { on = false, tags = recordTags(plan()) } = {}) => {
      const created: unknown[] = [];
      const templates: LaunchTemplates = {
        versions: () => Promise.resolve([original, target]),
        create: (_id, _version, imageId) => Promise.resolve(String(created.push(imageId))),
        setDefault: () => Promise.resolve(),
      };
      const fake = fakeGroup(group(olds(1), 1, { tags, launchTemplate: { id: 'lt-1', versionSpec: '$Latest', within: 'group' } }));
      const seen = nodes === 'down' ? new TaskError('BitbucketUnavailable', 'down') : on ? upgrading(nodes) : cluster(nodes);
      await pointAtImage({ plan: plan(), image: 'settled' }, { group: fake, templates, bitbucket: fakeBitbucket([seen, seen]) });
      return created;
    };
    test('when upgrade mode was turned off: nothing else could join', async () => {
      expect(await settled(olds(1, 2))).toEqual([OLD_IMAGE]);
      expect(await settled(news(1, 2))).toEqual([]); // the group launches it already
    });
    test('but never while upgrade mode is on, nobody knows, or no run holds the group', async () => {
      expect(await settled(olds(1, 2), { on: true })).toEqual([]);
      expect(await settled('down')).toEqual([]);
      expect(await settled(olds(1, 2), { tags: {} })).toEqual([]);
    });
  });
  test('does nothing twice', async () => {
    expect(await point('$Latest', [original, target])).toEqual({ calls: [], version: '2' });
  });
  test('uses a version that an interrupted run has made', async () => {
    expect((await point('1', [original, target])).calls).toEqual([['useTemplateVersion', '2']]);
    expect((await point('1', [original, version(2, NEW_IMAGE, { InstanceType: 'm5.xlarge' })])).calls[0]).toEqual([
      'create',
      'lt-1',
      '1',
      NEW_IMAGE,
    ]);
  });
  test('points back: by a copy for $Latest, to the original version otherwise', async () => {
    expect((await point('$Latest', [original, target], 'original')).calls).toEqual([['create', 'lt-1', '1', OLD_IMAGE]]);
    expect(
      (
        await point(
          '$Default',
          [
            { ...original, isDefault: false },
            { ...target, isDefault: true },
          ],
          'original',
        )
      ).calls,
    ).toEqual([['setDefault', 'lt-1', '1']]);
    expect((await point('1', [original, target], 'original')).calls).toEqual([['useTemplateVersion', '1']]);
  });
  test('goes back to the version that every node runs, though upgrade mode is off', async () => {
    expect((await point('$Latest', [original, target], 'original', false)).calls).toEqual([['create', 'lt-1', '1', OLD_IMAGE]]);
  });
  test('of a plan that is turned round points at the original image as the plan that it was made from', () => {
    const turned = turn(plan());
    expect([turned.targetImageId, turned.launchTemplate]).toEqual([plan().originalImageId, plan().launchTemplate]);
  });
  test('refuses while upgrade mode is off, unless nothing is to be changed', async () => {
    await expect(point('$Latest', [original], 'target', false)).rejects.toMatchObject({ name: 'ClusterUnexpected' });
    await expect(point('$Latest', [original], 'original', false)).resolves.toMatchObject({ calls: [] });
  });
});

import { BitbucketInventory } from '../../../../simulator/bitbucket/inventory';
import { ImageShelf } from '../../../../simulator/scenario/image-shelf';
import { SITE, imageId } from '../../../../simulator/scenario/site';
import { world } from '../services/world';

function shelf() {
  const w = world();
  const inventory = new BitbucketInventory(w.clock, w.journal, { productVersions: ['9.4.20'] });
  const images = new ImageShelf(w.clock, w.journal, w.cloud, inventory, ['9.4.20']);
  const ids = (): unknown[] => {
    const Filters = [{ Name: `tag:${SITE.imageTagKey}`, Values: ['9.4.23'] }];
    return w.call<{ Images: { ImageId: string }[] }>('DescribeImages', { Owners: ['self'], Filters }).Images.map(({ ImageId }) => ImageId);
  };
  return { ...w, inventory, images, ids };
}

test('an image is there from its time on, and its version is released with it', () => {
  const { clock, images, inventory, ids } = shelf();
  images.addImage(clock.now() + 3 * 24 * 60 * 60 * 1000, '9.4.23');
  clock.pass(2 * 24 * 60 * 60);
  expect([ids(), images.versionOf(imageId('9.4.23')), inventory.laterVersions('9.4.20')]).toEqual([[], undefined, []]);
  clock.pass(24 * 60 * 60);
  expect([ids(), images.versionOf(imageId('9.4.23'))]).toEqual([[imageId('9.4.23')], '9.4.23']);
  expect(inventory.laterVersions('9.4.20')).toEqual(['9.4.23']);
  expect([...images.versions.values()]).toEqual(['9.4.20', '9.4.23']);
});

test('an image may have something wrong', () => {
  const { call, clock, images } = shelf();
  images.addImage(clock.now(), '9.4.23', { state: 'pending', architecture: 'arm64' });
  clock.pass(0);
  expect(call('DescribeImages', { ImageIds: [imageId('9.4.23')] })).toMatchObject({
    Images: [{ State: 'pending', Architecture: 'arm64' }],
  });
});

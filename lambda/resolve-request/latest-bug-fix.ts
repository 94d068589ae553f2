import { chooseLatest } from '../core/latest';
import type { Latest } from '../core/latest';
import { readRecord } from '../core/record';
import type { ResolvePorts } from './handler';

/** Looks at what LATEST_BUGFIX depends on: the group's record, what Bitbucket runs, and which versions have an image. */
export async function latestBugFix(ports: ResolvePorts): Promise<Latest> {
  const [group, cluster, version, found] = await Promise.all([
    ports.group.observe(),
    ports.bitbucket.cluster(),
    ports.bitbucket.version(),
    availableVersions(ports),
  ]);
  return chooseLatest({
    running: cluster.originalVersion || version,
    upgradeModeEnabled: cluster.upgradeModeEnabled,
    recorded: readRecord(group.tags).versions?.to,
    denied: ports.denied,
    ...found,
  });
}

/** What the images are named after, by the strategy of the node images, and where that was read. */
async function availableVersions({
  spec,
  images,
  parameters,
}: ResolvePorts): Promise<{ readonly available: readonly string[]; readonly where: string }> {
  switch (spec.kind) {
    case 'map':
      return { available: Object.keys(spec.images), where: 'the map of node images' };
    case 'parameter': {
      const found = await parameters.under(spec.prefix);
      const available = found.filter(({ value }) => isImageId(value)).map(({ name }) => name.slice(spec.prefix.length + 1));
      return { available, where: `the SSM parameters under ${spec.prefix}/` };
    }
    case 'tag': {
      const found = await images.withTag(spec.tagKey, spec.owners);
      const available = found.filter(({ state }) => state === 'available').map(({ tags }) => tags[spec.tagKey] ?? '');
      return { available, where: `available images with the tag ${spec.tagKey} of ${spec.owners.join(', ')}` };
    }
  }
}

const isImageId = (text: string): boolean => /^ami-[0-9a-f]{8,17}$/.test(text);

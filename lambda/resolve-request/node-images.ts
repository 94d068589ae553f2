import type { Problem } from '../../lib/contract/events';
import { versionProblem } from '../core/versions';
import type { ResolvePorts } from './handler';

const problem = (message: string): readonly Problem[] => [{ check: 'image', message }];

/** Image of a version by the strategy of the node images. Empty with a problem when there is none. */
export async function imageOfVersion(version: string, ports: ResolvePorts): Promise<{ imageId: string; problems: readonly Problem[] }> {
  const { spec } = ports;
  if (spec.kind === 'map') {
    const imageId = spec.images[version];
    if (imageId !== undefined) return { imageId, problems: [] };
    return {
      imageId: '',
      problems: problem(`The map of node images has no version ${version}. It has ${Object.keys(spec.images).join(', ') || 'none'}.`),
    };
  }
  if (spec.kind === 'parameter') {
    const name = `${spec.prefix}/${version}`;
    const value = (await ports.parameters.text(name)) ?? '';
    if (/^ami-[0-9a-f]{8,17}$/.test(value)) return { imageId: value, problems: [] };
    const found = value === '' ? 'There is no' : 'There is no image id in the';
    return { imageId: '', problems: problem(`${found} SSM parameter ${name}. Build the image of ${version} and put its id there.`) };
  }
  const found = await ports.images.byTag(spec.tagKey, version, spec.owners);
  const newest = found.filter(({ state }) => state === 'available').sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1))[0];
  if (newest) return { imageId: newest.imageId, problems: [] };
  const others = found.length > 0 ? ` (${found.map(({ imageId, state }) => `${imageId} is ${state}`).join(', ')})` : '';
  return {
    imageId: '',
    problems: problem(
      `There is no available image with the tag ${spec.tagKey}=${version} of ${spec.owners.join(', ')}${others}. Build or share it, and tag it.`,
    ),
  };
}

/** Version of an image that was asked for by its id; it must be the version that was asked for, if one was. */
export async function versionOfImage(
  imageId: string,
  wanted: string | undefined,
  ports: ResolvePorts,
): Promise<{ version: string; problems: readonly Problem[] }> {
  const known = await knownVersion(imageId, wanted, ports);
  if (known.problems.length > 0) return known;
  const malformed = versionProblem(known.version);
  if (malformed !== undefined) return { version: '', problems: problem(`${imageId}: ${malformed}`) };
  if (wanted !== undefined && wanted !== known.version) {
    return {
      version: known.version,
      problems: problem(
        `${imageId} is an image of Bitbucket ${known.version}, not of ${wanted}. Leave imageId out, or give one of ${wanted}.`,
      ),
    };
  }
  return known;
}

async function knownVersion(
  imageId: string,
  wanted: string | undefined,
  ports: ResolvePorts,
): Promise<{ version: string; problems: readonly Problem[] }> {
  const { spec } = ports;
  if (spec.kind === 'map') {
    const version = Object.keys(spec.images).find((key) => spec.images[key] === imageId);
    if (version !== undefined) return { version, problems: [] };
    return { version: '', problems: problem(`${imageId} is not in the map of node images: nobody says which version it holds.`) };
  }
  if (spec.kind === 'parameter') {
    if (wanted === undefined)
      return { version: '', problems: problem(`Give targetVersion too: ${spec.prefix}/<version> must hold ${imageId}.`) };
    const name = `${spec.prefix}/${wanted}`;
    if ((await ports.parameters.text(name)) === imageId) return { version: wanted, problems: [] };
    return {
      version: '',
      problems: problem(`The SSM parameter ${name} does not hold ${imageId}: leave imageId out, or set the parameter.`),
    };
  }
  const image = await ports.images.byId(imageId);
  if (!image)
    return { version: '', problems: problem(`There is no image ${imageId} in this region, or it is not shared with this account.`) };
  const version = image.tags[spec.tagKey];
  if (version !== undefined) return { version, problems: [] };
  return { version: '', problems: problem(`${imageId} has no tag ${spec.tagKey}, which must say its version.`) };
}

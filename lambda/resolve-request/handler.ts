import type { NodeImagesSpec } from '../../lib/contract/environment';
import { ENV } from '../../lib/contract/environment';
import type { ResolvedRequest, Run } from '../../lib/contract/events';
import { readEnvironment } from '../adapters/environment';
import { images } from '../adapters/images';
import { parameters } from '../adapters/parameters';
import { parseRequest } from '../core/request';
import type { Images, Parameters } from '../ports/compute';
import { task } from '../shared/task';
import { imageOfVersion, versionOfImage } from './node-images';

/** Input: the execution and what it was started with, whatever that is. */
interface Input {
  readonly run: Run;
  readonly input: unknown;
}

/** What the request is resolved with. */
export interface ResolvePorts {
  readonly spec: NodeImagesSpec;
  readonly defaultTargetVersion: string;
  readonly images: Images;
  readonly parameters: Parameters;
}

/** Reads the request and finds its image. What is wrong is in `problems`: the preconditions refuse it, together with whatever else is wrong. */
export async function resolveRequest(input: unknown, ports: ResolvePorts): Promise<ResolvedRequest> {
  const { targetVersion, imageId, dryRun, problems } = parseRequest(input, ports.defaultTargetVersion);
  if (imageId !== undefined) {
    const found = await versionOfImage(imageId, targetVersion, ports);
    return { targetVersion: targetVersion ?? found.version, imageId, dryRun, problems: [...problems, ...found.problems] };
  }
  if (targetVersion === undefined) return { targetVersion: '', imageId: '', dryRun, problems };
  const found = await imageOfVersion(targetVersion, ports);
  return { targetVersion, imageId: found.imageId, dryRun, problems: [...problems, ...found.problems] };
}

export const handler = task('resolve-request', ({ input }: Input) => {
  const env = readEnvironment((read) => ({
    spec: read.nodeImages(),
    defaultTargetVersion: read.optional(ENV.DEFAULT_TARGET_VERSION),
  }));
  return resolveRequest(input, { ...env, images: images(), parameters: parameters() });
});

import type { NodeImagesSpec } from '../../lib/contract/environment';
import { ENV } from '../../lib/contract/environment';
import type { ResolvedRequest, Run } from '../../lib/contract/events';
import { LATEST_BUGFIX } from '../../lib/contract/request-schema';
import { bitbucketOf } from '../adapters/bitbucket';
import { readEnvironment } from '../adapters/environment';
import { images } from '../adapters/images';
import { parameters } from '../adapters/parameters';
import { scalingGroup } from '../adapters/scaling-group';
import { parseRequest } from '../core/request';
import { openedWindow } from '../core/window';
import type { Bitbucket } from '../ports/bitbucket';
import type { ImageCatalogue, Parameters } from '../ports/compute';
import type { ScalingGroup } from '../ports/scaling-group';
import { task } from '../shared/task';
import { latestBugFix } from './latest-bug-fix';
import { imageOfVersion, versionOfImage } from './node-images';

/** Input: the execution and what it was started with, whatever that is. */
interface Input {
  readonly run: Run;
  readonly input: unknown;
}

/** What the request is resolved with. The group and Bitbucket are asked only for LATEST_BUGFIX. */
export interface ResolvePorts {
  readonly spec: NodeImagesSpec;
  /** A version, LATEST_BUGFIX, or empty. */
  readonly defaultTargetVersion: string;
  readonly denied: readonly string[];
  readonly images: ImageCatalogue;
  readonly parameters: Parameters;
  readonly group: Pick<ScalingGroup, 'observe'>;
  readonly bitbucket: Pick<Bitbucket, 'cluster' | 'version'>;
}

/** Reads the request and finds its image. What is wrong is in `problems`: the checks refuse it, together with whatever else is wrong. */
export async function resolveRequest({ run, input }: Input, ports: ResolvePorts): Promise<ResolvedRequest> {
  const { targetVersion, imageId, problems, maintenanceWindow, ...rest } = parseRequest(input, ports.defaultTargetVersion);
  const asked = { ...rest, ...(maintenanceWindow && { window: openedWindow(maintenanceWindow, run.startedAt) }) };
  if (imageId !== undefined) {
    const found = await versionOfImage(imageId, targetVersion, ports);
    return { ...asked, targetVersion: targetVersion ?? found.version, imageId, problems: [...problems, ...found.problems] };
  }
  if (targetVersion === undefined) return { ...asked, targetVersion: '', imageId: '', problems };
  if (targetVersion === LATEST_BUGFIX) {
    const latest = await resolveLatest(ports);
    return { ...asked, ...latest, problems: [...problems, ...latest.problems] };
  }
  const found = await imageOfVersion(targetVersion, ports);
  return { ...asked, targetVersion, imageId: found.imageId, problems: [...problems, ...found.problems] };
}

async function resolveLatest(ports: ResolvePorts): Promise<Omit<ResolvedRequest, 'dryRun' | 'overrides' | 'window'>> {
  const latest = await latestBugFix(ports);
  if (latest.version === undefined) return { targetVersion: '', imageId: '', problems: [{ check: 'request', message: latest.problem }] };
  const { version, upToDate, resolution } = latest;
  const { imageId, problems } = await imageOfVersion(version, ports);
  // The running version needs no image: nothing is launched.
  return { targetVersion: version, imageId, resolution, ...(upToDate && { upToDate }), problems: upToDate ? [] : problems };
}

export const handler = task('resolve-request', (asked: Input) => {
  const { groupName, access, ...env } = readEnvironment((read) => ({
    spec: read.nodeImages(),
    defaultTargetVersion: read.optional(ENV.DEFAULT_TARGET_VERSION),
    denied: read.optionalList(ENV.DENIED_VERSIONS),
    groupName: read.text(ENV.GROUP_NAME),
    access: read.bitbucket(),
  }));
  const { bitbucket } = bitbucketOf(access);
  return resolveRequest(asked, { ...env, images: images(), parameters: parameters(), group: scalingGroup(groupName), bitbucket });
});

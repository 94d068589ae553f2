import { resolveVersion } from '../core/launch-template';
import type { Group } from '../core/observation';
import type { LaunchTemplates } from '../ports/compute';

/** Number and image of the launch template's version that the group launches now; empty texts when it has no launch template. */
export async function templateInUse({ launchTemplate }: Group, templates: LaunchTemplates): Promise<{ version: string; imageId: string }> {
  if (!launchTemplate) return { version: '', imageId: '' };
  const { id, versionSpec } = launchTemplate;
  const version = resolveVersion(versionSpec, await templates.versions(id, [versionSpec]));
  return { version: String(version?.number ?? ''), imageId: version?.imageId ?? '' };
}

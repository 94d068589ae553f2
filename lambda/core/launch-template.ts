import type { LaunchTemplateRef } from '../../lib/contract/events';

/** A version of a launch template. `data` is what EC2 returns of it, the image's id apart. */
export interface TemplateVersion {
  readonly number: number;
  readonly isDefault: boolean;
  readonly imageId: string;
  readonly data: unknown;
}

/** What to change so that the group launches the wanted image. */
export interface TemplateChange {
  /** Nothing to do: what `versionSpec` means has the image already. */
  readonly already?: TemplateVersion;
  /** A version that is the source but for the image; absent: it must be created. */
  readonly reuse?: TemplateVersion;
  /** What has to point at the version: the template's default, or the group's own reference. `$Latest` follows by itself. */
  readonly repoint: 'default' | 'group' | 'nothing';
}

/** The version that `$Latest`, `$Default` or a number means among `versions`. */
export function resolveVersion(versionSpec: string, versions: readonly TemplateVersion[]): TemplateVersion | undefined {
  if (versionSpec === '$Latest') return latest(versions);
  if (versionSpec === '$Default') return versions.find(({ isDefault }) => isDefault);
  return versions.find(({ number }) => String(number) === versionSpec);
}

const latest = (versions: readonly TemplateVersion[]): TemplateVersion | undefined => [...versions].sort((a, b) => b.number - a.number)[0];

/**
 * How the group comes to launch `imageId` with everything else as in the plan's version of the template, and with `versionSpec`
 * written as it was (a number becomes the number of the version with the wanted image).
 *
 * @param inUse what the group names now, `$Latest`, `$Default` or a number
 */
export function templateChange(
  template: LaunchTemplateRef,
  imageId: string,
  inUse: string,
  versions: readonly TemplateVersion[],
): TemplateChange {
  const source = versions.find(({ number }) => String(number) === template.version);
  const repoint = template.versionSpec === '$Latest' ? 'nothing' : template.versionSpec === '$Default' ? 'default' : 'group';
  const current = resolveVersion(inUse, versions);
  if (current?.imageId === imageId && source && sameData(current, source)) return { already: current, repoint };
  // The plan's own version first: pointing back ends where it began.
  const candidates = repoint === 'nothing' ? [latest(versions)] : [source, ...versions];
  const reuse = candidates.find((version) => version?.imageId === imageId && source && sameData(version, source));
  return { ...(reuse && { reuse }), repoint };
}

/**
 * Token with which EC2 makes a version once (at most 128 ASCII characters). The newest version is part of it: the same call again makes
 * none, a later change of the same run another.
 */
export const versionToken = (executionName: string, imageId: string, versions: readonly TemplateVersion[]): string =>
  `${executionName}-${imageId}-${latest(versions)?.number ?? 0}`.replace(/[^\w-]/g, '-').slice(-128);

const sameData = (a: TemplateVersion, b: TemplateVersion): boolean => canonical(a.data) === canonical(b.data);

/** JSON with sorted keys, so that equal data gives equal text. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).filter(([, item]) => item !== undefined);
    return `{${entries
      .map(([key, item]) => `${key}:${canonical(item)}`)
      .sort()
      .join()}}`;
  }
  return JSON.stringify(value);
}

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Template } from './intrinsics';

/** A synthesized stack: its template, and where the code of its functions is. */
export interface SynthesizedStack {
  readonly stackName: string;
  readonly template: Template;
  /** Directory of a file asset by its key in the assets bucket. */
  readonly assetDirectory: ReadonlyMap<string, string>;
}

interface Artifact {
  readonly type: string;
  readonly properties?: {
    readonly templateFile?: string;
    readonly file?: string;
    readonly directoryName?: string;
    readonly stackName?: string;
  };
}

interface AssetManifest {
  readonly files?: Readonly<
    Record<
      string,
      { readonly source: { readonly path?: string }; readonly destinations: Readonly<Record<string, { readonly objectKey: string }>> }
    >
  >;
}

const readJson = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'));

/**
 * Reads a cloud assembly (`cdk.out`), stages included.
 *
 * @throws Error when the directory is none.
 */
export function readAssembly(directory: string): SynthesizedStack[] {
  const file = join(directory, 'manifest.json');
  if (!existsSync(file)) throw new Error(`${directory} is no cloud assembly: it has no manifest.json. Make one with: npx cdk synth`);
  const { artifacts = {} } = readJson(file) as { artifacts?: Record<string, Artifact> };
  const assetDirectory = new Map<string, string>();
  for (const { type, properties } of Object.values(artifacts)) {
    if (type !== 'cdk:asset-manifest' || properties?.file === undefined) continue;
    const { files = {} } = readJson(join(directory, properties.file)) as AssetManifest;
    for (const { source, destinations } of Object.values(files)) {
      if (source.path === undefined) continue;
      for (const { objectKey } of Object.values(destinations)) assetDirectory.set(objectKey, join(directory, source.path));
    }
  }
  const stacks: SynthesizedStack[] = [];
  for (const [id, { type, properties }] of Object.entries(artifacts)) {
    if (type === 'cdk:cloud-assembly' && properties?.directoryName !== undefined) {
      stacks.push(...readAssembly(join(directory, properties.directoryName)));
    } else if (type === 'aws:cloudformation:stack' && properties?.templateFile !== undefined) {
      const template = readJson(join(directory, properties.templateFile)) as Template;
      stacks.push({ stackName: properties.stackName ?? id, template, assetDirectory });
    }
  }
  return stacks;
}

// Writes THIRD-PARTY-LICENSES: the licence text of every package of which code is in a bundle of a Lambda task.
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle } from './bundle.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const { metafile } = await bundle({ metafile: true });
const packages = new Set(
  Object.values(metafile.outputs)
    .flatMap(({ inputs }) => Object.entries(inputs))
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
    .flatMap(([path]) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path) ?? []),
);

const sections = [...packages].sort().map((path) => {
  const folder = join(root, path);
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  if (!file && !license) throw new Error(`${name} ${version} is bundled and names no licence`);
  return `${name} ${version} (${license})\n\n${file ? readFileSync(join(folder, file), 'utf8').trim() : 'The package has no licence file.'}\n`;
});
if (sections.length === 0 || !existsSync(join(root, 'LICENSE'))) throw new Error('no bundled package was found');
writeFileSync(join(root, 'THIRD-PARTY-LICENSES'), sections.join(`\n${'-'.repeat(80)}\n\n`));

// Bundles every Lambda task (lambda/<task>/handler.ts) into assets/<task>/index.js.
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { build } from 'esbuild';

/**
 * The SDK writes its schemas as arrays with computed keys, which esbuild must assume to have side effects and so
 * keeps: the EC2 client alone would add 550 kB. Marking each as a pure expression lets unused ones go.
 */
const shakeSchemas = {
  name: 'shake-aws-sdk-schemas',
  setup(b) {
    b.onLoad({ filter: /dist-es[\\/]schemas[\\/]schemas_0\.js$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replace(/^((?:export )?var \S+ = )(\[[\s\S]*?\]);$/gm, '$1/* @__PURE__ */ (() => ($2))();'),
      loader: 'js',
    }));
  },
};

const root = new URL('..', import.meta.url).pathname;
const tasks = readdirSync(`${root}lambda`).filter((name) => existsSync(`${root}lambda/${name}/handler.ts`));
rmSync(`${root}assets`, { recursive: true, force: true });
await Promise.all(
  tasks.map((task) =>
    build({
      entryPoints: [`${root}lambda/${task}/handler.ts`],
      outfile: `${root}assets/${task}/index.js`,
      bundle: true,
      platform: 'node',
      target: 'node22',
      format: 'cjs',
      mainFields: ['module', 'main'],
      minify: true,
      legalComments: 'none',
      logLevel: 'warning',
      plugins: [shakeSchemas],
    }),
  ),
);

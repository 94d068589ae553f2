// Bundles every Lambda task (lambda/<task>/handler.ts) into assets/<task>/index.js.
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/**
 * The SDK writes its schemas as arrays with computed keys, which esbuild must assume to have side effects and so
 * keeps: the EC2 client alone would add 550 kB. Marking each as a pure expression lets unused ones go. Every error of a
 * service is registered, too, and so kept; without its registration an error comes as the service's base exception with
 * the code as its name, which is all that the tasks look at.
 */
const shakeSchemas = {
  name: 'shake-aws-sdk-schemas',
  setup(b) {
    b.onLoad({ filter: /dist-es[\\/]schemas[\\/]schemas_0\.js$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8')
        .replace(/^n\d+_registry\.registerError\(.*\);$/gm, '')
        .replace(/^((?:export )?var \S+ = )(\[[\s\S]*?\]);$/gm, '$1/* @__PURE__ */ (() => ($2))();'),
      loader: 'js',
    }));
  },
};

/**
 * Lambda gives a function its role's credentials in environment variables
 * (https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html), which the SDK's default chain asks first. The rest of
 * the chain (SSO, profiles, web identities, ...) would add 85 kB to each bundle and never be asked.
 */
const credentialsFromEnvironment = {
  name: 'credentials-from-environment',
  setup(b) {
    b.onLoad({ filter: /credential-provider-node[\\/]dist-es[\\/]index\.js$/ }, ({ path }) => ({
      contents: "export { fromEnv as defaultProvider } from '@aws-sdk/credential-provider-env';",
      resolveDir: dirname(path),
      loader: 'js',
    }));
  },
};

const root = fileURLToPath(new URL('..', import.meta.url));
const tasks = readdirSync(`${root}lambda`).filter((name) => existsSync(`${root}lambda/${name}/handler.ts`));

/** Bundles all tasks in memory. */
export const bundle = (options = {}) =>
  build({
    absWorkingDir: root,
    entryPoints: tasks.map((task) => ({ in: `${root}lambda/${task}/handler.ts`, out: `${task}/index` })),
    outdir: `${root}assets`,
    write: false,
    bundle: true,
    platform: 'node',
    target: 'node22',
    format: 'cjs',
    mainFields: ['module', 'main'],
    minify: true,
    legalComments: 'none',
    logLevel: 'warning',
    plugins: [shakeSchemas, credentialsFromEnvironment],
    ...options,
  });

/** Writes what changed, each file at once: somebody may be reading the last one. */
function write({ outputFiles }) {
  mkdirSync(`${root}assets`, { recursive: true });
  for (const stale of readdirSync(`${root}assets`).filter((name) => !tasks.includes(name)))
    rmSync(`${root}assets/${stale}`, { recursive: true });
  for (const { path, contents } of outputFiles) {
    if (existsSync(path) && readFileSync(path).equals(contents)) continue;
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(`${path}.${process.pid}`, contents);
    renameSync(`${path}.${process.pid}`, path);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) write(await bundle());

import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Duration, Stack } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sns from 'aws-cdk-lib/aws-sns';
import type { IChainable } from 'aws-cdk-lib/aws-stepfunctions';
import { DefinitionBody, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { buildSync } from 'esbuild';

/** What the tests' stacks are made with. */
export interface Fixture {
  readonly stack: Stack;
  readonly table: dynamodb.Table;
  readonly topic: sns.Topic;
  /** A Lambda function with this code, bundled as the product's own. */
  fn(id: string, code: string, props?: Partial<lambda.FunctionProps>): lambda.Function;
  /** A task that calls a function with the whole state and keeps the result at `$.result`. */
  call(name: string, fn: lambda.IFunction, resultPath?: string): LambdaInvoke;
  machine(id: string, chain: IChainable, timeout?: Duration): StateMachine;
}

const bundles = new Map<string, string>();

/** Bundles a handler's source as scripts/bundle.mjs does; the same source only once. */
function bundle(code: string): string {
  let directory = bundles.get(code);
  if (directory === undefined) {
    directory = mkdtempSync(join(tmpdir(), 'simulator-bundle-'));
    buildSync({
      stdin: { contents: code, resolveDir: __dirname, loader: 'ts' },
      outfile: join(directory, 'index.js'),
      bundle: true,
      platform: 'node',
      target: 'node20',
      format: 'cjs',
      mainFields: ['module', 'main'],
      minify: true,
      logLevel: 'error',
    });
    bundles.set(code, directory);
  }
  return directory;
}

/** Synthesizes a stack and gives the cloud assembly's directory. */
export function synthesize(define: (fixture: Fixture) => void): string {
  const outdir = mkdtempSync(join(tmpdir(), 'simulator-assembly-'));
  const app = new App({ outdir, analyticsReporting: false });
  const stack = new Stack(app, 'Fixture');
  define({
    stack,
    table: new dynamodb.Table(stack, 'Table', { partitionKey: { name: 'id', type: dynamodb.AttributeType.STRING } }),
    topic: new sns.Topic(stack, 'Topic'),
    fn: (id, code, props) =>
      new lambda.Function(stack, id, {
        runtime: lambda.Runtime.NODEJS_22_X,
        handler: 'index.handler',
        code: lambda.Code.fromAsset(bundle(code)),
        timeout: Duration.seconds(30),
        ...props,
      }),
    call: (name, fn, resultPath = '$.result') =>
      LambdaInvoke.jsonPath(stack, name, { lambdaFunction: fn, payloadResponseOnly: true, resultPath, retryOnServiceExceptions: false }),
    machine: (id, chain, timeout) =>
      new StateMachine(stack, id, { definitionBody: DefinitionBody.fromChainable(chain), ...(timeout && { timeout }) }),
  });
  app.synth();
  return outdir;
}

/** Writes a file for a sandbox to evaluate. */
export function scratchFile(code: string): string {
  const file = join(mkdtempSync(join(tmpdir(), 'simulator-file-')), 'index.js');
  writeFileSync(file, code);
  return file;
}

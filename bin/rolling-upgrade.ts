/** The deployable app: settings from the CDK context, one stack. `README.md` describes the settings. */
import { App } from 'aws-cdk-lib';
import { SettingsError } from './app/reader';
import { readSettings } from './app/settings';
import { defineApp } from './app/stack';

const app = new App();
try {
  defineApp(
    app,
    readSettings((key) => app.node.tryGetContext(key)),
  );
} catch (error) {
  if (!(error instanceof SettingsError)) throw error;
  console.error(error.message); // without a stack: it is the reader who can help, not the code
  process.exitCode = 1;
}

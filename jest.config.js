process.env.CDK_VALIDATION ??= 'false'; // the template validation of aws-cdk-lib >= 2.262 costs 2 s a synth; one test turns it on
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
module.exports = {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  moduleFileExtensions: ['ts', 'js', 'json', 'node'], // ts first: never load built JS
  transform: { '^.+\\.ts$': ['ts-jest', { tsconfig: 'tsconfig.dev.json', transpilation: true, diagnostics: false }] }, // `npm run typecheck` checks the types
  globalSetup: '<rootDir>/test/support/global-setup.ts',
  globalTeardown: '<rootDir>/test/support/global-teardown.ts',
  reporters: ['default', '<rootDir>/test/support/closing-line.js'],
  randomize: true,
  maxWorkers: 2, // by default jest leaves one of two cores idle
  testTimeout: 60_000, // a first simulated run loads the SDK: on a busy machine that alone can take 5 s
  coverageProvider: 'v8',
  collectCoverageFrom: ['lib/**/*.ts', 'lambda/**/*.ts', 'simulator/**/*.ts'],
};

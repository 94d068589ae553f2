import eslint from '@eslint/js';
import tseslint from 'typescript-eslint';

/** A lint rule that keeps a room from knowing another: group patterns with the reason a reader sees. */
const forbid = (...patterns) => ({
  'no-restricted-imports': ['error', { patterns: patterns.map(([group, message]) => ({ group, message })) }],
});

export default tseslint.config(
  { ignores: ['dist/', 'assets/', 'cdk.out/', 'coverage/', 'pkg/', 'node_modules/', '**/*.js', '**/*.mjs', '.cache/'] },
  eslint.configs.recommended,
  tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { project: './tsconfig.dev.json', tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-extraneous-class': 'off',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'separate-type-imports' }],
      'max-lines': ['error', { max: 350, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    files: ['lib/**/*.ts'],
    ignores: ['lib/contract/**'],
    rules: forbid(
      [['@aws-sdk/*', '@smithy/*'], 'lib is synth time: no SDK clients'],
      [['**/lambda/**', '**/simulator/**', '**/bin/**'], 'lib knows only lib/contract of the run-time side'],
    ),
  },
  {
    files: ['lib/contract/**/*.ts'],
    rules: forbid([['*', '!.', '!./*'], 'the contract is pure TypeScript: it imports nothing from outside']),
  },
  {
    files: ['lambda/**/*.ts'],
    rules: forbid(
      [['aws-cdk-lib', 'aws-cdk-lib/*', 'constructs'], 'lambda is run time: no CDK'],
      [['**/simulator/**', '**/bin/**'], 'lambda knows only lib/contract'],
      [
        ['**/lib/*', '!**/lib/contract', '**/lib/functions/**', '**/lib/workflow/**', '**/lib/private/**'],
        'lambda knows only lib/contract',
      ],
    ),
  },
  {
    files: ['lambda/core/**/*.ts'],
    rules: forbid(
      [['@aws-sdk/*', '@smithy/*', 'node:*'], 'core decides and does no I/O'],
      [['aws-cdk-lib', 'aws-cdk-lib/*', 'constructs'], 'lambda is run time: no CDK'],
      [['**/adapters/**', '**/simulator/**', '**/bin/**'], 'core decides and does no I/O'],
    ),
  },
  {
    files: ['simulator/**/*.ts'],
    rules: forbid(
      [
        ['**/lib/**', '**/lambda/**', '**/bin/**'],
        'the simulator reads the cloud assembly, as AWS would; it knows nothing of the other rooms',
      ],
      [['aws-cdk-lib', 'aws-cdk-lib/*', 'constructs'], 'the simulator reads the cloud assembly, as AWS would'],
    ),
  },
  {
    files: ['test/**/*.ts'],
    rules: { '@typescript-eslint/no-non-null-assertion': 'off', '@typescript-eslint/unbound-method': 'off' },
  },
);

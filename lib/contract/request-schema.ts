/** What an execution may be asked to do: its input. One schema for the first task, the schedule's props and the documentation. */

/** The word for the newest bug-fix version of the line that runs. */
export const LATEST_BUGFIX = 'LATEST_BUGFIX';

/** A request, as the schema allows it. */
export interface RequestInput {
  readonly targetVersion?: string;
  readonly imageId?: string;
  readonly dryRun?: boolean;
  readonly overrides?: { readonly [check: string]: string };
}

/** JSON Schema (draft 2020-12) of an execution's input. */
export const REQUEST_SCHEMA = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Request of a Bitbucket rolling upgrade',
  description: 'Input of an execution. {} upgrades to the default target version of the construct.',
  type: 'object',
  additionalProperties: false,
  properties: {
    targetVersion: {
      description: 'A later bug-fix version of the one that runs, or LATEST_BUGFIX: the newest of that line for which there is an image.',
      type: 'string',
      pattern: '^(\\d+\\.\\d+\\.\\d+|LATEST_BUGFIX)$',
      examples: ['9.4.23', 'LATEST_BUGFIX'],
    },
    imageId: {
      description: 'Image to use; its version is read from the image.',
      type: 'string',
      pattern: '^ami-[0-9a-f]{8,17}$',
      examples: ['ami-0123456789abcdef0'],
    },
    dryRun: { description: 'End with the plan and change nothing.', type: 'boolean', default: false },
    overrides: {
      description: 'Checks that may fail, by name, each with the reason: it is recorded in the report.',
      type: 'object',
      additionalProperties: { type: 'string', minLength: 10, maxLength: 500 },
      examples: [{ 'app-compatibility': 'all apps were tested on staging, CHG-4711' }],
    },
  },
} as const;

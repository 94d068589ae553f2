/** What an execution may be asked to do: its input. One schema for the first task, the schedule's props and the documentation. */

/** The word for the newest bug-fix version of the line that runs. */
export const LATEST_BUGFIX = 'LATEST_BUGFIX';

/** Fewest and most minutes of a maintenance window: in less no node is replaced, and what takes longer is no window. */
export const WINDOW_MINUTES = { least: 15, most: 1440 } as const;

/** The time in which nodes may be begun, as a request says it. */
export interface WindowInput {
  /** ISO 8601, with its zone. Without it the window opens when the run starts. */
  readonly opens?: string;
  readonly minutes: number;
}

/** A request, as the schema allows it. */
export interface RequestInput {
  readonly targetVersion?: string;
  readonly imageId?: string;
  readonly dryRun?: boolean;
  readonly overrides?: { readonly [check: string]: string };
  readonly maintenanceWindow?: WindowInput;
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
    maintenanceWindow: {
      description:
        'No node is begun that would not be good before its end: the run then stops, serving, and the next start goes on. Counted from the start of the run, or from the time that is given.',
      type: 'object',
      additionalProperties: false,
      required: ['minutes'],
      properties: {
        opens: {
          description: 'When it opens, with its time zone.',
          type: 'string',
          // As RFC 3339 has it: https://datatracker.ietf.org/doc/html/rfc3339#section-5.6
          pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}(:\\d{2}(\\.\\d+)?)?(Z|[+-]\\d{2}:\\d{2})$',
        },
        minutes: { description: 'How long it is.', type: 'integer', minimum: WINDOW_MINUTES.least, maximum: WINDOW_MINUTES.most },
      },
      examples: [{ minutes: 180 }, { opens: '2026-03-01T02:00:00+01:00', minutes: 180 }],
    },
  },
} as const;

import { Token } from 'aws-cdk-lib';
import { LATEST_BUGFIX, REQUEST_SCHEMA } from '../contract/request-schema';
import type { MaintenanceWindow } from '../maintenance-window';
import type { UpgradeRequest } from '../schedule';
import { malformed } from './problems';

const { targetVersion, imageId, overrides, maintenanceWindow } = REQUEST_SCHEMA.properties;

/** The forms of a request's fields, as its schema has them. */
export const REQUEST_FORMS = { targetVersion: new RegExp(targetVersion.pattern), imageId: new RegExp(imageId.pattern) };

/** What the schema of requests has against a typed one: of the fields' names and types the compiler has taken care. */
export function requestProblems(request: UpgradeRequest): string[] {
  const problems: string[] = [];
  if (request.targetVersion !== undefined && malformed(request.targetVersion, REQUEST_FORMS.targetVersion)) {
    problems.push(`targetVersion '${request.targetVersion}' must be a released version like '9.4.23', or ${LATEST_BUGFIX}`);
  }
  if (request.imageId !== undefined && malformed(request.imageId, REQUEST_FORMS.imageId)) {
    problems.push(`imageId '${request.imageId}' must be like '${imageId.examples[0]}'`);
  }
  const { minLength, maxLength } = overrides.additionalProperties;
  for (const [check, reason] of Object.entries(request.overrides ?? {})) {
    const length = Array.from(reason).length; // characters, as JSON Schema counts them
    if (!Token.isUnresolved(reason) && (length < minLength || length > maxLength)) {
      problems.push(`overrides: the reason for '${check}' has ${length} characters; it must have from ${minLength} to ${maxLength}`);
    }
  }
  if (request.maintenanceWindow) problems.push(...windowProblems(request.maintenanceWindow));
  return problems;
}

function windowProblems({ opens, minutes }: MaintenanceWindow): string[] {
  const limits = maintenanceWindow.properties.minutes;
  const { least, most } = { least: limits.minimum, most: limits.maximum };
  const isAllowed = Token.isUnresolved(minutes) || (Number.isInteger(minutes) && minutes >= least && minutes <= most);
  const isTime = opens === undefined || Token.isUnresolved(opens) || new RegExp(maintenanceWindow.properties.opens.pattern).test(opens);
  return [
    ...(isAllowed ? [] : [`maintenanceWindow: minutes is ${minutes}; it must be a whole number from ${least} to ${most}`]),
    ...(isTime ? [] : [`maintenanceWindow: opens '${opens}' must be a time with its zone like '2026-03-01T02:00:00+01:00'`]),
  ];
}

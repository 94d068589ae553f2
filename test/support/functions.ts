/** The Lambda functions of the tasks in a template. */
import type { Stack } from 'aws-cdk-lib';
import { APPROVAL_TASKS, TASKS } from '../../lib/contract/tasks';
import { pascalCase } from '../../lib/private/pascal-case';
import type { TemplateResource } from './construct';
import { resourcesOf } from './construct';

/** How the logical ids of a task's resources begin. */
export function pathOf(task: string): string {
  return `Upgrade${([...TASKS, ...APPROVAL_TASKS] as readonly string[]).includes(task) ? 'Tasks' : 'Backup'}${pascalCase(task)}`;
}

/** The function of a task. */
export function functionOf(stack: Stack, task: string): TemplateResource {
  const [, found] =
    Object.entries(resourcesOf(stack, 'AWS::Lambda::Function')).find(([id]) => id.startsWith(`${pathOf(task)}Function`)) ?? [];
  if (!found) throw new Error(`no function of ${task}`);
  return found;
}

/** The environment of a task's function. */
export function environmentOf(stack: Stack, task: string): Record<string, unknown> {
  return (functionOf(stack, task).Properties.Environment as { Variables: Record<string, unknown> }).Variables;
}

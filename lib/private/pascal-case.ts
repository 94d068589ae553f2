/** `plan-upgrade` as a construct's id: `PlanUpgrade`. */
export function pascalCase(kebab: string): string {
  return kebab.replace(/(^|-)([a-z])/g, (_match, _dash, letter: string) => letter.toUpperCase());
}

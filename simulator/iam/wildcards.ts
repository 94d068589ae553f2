const patterns = new Map<string, RegExp>();

function regexOf(glob: string, flags: string): RegExp {
  const key = `${flags}:${glob}`;
  let regex = patterns.get(key);
  if (regex === undefined) {
    const source = glob
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replace(/\*/g, '.*')
      .replace(/\?/g, '.');
    regex = new RegExp(`^${source}$`, flags);
    patterns.set(key, regex);
  }
  return regex;
}

/** `*` and `?` as IAM has them. */
export const matchesGlob = (glob: string, text: string): boolean => glob === '*' || regexOf(glob, 's').test(text);

/** Action names are compared without case. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html */
export const matchesAction = (glob: string, action: string): boolean => glob === '*' || regexOf(glob, 'is').test(action);

const SEGMENTS = 6;

/** An ARN pattern, segment by segment: a wildcard does not reach over a colon of the first five. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html */
export function matchesArn(pattern: string, arn: string): boolean {
  if (pattern === '*') return true;
  if (arn === '*') return false;
  const [wanted, given] = [splitArn(pattern), splitArn(arn)];
  return wanted.length === given.length && wanted.every((part, i) => matchesGlob(part, given[i] ?? ''));
}

function splitArn(arn: string): string[] {
  const parts = arn.split(':');
  return parts.length <= SEGMENTS ? parts : [...parts.slice(0, SEGMENTS - 1), parts.slice(SEGMENTS - 1).join(':')];
}

import type { CheckResult, Severity } from '../../../lib/contract/checks';
import type { Limits } from '../../../lib/contract/environment';
import type { Plan, ResolvedRequest } from '../../../lib/contract/events';

/** Something that was looked up, or why it could not be. */
export type Known<T> = { readonly value: T } | { readonly unknown: string };

/** Facts by name; each may be unknown by itself. */
export type Facts<F> = { readonly [K in keyof F]: Known<F[K]> };

/** What every check knows without looking. */
export interface Ground {
  readonly plan: Plan;
  readonly request: ResolvedRequest;
  readonly limits: Limits;
  /** When the checks are made. */
  readonly now: Date;
}

/** Something against the upgrade: what is, and what to do about it. Both are whole sentences. */
export interface Objection {
  readonly found: string;
  readonly todo: string;
}

/** What a look came to: passed when there are no objections. */
export interface Finding {
  /** What was seen, for the plan. */
  readonly seen: string;
  readonly objections: readonly Objection[];
}

/** Value of `override` of a check that a request may override. */
export const ALLOWED = 'allowed';

/** What the documentation says of a check. */
export interface CheckDescription {
  /** Stable, in words with hyphens. Requests override it by this name. */
  readonly name: string;
  readonly severity: Severity;
  /** What it looks at, and what it wants to see. */
  readonly looksAt: string;
  /** URL of what it rests on. */
  readonly source: string;
  /** `allowed`, or why it cannot be overridden. */
  readonly override: string;
}

/** A check of facts `F`. */
export interface CheckOf<F> extends CheckDescription {
  judge(facts: Facts<F>, ground: Ground): CheckResult;
}

/**
 * One check: it takes what it needs of the facts and says what it found. What could not be read makes the verdict `unknown`, of the checks
 * that need it and of no other.
 */
export abstract class Check<F, K extends keyof F = keyof F> implements CheckOf<F> {
  abstract readonly name: string;
  abstract readonly severity: Severity;
  abstract readonly looksAt: string;
  abstract readonly source: string;
  abstract readonly override: string;
  /** Names of the facts that it cannot do without. */
  protected abstract readonly needs: readonly K[];

  /** Pure: everything that it needs is known. */
  protected abstract look(facts: Pick<F, K>, ground: Ground): Finding;

  judge(facts: Facts<F>, ground: Ground): CheckResult {
    const head = { check: this.name, severity: this.severity };
    const values: Partial<Pick<F, K>> = {};
    const missing: string[] = [];
    for (const need of this.needs) {
      const fact: Known<F[K]> = facts[need];
      if ('value' in fact) values[need] = fact.value;
      else missing.push(fact.unknown);
    }
    if (missing.length > 0) {
      return {
        ...head,
        verdict: 'unknown',
        found: `Could not be told: ${distinct(missing).join(' ')}`,
        todo:
          this.severity === 'warn'
            ? 'Look yourself, or make it readable.'
            : `Make it readable${this.override === ALLOWED ? ', or look yourself and override the check' : ''}, then start again.`,
      };
    }
    const { seen, objections } = this.look(values as Pick<F, K>, ground);
    if (objections.length === 0) return { ...head, verdict: 'passed', found: seen, todo: '' };
    return {
      ...head,
      verdict: 'failed',
      found: distinct(objections.map(({ found }) => found)).join(' '),
      todo: distinct(objections.map(({ todo }) => todo).filter((todo) => todo !== '')).join(' '),
    };
  }
}

/** A fact that is known. */
export const known = <T>(value: T): Known<T> => ({ value });

/** What was seen, and what is against it. */
export const finding = (seen: string, ...objections: readonly (readonly Objection[])[]): Finding => ({
  seen,
  objections: objections.flat(),
});

/** The objection if it is one. */
export const when = (condition: boolean, found: () => string, todo: string | (() => string)): readonly Objection[] =>
  condition ? [{ found: found(), todo: typeof todo === 'string' ? todo : todo() }] : [];

/** For people: the first of a list that may be long. The state of an execution is limited to 256 KiB. */
export function listed(items: readonly string[], separator = ', ', most = 12): string {
  const shown = items.slice(0, most).join(separator);
  return items.length > most ? `${shown} and ${items.length - most} more` : shown;
}

/** For people: `1 node`, `2 nodes`. */
export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

/** Each text once, in order. */
const distinct = (texts: readonly string[]): readonly string[] => [...new Set(texts)];

import { allowedAndDiscreet } from './allowed-and-discreet';
import { approved } from './approved';
import { backupFirst } from './backup-first';
import { backupsKept } from './backups-kept';
import { canary } from './canary';
import { endState } from './end-state';
import { endsInTime } from './ends-in-time';
import { nothingCut } from './nothing-cut';
import { nothingLeft } from './nothing-left';
import { oneAtATime } from './one-at-a-time';
import { oneRun } from './one-run';
import type { Evidence, Finding, Rule } from './rule';
import { servingCapacity } from './serving-capacity';
import { settingsRestored } from './settings-restored';
import { thawedInTime } from './thawed-in-time';
import { upgradeModeRule } from './upgrade-mode';
import { versionPolicy } from './version-policy';

/** The rules that must never break, in their order. */
export const RULES: readonly Rule[] = [
  servingCapacity,
  oneAtATime,
  nothingCut,
  backupFirst,
  versionPolicy,
  upgradeModeRule,
  settingsRestored,
  oneRun,
  canary,
  allowedAndDiscreet,
  endState,
  endsInTime,
  nothingLeft,
  backupsKept,
  thawedInTime,
  approved,
];

/** A rule with what it found. */
export interface JudgedRule extends Finding {
  readonly id: number;
  readonly title: string;
}

/** Judges a run by every rule. */
export function judge(evidence: Evidence): JudgedRule[] {
  return RULES.map((rule) => ({ id: rule.id, title: rule.title, ...rule.check(evidence) }));
}

import type { RunResult } from '../report/result';
import type { Fault } from '../scenario/fault';
import { ScenarioRun } from '../scenario/run';
import type { Scenario } from '../scenario/scenario';
import type { MachineEdges } from '../states/coverage';
import { isRecovery, kindOf } from './catalogue';

/** What became of one run of the campaign. Only JSON: it goes from process to process. */
export interface CampaignResult {
  readonly run: number;
  readonly faults: readonly Fault[];
  readonly kinds: readonly string[];
  /** How it ended, for the tally: `upgraded`, `original`, `held`, with the execution's status. */
  readonly end: string;
  /** What is wrong; empty when all is well. */
  readonly problems: readonly string[];
  /** Whether something was left for the next start because the recovery met faults, too. */
  readonly unrestored: boolean;
  /** Whether the run with faults was redriven. */
  readonly redriven: boolean;
  readonly coverage: readonly MachineEdges[];
  readonly simulatedSeconds: number;
  readonly cpuMilliseconds: number;
}

/** Runs a drawn scenario: with its faults to the end, then once more without. */
export async function runOnce(run: number, scenario: Scenario, assembly: string): Promise<CampaignResult> {
  const began = process.cpuUsage();
  const { faults } = scenario;
  let end = 'none';
  let problems: readonly string[];
  let leftForNext = false;
  let redriven = false;
  let coverage: readonly MachineEdges[] = [];
  let simulatedSeconds = 0;
  try {
    const going = new ScenarioRun(scenario, assembly);
    const result = await going.run();
    coverage = going.simulation.machines.coverage();
    redriven = going.simulation.machines.executions.some(({ redriveCount }) => redriveCount > 0);
    end = `${result.end ?? 'illegal'} (${result.error ?? result.status})`;
    problems = problemsOf(result, faults);
    leftForNext = unrestored(result, faults).length > 0;
    simulatedSeconds = result.simulatedSeconds + (result.next?.simulatedSeconds ?? 0);
  } catch (error) {
    problems = [`the simulation broke off: ${(error as Error).stack ?? String(error)}`];
  }
  const { user, system } = process.cpuUsage(began);
  return {
    run,
    faults,
    kinds: faults.map(kindOf),
    end,
    problems,
    unrestored: leftForNext,
    redriven,
    coverage,
    simulatedSeconds,
    cpuMilliseconds: Math.round((user + system) / 1000),
  };
}

const LEFTOVERS: ReadonlySet<number> = new Set([7, 11, 13]);

/**
 * What the recovery calls failed too, and it ended FAILED: then it cannot have restored, and said so; that something is left is no defect, and the next
 * start must put it right. But what it leaves must be legal for Bitbucket all the same.
 *
 * @returns the rules that were broken for this reason
 */
export function unrestored({ others, rules, end }: RunResult, faults: readonly Fault[]): RunResult['rules'] {
  const failed = others.some(({ machine, status }) => isRecovery(machine) && status === 'FAILED');
  if (!failed || end === null || !faults.some((fault) => 'how' in fault || fault.name === 'state-fails')) return [];
  return rules.filter(({ id, kept }) => !kept && LEFTOVERS.has(id));
}

/** What is wrong with a run. How the part with faults ends is free, within the rules; the next start must upgrade. */
export function problemsOf(result: RunResult, faults: readonly Fault[]): string[] {
  const { next, status } = result;
  const excused = unrestored(result, faults);
  const rules = result.rules.filter((rule) => !excused.includes(rule));
  const broken = (part: string, judged: RunResult['rules']): string[] =>
    judged.filter(({ kept }) => !kept).map(({ id, title, evidence }) => `${part}: rule ${id} (${title}): ${evidence}`);
  const found = [...broken('with faults', rules), ...broken('next start', next?.rules ?? [])];
  if (status === 'RUNNING') found.push('with faults: it did not end');
  if (next === null) found.push('there was no next start');
  else if (next.status !== 'SUCCEEDED' || next.versions.join() !== '9.4.23')
    found.push(
      `next start: ended ${next.status} with ${next.versions.join(' and ')}: ${next.error ?? ''}: ${(next.cause ?? '').slice(0, 600)}`,
    );
  return found;
}

import { at, entriesOf, faulty, lastOf, leftServiceAt, serving, taken } from './events';
import type { Evidence, Rule } from './rule';
import { finding } from './rule';

/** No client request is cut: nothing is stopped, detached or terminated before it is drained, or the drain limit has passed. */
export const nothingCut: Rule = {
  id: 3,
  title: 'No client request is cut or refused because of the run',
  check: (evidence) => {
    const { journal } = evidence;
    const faults = faulty(evidence);
    const violations: string[] = [];
    let excused = 0;
    for (const entry of entriesOf(journal, 'request')) {
      const instanceId = typeof entry['instanceId'] === 'string' ? entry['instanceId'] : '';
      if (entry['outcome'] !== 'failed') continue;
      if (faults.has(instanceId) || limitPassed(evidence, instanceId, entry.time) || nobodyLeft(evidence, entry.time))
        excused += Number(entry['count']);
      else
        violations.push(
          `${String(entry['count'])} ${String(entry['request'])} failed at ${at(entry.time, evidence)}: ${String(entry['why'])} (${instanceId})`,
        );
    }
    for (const entry of entriesOf(journal, 'bitbucket')) {
      const [instanceId, open] = [String(entry['instanceId']), Number(entry['openConnections'])];
      if (entry['phase'] !== 'stopping' || open === 0 || faults.has(instanceId) || limitPassed(evidence, instanceId, entry.time)) continue;
      violations.push(`${instanceId} was stopped at ${at(entry.time, evidence)} with ${open} open connections`);
    }
    return finding(
      violations,
      excused === 0 ? 'no request failed' : `no request failed but ${excused}, of a fault or after the drain limit`,
    );
  },
};

function limitPassed({ journal, drainLimitSeconds }: Evidence, instanceId: string, time: number): boolean {
  const left = leftServiceAt(journal, instanceId);
  return left !== undefined && time - left >= drainLimitSeconds * 1000;
}

/** Faults took so many nodes that none serves in a target group: its load balancer has nowhere to send requests. Rule 1 counts whether it had to be so. */
function nobodyLeft(evidence: Evidence, time: number): boolean {
  const { journal, targetGroupArns } = evidence;
  if (!taken(evidence).some((loss) => loss.time <= time)) return false;
  const steps = serving(journal).filter((step) => step.time <= time);
  return targetGroupArns.some((arn) => lastOf(steps, (step) => step.targetGroupArn === arn)?.instanceIds.length === 0);
}

import type { Run, RunReport } from '../../lib/contract/events';
import type { Told } from './told';
import { notifiedNode } from './told';

/** The report as it is told. The way back is in its text: with all commands it would be too long to be a field. */
export const toldReport = (report: RunReport, run: Run, cluster: string): Told<'ended'> => ({
  event: 'ended',
  subject: report.subject,
  text: report.text,
  cluster,
  fromVersion: report.fromVersion,
  toVersion: report.toVersion,
  executionArn: run.executionArn,
  details: {
    outcome: report.outcome,
    error: report.error,
    nodes: report.nodes.map(notifiedNode),
    backup: report.backup.map(({ part, resource, snapshotIds }) => ({ part, resource, snapshotIds })),
    warnings: report.warnings,
    overridden: report.overridden,
  },
});

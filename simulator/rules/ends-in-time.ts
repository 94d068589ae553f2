import type { Rule } from './rule';
import { finding } from './rule';

/** A run ends within the time that its limits add up to, and so does what it leads to. */
export const endsInTime: Rule = {
  id: 12,
  title: 'The run, and what it leads to, ends within its limits',
  check: ({ startedAt, endedAt, boundSeconds, goingOnAtEnd, ending, others }) => {
    const seconds = Math.round((endedAt - startedAt) / 1000);
    const stopped = [ending, ...others].some(({ error }) => error === 'Simulator.TooLong');
    return finding(
      [
        ...(seconds > boundSeconds ? [`it took ${seconds} s, its limits add up to ${boundSeconds} s`] : []),
        ...(stopped || goingOnAtEnd.length > 0 ? [`an execution did not end: ${goingOnAtEnd.join(', ') || 'it was stopped'}`] : []),
      ],
      `ended after ${seconds} s of at most ${boundSeconds} s`,
    );
  },
};

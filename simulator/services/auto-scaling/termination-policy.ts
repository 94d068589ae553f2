/** What the choice of an instance to terminate depends on. */
export interface Candidate {
  readonly id: string;
  readonly zone: string;
  readonly launchedAt: number;
  readonly templateId: string;
  readonly templateVersion: number;
  readonly isProtected: boolean;
}

/** The circumstances of the choice. */
export interface Choice {
  readonly policies: readonly string[];
  /** Id of the launch template that the group uses now. */
  readonly currentTemplateId: string | undefined;
  readonly now: number;
  /** Picks one of those that no policy tells apart. */
  readonly pick: <T>(items: readonly T[]) => T;
}

const HOUR = 60 * 60 * 1000;

type Rank = (candidate: Candidate, choice: Choice) => number;

const oldestTemplate: Rank = ({ templateId, templateVersion }, { currentTemplateId }) =>
  templateId === currentTemplateId ? templateVersion : -1;
const closestToHour: Rank = ({ launchedAt }, { now }) => HOUR - ((now - launchedAt) % HOUR);

/**
 * How each predefined policy ranks instances; the lowest goes first. With On-Demand instances of one type the allocation strategy is always
 * met, and there are no launch configurations, so these two tell nothing apart.
 * https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-termination-policies.html
 */
export const TERMINATION_POLICIES: Readonly<Record<string, readonly Rank[]>> = {
  Default: [oldestTemplate, closestToHour],
  OldestInstance: [({ launchedAt }) => launchedAt],
  NewestInstance: [({ launchedAt }) => -launchedAt],
  OldestLaunchTemplate: [oldestTemplate],
  ClosestToNextInstanceHour: [closestToHour],
  OldestLaunchConfiguration: [],
  AllocationStrategy: [],
};

/**
 * The instance that a scale-in terminates: out of the zone with the most instances, by the policies in their order, at random in the end;
 * never a protected one. Undefined when all are protected.
 */
export function chooseVictim(candidates: readonly Candidate[], choice: Choice): Candidate | undefined {
  const free = candidates.filter(({ isProtected }) => !isProtected);
  if (free.length === 0) return undefined;
  const inZone = (zone: string) => candidates.filter((candidate) => candidate.zone === zone).length;
  const most = Math.max(...free.map(({ zone }) => inZone(zone)));
  const fullest = free.filter(({ zone }) => inZone(zone) === most);
  const ranks = choice.policies.flatMap((policy) => TERMINATION_POLICIES[policy] ?? []);
  const left = ranks.reduce((ties, rank) => {
    const lowest = Math.min(...ties.map((candidate) => rank(candidate, choice)));
    return ties.filter((candidate) => rank(candidate, choice) === lowest);
  }, fullest);
  return choice.pick(left);
}

/** How many instances each zone has. */
export const zoneCounts = (zones: readonly string[], candidates: readonly Pick<Candidate, 'zone'>[]): Map<string, number> =>
  new Map(zones.map((zone) => [zone, candidates.filter((candidate) => candidate.zone === zone).length]));

/** The zone with the fewest instances, the first of several. */
export function emptiestZone(counts: ReadonlyMap<string, number>): string | undefined {
  const fewest = Math.min(...counts.values());
  return [...counts].find(([, count]) => count === fewest)?.[0];
}

/** Whether moving one instance would even the zones out. */
export const isUnbalanced = (counts: ReadonlyMap<string, number>): boolean =>
  Math.max(...counts.values()) - Math.min(...counts.values()) > 1;

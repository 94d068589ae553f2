/** Fakes of the ports: they hold what is there and remember what was done. */
import type { Cluster, Group, Instance, NodeView, Target } from '../../../../lambda/core/observation';
import type { Bitbucket, Nodes } from '../../../../lambda/ports/bitbucket';
import type { Instances } from '../../../../lambda/ports/compute';
import type { ScalingGroup } from '../../../../lambda/ports/scaling-group';
import type { TargetHealth } from '../../../../lambda/ports/target-health';

export type Call = readonly [name: string, ...args: unknown[]];

/** A group that is as it is told, and writes down every change. */
export function fakeGroup(state: Group, failedActivity?: string): ScalingGroup & { readonly calls: Call[] } {
  const calls: Call[] = [];
  const note =
    (name: string) =>
    (...args: unknown[]): Promise<void> => {
      calls.push([name, ...args]);
      return Promise.resolve();
    };
  return {
    calls,
    observe: () => Promise.resolve(state),
    suspend: note('suspend'),
    resume: note('resume'),
    writeTags: note('writeTags'),
    removeTags: note('removeTags'),
    resize: note('resize'),
    enterStandby: note('enterStandby'),
    exitStandby: note('exitStandby'),
    terminate: note('terminate'),
    useTemplateVersion: note('useTemplateVersion'),
    failedActivity: () => Promise.resolve(failedActivity),
    activeRefresh: () => Promise.resolve(undefined),
  };
}

export const fakeInstances = (instances: readonly Instance[]): Instances => ({
  describe: (ids) => Promise.resolve(instances.filter(({ instanceId }) => ids.includes(instanceId))),
});

export const fakeTargets = (targets: readonly Target[]): TargetHealth => ({ describe: () => Promise.resolve(targets) });

/** A Bitbucket that says these things one after the other, the last one for ever. */
export function fakeBitbucket(
  clusters: readonly (Cluster | Error)[],
  answer: 'accepted' | 'look-again' = 'accepted',
): Bitbucket & { readonly calls: string[] } {
  const calls: string[] = [];
  let looks = 0;
  return {
    calls,
    cluster: () => {
      const next = clusters[Math.min(looks++, clusters.length - 1)];
      return next instanceof Error ? Promise.reject(next) : Promise.resolve(next as Cluster);
    },
    version: () => Promise.resolve('9.4.20'),
    call: (operation) => {
      calls.push(operation);
      return Promise.resolve(answer);
    },
  };
}

export function fakeNodes(views: Readonly<Record<string, NodeView>>): Nodes & { readonly asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    view: (ip) => {
      asked.push(ip);
      return Promise.resolve(views[ip] ?? { status: 'without answer (ECONNREFUSED)', version: '' });
    },
  };
}

import { Assemblies } from '../../../../bin/simulate/assembly';
import type { ScheduleResult } from '../../../../simulator/report/schedule-result';
import { parseScenario } from '../../../../simulator/scenario/parse';
import { ScheduledRun } from '../../../../simulator/scenario/scheduled-run';

jest.setTimeout(180_000);

const assemblies = new Assemblies();
afterAll(() => {
  assemblies.dispose();
});

const SITE = {
  cluster: { nodes: 2, images: ['9.4.20'] },
  traffic: { webPerSecond: 0.05, clonesPerMinute: 0.3, pushesPerMinute: 0.2, sshPerMinute: 0.2 },
  limits: { bootTimeout: 900 },
};

async function days(schedule: object, prepare: (run: ScheduledRun) => void = () => undefined): Promise<ScheduleResult> {
  const scenario = parseScenario({ ...SITE, schedule });
  if (scenario.schedule === undefined) throw new Error('no schedule');
  const run = new ScheduledRun(scenario, scenario.schedule, assemblies.for(scenario));
  prepare(run);
  return run.run();
}

test('the schedule upgrades in the night after an image appeared, and tells nobody of the nights with nothing to do', async () => {
  const result = await days({ days: 3, newImages: [{ day: 1, version: '9.4.21' }], expect: { outcomes: ['NOTHING_TO_DO', 'SUCCEEDED'] } });
  expect(result.nights.map(({ outcome, upgraded }) => [outcome, upgraded])).toEqual([
    ['NOTHING_TO_DO', 0],
    ['SUCCEEDED', 2],
    ['NOTHING_TO_DO', 0],
  ]);
  expect(result.notifications.map(({ subject }) => subject)).toEqual(
    ['upgrade begins', 'node 1 of 2 is done,', 'node 2 of 2 is done,', 'upgraded'].map(
      (what) => `Bitbucket: ${what} 9.4.20 to 9.4.21 (bitbucket-nodes)`,
    ),
  );
  expect(result.doneTwice).toEqual([]);
  expect(result.differences).toEqual(['run 3: NOTHING_TO_DO instead of none']);
});

test('a start that comes too late has no longer a window: it is refused, and the next night goes on', async () => {
  const result = await days({ days: 3, maintenanceWindowMinutes: 40, newImages: [{ day: 1, version: '9.4.21' }] }, ({ simulation }) => {
    const second = Date.UTC(2026, 0, 7, 3);
    simulation.scheduler.intercept(({ scheduledAt, number }) =>
      scheduledAt < second && number < 12 ? { code: 'ThrottlingException', message: 'later' } : undefined,
    );
  });
  expect(result.nights.map(({ outcome }) => outcome)).toEqual(['NOTHING_TO_DO', 'RequestRefused', 'SUCCEEDED']);
  expect(result.nights[1]?.cause).toMatch(/\[maintenance-window\] .* from 2026-01-07 02:00 UTC to 2026-01-07 02:40 UTC: it is over/);
  expect(result.nights[1]?.mutatingCalls).toBe(0);
});

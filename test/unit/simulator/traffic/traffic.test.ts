import { VirtualClock } from '../../../../simulator/kernel/clock';
import type { JournalEntry } from '../../../../simulator/kernel/ports';
import { seeded } from '../../../../simulator/kernel/random';
import { Traffic } from '../../../../simulator/traffic/traffic';

const HTTP = 'arn:http';
const SSH = 'arn:ssh';

function world(serves: (id: string) => boolean = () => true, seed = 1) {
  const clock = new VirtualClock();
  const entries: JournalEntry[] = [];
  const targets: Record<string, string[]> = { [HTTP]: ['i-1', 'i-2'], [SSH]: ['i-1', 'i-2'] };
  let turn = 0;
  const traffic = new Traffic({
    clock,
    random: seeded(seed),
    journal: { entries, record: (entry) => void entries.push({ time: clock.now(), ...entry }), listen: () => undefined },
    loadBalancers: { route: (arn) => targets[arn]![turn++ % targets[arn]!.length], healthy: (arn) => targets[arn]! },
    kinds: [
      { name: 'web', targetGroupArn: HTTP, perSecond: 4, seconds: [0.05, 0.9] },
      { name: 'clone', targetGroupArn: HTTP, perSecond: 0.1, seconds: [60, 120] },
      { name: 'ssh', targetGroupArn: SSH, perSecond: 0.1, seconds: [60, 120] },
    ],
    serves,
  });
  const run = async (seconds: number): Promise<void> => {
    let over = false;
    clock.after(seconds * 1000, () => {
      over = true;
    });
    await clock.run(() => over);
  };
  return { traffic, run, entries, targets, clock };
}

test('clients come at the rates that were asked for, and none fails in a healthy cluster', async () => {
  const { traffic, run } = world();
  traffic.start();
  await run(1000);
  expect(traffic.counts.get('web')!.total).toBeGreaterThan(3600);
  expect(traffic.counts.get('web')!.total).toBeLessThan(4400);
  expect(traffic.counts.get('clone')!.total).toBeGreaterThan(70);
  expect(traffic.totals.failed).toBe(0);
});

test('the same seed gives the same clients', async () => {
  const [a, b, c] = [world(), world(), world(undefined, 2)];
  for (const each of [a, b, c]) {
    each.traffic.start();
    await each.run(300);
  }
  const seen = ({ traffic }: typeof a) => [traffic.totals, traffic.busyUntil(HTTP, 'i-1'), traffic.busyUntil(SSH, 'i-2')];
  expect(seen(a)).toEqual(seen(b));
  expect(seen(a)).not.toEqual(seen(c));
});

test('a target is busy until the last connection through that target group ends', async () => {
  const { traffic, run, targets, clock } = world();
  traffic.start();
  await run(300);
  targets[HTTP] = ['i-2'];
  const until = traffic.busyUntil(HTTP, 'i-1')!;
  expect(until - clock.now()).toBeGreaterThan(0);
  expect(until - clock.now()).toBeLessThanOrEqual(120_000);
  await run((until - clock.now()) / 1000 + 1);
  expect(traffic.busyUntil(HTTP, 'i-1')).toBeUndefined();
  expect(traffic.busyUntil(SSH, 'i-1')).toBeDefined();
  expect(traffic.load('i-1').tasks).toBe(traffic.openTo('i-1'));
});

test('what is cut counts as failed, with why, where and when; only that target group is cut', async () => {
  const { traffic, run, entries } = world();
  traffic.start();
  await run(300);
  const ssh = traffic.busyUntil(SSH, 'i-1');
  traffic.cut(HTTP, 'i-1', 'the deregistration delay is over');
  expect(traffic.totals.failed).toBeGreaterThan(0);
  expect(entries.at(-1)).toMatchObject({ kind: 'request', outcome: 'failed', instanceId: 'i-1', why: 'the deregistration delay is over' });
  expect(traffic.busyUntil(HTTP, 'i-1')).toBeUndefined();
  expect(traffic.busyUntil(SSH, 'i-1')).toBe(ssh);
  traffic.cutAll('i-1', 'the instance vanished');
  expect(traffic.openTo('i-1')).toBe(0);
});

test('a request to a node that does not serve fails, and so does one without a target', async () => {
  const { traffic, run, entries, targets } = world((id) => id !== 'i-2');
  traffic.start();
  await run(10);
  expect(entries.every(({ instanceId }) => instanceId === 'i-2')).toBe(true);
  expect(traffic.totals.failed).toBeGreaterThan(10);
  targets[HTTP] = [];
  await run(10);
  expect(entries.at(-1)).toMatchObject({ why: 'the load balancer had no target' });
});

test('stopped clients open nothing more', async () => {
  const { traffic, run } = world();
  traffic.start();
  await run(10);
  traffic.stop();
  const { total } = traffic.totals;
  await run(10);
  expect(traffic.totals.total).toBe(total);
});

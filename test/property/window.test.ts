import fc from 'fast-check';
import { chooseNext } from '../../lambda/core/choose';
import type { Member } from '../../lambda/core/observation';
import { isInService } from '../../lambda/core/observation';
import { expectedBoot, expectedNode, nodesIn, tooLate } from '../../lambda/core/window';
import { NOTHING_ROLLED } from '../../lambda/core/rolled';
import { ARNS, NOW, at, group, limits, member, plan } from '../unit/lambda/support/build';

/** One window with time for so many boots, at least one; returns the members at its end. */
function oneWindow(
  before: readonly Member[],
  surge: boolean,
  boots: number,
  serial: () => number,
): { members: readonly Member[]; fewest: number } {
  const desired = before.length;
  const thePlan = plan({ sizes: { min: desired, max: desired, desired }, capacity: surge ? 'surge' : 'within-capacity' });
  let members = [...before];
  let [left, wanted, fewest] = [boots, desired, desired];
  const boot = (): void => {
    left -= 1;
    members = [...members, member(`i-new${serial()}`)];
  };
  if (surge) {
    wanted += 1;
    boot();
  }
  for (;;) {
    const late = left > 0 ? undefined : 'the window ends';
    const choice = chooseNext({
      plan: thePlan,
      group: group(members, wanted),
      members,
      targetGroupArns: ARNS,
      postponed: [],
      tooLate: late,
    });
    if (choice.kind !== 'take') {
      expect(['none', 'closing']).toContain(choice.kind);
      return { members, fewest };
    }
    members = members.filter((one) => one !== choice.member);
    fewest = Math.min(fewest, members.filter(isInService).length);
    if (choice.action === 'replace') boot();
    else wanted -= 1;
  }
}

test('however short the windows are, N nodes take N boots in all, and never fewer serve than planned', () => {
  const windows = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 12, maxLength: 12 });
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 12 }), fc.boolean(), windows, (desired, surge, each) => {
      let members: readonly Member[] = Array.from({ length: desired }, (_, n) => member(`i-old${n + 1}`));
      let count = 0;
      for (const boots of each) {
        const old = members.filter(({ instanceId }) => instanceId.startsWith('i-old')).length;
        if (old === 0) break;
        const window = oneWindow(members, surge, boots, () => ++count);
        members = window.members;
        expect(window.fewest).toBeGreaterThanOrEqual(surge ? desired : desired - 1);
        expect(members).toHaveLength(desired);
        const upgraded = old - members.filter(({ instanceId }) => instanceId.startsWith('i-old')).length;
        expect(upgraded).toBe(Math.min(old, boots));
      }
      expect(count).toBe(desired);
    }),
  );
});

test('a node is never expected to be sooner than the last one, nor its boot later than its limit', () => {
  const seconds = fc.integer({ min: 0, max: 2 * limits.bootTimeout });
  fc.assert(
    fc.property(seconds, seconds, seconds, (expectedBootSeconds, first, each) => {
      const ground = { plan: plan(), rolled: { ...NOTHING_ROLLED, expectedBootSeconds }, limits, bake: { first, each, alarms: [] } };
      expect(expectedBoot(ground)).toBeLessThanOrEqual(limits.bootTimeout);
      expect(expectedBoot(ground)).toBeGreaterThanOrEqual(Math.min(expectedBootSeconds, limits.bootTimeout));
      expect(expectedNode(ground)).toBeGreaterThanOrEqual(expectedBoot(ground));
    }),
  );
});

test('what fits is good before the end, and what does not would not be', () => {
  const seconds = fc.integer({ min: 0, max: 100_000 });
  fc.assert(
    fc.property(seconds, seconds, (end, takes) => {
      const late = tooLate({ opensAt: NOW.toISOString(), endsAt: at(end).toISOString() }, takes, NOW);
      expect(late === undefined).toBe(at(takes) <= at(end));
    }),
  );
});

test('more time never means fewer nodes', () => {
  const boots = fc.array(fc.integer({ min: 1, max: 1000 }), { maxLength: 20 });
  fc.assert(
    fc.property(boots, fc.nat(20_000), fc.nat(2000), (each, seconds, more) => {
      expect(nodesIn(seconds + more, each)).toBeGreaterThanOrEqual(nodesIn(seconds, each));
      expect(each.slice(0, nodesIn(seconds, each)).reduce((sum, boot) => sum + boot, 0)).toBeLessThanOrEqual(seconds);
    }),
  );
});

import fc from 'fast-check';
import { chooseNext } from '../../lambda/core/choose';
import type { Member } from '../../lambda/core/observation';
import { isInService } from '../../lambda/core/observation';
import { nextWait } from '../../lambda/core/pacing';
import { ARNS, group, member, node, plan } from '../unit/lambda/support/build';

const sizes = fc.integer({ min: 2, max: 30 });

/** Rolls a whole cluster with perfect boots; returns how many boots it took and the fewest that served. */
function roll(desired: number, surge: boolean, loads: readonly number[]): { boots: number; fewest: number; members: readonly Member[] } {
  const thePlan = plan({ sizes: { min: desired, max: desired, desired }, capacity: surge ? 'surge' : 'within-capacity' });
  let members: Member[] = Array.from({ length: desired }, (_, n) =>
    member(`i-old${n + 1}`, { node: node(`10.0.0.${n + 1}`, '9.4.20', 'ACTIVE', loads[n] ?? 0) }),
  );
  let boots = 0;
  let wanted = desired;
  let fewest = desired;
  const boot = (): void => {
    boots += 1;
    members = [...members, member(`i-new${boots}`)];
  };
  if (surge) {
    wanted += 1;
    boot();
  }
  for (let steps = 0; steps < 100; steps++) {
    const choice = chooseNext({ plan: thePlan, group: group(members, wanted), members, targetGroupArns: ARNS, postponed: [] });
    if (choice.kind !== 'take') {
      expect(choice.kind).toBe('none');
      break;
    }
    expect(choice.member.imageId).not.toBe(thePlan.targetImageId);
    members = members.filter((one) => one !== choice.member);
    fewest = Math.min(fewest, members.filter(isInService).length);
    if (choice.action === 'replace') boot();
    else wanted -= 1;
  }
  return { boots, fewest, members };
}

test('N nodes take exactly N boots, and never fewer serve than planned', () => {
  fc.assert(
    fc.property(sizes, fc.boolean(), fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 30 }), (desired, surge, loads) => {
      const { boots, fewest, members } = roll(desired, surge, loads);
      expect(boots).toBe(desired);
      expect(fewest).toBe(surge ? desired : desired - 1);
      expect(members).toHaveLength(desired);
    }),
  );
});

test('every wait is a whole number within its bounds', () => {
  const seconds = fc.integer({ min: 0, max: 100_000 });
  fc.assert(
    fc.property(seconds, seconds, fc.integer({ min: 1, max: 60 }), fc.integer({ min: 60, max: 600 }), (elapsed, expected, min, max) => {
      const wait = nextWait({ elapsed, expected, min, max });
      expect(Number.isInteger(wait)).toBe(true);
      expect(wait).toBeGreaterThanOrEqual(min);
      expect(wait).toBeLessThanOrEqual(max);
    }),
  );
});

test('a boot is seen to be over at most 2 % late, or the shortest wait', () => {
  fc.assert(
    fc.property(fc.integer({ min: 60, max: 6000 }), fc.double({ min: 0, max: 1.4, noNaN: true }), (boot, share) => {
      const expected = Math.round(boot * share);
      let elapsed = 0;
      while (elapsed < boot) elapsed += nextWait({ elapsed, expected, min: 5, max: 60 });
      expect(elapsed - boot).toBeLessThanOrEqual(Math.max(5, Math.ceil(boot * 0.02)));
    }),
  );
});

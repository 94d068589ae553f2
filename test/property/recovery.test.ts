import fc from 'fast-check';
import { isTurned, turn } from '../../lambda/core/direction';
import { decideRecovery, POLICIES } from '../../lambda/core/recovery';
import { TERMINAL_ERRORS } from '../../lib/contract/errors';
import type { Plan } from '../../lib/contract/events';
import { plan } from '../unit/lambda/support/build';

const plans: fc.Arbitrary<Plan> = fc
  .record({ fromVersion: fc.string(), toVersion: fc.string(), originalImageId: fc.string(), targetImageId: fc.string() })
  .map((change) => plan({ ...change, direction: 'forward' }));
const answers = fc.oneof(
  fc.constant({ answer: '' }),
  fc.record({ answer: fc.constantFrom('retry', 'roll-back', 'go-on', 'stop') }),
  fc.anything(),
);
const grounds = fc.record({
  plan: fc.oneof(plans, plans.map(turn)),
  failure: fc.record({ Error: fc.constantFrom(...TERMINAL_ERRORS, 'States.Timeout'), Cause: fc.string() }),
  made: fc.constantFrom('original' as const, 'mixed' as const, 'upgraded' as const),
  rolled: fc.record({
    completed: fc.constant([]),
    expectedBootSeconds: fc.nat(),
    failures: fc.nat({ max: 6 }),
    postponed: fc.array(fc.string(), { maxLength: 3 }),
  }),
  answer: answers,
  policy: fc.constantFrom(...POLICIES),
  budget: fc.nat({ max: 5 }),
});

test('turning a plan twice is the identity, and once exchanges versions and images, and nothing else', () => {
  fc.assert(
    fc.property(plans, (given) => {
      expect(turn(turn(given))).toEqual(given);
      const { fromVersion, toVersion, originalImageId, targetImageId } = given;
      expect(turn(given)).toEqual({
        ...given,
        fromVersion: toVersion,
        toVersion: fromVersion,
        originalImageId: targetImageId,
        targetImageId: originalImageId,
        direction: 'back',
      });
    }),
  );
});

test('a plan without a direction goes forward', () => {
  expect(isTurned(plan())).toBe(false);
  expect(isTurned(turn(plan()))).toBe(true);
});

test('whatever failed, nothing is retried past the budget, forward from the way back, or without being told why', () => {
  fc.assert(
    fc.property(grounds, (ground) => {
      const { action, plan: next, rolled, reason } = decideRecovery(ground);
      const asked = typeof ground.answer === 'object' && ground.answer !== null && 'answer' in ground.answer && ground.answer.answer !== '';
      const turned = isTurned(ground.plan);
      if (action === 'retry') {
        expect(turned).toBe(false);
        expect(next).toEqual(ground.plan);
        if (!asked) expect(rolled.failures).toBeLessThanOrEqual(ground.budget);
        if (!asked) expect(ground.policy).not.toBe('hold');
      }
      if (action === 'roll-back') expect(next).toEqual(turned ? ground.plan : turn(ground.plan));
      else expect(next).toEqual(ground.plan);
      if (turned) expect(isTurned(next)).toBe(true);
      const isRejected = ground.failure.Error === 'ApprovalRejected' && !turned;
      if (isRejected) expect(action).toBe('roll-back'); // a person has decided, whatever else is true
      if (ground.made === 'upgraded' && !turned && !isRejected) expect(action).toBe('stop');
      expect(rolled.failures - ground.rolled.failures).toBeGreaterThanOrEqual(0);
      expect(rolled.failures - ground.rolled.failures).toBeLessThanOrEqual(1);
      expect(reason).toContain(ground.failure.Error);
    }),
    { numRuns: 2000 },
  );
});

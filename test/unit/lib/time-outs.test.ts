import { Duration } from 'aws-cdk-lib';
import { example } from '../../support/construct';
import { definitionsOf } from '../../support/definition';

jest.mock('../../../lib/private/bundle', () => jest.requireActual<object>('../../support/placeholder-bundle'));

describe('time-outs', () => {
  test("a node's replacement may take as long as draining, booting and baking may, and an hour for retries", () => {
    const { node } = definitionsOf(
      example(() => ({ drainLimit: Duration.hours(2), bootTimeout: Duration.hours(1), bakeTimeEach: Duration.hours(3) })).stack,
    );
    expect(node.TimeoutSeconds).toBe(7 * 3600);
  });

  test('the recovery may take as long as draining, booting twice and finalizing may, and an hour for retries', () => {
    const limits = { drainLimit: Duration.hours(2), bootTimeout: Duration.hours(1), finalizeTimeout: Duration.hours(3) };
    expect(definitionsOf(example(() => limits).stack).recovery.TimeoutSeconds).toBe(8 * 3600);
  });

  test('a run may take every node forwards and back, but no longer than Step Functions allows', () => {
    const { main, node } = definitionsOf(example().stack);
    expect(main.TimeoutSeconds).toBeGreaterThan(2 * 101 * node.TimeoutSeconds! + 3 * 24 * 3600);
    const slow = example(() => ({
      drainLimit: Duration.hours(24),
      bakeTimeEach: Duration.hours(24),
    }));
    expect(definitionsOf(slow.stack).main.TimeoutSeconds).toBe(365 * 24 * 3600);
  });
});

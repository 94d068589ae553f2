import { accountFacts, ground, judgeAccount } from './build';

const verdict = (change: Parameters<typeof ground>[0]) =>
  judgeAccount(accountFacts({ load: undefined }), ground({ capacity: 'within-capacity', ...change })).find(
    ({ check }) => check === 'capacity',
  )?.verdict;

describe('load that nobody measured', () => {
  test('is no reason to stop in the middle of an upgrade: its nodes are too new for figures', () => {
    expect(verdict({ continues: false })).toBe('failed');
    expect(verdict({ continues: true })).toBe('passed');
  });
  test('does not matter when no node is left to take out', () => {
    expect(verdict({ nodes: [] })).toBe('passed');
  });
});

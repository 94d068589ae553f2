import { doneTwice } from '../../../../simulator/rules/done-twice';
import { entry, goodJournal, launch } from './evidence';

const once = {
  journal: [...goodJournal(), entry(1400, 'bitbucket', { event: 'upgrade-mode', call: 'approve', accepted: true })],
  runs: [{ from: 0, to: 2_000_000 }],
  versionOfImage: { 'ami-23': '9.4.23' },
  nodes: 2,
  targets: ['9.4.23'],
  backups: ['9.4.20 to 9.4.23'],
};

test('what is done once is not told', () => {
  expect(doneTwice(once)).toEqual([]);
});

test.each([
  [
    'a node too many',
    { journal: [...once.journal, launch(1500, 'i-new9')] },
    ['3 nodes of 9.4.23 were launched, not 2', '1 of them never became good, not 0'],
  ],
  [
    'a second backup',
    { backups: ['9.4.20 to 9.4.23', '9.4.20 to 9.4.23'] },
    ['2 backups were made for 9.4.23, not 1', '2 backups were made in all, not 1'],
  ],
  [
    'upgrade mode turned on twice, and off',
    {
      journal: [
        ...once.journal,
        entry(1, 'bitbucket', { event: 'upgrade-mode', call: 'start', accepted: true }),
        entry(2, 'bitbucket', { event: 'upgrade-mode', call: 'cancel', accepted: true }),
        entry(3, 'bitbucket', { event: 'upgrade-mode', call: 'approve', accepted: false }),
      ],
    },
    ['2 times upgrade mode was turned on, not 1', '1 times upgrade mode was turned off again, not 0'],
  ],
  ['an upgrade that was never finalized', { journal: goodJournal() }, ['0 times the upgrade was finalized, not 1']],
])('%s is', (_, change, told) => {
  expect(doneTwice({ ...once, ...change })).toEqual(told);
});

test('what the group launches between two runs is none of theirs', () => {
  expect(doneTwice({ ...once, journal: [...once.journal, launch(3000, 'i-new9')] })).toEqual([]);
});

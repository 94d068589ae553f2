import { reportOf } from '../../../../simulator/report/output';

test.each([
  ['the text of a JSON output', '{"text":"Upgraded.","outcome":"SUCCEEDED"}', 'Upgraded.'],
  ['the text of a value', { text: 'Upgraded.' }, 'Upgraded.'],
  ['nothing of an execution without output', undefined, null],
  ['nothing of an output without a text', { outcome: 'SUCCEEDED' }, null],
])('the report is %s', (_, output, text) => {
  expect(reportOf({ output })).toBe(text);
});

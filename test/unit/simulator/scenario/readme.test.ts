import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import schema from '../../../../simulator/scenario/scenario.schema.json';

const README = readFileSync(join(__dirname, '..', '..', '..', '..', 'examples', 'scenarios', 'README.md'), 'utf8');
const rows = [...README.matchAll(/^\| `([^`]+)`/gm)].map(([, name]) => name);

test('the page about scenarios tells every key and every fault of the format, and no other', () => {
  const keys = Object.keys(schema.properties).filter((key) => key !== '$schema');
  const faults = schema.properties.faults.items.oneOf.map(({ title }) => title);
  expect([...rows].sort()).toEqual([...keys, ...faults].sort());
});

import type { ConditionRequest, Item } from '../../../../simulator/services/dynamodb/condition';
import { conditionHolds } from '../../../../simulator/services/dynamodb/condition';

const item: Item = { id: { S: 'x' }, owner: { S: 'me' }, since: { S: 't' } };
const placeholders = {
  ExpressionAttributeNames: { '#o': 'owner' },
  ExpressionAttributeValues: { ':me': { S: 'me' }, ':you': { S: 'you' } },
};

test.each([
  ['attribute_not_exists(id)', item, false],
  ['attribute_not_exists(id)', undefined, true],
  ['attribute_exists(#o)', item, true],
  ['attribute_exists(absent)', item, false],
  ['#o = :me', item, true],
  ['#o = :you', item, false],
  ['#o = :me', undefined, false],
  ['#o <> :you', item, true],
  ['#o <> :you', undefined, true],
  ['NOT #o = :me', item, false],
  ['attribute_not_exists(id) OR #o = :me', item, true],
  ['#o = :you OR #o = :me AND attribute_exists(id)', item, true],
  ['(#o = :me OR #o = :you) AND attribute_not_exists(id)', item, false],
  ['not (attribute_exists(id) and #o = :you)', item, true],
])('%s', (ConditionExpression, stored, holds) => {
  expect(conditionHolds({ ConditionExpression, ...placeholders }, stored)).toBe(holds);
});

test.each([
  ['#o < :me', 'does not model the operator <'],
  ['begins_with(#o, :me)', 'does not model the function begins_with'],
  ['#o = :nobody', 'attribute value: :nobody'],
  ['#absent = :me', 'attribute name: #absent'],
  ['#o = :me AND', 'Syntax error'],
  ['(#o = :me', 'expected ")"'],
  ['owner.name = :me', 'does not model'],
])('%s is refused, by what is wrong', (ConditionExpression, message) => {
  const request: ConditionRequest = { ConditionExpression, ...placeholders };
  expect(() => conditionHolds(request, item)).toThrow(message);
});

test('no condition always holds', () => {
  expect(conditionHolds({}, undefined)).toBe(true);
});

import { DeleteItemCommand, DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { Lock } from '../ports/lock';
import { aws, awsUnless } from './aws-errors';
import { CLIENT_SETTINGS } from './client-settings';

let client: DynamoDBClient | undefined;
const connect = (): DynamoDBClient => (client ??= new DynamoDBClient(CLIENT_SETTINGS));

const REFUSED = ['ConditionalCheckFailedException'];

/** The lock as one item a cluster: partition key `cluster`, attributes `owner` and `since`. `owner` is a reserved word, hence `#owner`. */
export const lock = (TableName: string): Lock => ({
  holder: async (cluster) => {
    const { Item } = await aws(`GetItem of ${TableName}`, () =>
      connect().send(new GetItemCommand({ TableName, Key: { cluster: { S: cluster } }, ConsistentRead: true })),
    );
    return Item && { owner: Item['owner']?.S ?? '', since: Item['since']?.S ?? '' };
  },
  take: async (cluster, holder, instead) => {
    const answer = await awsUnless(`PutItem of ${TableName}`, REFUSED, () =>
      connect().send(
        new PutItemCommand({
          TableName,
          Item: { cluster: { S: cluster }, owner: { S: holder.owner }, since: { S: holder.since } },
          ConditionExpression: instead ? '#owner = :me OR #owner = :instead' : 'attribute_not_exists(cluster) OR #owner = :me',
          ExpressionAttributeNames: { '#owner': 'owner' },
          ExpressionAttributeValues: { ':me': { S: holder.owner }, ...(instead && { ':instead': { S: instead.owner } }) },
        }),
      ),
    );
    return answer !== undefined;
  },
  release: async (cluster, owner) => {
    const answer = await awsUnless(`DeleteItem of ${TableName}`, REFUSED, () =>
      connect().send(
        new DeleteItemCommand({
          TableName,
          Key: { cluster: { S: cluster } },
          ConditionExpression: '#owner = :me',
          ExpressionAttributeNames: { '#owner': 'owner' },
          ExpressionAttributeValues: { ':me': { S: owner } },
        }),
      ),
    );
    return answer !== undefined;
  },
});

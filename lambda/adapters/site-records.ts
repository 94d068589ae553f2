import { DeleteItemCommand, DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { TaskError } from '../core/errors';
import type { SiteRecord } from '../core/site-record';
import { recordKey } from '../core/site-record';
import type { SiteRecords } from '../ports/site-records';
import { aws, awsUnless } from './aws-errors';
import { CLIENT_SETTINGS } from './client-settings';

let client: DynamoDBClient | undefined;
const connect = (): DynamoDBClient => (client ??= new DynamoDBClient(CLIENT_SETTINGS));

const REFUSED = ['ConditionalCheckFailedException'];

/** One item a cluster beside its lock: partition key `cluster`, attribute `record` with the JSON. */
export const siteRecords = (TableName: string): SiteRecords => ({
  read: async (groupName) => {
    const Key = { cluster: { S: recordKey(groupName) } };
    const { Item } = await aws(`GetItem of ${TableName}`, () =>
      connect().send(new GetItemCommand({ TableName, Key, ConsistentRead: true })),
    );
    return Item && parsed(Item['record']?.S ?? '');
  },
  replace: async (groupName, read, by) => {
    const cluster = { S: recordKey(groupName) };
    const only = read
      ? {
          ConditionExpression: '#record = :read',
          ExpressionAttributeNames: { '#record': 'record' },
          ExpressionAttributeValues: { ':read': { S: JSON.stringify(read) } },
        }
      : { ConditionExpression: 'attribute_not_exists(cluster)' };
    if (!by && !read) return;
    const answer = by
      ? await awsUnless(`PutItem of ${TableName}`, REFUSED, () =>
          connect().send(new PutItemCommand({ TableName, Item: { cluster, record: { S: JSON.stringify(by) } }, ...only })),
        )
      : await awsUnless(`DeleteItem of ${TableName}`, REFUSED, () =>
          connect().send(new DeleteItemCommand({ TableName, Key: { cluster }, ...only })),
        );
    if (answer === undefined)
      throw new TaskError('AwsUnavailable', `The record ${cluster.S} in ${TableName} was changed since it was read.`);
  },
});

/** What this project wrote. Somebody else's is no record. */
function parsed(text: string): SiteRecord | undefined {
  try {
    return JSON.parse(text) as SiteRecord;
  } catch {
    return undefined;
  }
}

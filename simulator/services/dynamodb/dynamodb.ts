import type { TableResource } from '../../assembly/deployment';
import type { Authorization, AwsService } from '../../kernel/ports';
import { AwsError } from '../../kernel/ports';
import { conditionHolds } from './condition';
import type { ConditionRequest, Item } from './condition';

interface KeyInput extends ConditionRequest {
  readonly TableName?: string;
  readonly Key?: Item;
  readonly ProjectionExpression?: string;
}

interface PutInput extends ConditionRequest {
  readonly TableName?: string;
  readonly Item?: Item;
}

interface Table {
  readonly resource: TableResource;
  /** By key, as JSON. */
  readonly items: Map<string, Item>;
}

/** DynamoDB with the template's tables: reads and writes of single items, on condition. https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/ */
export class DynamoDb implements AwsService {
  readonly client = 'client-dynamodb';
  private readonly tables: readonly Table[];

  constructor(
    tables: readonly TableResource[],
    private readonly region: string,
    private readonly account: string,
  ) {
    this.tables = tables.map((resource) => ({ resource, items: new Map() }));
  }

  /** Every item of a table, for tests and rules. */
  items(tableName: string): readonly Item[] {
    return [...this.find(tableName).items.values()];
  }

  readonly operations = {
    GetItem: {
      mutates: false,
      authorize: ({ TableName }: KeyInput) => this.authorizations('dynamodb:GetItem', TableName),
      call: ({ TableName, Key, ProjectionExpression }: KeyInput) => {
        if (ProjectionExpression !== undefined) throw notModelled('ProjectionExpression of GetItem');
        const table = this.find(TableName);
        const Item = table.items.get(keyOf(table, Key));
        return Item === undefined ? {} : { Item };
      },
    },
    PutItem: {
      mutates: true,
      authorize: ({ TableName }: PutInput) => this.authorizations('dynamodb:PutItem', TableName),
      call: (input: PutInput) => {
        const table = this.find(input.TableName);
        const key = keyOf(table, input.Item);
        checkCondition(input, table.items.get(key));
        table.items.set(key, input.Item ?? {});
        return {};
      },
    },
    DeleteItem: {
      mutates: true,
      authorize: ({ TableName }: KeyInput) => this.authorizations('dynamodb:DeleteItem', TableName),
      call: (input: KeyInput) => {
        const table = this.find(input.TableName);
        const key = keyOf(table, input.Key);
        checkCondition(input, table.items.get(key));
        table.items.delete(key);
        return {};
      },
    },
  };

  /** A table with a customer's KMS key also needs that key: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html */
  private authorizations(action: string, name: string | undefined): Authorization[] {
    const table = this.tables.find(({ resource }) => isTable(resource, name));
    const arn = table?.resource.arn ?? `arn:aws:dynamodb:${this.region}:${this.account}:table/${name ?? ''}`;
    const key = table?.resource.kmsKeyArn;
    return [{ action, resources: [arn] }, ...(key === undefined ? [] : [{ action: 'kms:Decrypt', resources: [key] }])];
  }

  private find(name: string | undefined): Table {
    const table = this.tables.find(({ resource }) => isTable(resource, name));
    if (table === undefined) throw new AwsError('ResourceNotFoundException', 'Requested resource not found');
    return table;
  }
}

const isTable = ({ name, arn }: TableResource, wanted: string | undefined): boolean => wanted === name || wanted === arn;

function checkCondition(request: ConditionRequest, item: Item | undefined): void {
  const asks = Object.keys(request).find((key) => /^(Expected|ConditionalOperator|ReturnValues)/.test(key));
  if (asks !== undefined) throw notModelled(asks);
  if (!conditionHolds(request, item)) throw new AwsError('ConditionalCheckFailedException', 'The conditional request failed');
}

function keyOf({ resource }: Table, attributes: Item = {}): string {
  const missing = resource.keys.filter((key) => attributes[key] === undefined);
  if (missing.length > 0)
    throw new AwsError(
      'ValidationException',
      `One or more parameter values were invalid: Missing the key ${missing.join(', ')} in the item`,
    );
  return JSON.stringify(resource.keys.map((key) => attributes[key]));
}

const notModelled = (what: string): AwsError => new AwsError('NotImplemented', `The simulator does not model ${what}.`, 501);

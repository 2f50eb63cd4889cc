import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  BatchWriteCommand,
  DeleteCommand,
  GetCommand,
  PutCommand,
  QueryCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { type Backoff, realBackoff, sendUntilDone } from './backoff.ts';
import { inParallel, partsOf } from './bounded-parallel.ts';
import { connectDynamo, documentsOf } from './dynamo-client.ts';
import { holdsUpdate, isSameItem } from './same-item.ts';
import { atEdge, ifMet } from './service-errors.ts';
import { TABLE_DEFINITION } from './table-definition.ts';

/** Requests in flight at once per call; the SDK keeps at most 50 sockets. */
export const WIDTH = 24;

/**
 * The limit of a request counts what is looked at, not what a filter lets through: by pages of one size a rare case among
 * twenty thousand takes a thousand requests, one after the other, while somebody waits.
 */
const WIDENING = 8;

export interface TableKey {
  readonly pk: string;
  readonly sk: string;
}

export type TableItem = Readonly<Record<string, unknown>>;

/** A condition with its names and values, as DynamoDB writes them. */
export interface Condition {
  readonly expression: string;
  readonly names?: Readonly<Record<string, string>>;
  readonly values?: Readonly<Record<string, unknown>>;
}

export interface TableQuery {
  /** Without an index the table itself is read, strongly consistent. */
  readonly index?: 'gsi1' | 'gsi2';
  readonly partition: string;
  /** Sort keys that begin with this. Not together with `beyond`. */
  readonly prefix?: string;
  /** Sort keys after this one, in the direction of the query. */
  readonly beyond?: string;
  readonly descending?: boolean;
  /** Its names and values must not be `partition` or `sort`, which the query itself has. */
  readonly filter?: Condition;
  /** How many to ask for in the first request: with a filter later ones ask for more and more. */
  readonly pageSize?: number;
}

/** The table with the errors of the ports and unfinished batches finished; every read by key is strongly consistent. */
export interface Table {
  get(key: TableKey): Promise<TableItem | undefined>;
  /** The items that exist, in no promised order. `attributes` limits what comes back. */
  getAll(keys: readonly TableKey[], attributes?: readonly string[]): Promise<TableItem[]>;
  /** Writes the item; false when the condition was not met. */
  put(item: TableItem & TableKey, condition?: Condition): Promise<boolean>;
  /** Writes all, for items whose bytes are the same however often they are written. */
  putAll(items: readonly (TableItem & TableKey)[]): Promise<void>;
  /** Sets attributes, removing those given as undefined; false when the condition was not met. */
  update(key: TableKey, set: TableItem, condition: Condition): Promise<boolean>;
  delete(key: TableKey, condition: Condition): Promise<boolean>;
  /** Every item of a query, page after page, as they are asked for. */
  query(query: TableQuery): AsyncGenerator<TableItem, void, undefined>;
}

export interface TableSettings {
  readonly tableName: string;
  readonly client?: DynamoDBClient;
  readonly backoff?: Backoff;
}

/** Condition that there is no such item yet. */
export const ABSENT: Condition = { expression: 'attribute_not_exists(pk)' };

/** Condition that an item is at the version before this one: for the first, that there is none yet. */
export function follows(version: number): Condition {
  if (version === 1) return ABSENT;
  return { expression: '#v = :v', names: { '#v': 'version' }, values: { ':v': version - 1 } };
}

/** All of these conditions, whose names and values must not mean different things; undefined when there is none. */
export function allOf(conditions: readonly (Condition | undefined)[]): Condition | undefined {
  const all = conditions.filter((one) => one !== undefined);
  if (all.length === 0) return undefined;
  return {
    expression: all.map(({ expression }) => expression).join(' AND '),
    names: Object.fromEntries(all.flatMap(({ names = {} }) => Object.entries(names))),
    values: Object.fromEntries(all.flatMap(({ values = {} }) => Object.entries(values))),
  };
}

function conditionInput(condition: Condition | undefined) {
  if (condition === undefined) return {};
  return {
    ConditionExpression: condition.expression,
    ...(condition.names ? { ExpressionAttributeNames: { ...condition.names } } : {}),
    ...(condition.values ? { ExpressionAttributeValues: { ...condition.values } } : {}),
  };
}

function updateInput(set: TableItem, condition: Condition) {
  const names: Record<string, string> = { ...condition.names };
  const values: Record<string, unknown> = { ...condition.values };
  const sets: string[] = [];
  const removes: string[] = [];
  for (const [index, [name, value]] of Object.entries(set).entries()) {
    names[`#s${index}`] = name;
    if (value === undefined) {
      removes.push(`#s${index}`);
    } else {
      values[`:s${index}`] = value;
      sets.push(`#s${index} = :s${index}`);
    }
  }
  return {
    UpdateExpression: `SET ${sets.join(', ')}${removes.length > 0 ? ` REMOVE ${removes.join(', ')}` : ''}`,
    ConditionExpression: condition.expression,
    ExpressionAttributeNames: names,
    ExpressionAttributeValues: values,
  };
}

function queryInput(tableName: string, query: TableQuery) {
  const index = query.index === undefined ? undefined : TABLE_DEFINITION.indexes[query.index];
  const [partition, sort] = index
    ? [index.partitionKey, index.sortKey]
    : [TABLE_DEFINITION.partitionKey, TABLE_DEFINITION.sortKey];
  const bound = query.prefix ?? query.beyond;
  const range = query.prefix === undefined ? `#sort ${query.descending ? '<' : '>'} :sort` : 'begins_with(#sort, :sort)';
  return {
    TableName: tableName,
    ...(index ? { IndexName: index.name } : { ConsistentRead: true }),
    KeyConditionExpression: `#partition = :partition${bound === undefined ? '' : ` AND ${range}`}`,
    ExpressionAttributeNames: {
      '#partition': partition,
      ...(bound === undefined ? {} : { '#sort': sort }),
      ...query.filter?.names,
    },
    ExpressionAttributeValues: {
      ':partition': query.partition,
      ...(bound === undefined ? {} : { ':sort': bound }),
      ...query.filter?.values,
    },
    ScanIndexForward: !query.descending,
    ...(query.filter ? { FilterExpression: query.filter.expression } : {}),
  };
}

/** Opens the table. Region, endpoint and credentials come from the environment unless a client is given. */
export function openTable(settings: TableSettings): Table {
  const TableName = settings.tableName;
  const backoff = settings.backoff ?? realBackoff;
  const client = settings.client ?? connectDynamo();
  const documents = documentsOf(client);

  async function get(key: TableKey): Promise<TableItem | undefined> {
    const answer = await atEdge('DynamoDB GetItem', () =>
      documents.send(new GetCommand({ TableName, Key: { pk: key.pk, sk: key.sk }, ConsistentRead: true })),
    );
    return answer.Item;
  }

  async function getPart(keys: readonly TableKey[], projection: object): Promise<TableItem[]> {
    const found: TableItem[] = [];
    await sendUntilDone('DynamoDB BatchGetItem', backoff, keys, async (left) => {
      const answer = await atEdge('DynamoDB BatchGetItem', () =>
        documents.send(
          new BatchGetCommand({
            RequestItems: { [TableName]: { Keys: left.map(({ pk, sk }) => ({ pk, sk })), ConsistentRead: true, ...projection } },
          }),
        ),
      );
      found.push(...(answer.Responses?.[TableName] ?? []));
      return (answer.UnprocessedKeys?.[TableName]?.Keys ?? []).map((key) => ({ pk: String(key['pk']), sk: String(key['sk']) }));
    });
    return found;
  }

  return {
    get,
    async getAll(keys, attributes) {
      const distinct = [...new Map(keys.map((key) => [`${key.pk}\n${key.sk}`, key])).values()];
      const names = Object.fromEntries((attributes ?? []).map((name, index) => [`#a${index}`, name]));
      const projection = attributes
        ? { ProjectionExpression: Object.keys(names).join(', '), ExpressionAttributeNames: names }
        : {};
      const parts = await inParallel(WIDTH, partsOf(distinct, 100), (part) => getPart(part, projection));
      return parts.flat();
    },
    put: (item, condition) =>
      ifMet(
        'DynamoDB PutItem',
        () => documents.send(new PutCommand({ TableName, Item: { ...item }, ...conditionInput(condition) })),
        async () => isSameItem(await get(item), item),
      ),
    async putAll(items) {
      const distinct = [...new Map(items.map((item) => [`${item.pk}\n${item.sk}`, item])).values()];
      await inParallel(WIDTH, partsOf(distinct, 25), (part) =>
        sendUntilDone('DynamoDB BatchWriteItem', backoff, part, async (left) => {
          const answer = await atEdge('DynamoDB BatchWriteItem', () =>
            documents.send(
              new BatchWriteCommand({ RequestItems: { [TableName]: left.map((Item) => ({ PutRequest: { Item } })) } }),
            ),
          );
          const undone = new Set(
            (answer.UnprocessedItems?.[TableName] ?? []).map(
              (one) => `${one.PutRequest?.Item?.['pk']}\n${one.PutRequest?.Item?.['sk']}`,
            ),
          );
          return left.filter((item) => undone.has(`${item.pk}\n${item.sk}`));
        }),
      );
    },
    update: (key, set, condition) =>
      ifMet(
        'DynamoDB UpdateItem',
        () => documents.send(new UpdateCommand({ TableName, Key: { pk: key.pk, sk: key.sk }, ...updateInput(set, condition) })),
        async () => holdsUpdate(await get(key), set),
      ),
    delete: (key, condition) =>
      ifMet(
        'DynamoDB DeleteItem',
        () => documents.send(new DeleteCommand({ TableName, Key: { pk: key.pk, sk: key.sk }, ...conditionInput(condition) })),
        async () => (await get(key)) === undefined,
      ),
    async *query(query) {
      const input = queryInput(TableName, query);
      let start: Record<string, unknown> | undefined;
      let Limit = query.pageSize;
      do {
        const ExclusiveStartKey = start;
        const page = { ...(Limit === undefined ? {} : { Limit }), ...(ExclusiveStartKey ? { ExclusiveStartKey } : {}) };
        const answer = await atEdge('DynamoDB Query', () => documents.send(new QueryCommand({ ...input, ...page })));
        yield* answer.Items ?? [];
        start = answer.LastEvaluatedKey;
        if (query.filter && Limit !== undefined) Limit *= WIDENING;
      } while (start !== undefined);
    },
  };
}

import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { PermanentError } from '../../ports/errors.ts';
import { connectDynamo, documentsOf } from './dynamo-client.ts';
import { atEdge } from './service-errors.ts';
import type { Condition, TableItem, TableSettings } from './table.ts';

/** Some items of the table; `next` is the place to go on after, absent at the end. */
export interface TablePage {
  readonly items: readonly TableItem[];
  readonly next?: string;
}

/**
 * Goes through the whole table page by page, for what a person starts: sealing anew, deleting what is past keeping. Nothing
 * else may look at the whole table, so this is no part of `Table` and only one function has the right to it.
 */
export interface TableWalk {
  /**
   * Looks at the next `limit` items at most and answers with those that meet the filter, in a fixed order, all items of a
   * partition side by side; strongly consistent. A page may be empty while `next` is given.
   */
  page(filter: Condition, after: string | undefined, limit: number): Promise<TablePage>;
}

/** Opens the table to be gone through. */
export function walkTable({ tableName, client }: Pick<TableSettings, 'tableName' | 'client'>): TableWalk {
  const documents = documentsOf(client ?? connectDynamo());
  return {
    async page({ expression, names, values }, after, limit) {
      const start = after === undefined ? undefined : keyAt(after);
      const { Items, LastEvaluatedKey } = await atEdge('DynamoDB Scan', () =>
        documents.send(
          new ScanCommand({
            TableName: tableName,
            ConsistentRead: true,
            Limit: limit,
            FilterExpression: expression,
            ...(names ? { ExpressionAttributeNames: { ...names } } : {}),
            ...(values ? { ExpressionAttributeValues: { ...values } } : {}),
            ...(start ? { ExclusiveStartKey: start } : {}),
          }),
        ),
      );
      const items = Items ?? [];
      return LastEvaluatedKey === undefined ? { items } : { items, next: placeOf(LastEvaluatedKey) };
    },
  };
}

/** The place of an item as text. */
export function placeOf(item: TableItem): string {
  return JSON.stringify([item['pk'], item['sk']]);
}

/** The key of a place. */
export function keyAt(place: string): { readonly pk: string; readonly sk: string } {
  const [pk, sk] = partsOf(place);
  if (typeof pk !== 'string' || typeof sk !== 'string') {
    throw new PermanentError('bad-cursor', '位置标记无效 / the place is not one of this store');
  }
  return { pk, sk };
}

function partsOf(place: string): readonly unknown[] {
  try {
    const parts: unknown = JSON.parse(place);
    return Array.isArray(parts) ? parts : [];
  } catch {
    return [];
  }
}

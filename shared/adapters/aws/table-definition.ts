/**
 * The one table, told once: the stack that creates it in the cloud and the tests that create it on a local server both
 * read it here. What the items look like is in README.md beside this file.
 */
export const TABLE_DEFINITION = {
  partitionKey: 'pk',
  sortKey: 'sk',
  indexes: {
    /** Worklists of warnings and of cases by due time, list of files, households by shard. */
    gsi1: {
      name: 'gsi1',
      partitionKey: 'gsi1pk',
      sortKey: 'gsi1sk',
      /** What the worklists filter on; the page itself is fetched from the table. */
      included: ['area', 'grade', 'family', 'assignee', 'light', 'departments'],
    },
    /** Names (keyed hash), the files of one feed, and cases by urgency. */
    gsi2: {
      name: 'gsi2',
      partitionKey: 'gsi2pk',
      sortKey: 'gsi2sk',
      included: ['area', 'assignee', 'light', 'departments'],
    },
  },
  /** The archive reads each item's `events` from the stream, so it needs the new image and nothing else. */
  streamView: 'NEW_IMAGE',
} as const;

interface KeyAttribute {
  AttributeName: string;
  KeyType: 'HASH' | 'RANGE';
}

function keySchema(partitionKey: string, sortKey: string): KeyAttribute[] {
  return [
    { AttributeName: partitionKey, KeyType: 'HASH' },
    { AttributeName: sortKey, KeyType: 'RANGE' },
  ];
}

/** The definition as CreateTable wants it: for local servers and first trials; the cloud's table is made by the stack. */
export function createTableInput(tableName: string) {
  const { partitionKey, sortKey, indexes } = TABLE_DEFINITION;
  const all = [indexes.gsi1, indexes.gsi2];
  const keyed = [partitionKey, sortKey, ...all.flatMap((index) => [index.partitionKey, index.sortKey])];
  return {
    TableName: tableName,
    BillingMode: 'PAY_PER_REQUEST' as const,
    AttributeDefinitions: keyed.map((name) => ({ AttributeName: name, AttributeType: 'S' as const })),
    KeySchema: keySchema(partitionKey, sortKey),
    GlobalSecondaryIndexes: all.map((index) => ({
      IndexName: index.name,
      KeySchema: keySchema(index.partitionKey, index.sortKey),
      Projection:
        index.included.length > 0
          ? { ProjectionType: 'INCLUDE' as const, NonKeyAttributes: [...index.included] }
          : { ProjectionType: 'KEYS_ONLY' as const },
    })),
    StreamSpecification: { StreamEnabled: true, StreamViewType: TABLE_DEFINITION.streamView },
  };
}

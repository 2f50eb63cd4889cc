import { BatchGetCommand, BatchWriteCommand, DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { openTable } from '../../../../shared/adapters/aws/table.ts';

const documents = mockClient(DynamoDBDocumentClient);
let waits: number[] = [];

beforeEach(() => {
  documents.reset();
  waits = [];
});

function table() {
  const backoff = {
    random: () => 0.5,
    sleep: async (ms: number) => {
      waits.push(ms);
    },
  };
  return openTable({ tableName: 'aidwatch', backoff });
}

function failure(name: string, status: number): Error {
  return Object.assign(new Error(`P#secret-person ${name}`), { name, $metadata: { httpStatusCode: status } });
}

const keys = ['a', 'b', 'c'].map((pk) => ({ pk, sk: 'S' }));

describe('batches that come back part done', () => {
  it('asks again for keys the service left out, and only for those', async () => {
    documents
      .on(BatchGetCommand)
      .resolvesOnce({
        Responses: { aidwatch: [{ pk: 'a', sk: 'S' }] },
        UnprocessedKeys: { aidwatch: { Keys: [keys[1] ?? {}, keys[2] ?? {}] } },
      })
      .resolvesOnce({
        Responses: { aidwatch: [{ pk: 'b', sk: 'S' }] },
        UnprocessedKeys: { aidwatch: { Keys: [keys[2] ?? {}] } },
      })
      .resolves({ Responses: { aidwatch: [{ pk: 'c', sk: 'S' }] } });
    const found = await table().getAll(keys);
    expect(found.map((item) => item['pk'])).toEqual(['a', 'b', 'c']);
    const asked = documents
      .commandCalls(BatchGetCommand)
      .map((call) => call.args[0].input.RequestItems?.['aidwatch']?.Keys?.length);
    expect(asked).toEqual([3, 2, 1]);
  });

  it('writes again what the service left out, waiting longer each time', async () => {
    const undone = (pk: string) => ({ UnprocessedItems: { aidwatch: [{ PutRequest: { Item: { pk, sk: 'S' } } }] } });
    documents.on(BatchWriteCommand).resolvesOnce(undone('b')).resolvesOnce(undone('b')).resolves({});
    await table().putAll(keys);
    const sent = documents.commandCalls(BatchWriteCommand).map((call) => call.args[0].input.RequestItems?.['aidwatch']?.length);
    expect(sent).toEqual([3, 1, 1]);
    expect(waits).toEqual([50, 100]);
  });

  it('gives up after ten rounds with an error that says to try again later', async () => {
    documents.on(BatchWriteCommand).callsFake((input) => ({ UnprocessedItems: input.RequestItems }));
    await expect(table().putAll(keys)).rejects.toMatchObject({ name: 'RetryLaterError' });
    expect(documents.commandCalls(BatchWriteCommand)).toHaveLength(10);
    expect(Math.max(...waits)).toBeLessThanOrEqual(5_000);
  });

  it('sends an item named twice once, as a batch may not name it twice', async () => {
    documents.on(BatchWriteCommand).resolves({});
    await table().putAll([...keys, ...keys]);
    expect(documents.commandCalls(BatchWriteCommand)[0]?.args[0].input.RequestItems?.['aidwatch']).toHaveLength(3);
  });
});

describe('errors of the service', () => {
  it.each([
    ['ProvisionedThroughputExceededException', 400, 'RetryLaterError'],
    ['ThrottlingException', 400, 'RetryLaterError'],
    ['InternalServerError', 500, 'RetryLaterError'],
    ['SomethingNew', 503, 'RetryLaterError'],
    ['ValidationException', 400, 'PermanentError'],
    ['AccessDeniedException', 400, 'PermanentError'],
    ['ResourceNotFoundException', 400, 'PermanentError'],
  ])('calls %s (%i) a %s and repeats nothing of its text', async (name, status, expected) => {
    documents.on(GetCommand).rejects(failure(name, status));
    const error: unknown = await table()
      .get({ pk: 'a', sk: 'S' })
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: expected });
    expect(String(error)).toContain(name);
    expect(String(error)).not.toContain('secret-person');
  });

  it('calls a lost connection something to try again', async () => {
    documents.on(GetCommand).rejects(Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }));
    await expect(table().get({ pk: 'a', sk: 'S' })).rejects.toMatchObject({ name: 'RetryLaterError' });
  });

  it('answers a condition that is not met with false instead of throwing', async () => {
    documents.on(PutCommand).rejects(failure('ConditionalCheckFailedException', 400));
    expect(await table().put({ pk: 'a', sk: 'S' }, { expression: 'attribute_not_exists(pk)' })).toBe(false);
  });

  it('lets a fault of our own through as it is', async () => {
    documents.on(GetCommand).rejects(new TypeError('ours'));
    await expect(table().get({ pk: 'a', sk: 'S' })).rejects.toThrow(TypeError);
  });
});

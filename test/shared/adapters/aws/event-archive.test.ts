import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import { describe, expect, it } from 'vitest';
import { chainOf, s3EventArchive } from '../../../../shared/adapters/aws/event-archive.ts';
import { EMPTY_CHAIN, extendChain } from '../../../../shared/audit/chain.ts';
import { householdEvent } from '../../../builders/standings.ts';
import { startTableServer } from '../../../wire/local-services.ts';

const ends = (n: number) => String(n).padStart(12, '0');
const segment = (first: number, before: number, after: number) => ({
  key: `events/${ends(first)}-${ends(before)}-${ends(after)}.jsonl`,
  first,
  before: ends(before),
  after: ends(after),
});
const head = (number: number, hash: number) => ({ number, hash: String(hash).padStart(64, '0') });

describe('the objects that make the chain', () => {
  it('are those that lead from the head back to the beginning, whatever lost races left beside them', () => {
    const [a, b, c] = [segment(1, 0, 11), segment(4, 11, 22), segment(6, 22, 33)];
    const strays = [segment(1, 0, 99), segment(4, 11, 98), segment(6, 22, 97), segment(9, 33, 44)];
    expect(chainOf([...strays, c, a, b], head(8, 33))).toEqual([a, b, c]);
  });

  it('are none for an empty archive', () => {
    expect(chainOf([], head(0, 0))).toEqual([]);
    expect(chainOf([segment(1, 0, 11)], head(0, 0))).toEqual([]);
  });

  it('show the gap of a removed object instead of closing it', () => {
    const [a, c] = [segment(1, 0, 11), segment(6, 22, 33)];
    expect(chainOf([a, c], head(8, 33)).map((one) => one.first)).toEqual([1, 6]);
  });
});

describe('an append after a crash between object and head', () => {
  it('finds the object there, writes it no second time and moves the head', async () => {
    const s3 = mockClient(S3Client);
    const exists = Object.assign(new Error('exists'), { name: 'PreconditionFailed', $metadata: { httpStatusCode: 412 } });
    s3.on(PutObjectCommand, { IfNoneMatch: '*' }).rejects(exists);
    const server = await startTableServer();
    const { table, client } = await server.newTable();
    const archive = s3EventArchive(new S3Client({ region: 'cn-north-1' }), 'archive', table);
    const entries = extendChain(EMPTY_CHAIN, [householdEvent(1, 1)]);
    const next = { number: 1, hash: entries[0]?.hash ?? '', positions: { shard: '1' } };
    expect(await archive.append(EMPTY_CHAIN, entries, next)).toBe(true);
    expect(await archive.head()).toEqual(next);
    client.destroy();
    await server.stop();
  });
});

import { describe, expect, it } from 'vitest';
import type { ObjectStore } from '../../shared/ports/object-store.ts';
import { collect, type SubjectMaker, withSubject } from './subject.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

async function readAll(store: ObjectStore, key: string): Promise<Uint8Array> {
  return new Uint8Array(Buffer.concat(await collect(store.read(key))));
}

/** What every ObjectStore promises. */
export function objectStoreContract(name: string, maker: SubjectMaker<ObjectStore>): void {
  describe(`object store: ${name}`, () => {
    it('gives back the bytes it was given', () =>
      withSubject(maker, async (store) => {
        const body = Uint8Array.from({ length: 70_000 }, (_, n) => (n * 7 + (n >> 8)) & 0xff);
        await store.write('inbox/a/b/2024-03/x.bin', body);
        expect(Buffer.compare(await readAll(store, 'inbox/a/b/2024-03/x.bin'), body)).toBe(0);
      }));

    it('takes bytes as a stream', () =>
      withSubject(maker, async (store) => {
        async function* parts() {
          for (let n = 0; n < 40; n += 1) yield new Uint8Array(50_000).fill(n);
        }
        await store.write('rejects/big.csv', parts());
        const body = await readAll(store, 'rejects/big.csv');
        expect(body.length).toBe(2_000_000);
        expect([body[0], body[49_999], body[50_000], body[1_999_999]]).toEqual([0, 0, 1, 39]);
      }));

    it('keeps an empty object', () =>
      withSubject(maker, async (store) => {
        await store.write('inbox/empty.csv', new Uint8Array(0));
        expect((await readAll(store, 'inbox/empty.csv')).length).toBe(0);
        expect((await store.info('inbox/empty.csv'))?.size).toBe(0);
      }));

    it('keeps nothing of a stream that breaks off', () =>
      withSubject(maker, async (store) => {
        async function* broken(): AsyncGenerator<Uint8Array> {
          yield bytes('half');
          throw new Error('connection lost');
        }
        await store.write('inbox/kept.csv', bytes('old'));
        await expect(store.write('inbox/kept.csv', broken())).rejects.toThrow('connection lost');
        await expect(store.write('inbox/new.csv', broken())).rejects.toThrow('connection lost');
        expect(Buffer.from(await readAll(store, 'inbox/kept.csv')).toString()).toBe('old');
        expect((await collect(store.list(''))).map((info) => info.key)).toEqual(['inbox/kept.csv']);
      }));

    it('takes keys with Chinese, blanks and signs that addresses treat specially', () =>
      withSubject(maker, async (store) => {
        const key = 'inbox/医保/2024-03/住院结算 (三月)+100%&#?=𠮷.csv';
        await store.write(key, bytes('ok'));
        expect((await store.info(key))?.key).toBe(key);
        expect((await collect(store.list('inbox/医保/'))).map((info) => info.key)).toEqual([key]);
        expect(Buffer.from(await readAll(store, key)).toString()).toBe('ok');
      }));

    it('tells size, time and version, and changes the version with the bytes', () =>
      withSubject(maker, async (store) => {
        await store.write('a.csv', bytes('one'));
        const first = await store.info('a.csv');
        expect(first).toMatchObject({ key: 'a.csv', size: 3, lastModified: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) });
        expect(await store.info('a.csv')).toEqual(first);
        await store.write('a.csv', bytes('two'));
        const second = await store.info('a.csv');
        expect(second?.version).not.toBe(first?.version);
        expect(await collect(store.list('a.csv'))).toEqual([second]);
        expect(Buffer.from(await readAll(store, 'a.csv')).toString()).toBe('two');
      }));

    it('says there is no such object', () =>
      withSubject(maker, async (store) => {
        await store.write('folder/a.csv', bytes('x'));
        for (const key of ['folder/b.csv', 'folder', 'folder/a.csv/b']) {
          expect(await store.info(key)).toBeUndefined();
          await expect(readAll(store, key)).rejects.toMatchObject({ name: 'NotFoundError' });
        }
      }));

    it('lists in key order what begins with a prefix, whether it ends in a folder or not', () =>
      withSubject(maker, async (store) => {
        const keys = ['a/b.csv', 'a-1.csv', 'a/b/c.csv', 'a/b-2.csv', 'b.csv', 'a/Z.csv', 'a/中.csv', 'a.csv'];
        for (const key of keys) await store.write(key, bytes(key));
        const listed = async (prefix: string) => (await collect(store.list(prefix))).map((info) => info.key);
        expect(await listed('')).toEqual([
          'a-1.csv',
          'a.csv',
          'a/Z.csv',
          'a/b-2.csv',
          'a/b.csv',
          'a/b/c.csv',
          'a/中.csv',
          'b.csv',
        ]);
        expect(await listed('a/b')).toEqual(['a/b-2.csv', 'a/b.csv', 'a/b/c.csv']);
        expect(await listed('a/b/')).toEqual(['a/b/c.csv']);
        expect(await listed('a/b.csv')).toEqual(['a/b.csv']);
        expect(await listed('nowhere/')).toEqual([]);
      }));

    it('shows simultaneous readers and writers whole objects only', () =>
      withSubject(maker, async (store) => {
        const body = (n: number) => new Uint8Array(300_000).fill(n);
        await store.write('shared.bin', body(0));
        const writes = [1, 2, 3].map((n) => store.write('shared.bin', body(n)));
        const reads = await Promise.all(Array.from({ length: 6 }, () => readAll(store, 'shared.bin')));
        await Promise.all(writes);
        for (const seen of [...reads, await readAll(store, 'shared.bin')]) {
          expect(seen.length).toBe(300_000);
          expect(new Set(seen).size).toBe(1);
        }
      }));
  });
}

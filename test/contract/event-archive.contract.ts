import { describe, expect, it } from 'vitest';
import type { ArchiveEntry, ChainHead, EventArchive } from '../../shared/ports/event-log.ts';
import { contentHash } from '../builders/files.ts';
import { householdEvent } from '../builders/standings.ts';
import { collect, type SubjectMaker, withSubject } from './subject.ts';

function entries(first: number, count: number): ArchiveEntry[] {
  return Array.from({ length: count }, (_, n) => ({
    number: first + n,
    event: { ...householdEvent(first + n, 1), data: { note: `第 ${first + n} 条\n"引号" 𠮷`, none: null } },
    hash: contentHash(first + n),
  }));
}

function headAfter(list: readonly ArchiveEntry[], positions: Record<string, string>): ChainHead {
  const last = list.at(-1);
  return { number: last?.number ?? 0, hash: last?.hash ?? '', positions };
}

/** What every EventArchive promises. The hashes here are invented: an archive keeps them, the chain makes them. */
export function eventArchiveContract(name: string, maker: SubjectMaker<EventArchive>): void {
  const read = async (archive: EventArchive) => (await collect(archive.lines())).map((line) => JSON.parse(line.text) as unknown);

  describe(`event archive: ${name}`, () => {
    it('begins empty, before number 1', () =>
      withSubject(maker, async (archive) => {
        expect(await archive.head()).toMatchObject({ number: 0, positions: {} });
        expect(await collect(archive.lines())).toEqual([]);
      }));

    it('gives the entries back in order, one to a line, with where each stands', () =>
      withSubject(maker, async (archive) => {
        const first = entries(1, 3);
        const second = entries(4, 2);
        const head = headAfter(first, { outbox: '3' });
        expect(await archive.append(await archive.head(), first, head)).toBe(true);
        expect(await archive.append(head, second, headAfter(second, { outbox: '5' }))).toBe(true);
        expect(await read(archive)).toEqual([...first, ...second]);
        const places = (await collect(archive.lines())).map((line) => line.where);
        expect(new Set(places).size).toBe(5);
        for (const line of await collect(archive.lines())) expect(line.text).not.toContain('\n');
      }));

    it('remembers the head with the positions of its sources', () =>
      withSubject(maker, async (archive) => {
        const list = entries(1, 2);
        const head = headAfter(list, {
          'shard-0001': '49590338271490256608559692538361571095921575989136588898',
          'shard-2': '7',
        });
        await archive.append(await archive.head(), list, head);
        expect(await archive.head()).toEqual(head);
      }));

    it('adds nothing when the head has moved', () =>
      withSubject(maker, async (archive) => {
        const empty = await archive.head();
        const list = entries(1, 2);
        await archive.append(empty, list, headAfter(list, { outbox: '2' }));
        const late = entries(1, 1);
        expect(await archive.append(empty, late, headAfter(late, { outbox: '1' }))).toBe(false);
        expect(await archive.head()).toEqual(headAfter(list, { outbox: '2' }));
        expect(await read(archive)).toEqual(list);
      }));

    it('lets exactly one of simultaneous appends through', () =>
      withSubject(maker, async (archive) => {
        const empty = await archive.head();
        const offers = [1, 2, 3, 4].map((count) => entries(1, count));
        const done = await Promise.all(
          offers.map((list) => archive.append(empty, list, headAfter(list, { by: String(list.length) }))),
        );
        expect(done.filter(Boolean)).toHaveLength(1);
        expect(await read(archive)).toEqual(offers[done.indexOf(true)]);
      }));

    it('moves only the positions when there is nothing to add', () =>
      withSubject(maker, async (archive) => {
        const empty = await archive.head();
        expect(await archive.append(empty, [], { ...empty, positions: { outbox: '9' } })).toBe(true);
        expect(await archive.head()).toEqual({ ...empty, positions: { outbox: '9' } });
        expect(await collect(archive.lines())).toEqual([]);
      }));

    it('keeps order over many appends', () =>
      withSubject(maker, async (archive) => {
        let head = await archive.head();
        for (let n = 0; n < 13; n += 1) {
          const list = entries(n * 9 + 1, 9);
          const next = headAfter(list, { outbox: String(n) });
          expect(await archive.append(head, list, next)).toBe(true);
          head = next;
        }
        expect(await read(archive)).toEqual(entries(1, 117));
      }));
  });
}

import { describe, expect, it } from 'vitest';
import { dayAfter, readRoot, rootOf } from '../../shared/audit/daily-root.ts';
import type { PlainDate } from '../../shared/calendar/plain-date.ts';
import type { ArchiveEntry, ChainHead, EventArchive } from '../../shared/ports/event-log.ts';
import { ARCHIVE_DAY, archiveLines, FIRST_DAY } from '../builders/archive.ts';
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
  return { number: last?.number ?? 0, hash: last?.hash ?? '', positions, open: FIRST_DAY.open };
}

/** Opens the first day of an empty archive. */
async function opened(archive: EventArchive): Promise<ChainHead> {
  expect(await archive.turn(await archive.head(), FIRST_DAY)).toBe(true);
  return archive.head();
}

async function partsOf(archive: EventArchive): Promise<string[]> {
  const names: string[] = [];
  for await (const { name } of archive.parts()) names.push(name);
  return names;
}

/** What every EventArchive promises. The hashes here are invented: an archive keeps them, the chain makes them. */
export function eventArchiveContract(name: string, maker: SubjectMaker<EventArchive>): void {
  const read = async (archive: EventArchive) => (await collect(archiveLines(archive))).map((line) => JSON.parse(line) as unknown);

  describe(`event archive: ${name}`, () => {
    it('begins empty, before number 1', () =>
      withSubject(maker, async (archive) => {
        expect(await archive.head()).toMatchObject({ number: 0, positions: {} });
        expect(await collect(archiveLines(archive))).toEqual([]);
      }));

    it('gives the entries back in order, one to a line, in files of their day', () =>
      withSubject(maker, async (archive) => {
        const first = entries(1, 3);
        const second = entries(4, 2);
        const head = headAfter(first, { outbox: '3' });
        expect(await archive.append(await opened(archive), first, head)).toBe(true);
        expect(await archive.append(head, second, headAfter(second, { outbox: '5' }))).toBe(true);
        expect(await read(archive)).toEqual([...first, ...second]);
        for (const name of await partsOf(archive)) expect(name).toMatch(/^day=2024-03-15\/events-0000000000\d\d\.jsonl\.zst$/);
      }));

    it('remembers the head with the positions of its sources', () =>
      withSubject(maker, async (archive) => {
        const list = entries(1, 2);
        const head = headAfter(list, {
          'shard-0001': '49590338271490256608559692538361571095921575989136588898',
          'shard-2': '7',
        });
        await archive.append(await opened(archive), list, head);
        expect(await archive.head()).toEqual(head);
      }));

    it('adds nothing when the head has moved', () =>
      withSubject(maker, async (archive) => {
        const empty = await opened(archive);
        const list = entries(1, 2);
        await archive.append(empty, list, headAfter(list, { outbox: '2' }));
        const late = entries(1, 1);
        expect(await archive.append(empty, late, headAfter(late, { outbox: '1' }))).toBe(false);
        expect(await archive.head()).toEqual(headAfter(list, { outbox: '2' }));
        expect(await read(archive)).toEqual(list);
      }));

    it('lets exactly one of simultaneous appends through', () =>
      withSubject(maker, async (archive) => {
        const empty = await opened(archive);
        const offers = [1, 2, 3, 4].map((count) => entries(1, count));
        const done = await Promise.all(
          offers.map((list) => archive.append(empty, list, headAfter(list, { by: String(list.length) }))),
        );
        expect(done.filter(Boolean)).toHaveLength(1);
        expect(await read(archive)).toEqual(offers[done.indexOf(true)]);
      }));

    it('moves only the positions when there is nothing to add', () =>
      withSubject(maker, async (archive) => {
        const empty = await opened(archive);
        expect(await archive.append(empty, [], { ...empty, positions: { outbox: '9' } })).toBe(true);
        expect(await archive.head()).toEqual({ ...empty, positions: { outbox: '9' } });
        expect(await collect(archiveLines(archive))).toEqual([]);
      }));

    it('ends a day with its root and goes on in the next, and a day without events ends without one', () =>
      withSubject(maker, async (archive) => {
        const list = entries(1, 3);
        const friday = headAfter(list, { outbox: '3' });
        await archive.append(await opened(archive), list, friday);
        const saturday = { ...friday, open: dayAfter(friday, '2024-03-16' as PlainDate) };
        expect(await archive.turn(friday, saturday)).toBe(true);
        expect(await archive.head()).toEqual(saturday);
        const monday = { ...saturday, open: dayAfter(saturday, '2024-03-18' as PlainDate) };
        expect(await archive.turn(saturday, monday)).toBe(true);
        const more = entries(4, 2);
        expect(await archive.append(monday, more, { ...headAfter(more, { outbox: '5' }), open: monday.open })).toBe(true);

        expect(await read(archive)).toEqual([...list, ...more]);
        const roots = await collect(archive.roots());
        expect(roots.map(({ day, where, text }) => [day, where, readRoot(text)])).toEqual([
          ['2024-03-15', 'roots/2024-03-15.json', rootOf(friday)],
        ]);
        expect(await collect(archive.roots({ from: '2024-03-16' as PlainDate }))).toEqual([]);
        expect(await collect(archive.roots({ to: '2024-03-14' as PlainDate }))).toEqual([]);
        expect(await collect(archive.roots({ from: ARCHIVE_DAY, to: ARCHIVE_DAY }))).toHaveLength(1);
      }));

    it('lets exactly one of an append and an end of the day through', () =>
      withSubject(maker, async (archive) => {
        const head = await opened(archive);
        const list = entries(1, 2);
        const next = { ...head, open: dayAfter(head, '2024-03-16' as PlainDate) };
        const done = await Promise.all([archive.append(head, list, headAfter(list, { by: 'one' })), archive.turn(head, next)]);
        expect(done.filter(Boolean)).toHaveLength(1);
        expect(await read(archive)).toEqual(done[0] ? list : []);
        expect((await archive.head()).open?.day).toBe(done[0] ? ARCHIVE_DAY : '2024-03-16');
      }));

    it('keeps order over many appends', () =>
      withSubject(maker, async (archive) => {
        let head = await opened(archive);
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

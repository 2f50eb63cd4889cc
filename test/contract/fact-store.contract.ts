import { describe, expect, it } from 'vitest';
import type { DomainEvent } from '../../shared/audit/event.ts';
import type { FactChunk } from '../../shared/facts/fact.ts';
import type { FactStore } from '../../shared/ports/fact-store.ts';
import { factChunk, factRow, feedId, fileId, fileSequence, personKey } from '../builders/facts.ts';
import { type SubjectMaker, withSubject } from './subject.ts';

const byKey = (a: FactChunk, b: FactChunk) =>
  `${a.feed}|${a.seq}|${a.rows[0]?.row}` < `${b.feed}|${b.seq}|${b.rows[0]?.row}` ? -1 : 1;

/** The chunks events tell of, as person, first row and number of rows: however many an event tells of, each once. */
function chunksTold(events: readonly DomainEvent[]): string[] {
  return events.flatMap(({ data }) => (data['chunks'] as unknown[][]).map((chunk) => chunk.join(' '))).sort();
}

const told = (chunks: readonly FactChunk[]) =>
  chunks.map(({ person, rows }) => `${person} ${rows[0]?.row} ${rows.length}`).sort();

/** What every FactStore promises. */
export function factStoreContract(name: string, maker: SubjectMaker<FactStore>): void {
  describe(`fact store: ${name}`, () => {
    it('gives back a chunk exactly as it was appended', () =>
      withSubject(maker, async (store) => {
        const chunk = factChunk({
          rows: [
            factRow(),
            factRow({
              row: 9,
              key: '𠮷|键',
              reversal: true,
              areaAssumed: true,
              sealed: 'c2VhbGVk',
              fields: { hospital: '郑州𠮷大医院', n: -1 },
            }),
          ],
        });
        await store.append([chunk]);
        expect(await store.ofPersons([chunk.person])).toEqual(new Map([[chunk.person, [chunk]]]));
      }));

    it('answers with every chunk of the people concerned: those it held and those it was given', () =>
      withSubject(maker, async (store) => {
        const [first, second] = [factChunk(), factChunk({ seq: fileSequence(2) })];
        const neighbour = factChunk({ person: personKey(2) });
        expect(await store.append([first, neighbour])).toEqual(await store.ofPersons([personKey(1), personKey(2)]));
        const answer = await store.append([second, { ...first, rows: [factRow({ content: 'changed by mistake' })] }]);
        expect([...answer.keys()]).toEqual([personKey(1)]);
        expect([...(answer.get(personKey(1)) ?? [])].sort(byKey)).toEqual([first, second].sort(byKey));
      }));

    it('tells of each chunk in an event of its file', () =>
      withSubject(maker, async (store, subject) => {
        const chunk = factChunk({ rows: [factRow(), factRow({ row: 5, key: 'other' })] });
        await store.append([chunk]);
        const events = await subject.events();
        expect(events).toHaveLength(1);
        expect(events[0]).toMatchObject({
          type: 'facts.recorded',
          at: chunk.recordedAt,
          actor: 'system',
          subject: { file: chunk.file },
          data: { feed: chunk.feed, chunks: [[chunk.person, 4, 2]] },
        });
        expect(events[0]?.id).toMatch(/^[0-9a-f]{32}$/);
        expect(events[0]?.data['digest']).toMatch(/^[0-9a-f]{64}$/);
      }));

    it('never tells of two files in one event', () =>
      withSubject(maker, async (store, subject) => {
        const other = { file: fileId(2), seq: fileSequence(2) };
        await store.append([
          factChunk({ person: personKey(1) }),
          factChunk({ person: personKey(1), ...other }),
          factChunk({ person: personKey(2) }),
          factChunk({ person: personKey(2), ...other }),
        ]);
        const events = await subject.events();
        const of = (file: string) => chunksTold(events.filter((event) => event.subject['file'] === file));
        for (const file of [fileId(1), fileId(2)]) {
          expect(of(file)).toEqual([`${personKey(1)} 4 1`, `${personKey(2)} 4 1`].sort());
        }
      }));

    it('tells only of what is new when some of it was there', () =>
      withSubject(maker, async (store, subject) => {
        const people = [1, 2, 3, 4].map((n) => factChunk({ person: personKey(n) }));
        await store.append(people.slice(0, 2));
        await store.append(people);
        expect(chunksTold(await subject.events())).toEqual(told(people));
        expect(new Set((await subject.events()).map((event) => event.id)).size).toBe((await subject.events()).length);
      }));

    it('leaves a chunk that is already there as it is, without a second event', () =>
      withSubject(maker, async (store, subject) => {
        const chunk = factChunk();
        await store.append([chunk]);
        await store.append([{ ...chunk, rows: [factRow({ content: 'changed by mistake' })] }]);
        await store.append([chunk]);
        expect((await store.ofPersons([chunk.person])).get(chunk.person)).toEqual([chunk]);
        expect(await subject.events()).toHaveLength(1);
      }));

    it('keeps a chunk named twice in one call once', () =>
      withSubject(maker, async (store, subject) => {
        await store.append([factChunk(), factChunk()]);
        expect((await store.ofPersons([personKey(1)])).get(personKey(1))).toHaveLength(1);
        expect(await subject.events()).toHaveLength(1);
      }));

    it('keeps one of two simultaneous appends of the same chunk', () =>
      withSubject(maker, async (store, subject) => {
        await Promise.all([store.append([factChunk()]), store.append([factChunk()])]);
        expect((await store.ofPersons([personKey(1)])).get(personKey(1))).toHaveLength(1);
        expect(await subject.events()).toHaveLength(1);
      }));

    it('tells chunks apart by feed, sequence and first row', () =>
      withSubject(maker, async (store, subject) => {
        const chunks = [
          factChunk(),
          factChunk({ feed: feedId('education/enrolment') }),
          factChunk({ seq: fileSequence(2) }),
          factChunk({ rows: [factRow({ row: 400 })] }),
        ];
        await store.append(chunks);
        const found = (await store.ofPersons([personKey(1)])).get(personKey(1)) ?? [];
        expect([...found].sort(byKey)).toEqual([...chunks].sort(byKey));
        const events = await subject.events();
        expect(chunksTold(events)).toEqual(told(chunks));
        expect(new Set(events.map((event) => event.id)).size).toBe(events.length);
      }));

    it('keeps people apart and says nothing of people without facts', () =>
      withSubject(maker, async (store) => {
        await store.append([factChunk({ person: personKey(1) }), factChunk({ person: personKey(2) })]);
        const found = await store.ofPersons([personKey(2), personKey(3)]);
        expect(found.get(personKey(2))).toEqual([factChunk({ person: personKey(2) })]);
        expect(found.get(personKey(3)) ?? []).toEqual([]);
        expect(found.has(personKey(1))).toBe(false);
      }));

    it('answers each person once when asked for the same person twice', () =>
      withSubject(maker, async (store) => {
        await store.append([factChunk()]);
        expect((await store.ofPersons([personKey(1), personKey(1)])).get(personKey(1))).toHaveLength(1);
      }));

    it('takes nothing and gives nothing for empty lists', () =>
      withSubject(maker, async (store, subject) => {
        expect(await store.append([])).toEqual(new Map());
        expect(await store.ofPersons([])).toEqual(new Map());
        expect(await subject.events()).toEqual([]);
      }));

    it('takes and gives more chunks than one batch of any store holds', () =>
      withSubject(maker, async (store, subject) => {
        const chunks = Array.from({ length: 600 }, (_, n) => factChunk({ person: personKey(n) }));
        await store.append(chunks);
        const found = await store.ofPersons(chunks.map((chunk) => chunk.person));
        expect(found.size).toBe(600);
        for (const chunk of chunks) expect(found.get(chunk.person)).toEqual([chunk]);
        expect(chunksTold(await subject.events())).toEqual(told(chunks));
      }));

    it('holds a person with many and large chunks', () =>
      withSubject(maker, async (store) => {
        const rows = (first: number) =>
          Array.from({ length: 300 }, (_, n) =>
            factRow({ row: first + n, key: `key-${n}`, fields: { hospital: '医院'.repeat(60), n } }),
          );
        const chunks = Array.from({ length: 12 }, (_, n) => factChunk({ seq: fileSequence(n), rows: rows(n * 300 + 1) }));
        for (const chunk of chunks) await store.append([chunk]);
        const found = (await store.ofPersons([personKey(1)])).get(personKey(1)) ?? [];
        expect([...found].sort(byKey)).toEqual([...chunks].sort(byKey));
      }));
  });
}

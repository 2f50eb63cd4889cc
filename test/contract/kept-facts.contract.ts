import { describe, expect, it } from 'vitest';
import type { PlainDate } from '../../shared/calendar/plain-date.ts';
import type { DeletedRows, FactChunk } from '../../shared/facts/fact.ts';
import type { FactStore } from '../../shared/ports/fact-store.ts';
import type { HouseholdRegistry } from '../../shared/ports/household-registry.ts';
import type { ChangedChunk, KeptFacts } from '../../shared/ports/kept-facts.ts';
import type { SealedRecord, SealedTexts } from '../../shared/ports/sealed-texts.ts';
import { factChunk, factRow, fileSequence, instant, personKey } from '../builders/facts.ts';
import { membership, registration } from '../builders/registrations.ts';
import { type SubjectMaker, withSubject } from './subject.ts';

interface Stores {
  readonly facts: FactStore;
  readonly registry: HouseholdRegistry;
  readonly keptFacts: KeptFacts;
  readonly sealed: SealedTexts;
}

const under = [{ on: '2024-06-30' as PlainDate, before: '2021-06-30' as PlainDate, certificate: 'c'.repeat(32) }];

/** The chunk with a mark in place of its rows under some keys. */
function marked(before: FactChunk, keys: readonly string[], place?: DeletedRows['place']): ChangedChunk {
  const deleted: DeletedRows = { firstRow: before.rows[0]?.row ?? 0, keys, under, ...(place === undefined ? {} : { place }) };
  return { before, after: { ...before, rows: before.rows.filter(({ key }) => !keys.includes(key)), deleted } };
}

/** What every KeptFacts promises of the facts beside it. */
export function keptFactsContract(name: string, maker: SubjectMaker<Stores>): void {
  describe(`kept facts: ${name}`, () => {
    it('name everybody who was ever placed once, whatever the page', () =>
      withSubject(maker, async ({ registry, keptFacts }) => {
        const people = Array.from({ length: 23 }, (_, n) => personKey(n));
        await registry.register(
          people.map((_, n) => registration(n, 1, [membership(n % 5)])),
          instant(),
        );
        const found: string[] = [];
        let after: string | undefined;
        do {
          const page = await keptFacts.people(after, 4);
          found.push(...page.people);
          after = page.next;
        } while (after !== undefined);
        expect(found.toSorted()).toEqual(people.toSorted());
      }));

    it('put a mark in place of rows and leave the others, without an event', () =>
      withSubject(maker, async ({ facts, keptFacts }, subject) => {
        const chunk = factChunk({
          rows: [factRow({ row: 2, key: 'a', sealed: 's' }), factRow({ row: 3, key: 'b', sealed: 't' })],
        });
        const other = factChunk({ person: personKey(2) });
        await facts.append([chunk, other]);
        const told = await subject.events();
        const change = marked(chunk, ['a'], { area: '410322104201', areaAssumed: true, seq: fileSequence(1) });
        expect(await keptFacts.replace([[change], [marked(other, ['a1b2c3d4e5f60718'])]])).toEqual([true, true]);
        const stored = await facts.ofPersons([personKey(1), personKey(2)]);
        expect(stored.get(personKey(1))).toEqual([change.after]);
        expect(stored.get(personKey(2))?.[0]?.rows).toEqual([]);
        expect(await subject.events()).toEqual(told);
      }));

    it('mark chunks as they are read back, in whatever order their rows were written', () =>
      withSubject(maker, async ({ facts, keptFacts }) => {
        const { content, key, ...rest } = factRow();
        await facts.append([factChunk({ rows: [{ content, ...rest, sealed: 's', key }] })]);
        const read = (await facts.ofPersons([personKey(1)])).get(personKey(1)) ?? [];
        expect(await keptFacts.replace([read.map((chunk) => marked(chunk, [key]))])).toEqual([true]);
        expect((await facts.ofPersons([personKey(1)])).get(personKey(1))?.[0]?.rows).toEqual([]);
      }));

    it('know a chunk that comes again by its mark: nothing comes back and nothing is told anew', () =>
      withSubject(maker, async ({ facts, keptFacts }, subject) => {
        const [first, second] = [factChunk(), factChunk({ seq: fileSequence(2), rows: [factRow({ row: 7 })] })];
        await facts.append([first, second]);
        const told = await subject.events();
        const changes = [second, first].map((chunk) => marked(chunk, [factRow().key]));
        expect(await keptFacts.replace([changes])).toEqual([true]);
        const again = (await facts.append([first, second])).get(personKey(1)) ?? [];
        expect(again.map(({ seq, rows }) => [seq, rows.length]).sort()).toEqual([
          [fileSequence(1), 0],
          [fileSequence(2), 0],
        ]);
        expect(await subject.events()).toEqual(told);
      }));

    it('leave a chunk alone that was sealed anew meanwhile, and say so', () =>
      withSubject(maker, async ({ facts, keptFacts, sealed }) => {
        const chunk = factChunk({ rows: [factRow({ row: 2, key: 'a', sealed: 's' })] });
        await facts.append([chunk]);
        await sealed.replace(
          (await everySealed(sealed)).map((record) => ({ record, texts: record.texts.map((text) => `2:${text}`) })),
        );
        expect(await keptFacts.replace([[marked(chunk, ['a'])]])).toEqual([false]);
        expect((await facts.ofPersons([personKey(1)])).get(personKey(1))?.[0]?.rows[0]?.sealed).toBe('2:s');
      }));

    it('mark a chunk of very many rows as a short one, twice', () =>
      withSubject(maker, async ({ facts, keptFacts }) => {
        const rows = Array.from({ length: 120 }, (_, n) => factRow({ row: n + 2, key: `k${n}` }));
        const chunk = factChunk({ rows });
        await facts.append([chunk]);
        const first = marked(
          chunk,
          rows.slice(0, 60).map(({ key }) => key),
        );
        expect(await keptFacts.replace([[first]])).toEqual([true]);
        const keys = rows.map(({ key }) => key);
        const second = { before: first.after, after: { ...first.after, rows: [], deleted: { firstRow: 2, keys, under } } };
        expect(await keptFacts.replace([[second]])).toEqual([true]);
        expect((await facts.ofPersons([personKey(1)])).get(personKey(1))).toEqual([second.after]);
        expect(await keptFacts.replace([])).toEqual([]);
      }));
  });
}

async function everySealed(sealed: SealedTexts) {
  const found: SealedRecord[] = [];
  let after: string | undefined;
  do {
    const page = await sealed.page(after, 50);
    found.push(...page.records);
    after = page.next;
  } while (after !== undefined);
  return found;
}

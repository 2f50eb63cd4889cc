import { describe, expect, it } from 'vitest';
import type { FactStore } from '../../shared/ports/fact-store.ts';
import type { IdentityVault } from '../../shared/ports/identity-vault.ts';
import type { SealedRecord, SealedTexts } from '../../shared/ports/sealed-texts.ts';
import { factChunk, factRow, fileSequence, personKey } from '../builders/facts.ts';
import { type SubjectMaker, withSubject } from './subject.ts';

interface Stores {
  readonly vault: IdentityVault;
  readonly facts: FactStore;
  readonly sealed: SealedTexts;
}

async function everything(sealed: SealedTexts, limit = 3): Promise<readonly SealedRecord[]> {
  const found: SealedRecord[] = [];
  let after: string | undefined;
  do {
    const page = await sealed.page(after, limit);
    found.push(...page.records);
    after = page.next;
  } while (after !== undefined);
  return found;
}

const anew = (record: SealedRecord) => ({ record, texts: record.texts.map((text) => `2:${text}`) });

/** What every SealedTexts promises of the vault and the facts beside it. */
export function sealedTextsContract(name: string, maker: SubjectMaker<Stores>): void {
  const identity = (n: number, sealed: string, seq = 1) => ({
    person: personKey(n),
    nameKey: `n${n}`,
    sealed,
    seq: fileSequence(seq),
  });

  describe(`sealed texts: ${name}`, () => {
    it('go through every identity and every sealed field once, whatever the page', () =>
      withSubject(maker, async ({ vault, facts, sealed }) => {
        await vault.put(Array.from({ length: 7 }, (_, n) => identity(n, `id${n}`)));
        await facts.append([
          factChunk({
            person: personKey(1),
            rows: [factRow({ row: 2, sealed: 'a' }), factRow({ row: 3 }), factRow({ row: 4, sealed: 'b' })],
          }),
          factChunk({ person: personKey(2), rows: [factRow({ row: 5 })] }),
        ]);
        const texts = (await everything(sealed)).flatMap((record) => record.texts.map((text) => `${record.person} ${text}`));
        const expected = [
          ...Array.from({ length: 7 }, (_, n) => `${personKey(n)} id${n}`),
          `${personKey(1)} a`,
          `${personKey(1)} b`,
        ];
        expect(texts.toSorted()).toEqual(expected.toSorted());
      }));

    it('replace what they read, and nothing else of a fact, without an event', () =>
      withSubject(maker, async ({ vault, facts, sealed }, subject) => {
        const chunk = factChunk({ person: personKey(1), rows: [factRow({ row: 2, sealed: 'a' }), factRow({ row: 3 })] });
        await vault.put([identity(1, 'one')]);
        await facts.append([chunk]);
        const events = (await subject.events()).length;
        const records = await everything(sealed);
        expect(await sealed.replace(records.map(anew))).toBe(2);
        expect((await vault.get([personKey(1)])).get(personKey(1))?.sealed).toBe('2:one');
        const [first, ...others] = chunk.rows;
        expect((await facts.ofPersons([personKey(1)])).get(personKey(1))).toEqual([
          { ...chunk, rows: [{ ...first, sealed: '2:a' }, ...others] },
        ]);
        expect(await subject.events()).toHaveLength(events);
      }));

    it('replace in a chunk of very many rows as in a short one', () =>
      withSubject(maker, async ({ facts, sealed }) => {
        const rows = Array.from({ length: 60 }, (_, n) => factRow({ row: n + 2, key: `k${n}`, sealed: `s${n}` }));
        const chunk = factChunk({ person: personKey(1), rows });
        await facts.append([chunk]);
        expect(await sealed.replace((await everything(sealed)).map(anew))).toBe(1);
        expect((await facts.ofPersons([personKey(1)])).get(personKey(1))).toEqual([
          { ...chunk, rows: rows.map((row) => ({ ...row, sealed: `2:${row.sealed}` })) },
        ]);
      }));

    it('leave alone what somebody changed meanwhile', () =>
      withSubject(maker, async ({ vault, sealed }) => {
        await vault.put([identity(1, 'one')]);
        const records = await everything(sealed);
        await vault.put([identity(1, 'newer', 2)]);
        expect(await sealed.replace(records.map(anew))).toBe(0);
        expect((await vault.get([personKey(1)])).get(personKey(1))?.sealed).toBe('newer');
      }));

    it('have nothing where there is nothing', () =>
      withSubject(maker, async ({ sealed }) => {
        expect(await everything(sealed)).toEqual([]);
        expect(await sealed.replace([])).toBe(0);
      }));
  });
}

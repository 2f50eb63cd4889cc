import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PlainDate } from '../../../shared/calendar/plain-date.ts';
import { catalog } from '../../../shared/catalog/index.ts';
import type { FactChunk, FactRow } from '../../../shared/facts/fact.ts';
import { countKnownRows, foldFacts } from '../../../shared/facts/fold.ts';
import { factChunk, factRow, feedId, fileId, fileSequence, instant } from '../../builders/facts.ts';

function bill(row: number, key: string, selfPaid: number, changes: Partial<FactRow> = {}): FactRow {
  const fields = { totalCost: selfPaid * 2, selfPaid };
  return factRow({ row, key, fields, content: `${key}:${selfPaid}:${changes.reversal ?? false}`, ...changes });
}

function file(n: number, rows: readonly FactRow[], changes: Partial<FactChunk> = {}): FactChunk {
  return factChunk({ file: fileId(n), seq: fileSequence(n), recordedAt: instant(n), rows, ...changes });
}

const selfPaid = (chunks: readonly FactChunk[]) => foldFacts(chunks, catalog).map((fact) => fact.fields['selfPaid']);

describe('folding a person’s facts', () => {
  it('takes the latest file’s word on a key', () => {
    expect(selfPaid([file(2, [bill(4, 'a', 700_000)]), file(1, [bill(9, 'a', 500_000)])])).toEqual([700_000]);
  });

  it('keeps different keys apart', () => {
    expect(selfPaid([file(1, [bill(4, 'a', 1), bill(5, 'b', 2)])])).toEqual([1, 2]);
  });

  it('names the first file that said so as evidence when later files repeat it', () => {
    const [fact] = foldFacts([file(3, [bill(2, 'a', 5)]), file(1, [bill(8, 'a', 5)]), file(2, [bill(4, 'a', 5)])], catalog);
    expect([fact?.file, fact?.row]).toEqual([fileId(1), 8]);
  });

  it('names the correcting file when the content changed', () => {
    const [fact] = foldFacts([file(1, [bill(8, 'a', 5)]), file(2, [bill(4, 'a', 6)])], catalog);
    expect([fact?.file, fact?.row]).toEqual([fileId(2), 4]);
  });

  it('names the latest list for a snapshot row, since being listed is what it states', () => {
    const feed = feedId('medical-insurance/enrolment');
    const [fact] = foldFacts([file(1, [bill(8, 'a', 5)], { feed }), file(2, [bill(4, 'a', 5)], { feed })], catalog);
    expect(fact?.file).toBe(fileId(2));
  });

  it('drops a settlement that a reversal of the same amount takes back', () => {
    expect(selfPaid([file(1, [bill(4, 'a', 500_000)]), file(2, [bill(4, 'a', -500_000, { reversal: true })])])).toEqual([]);
  });

  it('drops it too when the reversal states the amount without a minus or comes first in the same file', () => {
    expect(selfPaid([file(1, [bill(4, 'a', 500_000, { reversal: true }), bill(5, 'a', 500_000)])])).toEqual([]);
  });

  it('keeps what is left after a refund of a part', () => {
    expect(selfPaid([file(1, [bill(4, 'a', 500_000)]), file(2, [bill(4, 'a', -200_000, { reversal: true })])])).toEqual([
      300_000,
    ]);
  });

  it('counts a reversal told by two cumulative files once', () => {
    const back = bill(4, 'a', -200_000, { reversal: true });
    expect(selfPaid([file(1, [bill(4, 'a', 500_000)]), file(2, [back]), file(3, [bill(3, 'a', 500_000), back])])).toEqual([
      300_000,
    ]);
  });

  it('counts a settlement anew when it is settled again after its reversal', () => {
    const chunks = [file(1, [bill(4, 'a', 5)]), file(2, [bill(4, 'a', -5, { reversal: true })]), file(3, [bill(4, 'a', 3)])];
    expect(selfPaid(chunks)).toEqual([3]);
  });

  it('takes a reversal of a row nobody sent as money that came back', () => {
    expect(selfPaid([file(1, [bill(4, 'x', 500_000, { reversal: true })])])).toEqual([-500_000]);
  });

  it('tells what was known on a day by leaving out what was recorded later', () => {
    const chunks = [file(1, [bill(4, 'a', 5)]), file(2, [bill(4, 'a', 6)])];
    expect(foldFacts(chunks, catalog, instant(1)).map((fact) => fact.fields['selfPaid'])).toEqual([5]);
  });

  it('gives the same facts whatever the order of arrival and however often a chunk came', () => {
    const row = fc.record({ key: fc.constantFrom('a', 'b'), amount: fc.integer({ min: 1, max: 4 }), reversal: fc.boolean() });
    fc.assert(
      fc.property(
        fc.array(fc.array(row, { minLength: 1, maxLength: 3 }), { maxLength: 6 }),
        fc.infiniteStream(fc.nat()),
        (files, order) => {
          const chunks = files.map((rows, n) =>
            file(
              n + 1,
              rows.map(({ key, amount, reversal }, at) =>
                bill(at + 1, key, reversal ? -amount : amount, reversal ? { reversal: true } : {}),
              ),
            ),
          );
          const shuffled = [...chunks, ...chunks]
            .map((chunk) => ({ chunk, place: order.next().value }))
            .sort((a, b) => a.place - b.place)
            .map(({ chunk }) => chunk);
          const sorted = (list: readonly FactChunk[]) => foldFacts(list, catalog).sort((a, b) => (a.key < b.key ? -1 : 1));
          expect(sorted(shuffled)).toEqual(sorted(chunks));
        },
      ),
    );
  });
});

describe('counting rows already known', () => {
  it('counts rows an earlier file of the feed stated the same', () => {
    const before = file(1, [bill(4, 'a', 5), bill(5, 'b', 6)]);
    const added = file(2, [bill(4, 'a', 5), bill(5, 'b', 7), bill(6, 'c', 8)]);
    expect(countKnownRows(added, [before, added])).toBe(1);
  });

  it('does not count a file against itself, nor a later file, nor another feed', () => {
    const added = file(2, [bill(4, 'a', 5)]);
    const later = file(3, [bill(4, 'a', 5)]);
    const other = file(1, [bill(4, 'a', 5)], { feed: feedId('education/tuition-payment') });
    expect(countKnownRows(added, [added, later, other])).toBe(0);
  });

  it('holds dates that only differ in the day apart', () => {
    const moved = bill(4, 'a', 5, { from: '2024-03-13' as PlainDate, content: 'other' });
    expect(countKnownRows(file(2, [moved]), [file(1, [bill(4, 'a', 5)])])).toBe(0);
  });
});

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

  it('knows the last file that said so too, when it was said again', () => {
    const [fact] = foldFacts([file(3, [bill(2, 'a', 5)]), file(1, [bill(8, 'a', 5)])], catalog);
    expect([fact?.seq, fact?.saidAgain]).toEqual([fileSequence(1), fileSequence(3)]);
    const [once] = foldFacts([file(1, [bill(8, 'a', 5)])], catalog);
    expect(once?.saidAgain).toBeUndefined();
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

  describe('of a house appraised again', () => {
    const feed = feedId('housing/dilapidated-housing');
    const appraisal = (n: number, level: string, day: string, to?: string) =>
      file(
        n,
        [
          factRow({
            key: day,
            from: day as PlainDate,
            content: `${day}${level}`,
            fields: { dangerLevel: level },
            ...(to === undefined ? {} : { to: to as PlainDate }),
          }),
        ],
        { feed },
      );
    const held = (...chunks: readonly FactChunk[]) =>
      foldFacts(chunks, catalog)
        .map(({ from, to, fields }) => [from, fields['dangerLevel'], to])
        .sort();

    it('lets the earlier word hold until the day before the later one, whatever file comes first', () => {
      const expected = [
        ['2022-05-11', 'D', '2024-02-29'],
        ['2024-03-01', 'A', undefined],
      ];
      expect(held(appraisal(1, 'D', '2022-05-11'), appraisal(2, 'A', '2024-03-01'))).toEqual(expected);
      expect(held(appraisal(1, 'A', '2024-03-01'), appraisal(2, 'D', '2022-05-11'))).toEqual(expected);
    });

    it('keeps an earlier end, such as the house rebuilt in between', () => {
      expect(held(appraisal(1, 'D', '2022-05-11', '2023-09-30'), appraisal(2, 'C', '2024-03-01'))).toEqual([
        ['2022-05-11', 'D', '2023-09-30'],
        ['2024-03-01', 'C', undefined],
      ]);
    });

    it('leaves other statuses to end by their own word', () => {
      const jobless = { feed: feedId('human-resources/unemployment-registration') };
      const facts = foldFacts(
        [appraisal(1, 'D', '2022-05-11'), appraisal(2, 'A', '2024-03-01')].map((one) => ({ ...one, ...jobless })),
        catalog,
      );
      expect(facts.map(({ to }) => to)).toEqual([undefined, undefined]);
    });
  });

  it('drops a settlement that a reversal of the same amount takes back', () => {
    expect(selfPaid([file(1, [bill(4, 'a', 500_000)]), file(2, [bill(4, 'a', -500_000, { reversal: true })])])).toEqual([]);
  });

  it('drops it too when the reversal states the amount without a minus or comes first in the same file', () => {
    expect(selfPaid([file(1, [bill(4, 'a', 500_000, { reversal: true }), bill(5, 'a', 500_000)])])).toEqual([]);
  });

  it('drops it too when the reversal came in an earlier file than the settlement', () => {
    expect(selfPaid([file(1, [bill(7, 'a', -5, { reversal: true })]), file(2, [bill(2, 'a', 5)])])).toEqual([]);
  });

  it('keeps what is left after a refund of a part', () => {
    expect(selfPaid([file(1, [bill(4, 'a', 500_000)]), file(2, [bill(4, 'a', -200_000, { reversal: true })])])).toEqual([
      300_000,
    ]);
  });

  it('lets no amount fall below nothing when a refund gives back more of it than there was', () => {
    const [left] = foldFacts(
      [
        file(1, [bill(1, 'a', 5_000)]),
        file(2, [bill(1, 'a', 0, { reversal: true, fields: { totalCost: -3_000, selfPaid: -6_000 } })]),
      ],
      catalog,
    );
    expect(left?.fields).toEqual({ totalCost: 7_000, selfPaid: 0 });
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

  it('says of such a reversal whether it names the row that has not come', () => {
    const back = (fields: FactRow['fields']) =>
      foldFacts([file(1, [{ ...bill(4, 'x', -500_000, { reversal: true }), fields }])], catalog).map(({ cameBack }) => cameBack);
    expect(back({ selfPaid: -500_000, settlementNumber: 'R1', originalNumber: 'S1' })).toEqual(['of-unsent']);
    expect(back({ selfPaid: -500_000, settlementNumber: 'R1' })).toEqual(['of-unnamed']);
    expect(foldFacts([file(1, [bill(4, 'a', 5)])], catalog).map(({ cameBack }) => cameBack)).toEqual([undefined]);
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

describe('folding what was deleted in part', () => {
  const before = '2021-06-30' as PlainDate;
  const under = [{ on: '2024-06-30' as PlainDate, before, certificate: 'c'.repeat(32) }];
  const markOf = (n: number, keys: readonly string[], feed = 'medical-insurance/inpatient-settlement') =>
    file(n, [], { feed: feedId(feed), deleted: { firstRow: 4, keys, under } });
  const old = (row: number, key: string, fen: number, changes: Partial<FactRow> = {}) =>
    bill(row, key, fen, { from: '2019-03-12' as PlainDate, ...changes });

  it('does not let a status hold again whose ending was deleted, when only its beginning is still there or comes again', () => {
    const feed = 'human-resources/unemployment-registration';
    const begun = file(1, [old(2, 'a', 1)], { feed: feedId(feed) });
    expect(foldFacts([begun, markOf(2, ['a'], feed)], catalog)).toEqual([]);
  });

  it('lets it hold again when a later file says so', () => {
    const feed = 'human-resources/unemployment-registration';
    const again = file(3, [old(2, 'a', 1)], { feed: feedId(feed) });
    expect(foldFacts([markOf(2, ['a'], feed), again], catalog)).toHaveLength(1);
    const ended = file(3, [old(2, 'a', 1, { to: '2020-01-01' as PlainDate })], { feed: feedId(feed) });
    expect(foldFacts([markOf(2, ['a'], feed), ended], catalog)).toEqual([]);
  });

  it('does not count a deleted bill again that a file saved anew repeats, but one under its number that is of another time', () => {
    expect(selfPaid([markOf(1, ['a']), file(2, [old(4, 'a', 5)])])).toEqual([]);
    expect(selfPaid([markOf(1, ['a']), file(2, [bill(4, 'a', 5)])])).toEqual([5]);
  });

  it('takes a reversal of a deleted bill for what it is, not for money that came back', () => {
    expect(selfPaid([markOf(1, ['a']), file(2, [bill(4, 'a', -5, { reversal: true })])])).toEqual([]);
    expect(selfPaid([markOf(1, ['a']), file(2, [bill(4, 'b', -5, { reversal: true })])])).toEqual([-5]);
  });

  it('does not let that reversal take back what a later file states anew', () => {
    const chunks = [markOf(1, ['a']), file(2, [bill(4, 'a', -5, { reversal: true })]), file(3, [bill(4, 'a', 5)])];
    expect(selfPaid(chunks)).toEqual([5]);
  });

  it('closes a key for its own feed and person’s chunks alone, and leaves the other rows of the chunk', () => {
    const kept = file(1, [bill(5, 'b', 7)], { deleted: { firstRow: 4, keys: ['a'], under } });
    const other = file(1, [old(4, 'a', 5)], { feed: feedId('education/tuition-payment') });
    expect(foldFacts([kept, other], catalog)).toHaveLength(2);
  });

  it('counts rows that do not count because of it as known already', () => {
    const added = file(2, [old(4, 'a', 5), bill(5, 'b', 6)]);
    expect(countKnownRows(added, [markOf(1, ['a']), added], catalog)).toBe(1);
    expect(countKnownRows(added, [markOf(3, ['b']), added], catalog)).toBe(1);
  });
});

describe('counting rows already known', () => {
  it('counts rows an earlier file of the feed stated the same', () => {
    const before = file(1, [bill(4, 'a', 5), bill(5, 'b', 6)]);
    const added = file(2, [bill(4, 'a', 5), bill(5, 'b', 7), bill(6, 'c', 8)]);
    expect(countKnownRows(added, [before, added], catalog)).toBe(1);
  });

  it('does not count a file against itself, nor a later file, nor another feed', () => {
    const added = file(2, [bill(4, 'a', 5)]);
    const later = file(3, [bill(4, 'a', 5)]);
    const other = file(1, [bill(4, 'a', 5)], { feed: feedId('education/tuition-payment') });
    expect(countKnownRows(added, [added, later, other], catalog)).toBe(0);
  });

  it('holds dates that only differ in the day apart', () => {
    const moved = bill(4, 'a', 5, { from: '2024-03-13' as PlainDate, content: 'other' });
    expect(countKnownRows(file(2, [moved]), [file(1, [bill(4, 'a', 5)])], catalog)).toBe(0);
  });
});

import { describe, expect, it } from 'vitest';
import { catalog } from '../../../shared/catalog/index.ts';
import { correctedSince } from '../../../shared/corrections/corrected-since.ts';
import type { FactChunk, FactRow } from '../../../shared/facts/fact.ts';
import { factChunk, factRow, feedId, fileId, fileSequence } from '../../builders/facts.ts';

const wrong = { feed: feedId(), file: fileId(1), row: 4 };
const bill = factRow();
const sent = factChunk();
const later = (n: number, row: Partial<FactRow>, changes: Partial<FactChunk> = {}) =>
  factChunk({ file: fileId(n), seq: fileSequence(n), rows: [factRow({ row: n, content: `content-${n}`, ...row })], ...changes });
const correctedBy = (...chunks: readonly FactChunk[]) => correctedSince(wrong, [...chunks, sent], catalog);

describe('whether a later file has corrected a row', () => {
  it('a later file that states something else under the same key has', () => {
    expect(correctedBy(later(2, { fields: { ...bill.fields, selfPaid: 500_00 } }))).toBe(fileId(2));
  });

  it('a reversal has, of all of it or a part', () => {
    expect(correctedBy(later(2, { reversal: true }))).toBe(fileId(2));
    expect(correctedBy(later(2, { reversal: true, fields: { totalCost: 100_00, selfPaid: 100_00 } }))).toBe(fileId(2));
  });

  it('the last file that says otherwise is named', () => {
    const half = later(2, { fields: { ...bill.fields, selfPaid: 250_000 } });
    const none = later(3, { reversal: true });
    expect(correctedBy(none, half)).toBe(fileId(3));
  });

  it('the same row told again has not, nor has a correction that was taken back by telling the row as before', () => {
    expect(correctedBy(later(2, { content: bill.content }))).toBeUndefined();
    const other = later(2, { fields: { ...bill.fields, selfPaid: 500_00 } });
    expect(correctedBy(other, later(3, { content: bill.content }))).toBeUndefined();
  });

  it('other rows of the person, other feeds and files that count before it have not', () => {
    const fields = { ...bill.fields, selfPaid: 500_00 };
    expect(correctedBy(later(2, { key: 'another', fields }))).toBeUndefined();
    expect(correctedBy(later(2, { fields }, { feed: feedId('medical-insurance/outpatient-settlement') }))).toBeUndefined();
    expect(correctedBy(later(0, { fields }, { seq: fileSequence(9, '2024-02-29') }))).toBeUndefined();
  });

  it('where a field was named only a change of that field has; a sealed one is left to the department', () => {
    const date = later(2, { from: bill.from, fields: { ...bill.fields, outOfArea: true } });
    expect(correctedSince({ ...wrong, field: 'selfPaid' }, [sent, date], catalog)).toBeUndefined();
    expect(correctedSince({ ...wrong, field: 'outOfArea' }, [sent, date], catalog)).toBe(fileId(2));
    const resealed = later(2, { sealed: 'b3RoZXI=' });
    expect(correctedSince({ ...wrong, field: 'diagnosisName' }, [sent, resealed], catalog)).toBeUndefined();
    expect(correctedBy(resealed)).toBe(fileId(2));
    expect(correctedSince({ ...wrong, field: 'diagnosisName' }, [sent, later(3, { reversal: true })], catalog)).toBe(fileId(3));
  });

  it('next month’s list has not: another line of the same person is the course of things', () => {
    const feed = [...catalog.values()].find(({ kind }) => kind === 'snapshot')?.id ?? feedId();
    const listed = factChunk({ feed });
    const next = later(2, { fields: { selfPaid: 1 } }, { feed });
    expect(correctedSince({ ...wrong, feed }, [listed, next], catalog)).toBeUndefined();
  });

  it('nothing has where the row is not among the facts', () => {
    expect(correctedSince({ ...wrong, row: 99 }, [sent, later(2, { reversal: true })], catalog)).toBeUndefined();
  });
});

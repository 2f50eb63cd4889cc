import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DelimitedText } from '../../../shared/intake/delimited-text.ts';
import type { SourceRecord } from '../../../shared/intake/source-record.ts';

function cut(text: string, sizes: readonly number[] = []): SourceRecord[] {
  const cutter = new DelimitedText(',');
  const records: SourceRecord[] = [];
  let at = 0;
  for (const size of sizes) {
    records.push(...cutter.push(text.slice(at, at + size)));
    at += size;
  }
  records.push(...cutter.push(text.slice(at)), ...cutter.end());
  return records;
}

const wildText = fc
  .array(fc.constantFrom('a', 'b', '张', ',', '"', '""', '\n', '\r\n', ' ', '\ufffd'), { maxLength: 60 })
  .map((parts) => parts.join(''));

describe('DelimitedText', () => {
  it('cuts as csv-parse does, for any table with commas, quotes and line breaks in its cells', () => {
    const cell = fc
      .array(fc.constantFrom('a', '1', '张', ',', '"', '\n', '\r\n', ' '), { maxLength: 6 })
      .map((parts) => parts.join(''));
    const table = fc.array(fc.array(cell, { minLength: 2, maxLength: 5 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(table, fc.constantFrom('\n', '\r\n'), fc.boolean(), (rows, newline, ended) => {
        const quote = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
        const text = rows.map((row) => row.map(quote).join(',')).join(newline) + (ended ? newline : '');
        const expected: string[][] = parse(text, { relax_column_count: true, record_delimiter: newline });
        expect(cut(text).map((record) => record.cells)).toEqual(expected);
        expect(cut(text).map((record) => record.cells)).toEqual(rows);
      }),
    );
  });

  it('gives the same records however the text is cut into pieces, good or broken', () => {
    fc.assert(
      fc.property(wildText, fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 30 }), (text, sizes) => {
        expect(cut(text, sizes)).toEqual(cut(text));
      }),
    );
  });

  it('refuses only the line of a quote that is never closed', () => {
    const records = cut('1,a\n2,"b\n3,c\n4,"d ""e"""\n');
    expect(records.map(({ row, broken }) => [row, broken])).toEqual([
      [1, undefined],
      [2, 'UNCLOSED_QUOTE'],
      [3, undefined],
      [4, undefined],
    ]);
    expect(records[3]?.cells).toEqual(['4', 'd "e"']);
  });

  it('leaves a quotation mark inside an unquoted cell as it is', () => {
    expect(cut('1,5" pipe,x\n')[0]?.cells).toEqual(['1', '5" pipe', 'x']);
  });

  it('refuses a line of many megabytes without holding it, and reads its neighbours', () => {
    const cutter = new DelimitedText(',');
    const records = [...cutter.push('1,a\n')];
    for (let i = 0; i < 100; i++) records.push(...cutter.push('x'.repeat(100_000)));
    records.push(...cutter.push('\n2,b\n'), ...cutter.end());
    expect(records.map(({ row, broken }) => [row, broken])).toEqual([
      [1, undefined],
      [2, 'ROW_TOO_LONG'],
      [3, undefined],
    ]);
    expect(records[1]?.cells.join('').length).toBeLessThan(5_000);
  });

  it('refuses the line of an unclosed quote that runs over a megabyte, and reads the lines behind it', () => {
    const lines = Array.from({ length: 30_000 }, (_, n) => `${n},${'y'.repeat(60)}`).join('\n');
    const records = cut(`"open,1\n${lines}\n`, [400_000, 400_000, 400_000, 400_000]);
    expect(records).toHaveLength(30_001);
    expect(records[0]?.broken).toBe('UNCLOSED_QUOTE');
    expect(records.filter((record) => record.broken)).toHaveLength(1);
  });

  it('counts a record with a line break in a cell once and blank lines too', () => {
    expect(cut('a\n\n"b\nc"\nd').map((record) => record.row)).toEqual([1, 2, 3, 4]);
  });

  it('marks rows whose bytes could not be decoded, and only those', () => {
    expect(cut('a,b\nc,\ufffd\ne,f\n').map((record) => record.damaged)).toEqual([undefined, true, undefined]);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cellText } from '../../../shared/reports/cell.ts';
import { column } from '../../../shared/reports/columns.ts';
import { harmless } from '../../../shared/workbook/harmless.ts';

describe('text in cells', () => {
  it.each(['=1+1', '+8613800000000', '-2+3', '@SUM(A1)', '\t=1', '  =cmd|" /C calc"!A0', '＝1', '|calc', '%0A=1'])(
    'keeps spreadsheet programs from computing %j',
    (text) => {
      expect(harmless(text)).toBe(`'${text}`);
    },
  );

  it('never lets a cell begin as a formula, whatever the kind of column', () => {
    const kinds = ['text', 'id', 'code', 'date', 'moment', 'yes-no', 'fen', 'count', 'number'] as const;
    fc.assert(
      fc.property(fc.string(), fc.constantFrom(...kinds), (text, kind) => {
        expect(cellText(text, column('c', kind, '列', 'c'), 'zh')).not.toMatch(/^\s*[=+\-@|%＝＋－＠]/);
      }),
    );
  });

  it('writes money in yuan, codes in words and moments in China’s time', () => {
    expect(cellText(123_456, column('c', 'fen', '金额', 'amount'), 'zh')).toBe('1234.56');
    const words = { A0: { zh: '无需救助', en: 'no help needed' } };
    expect(cellText('A0 A99', column('c', 'code', '措施', 'actions', words), 'en')).toBe('no help needed；A99');
    expect(cellText('2024-03-31T16:30:00.000Z', column('c', 'moment', '时刻', 'moment'), 'zh')).toBe('2024-04-01 00:30');
    expect(cellText(-500, column('c', 'fen', '金额', 'amount'), 'zh')).toBe('-5.00');
  });
});

import { describe, expect, it } from 'vitest';
import type { SheetNote } from '../../../shared/intake/receipt.ts';
import { placeShown, rowInWords, sheetRowOf } from '../../../shared/intake/row-place.ts';

const note = (name: string, use: SheetNote['use']): SheetNote => ({ name, use });
const townships = { sheets: [note('说明', 'other'), note('红庙镇', 'read'), note('闫楼乡', 'unfit'), note('旧', 'hidden')] };

describe('where a row is shown', () => {
  it('is the sheet its number tells of, in a workbook with several lists', () => {
    expect(sheetRowOf(townships, 20_000_015)).toEqual({ sheet: '红庙镇', row: 15 });
    expect(placeShown(townships, 30_000_002)).toEqual({ at: { sheet: '闫楼乡', row: 2 } });
    expect(rowInWords(20_000_015, sheetRowOf(townships, 20_000_015))).toBe('工作表“红庙镇”第15行');
  });

  it('is the row itself where there is one list or none is known', () => {
    expect(sheetRowOf({ sheets: [note('说明', 'other'), note('名单', 'read')] }, 15)).toBeUndefined();
    expect(placeShown(undefined, 15)).toEqual({});
    expect(placeShown({}, 15)).toEqual({});
    expect(rowInWords(15)).toBe('第15行');
  });

  it('names the sheet by its number when the file is no longer on record', () => {
    expect(rowInWords(20_000_015)).toBe('第2个工作表第15行');
  });
});

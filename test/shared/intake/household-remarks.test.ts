import { describe, expect, it } from 'vitest';
import { textRow, workbook } from './make-workbook.ts';
import { type Outcome, person, readFile } from './read-file.ts';

const REGISTER = { feed: 'civil-affairs/low-income-register' };
const HEADER = '姓名,身份证号,户编号,与户主关系,类别,区划代码,救助结束时间';
const lines = (...texts: string[]): string => `${[HEADER, ...texts].join('\n')}\n`;
const notesOf = ({ result }: Outcome) =>
  result.outcome === 'read' ? (result.notes ?? []).map(({ row, sheet, code }) => [sheet, row, code]) : undefined;

describe('what a receipt remarks on households', () => {
  it('names the row with a second head, says where the first one stands, and takes both', async () => {
    const outcome = await readFile(
      lines(
        `张三,${person(1)},H1,户主,低保,410225,`,
        `李四,${person(2)},H1,配偶,低保,410225,`,
        `王五,${person(3)},H1,户主,低保,410225,`,
        `赵六,${person(4)},H2,户主,低保,410225,`,
      ),
      REGISTER,
    );
    expect(outcome.result).toMatchObject({ rows: { read: 4, accepted: 4, rejected: 0 }, errorCount: 0, noteCount: 1 });
    expect(notesOf(outcome)).toEqual([[undefined, 4, 'TWO_HEADS']]);
    expect(outcome.result).toMatchObject({
      notes: [
        {
          message: {
            zh: '本户在第2行已有另一位户主，两行均已接收；请核对户编号和与户主关系，有误的更正后重新报送',
            en: expect.stringContaining('row 2 names another head'),
          },
        },
      ],
    });
  });

  it('names the row that places a person in a second household', async () => {
    const outcome = await readFile(
      lines(`张三,${person(1)},H1,户主,低保,410225,`, `张三,${person(1)},H2,户主,低保,410225,`),
      REGISTER,
    );
    expect(outcome.rows).toHaveLength(2);
    expect(notesOf(outcome)).toEqual([[undefined, 3, 'TWO_HOUSEHOLDS']]);
  });

  it('has nothing to say of a household under two categories, of what is over, or of one number in two counties', async () => {
    const outcome = await readFile(
      lines(
        `张三,${person(1)},H1,户主,低保,410225,`,
        `张三,${person(1)},H1,户主,低保边缘,410225,`,
        `李四,${person(2)},H1,户主,低保,410225,2023-12-31`,
        `王五,${person(3)},H1,户主,低保,410221,`,
        `赵六,${person(4)},H7,户主,低保,410225,2023-06-30`,
        `赵六,${person(4)},H8,户主,低保,410225,`,
      ),
      REGISTER,
    );
    expect(outcome.rows).toHaveLength(6);
    expect(outcome.result).not.toHaveProperty('notes');
  });

  it('knows heads by the number of the head beside each member, and names the sheets of a workbook', async () => {
    const header = ['姓名', '身份证号', '户编号', '户主身份证号', '与户主关系', '类别'];
    const sheet = (name: string, cells: readonly string[]) => ({ name, rows: textRow(1, header) + textRow(2, cells) });
    const outcome = await readFile(
      workbook([
        sheet('红庙镇', ['张三', person(1), 'H1', person(1), '本人', '低保']),
        sheet('闫楼乡', ['李四', person(2), 'H1', person(9), '子', '低保']),
      ]),
      { ...REGISTER, name: 'a.xlsx' },
    );
    expect(notesOf(outcome)).toEqual([['闫楼乡', 2, 'TWO_HEADS']]);
    expect(outcome.result).toMatchObject({ notes: [{ message: { zh: expect.stringContaining('工作表“红庙镇”第2行') } }] });
  });
});

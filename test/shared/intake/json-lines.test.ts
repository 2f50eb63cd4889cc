import { describe, expect, it } from 'vitest';
import { encodeGb18030 } from '../../../shared/intake/gb18030-encoder.ts';
import { errorsOf, person, readFile, refusalOf } from './read-file.ts';

const asJsonl = { name: '住院结算.jsonl' };

/** A good bill under the names a department uses; `change` replaces or adds keys. */
function bill(n: number, change: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    姓名: '王建国',
    身份证号码: person(n),
    结算单号: `JS${n}`,
    入院日期: '2024-03-01',
    结算日期: '2024-03-08',
    诊断名称: '心力衰竭',
    总费用: 12_000,
    个人自付: 5_000.5,
    ...change,
  };
}

const lines = (...rows: readonly unknown[]): string =>
  rows.map((row) => `${typeof row === 'string' ? row : JSON.stringify(row)}\n`).join('');

describe('reading JSON lines', () => {
  it('reads texts, numbers, booleans and null as the same cells of a table, with the number of the line', async () => {
    const { result, rows } = await readFile(
      lines(bill(1, { 冲销标志: false, 备注: null }), '', bill(2, { 总费用: '12,000.00元' })),
      asJsonl,
    );
    expect(result).toMatchObject({ outcome: 'read', encoding: 'jsonl', rows: { accepted: 2, skipped: 1 }, ignored: ['备注'] });
    expect(rows.map(({ fact }) => [fact.row, fact.fields['totalCost'], fact.fields['selfPaid']])).toEqual([
      [1, 1_200_000, 500_050],
      [3, 1_200_000, 500_050],
    ]);
    expect(rows[0]?.fact.sealed).toContain(Buffer.from('{"diagnosisName":"心力衰竭"}').toString('base64'));
  });

  it('knows keys by the names of fields, with units, and when the first objects lack them', async () => {
    const { 个人自付: _, ...without } = bill(1);
    const second = { ...without, 身份证号码: person(2), 结算单号: 'JS2', selfPaid: 5_000.5 };
    const { result, rows } = await readFile(lines(without, second), asJsonl);
    expect(result).toMatchObject({ outcome: 'read', rows: { accepted: 1, rejected: 1 } });
    expect(rows[0]?.fact.fields).toMatchObject({ selfPaid: 500_050 });
  });

  it('gives the same facts however the bytes are cut, in UTF-8 and GB18030, whatever the ending of the name', async () => {
    const text = lines(bill(1), bill(2));
    const whole = await readFile(text, asJsonl);
    const facts = whole.rows.map((row) => row.fact);
    for (const cut of [1, 7, 100, 250]) {
      expect((await readFile(text, { ...asJsonl, cuts: [cut, cut] })).rows.map((row) => row.fact)).toEqual(facts);
    }
    expect((await readFile(encodeGb18030(text), asJsonl)).rows.map((row) => row.fact)).toEqual(facts);
    expect((await readFile(text, { name: 'a.txt' })).rows.map((row) => row.fact)).toEqual(facts);
  });

  it('refuses each line that is no object, holds lists, or numbers that have lost digits', async () => {
    const outcome = await readFile(
      lines(
        bill(1),
        '{"姓名":"张三",',
        bill(3, { 诊断名称: ['心力衰竭'] }),
        JSON.stringify(bill(4)).replace(`"${person(4)}"`, person(4).replace('X', '0')),
        '[1]',
      ),
      asJsonl,
    );
    expect(outcome.result).toMatchObject({ rows: { read: 5, accepted: 1, rejected: 4 } });
    expect(errorsOf(outcome)).toEqual([
      '2::NOT_JSON',
      '3:诊断名称:NESTED_VALUE',
      '4:身份证号码:ID_PRECISION_LOST',
      '5::NOT_JSON',
    ]);
  });

  it('tells a last line that was cut off from one without a line break', async () => {
    const text = lines(bill(1), bill(2)).trimEnd();
    expect((await readFile(text, asJsonl)).result).toMatchObject({ rows: { accepted: 2, rejected: 0 } });
    expect(errorsOf(await readFile(text.slice(0, -3), asJsonl))).toEqual(['2::ROW_CUT_OFF']);
  });

  it('gives refused lines back as sent with 行号 and 退回原因, to be mended and sent again', async () => {
    const { fixIt } = await readFile(lines(bill(1), bill(2, { 结算日期: '2024-02-30' }), '{"姓名":'), asJsonl);
    const [date, half] = fixIt.toString().trimEnd().split('\n');
    expect(JSON.parse(date ?? '')).toMatchObject({
      ...bill(2),
      结算日期: '2024-02-30',
      行号: 2,
      退回原因: expect.stringContaining('结算日期'),
    });
    expect(JSON.parse(half ?? '')).toMatchObject({ 原文: '{"姓名":', 行号: 3, 退回原因: expect.stringContaining('JSON') });
    const mended = await readFile((date ?? '').replace('2024-02-30', '2024-03-08'), asJsonl);
    expect(mended.result).toMatchObject({ rows: { accepted: 1 }, ignored: [] });
  });

  it('refuses a file without objects, one with an array around them and one that lacks required keys', async () => {
    expect(refusalOf(await readFile('姓名,身份证号码\n', asJsonl))).toBe('NOT_JSONL');
    expect(refusalOf(await readFile(JSON.stringify([bill(1)]), asJsonl))).toBe('NOT_JSONL');
    expect(refusalOf(await readFile(lines({ 姓名: '王建国' }), asJsonl))).toBe('MISSING_COLUMNS');
  });
});

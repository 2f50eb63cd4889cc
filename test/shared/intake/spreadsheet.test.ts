import { inflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { textRow, workbook, zip } from './make-workbook.ts';
import { errorsOf, HEADER, person, readFile, refusalOf, row } from './read-file.ts';

const header = HEADER.split(',');
const good = (n: number): string[] => row(n).split(',');
const asXlsx = { name: 'a.xlsx' };

/** The text of an entry of a zip archive that was written as a stream. */
function entryOf(archive: Buffer, name: string): string {
  const from = archive.indexOf(name) + name.length;
  return inflateRawSync(archive.subarray(from, archive.indexOf('PK\x07\x08', from))).toString();
}

/** A row of `HEADER` whose cells from the fourth on are given as XML. */
function typed(number: number, n: number, cells: string): string {
  return textRow(number, good(n).slice(0, 3)).replace('</row>', `${cells}</row>`);
}

describe('reading a workbook', () => {
  it('reads the first visible sheet with a header, below title rows, by its row numbers', async () => {
    const book = workbook([
      { rows: textRow(1, header) + textRow(2, good(9)), hidden: true },
      { rows: textRow(1, ['填报说明']) },
      { rows: textRow(1, ['住院结算']) + textRow(3, header) + textRow(4, good(1)) + textRow(7, good(2)) },
    ]);
    const { result, rows } = await readFile(book, asXlsx);
    expect(result).toMatchObject({ outcome: 'read', encoding: 'xlsx', rows: { accepted: 2 } });
    expect(rows.map(({ fact }) => fact.row)).toEqual([4, 7]);
  });

  it('reads rows and columns that are not shown, and remarks on how many and which they are', async () => {
    const hide = (xml: string) => xml.replace('<row ', '<row hidden="1" ');
    const rows = [hide(textRow(1, ['内部版'])), textRow(2, header), textRow(3, good(1)), hide(textRow(4, good(2)))];
    rows.push(hide(textRow(5, good(3))), textRow(6, good(4)), hide(textRow(7, good(5))), hide(textRow(8, [''])));
    const columns = '<cols><col min="1" max="2" width="9"/><col min="6" max="7" hidden="1"/></cols>';
    const outcome = await readFile(workbook([{ columns, rows: rows.join('') }]), asXlsx);
    expect(outcome.rows.map(({ fact }) => fact.row)).toEqual([3, 4, 5, 6, 7]);
    expect(outcome.result.outcome === 'read' && outcome.result.notes).toMatchObject([
      {
        row: 4,
        column: null,
        code: 'HIDDEN_ROWS',
        message: { zh: expect.stringMatching(/^有3行被筛选或隐藏（第4至5行、第7行）/) },
      },
      { row: 2, column: '诊断名称', code: 'HIDDEN_COLUMN' },
      { row: 2, column: '总费用', code: 'HIDDEN_COLUMN' },
    ]);
    const shown = await readFile(
      workbook([{ rows: hide(textRow(1, ['内部版'])) + textRow(2, header) + textRow(3, good(1)) }]),
      asXlsx,
    );
    expect(shown.result).not.toHaveProperty('notes');
  });

  it('reads every sheet with the header in the order of the tabs, and says what it took the others for', async () => {
    const township = (n: number) => ({ rows: textRow(1, header) + textRow(2, good(n)) + textRow(3, good(n + 1)) });
    const book = workbook([
      { name: '说明', rows: textRow(1, ['本表由各乡镇分表组成']) },
      { name: '红庙镇', ...township(1) },
      { name: '代码表', rows: textRow(1, ['代码', '名称']) + textRow(2, ['01', '视力']) },
      { name: '闫楼乡', ...township(3) },
      { name: '填写示例', ...township(9) },
      { name: '空表', rows: textRow(1, header) },
      { name: '旧数据', ...township(5), hidden: true },
    ]);
    const { result, rows } = await readFile(book, asXlsx);
    expect(rows.map(({ number }) => number)).toEqual([1, 2, 3, 4].map(person));
    expect(rows.map(({ fact }) => fact.row)).toEqual([20_000_002, 20_000_003, 40_000_002, 40_000_003]);
    expect(result).toMatchObject({
      outcome: 'read',
      rows: { read: 4, accepted: 4 },
      totals: { totalCost: 4_800_000 },
      sheets: [
        { name: '说明', use: 'other' },
        { name: '红庙镇', use: 'read' },
        { name: '代码表', use: 'other' },
        { name: '闫楼乡', use: 'read' },
        { name: '填写示例', use: 'example' },
        { name: '空表', use: 'empty' },
        { name: '旧数据', use: 'hidden' },
      ],
    });
  });

  it('names the sheet of a refused row, knows repeats across sheets, and gives the fix-it file the same sheets', async () => {
    const again = good(1).with(7, '600');
    const book = workbook([
      { name: '红庙镇', rows: textRow(1, header) + textRow(2, good(1)) + textRow(3, good(2).with(1, '')) },
      { name: '闫楼乡', rows: textRow(1, ['住院结算']) + textRow(2, header) + textRow(3, good(1)) + textRow(4, again) },
    ]);
    const { result, fixIt } = await readFile(book, asXlsx);
    expect(result).toMatchObject({ rows: { read: 4, accepted: 1, duplicate: 1, rejected: 2 } });
    expect(result.errors.map(({ sheet, row, code }) => [sheet, row, code])).toEqual([
      ['红庙镇', 3, 'ID_MISSING'],
      ['闫楼乡', 4, 'DUPLICATE_KEY'],
    ]);
    expect(result.errors[1]?.message.zh).toMatch(/^与工作表“红庙镇”第2行的/);
    expect(result.errors[1]?.message.en).toContain('as row 2 of sheet "红庙镇"');
    const sentAgain = await readFile(fixIt, asXlsx);
    expect(sentAgain.result).toMatchObject({
      rows: { read: 2, accepted: 1, rejected: 1 },
      sheets: [
        { name: '红庙镇', use: 'read' },
        { name: '闫楼乡', use: 'read' },
      ],
    });
    expect(sentAgain.rejected[0]?.cells.slice(8)).toEqual(['3', '身份证号码：身份证号码为空，请补填18位号码']);
  });

  it('sends back a sheet that lists people under a header that does not fit, by name, and keeps its neighbours', async () => {
    const renamed = header.with(7, '本人掏的钱');
    const book = workbook([
      { name: '一月', rows: textRow(1, header) + textRow(2, good(1)) },
      { name: '二月', rows: textRow(1, ['住院结算']) + textRow(2, renamed) + textRow(3, good(2)) + textRow(5, good(3)) },
    ]);
    const { result, rows, rejected, fixIt } = await readFile(book, asXlsx);
    expect(rows.map(({ number }) => number)).toEqual([person(1)]);
    expect(result).toMatchObject({
      rows: { read: 3, accepted: 1, rejected: 2 },
      errorCount: 1,
      errors: [{ row: null, sheet: '二月', column: null, code: 'MISSING_COLUMNS' }],
      sheets: [
        { name: '一月', use: 'read' },
        { name: '二月', use: 'unfit' },
      ],
    });
    expect(rejected.map(({ row: at }) => at)).toEqual([3, 5]);
    expect(entryOf(fixIt, 'xl/worksheets/sheet1.xml')).toMatch(/本人掏的钱<\/t>.*行号.*退回原因/s);
  });

  it('sends back the rest of a list that was split without its header, under an empty row for one', async () => {
    const rest = { name: 'Sheet2', rows: textRow(1, good(2)) + textRow(2, good(3)) };
    const { result, rejected, fixIt } = await readFile(
      workbook([{ name: 'Sheet1', rows: textRow(1, header) + textRow(2, good(1)) }, rest]),
      asXlsx,
    );
    expect(result).toMatchObject({ rows: { accepted: 1, rejected: 2 }, errors: [{ sheet: 'Sheet2', code: 'MISSING_COLUMNS' }] });
    expect(rejected.map(({ row: at }) => at)).toEqual([1, 2]);
    const mended = await readFile(fixIt, asXlsx);
    expect(refusalOf(mended)).toBe('MISSING_COLUMNS');
    expect(entryOf(fixIt, 'xl/worksheets/sheet1.xml')).toMatch(
      /<sheetData><row>(<c[^>]*><is><t[^>]*><\/t><\/is><\/c>){8}<c[^>]*><is><t[^>]*>行号/,
    );
  });

  it('refuses a workbook whose sheets all have headers that do not fit, and says of each what is wrong', async () => {
    const broken = (name: string) => ({ name, rows: textRow(1, header.with(4, '何时')) + textRow(2, good(1)) });
    const { result } = await readFile(
      workbook([broken('甲'), { name: '说明', rows: textRow(1, ['见甲、乙']) }, broken('乙')]),
      asXlsx,
    );
    expect(result).toMatchObject({
      outcome: 'refused',
      errors: [
        { row: null, sheet: '甲', code: 'MISSING_COLUMNS' },
        { row: null, sheet: '乙', code: 'MISSING_COLUMNS' },
      ],
    });
  });

  it('passes over empty forms beside the sheet with the rows, wherever they stand', async () => {
    const form = { rows: textRow(1, header) + textRow(2, ['合计']) + textRow(3, ['填表人：']) };
    const { result, rows } = await readFile(workbook([form, { rows: textRow(1, header) + textRow(2, good(1)) }, form]), asXlsx);
    expect(result).toMatchObject({ outcome: 'read', rows: { read: 1, accepted: 1 } });
    expect(rows.map(({ fact }) => fact.row)).toEqual([2]);
  });

  it('takes no sheet that shows how a form is filled in for one with rows, wherever it stands', async () => {
    const example = { name: '填写示例', rows: textRow(1, header) + textRow(2, good(9)) };
    const { rows } = await readFile(workbook([example, { rows: textRow(1, header) + textRow(2, good(1)) }]), asXlsx);
    expect(rows.map(({ number }) => number)).toEqual([person(1)]);
  });

  it('counts rows that would all be refused as rows: they come back, and are not passed over', async () => {
    const wrong = { rows: textRow(1, header) + textRow(2, ['王建国', '4.10225E+17', 'JS2', '', '2024-03-08', '', '1', '1']) };
    const outcome = await readFile(workbook([{ rows: textRow(1, header) + textRow(2, good(1)) }, wrong]), asXlsx);
    expect(outcome.result).toMatchObject({ rows: { read: 2, accepted: 1, rejected: 1 } });
    expect(outcome.rejected[0]?.errors[0]).toMatchObject({ sheet: 'sheet2', row: 2, code: 'ID_SCIENTIFIC' });
  });

  it('says that every sheet is hidden, or that the workbook is empty, and not that it is damaged', async () => {
    const hidden = await readFile(workbook([{ rows: textRow(1, header) + textRow(2, good(1)), hidden: true }]), asXlsx);
    expect(hidden.result.errors[0]?.message.zh).toContain('都是隐藏的');
    expect(refusalOf(await readFile(workbook([{ rows: '' }]), asXlsx))).toBe('EMPTY_FILE');
  });

  it('gives every member what is merged over the household, and every row its own money', async () => {
    const names = ['低保证号', '户主', '姓名', '身份证号', '与户主关系', '类别', '户月金额(元)'];
    const rows =
      textRow(1, names) +
      textRow(2, ['H1', '王建国', '王建国', person(1), '本人', '农村低保', '829']) +
      textRow(3, ['', '', '李秀英', person(2), '配偶', '', '']) +
      textRow(4, ['', '', '王小', person(3), '子', '', '']) +
      textRow(5, ['', '', '', '', '', '', '']) +
      textRow(6, ['H2', '赵六', '赵六', person(4), '本人', '特困', '1200']) +
      textRow(7, ['', '', '', person(5), '子', '', '']);
    const merged = ['A2:A5', 'B2:B5', 'F2:F5', 'G2:G5', 'A8:C8'];
    const outcome = await readFile(workbook([{ rows, merged }]), { ...asXlsx, feed: 'civil-affairs/low-income-register' });
    expect(outcome.rows.map(({ name, fact }) => [name, fact.fields['householdNumber'], fact.fields['category']])).toEqual([
      ['王建国', 'H1', 'minimum-living-allowance'],
      ['李秀英', 'H1', 'minimum-living-allowance'],
      ['王小', 'H1', 'minimum-living-allowance'],
      ['赵六', 'H2', 'destitute-support'],
    ]);
    expect(outcome.result).toMatchObject({ rows: { read: 5, rejected: 1, skipped: 1 }, totals: { monthlyAmount: 202_900 } });
    expect(errorsOf(outcome)).toEqual(['7:低保证号:MISSING_VALUE', '7:类别:MISSING_VALUE']);
  });

  it('reads shared texts, dates by style, numbers without their binary noise, results of formulas', async () => {
    const cells =
      '<c r="D2" s="1"><v>45352</v></c><c r="E2" s="2"><v>45359.52</v></c><c r="F2" t="s"><v>0</v></c>' +
      '<c r="G2"><v>12000.559999999999</v></c><c r="H2"><f>G2-7000</f><v>5000.5600000000004</v></c>';
    const { rows } = await readFile(workbook([{ rows: textRow(1, header) + typed(2, 1, cells) }], ['心力衰竭']), asXlsx);
    expect(rows[0]?.fact.fields).toMatchObject({
      admittedOn: '2024-03-01',
      settledOn: '2024-03-08',
      totalCost: 1_200_056,
      selfPaid: 500_056,
    });
    expect(rows[0]?.fact.sealed).toContain(Buffer.from('{"diagnosisName":"心力衰竭"}').toString('base64'));
  });

  it('counts days from 1904 where the workbook says so', async () => {
    const cells = '<c r="E2" s="1"><v>43897</v></c><c r="H2"><v>1</v></c>';
    const { rows } = await readFile(workbook([{ rows: textRow(1, header) + typed(2, 1, cells) }], [], true), asXlsx);
    expect(rows[0]?.fact.from).toBe('2024-03-08');
  });

  it('refuses numbers that lost digits, formulas without a result and error values, each with its reason', async () => {
    const lost = textRow(2, ['王建国', '', 'JS1']).replace(
      '</row>',
      '<c r="B2"><v>410225198001020015</v></c><c r="E2" t="e"><v>#N/A</v></c><c r="H2"><f>1+2</f></c></row>',
    );
    const outcome = await readFile(workbook([{ rows: textRow(1, header) + lost + textRow(3, good(2)) }]), asXlsx);
    expect(errorsOf(outcome)).toEqual([
      '2:身份证号码:ID_PRECISION_LOST',
      '2:结算日期:CELL_ERROR',
      '2:个人自付:FORMULA_WITHOUT_VALUE',
    ]);
    expect(outcome.rows).toHaveLength(1);
  });

  it('reads a header merged over two rows', async () => {
    const upper = ['姓名', '身份证号码', '结算单号', '入院日期', '结算日期', '诊断名称', '费用（元）', ''];
    const lower = ['', '', '', '', '', '', '总费用', '个人自付'];
    const { result } = await readFile(workbook([{ rows: textRow(1, upper) + textRow(2, lower) + textRow(3, good(1)) }]), asXlsx);
    expect(result).toMatchObject({ outcome: 'read', rows: { accepted: 1 }, columns: { 个人自付: 'selfPaid' } });
  });

  it('returns refused rows as a workbook that can be sent again once they are mended', async () => {
    const bad = good(1).with(7, '五千 &amp; &lt;五百>');
    const rows =
      textRow(1, ['住院结算']) + textRow(2, header) + textRow(3, bad) + textRow(4, good(2)) + textRow(5, bad.with(1, ''));
    const { fixIt } = await readFile(workbook([{ rows }]), asXlsx);
    const again = await readFile(fixIt, asXlsx);
    expect(errorsOf(again)).toEqual([
      '3:个人自付:MONEY_NOT_A_NUMBER',
      '4:身份证号码:ID_MISSING',
      '4:个人自付:MONEY_NOT_A_NUMBER',
    ]);
    expect(again.rejected[0]?.cells).toEqual([
      ...bad.with(7, '五千 & <五百>'),
      '3',
      '个人自付：金额不是数字；应为数字，如 1234.50（单位元）',
    ]);
    // What somebody types into a cell stays the text it is: as a number it would lose its last digits.
    expect(entryOf(fixIt, 'xl/styles.xml')).toContain('<xf numFmtId="49" applyNumberFormat="1"/></cellXfs>');
    expect(entryOf(fixIt, 'xl/worksheets/sheet1.xml')).not.toMatch(/<c (?!s="1" )/);
  });

  it('refuses an archive that is no workbook, and one with a damaged sheet, before handing any row on', async () => {
    expect(refusalOf(await readFile(zip({ 'a.csv': HEADER }), asXlsx))).toBe('NOT_XLSX');
    const damaged = await readFile(workbook([{ rows: `${textRow(1, header)}${textRow(2, good(1))}<row` }]), asXlsx);
    expect(refusalOf(damaged)).toBe('NOT_XLSX');
    expect(damaged.rows).toHaveLength(0);
  });

  it('refuses a workbook that unpacks to far more than it holds', async () => {
    const bomb = zip({ 'xl/workbook.xml': '<workbook/>', 'xl/media/a.bin': Buffer.alloc(120 * 2 ** 20) });
    expect(refusalOf(await readFile(bomb, asXlsx))).toBe('TOO_LARGE');
  });

  it('refuses a workbook in which a few bytes a row stand for thousands of blank cells', async () => {
    const farOut = '<row><c r="XFD9"><v>1</v></c></row>'.repeat(5_000);
    expect(refusalOf(await readFile(workbook([{ rows: textRow(1, header) + farOut }]), asXlsx))).toBe('TOO_LARGE');
  });

  it('takes a sheet in which somebody typed something far to the right, and returns that row', async () => {
    const stray = textRow(3, good(2)).replace('</row>', '<c r="XFD3"><v>1</v></c></row>');
    const outcome = await readFile(workbook([{ rows: textRow(1, header) + textRow(2, good(1)) + stray }]), asXlsx);
    expect(outcome.result).toMatchObject({ outcome: 'read', rows: { accepted: 1, rejected: 1 } });
    expect(errorsOf(outcome)).toEqual(['3::TOO_MANY_CELLS']);
  });

  it.each([
    ['text of a cell', `<row><c t="inlineStr"><is><t>${'a'.repeat(5_000_000)}</t></is></c></row>`],
    ['attribute', `<row><c r="${'A'.repeat(5_000_000)}"><v>1</v></c></row>`],
    ['comment', `<!--${'a'.repeat(5_000_000)}-->`],
  ])('refuses a workbook with a %s of millions of characters before it fills the memory', async (_, rows) => {
    const book = workbook([{ rows: textRow(1, header) + textRow(2, good(1)) + rows }]);
    expect(refusalOf(await readFile(book, asXlsx))).toBe('TOO_LARGE');
  });

  it('refuses rows whose numbers no sheet has', async () => {
    const beyond = textRow(2, good(1)).replace('r="2"', 'r="1e300"');
    expect(refusalOf(await readFile(workbook([{ rows: textRow(1, header) + beyond }]), asXlsx))).toBe('NOT_XLSX');
  });

  it('reads a sheet once however often the workbook names it', async () => {
    const again = '<sheet name="again" sheetId="9" r:id="rId1"/>'.repeat(3);
    const name = `a" sheetId="1" r:id="rId1"/>${again}<sheet name="b`;
    const { result } = await readFile(workbook([{ name, rows: textRow(1, header) + textRow(2, good(1)) }]), asXlsx);
    expect(result).toMatchObject({ outcome: 'read', rows: { accepted: 1 } });
  });

  it('says which columns a workbook lacks', async () => {
    const outcome = await readFile(workbook([{ rows: textRow(1, ['姓名', '金额']) + textRow(2, ['王建国', '5']) }]), asXlsx);
    expect(outcome.result).toMatchObject({ outcome: 'refused', encoding: 'xlsx', errors: [{ code: 'MISSING_COLUMNS' }] });
  });
});

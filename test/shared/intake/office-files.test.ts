import { describe, expect, it } from 'vitest';
import { checkCharacter } from '../../../shared/registry/identity-number.ts';
import { textRow, workbook, zip } from './make-workbook.ts';
import { errorsOf, type Outcome, person, readFile, refusalOf } from './read-file.ts';

const COLUMNS = ['姓名', '身份证号码', '结算单号', '结算日期', '总费用', '个人自付'];
const good = (n: number): string[] => ['王建国', person(n), `JS${n}`, '2024-03-08', '12000', '5000'];
const lines = (...rows: readonly (readonly string[])[]): string => rows.map((cells) => `${cells.join(',')}\r\n`).join('');
const sheet = (...rows: readonly (readonly string[])[]): string => rows.map((cells, at) => textRow(at + 1, cells)).join('');
const saidOf = ({ result }: Outcome): string => result.errors.map(({ message }) => message.zh).join('');
const asXlsx = { name: 'a.xlsx' };

describe('tables as offices write them', () => {
  it('passes over subtotals of places and pages between the rows, and over who sealed the table', async () => {
    const rows = sheet(
      ['兰考县2024年3月住院结算明细表'],
      COLUMNS,
      good(1),
      ['红庙镇 合计', '', '', '', '12000', '5000'],
      good(2),
      ['', '', '闫楼乡小计：', '', '12000', '5000'],
      ['合计（大写）', '贰万肆仟元整'],
      ['兰考县医疗保障局（公章）'],
    );
    const { result } = await readFile(workbook([{ rows, merged: ['A1:F1'] }]), asXlsx);
    expect(result).toMatchObject({ rows: { read: 2, accepted: 2, rejected: 0, skipped: 4 } });
  });

  it('gives a row without a number back although a remark in it speaks of a total', async () => {
    const row = good(1).with(1, '41022519********12').with(2, '合计');
    expect(errorsOf(await readFile(lines(COLUMNS, row)))).toEqual(['2:身份证号码:ID_MASKED']);
  });

  it.each(['本月无数据', '无', '本期没有新增人员。'])('asks for a zero report where %j is all there is', async (text) => {
    expect(refusalOf(await readFile(lines(COLUMNS, [text, '', '', '', '', ''])))).toBe('NO_ROWS');
    expect(refusalOf(await readFile(lines(COLUMNS, ['无', '无', '/', '-', '无', '——'])))).toBe('NO_ROWS');
  });

  it.each(['――', '–', '……', '(空白)', '未填', '不详', 'None', 'NaN', '无。'])('takes %j for an empty cell', async (text) => {
    const { rows } = await readFile(lines(COLUMNS, good(1).with(4, text)));
    expect(rows[0]?.fact.fields).not.toHaveProperty('totalCost');
  });

  it('reads numbers that came with marks of the direction of writing, as those copied from dialogs do', async () => {
    const { rows } = await readFile(
      lines(COLUMNS, good(1).with(1, `\u202a${person(1)}\u202c`), good(2).with(3, '\u200e2024-03-08\u202c')),
    );
    expect(rows.map(({ number }) => number)).toEqual([person(1), person(2)]);
  });

  it.each([
    ['3月5日', '没有写年份'],
    ['24.3.5', '年份只写了两位'],
    ['5/3/2024', '年份写在最后'],
  ])('says what is wrong with the date %j', async (date, words) => {
    expect(saidOf(await readFile(lines(COLUMNS, good(1).with(3, date))))).toContain(words);
  });

  it('asks for both digits of the month, which in one would pass for a day of 1955', async () => {
    const payment = ['姓名', '身份证号', '发放月份', '发放金额'];
    const feed = 'civil-affairs/minimum-living-allowance-payment';
    const outcome = await readFile(lines(payment, ['王建国', person(1), '20243', '500']), { feed });
    expect(errorsOf(outcome)).toEqual(['2:发放月份:BAD_DATE']);
    expect(saidOf(outcome)).toContain('月份只写了一位');
  });

  it('takes nobody at a number in 000 whose check digit fits by chance, once a number has lost its last digits', async () => {
    const ends = Array.from({ length: 28 }, (_, day) => `410225198001${String(day + 1).padStart(2, '0')}300`);
    const fitting = `${ends.find((first17) => checkCharacter(first17) === '0')}0`;
    const lost = '410225198001023000';
    const column = (...numbers: string[]) => lines(COLUMNS, ...numbers.map((number, n) => good(n + 1).with(1, number)));
    expect(errorsOf(await readFile(column(lost, fitting, person(3))))).toEqual([
      '2:身份证号码:ID_PRECISION_LOST',
      '3:身份证号码:ID_PRECISION_LOST',
    ]);
    expect((await readFile(column(fitting, person(2)))).result).toMatchObject({ rows: { accepted: 2, rejected: 0 } });
  });

  it('tells of a negative amount also where the number is wrong, so that the row need not come back twice', async () => {
    const feed = 'emergency-management/disaster-relief';
    const columns = ['姓名', '身份证号', '灾害种类', '受灾日期', '救助金额'];
    const outcome = await readFile(lines(columns, ['王建国', '4102', '火灾', '2024-03-02', '-5']), { feed });
    expect(errorsOf(outcome)).toEqual(['2:身份证号:ID_LENGTH', '2:救助金额:MONEY_NEGATIVE']);
  });

  it.each([
    [['1', '2', '3', '4', '5', '6']],
    [['甲', '乙', '丙', '1', '2', '3=1+2']],
    [['A', 'B', 'C', 'D', 'E', 'F']],
    [['栏次', '', '', '(1)', '(2)', '(3)']],
    [['①', '②', '③', '④', '⑤', '⑥']],
  ])('passes over the row of a form that numbers its columns: %j', async (numbers) => {
    const { result } = await readFile(lines(COLUMNS, numbers, good(1)));
    expect(result).toMatchObject({ rows: { read: 1, accepted: 1, rejected: 0, skipped: 1 } });
  });

  it.each(['小计', '累计住院两次', '合计划生育站', '注：已核', '会计', '经办人：周'])(
    'gives back the row of somebody without a number that begins with %j, as a total or a note does',
    async (words) => {
      const outcome = await readFile(lines(['备注', ...COLUMNS], [words, ...good(1).with(1, '')], ['', ...good(2)]));
      expect(outcome.result).toMatchObject({ rows: { read: 2, accepted: 1, rejected: 1, skipped: 0 } });
      expect(errorsOf(outcome)).toEqual(['2:身份证号码:ID_MISSING']);
    },
  );

  it('gives back the row of somebody without a number whose words are names of columns too', async () => {
    const feed = 'charity/aid-payment';
    const columns = ['姓名', '身份证号', '帮扶编号', '帮扶方式', '项目名称', '帮扶日期'];
    const outcome = await readFile(lines(columns, ['王建国', '', 'B1', '物资', '救助项目', '2024-03-02']), { feed });
    expect(errorsOf(outcome)).toEqual(['2:身份证号:ID_MISSING']);
  });

  it.each([
    ['other columns', ['姓名', '身份证号码', '结算单号', '结算日期', '个人自付', '总费用']],
    ['another unit', ['姓名', '身份证号码', '结算单号', '结算日期', '总费用', '个人自付(万元)']],
  ])('does not read a table with %s under the first by the header of that', async (_, header) => {
    const outcome = await readFile(lines(COLUMNS, good(1), COLUMNS, good(2), header, good(3), good(4)));
    expect(outcome.result).toMatchObject({ rows: { read: 4, accepted: 2, rejected: 2 }, totals: { selfPaid: 1_000_000 } });
    expect(errorsOf(outcome)).toEqual(['6::OTHER_HEADER', '7::OTHER_HEADER']);
    expect(saidOf(outcome)).toContain('第5行');
  });

  it('reads on under the header of the first page, and not under a line with another unit', async () => {
    const page = [['单位：元'], COLUMNS];
    const outcome = await readFile(lines(...page, good(1), ...page, good(2), ['单位：万元'], good(3), ...page, good(4)));
    expect(outcome.result).toMatchObject({ rows: { read: 4, accepted: 3, rejected: 1 } });
    expect(errorsOf(outcome)).toEqual(['8::OTHER_HEADER']);
  });

  it.each([
    ['bare', ['', '', '', '', '万元', '万元']],
    ['beside a word for them', ['（单位）', '', '', '', '（万元）', '（万元）']],
    ['beside other words', ['汉字', '18位', '文本', '年月日', '万元', '万元']],
  ])('counts in the units of a row under the header, %s, and again when the fix-it file comes back', async (_, units) => {
    const [first, second] = [good(1).with(4, '1.2').with(5, '0.5'), good(2).with(3, '2024-13-08').with(4, '1.2').with(5, '0.5')];
    const outcome = await readFile(lines(COLUMNS, units, first, second));
    expect(outcome.result).toMatchObject({ rows: { accepted: 1, rejected: 1 }, totals: { selfPaid: 500_000 } });
    const mended = await readFile(outcome.fixIt.toString().replace('2024-13', '2024-03'));
    expect(mended.result).toMatchObject({ rows: { read: 1, accepted: 1 }, totals: { totalCost: 1_200_000, selfPaid: 500_000 } });
  });

  it('counts in the units of a row under that which numbers the columns', async () => {
    const rows = lines(
      COLUMNS,
      ['1', '2', '3', '4', '5', '6'],
      ['', '', '', '', '万元', '万元'],
      good(1).with(4, '1.2').with(5, '0.5'),
    );
    expect((await readFile(rows)).result).toMatchObject({ rows: { read: 1, accepted: 1 }, totals: { selfPaid: 500_000 } });
  });

  it('gives a row with blank cells behind its last back under the columns of the fix-it file', async () => {
    const outcome = await readFile(lines(COLUMNS, [...good(1).with(3, '2024-13-08'), '', ' ', '']));
    expect(outcome.fixIt.toString()).toContain('12000,5000,2,结算日期：');
    expect((await readFile(outcome.fixIt.toString().replace('2024-13', '2024-03'))).result).toMatchObject({
      rows: { read: 1, accepted: 1 },
    });
  });

  it('takes a year as 2024年度', async () => {
    const feed = 'medical-insurance/paid-enrolment';
    const enrolled = lines(['姓名', '身份证号', '参保年度', '资助金额'], ['王建国', person(1), '2024年度', '380']);
    expect((await readFile(enrolled, { feed })).rows[0]?.fact.fields).toMatchObject({ year: 2024, amount: 38_000 });
  });

  it.each([
    ['civil-affairs/minimum-living-allowance-payment', '保障人数', '1\n2', 'NOT_AN_INTEGER'],
    ['civil-affairs/minimum-living-allowance-payment', '行政区划代码', '411122\n411121', 'BAD_AREA'],
  ])('does not run two numbers of a cell together: %s, %s', async (feed, column, cell, code) => {
    const payment = ['姓名', '身份证号', '发放月份', '发放金额', column];
    const outcome = await readFile(lines(payment, ['王建国', person(1), '2024-03', '500', `"${cell}"`]), { feed });
    expect(errorsOf(outcome)).toEqual([`2:${column}:${code}`]);
  });

  it('reads lines that end in a carriage return, with a line feed inside a cell', async () => {
    const rows = [COLUMNS, good(1).with(4, '"1\n000"'), good(2), good(3)];
    const { result, rows: accepted } = await readFile(rows.map((cells) => `${cells.join(',')}\r`).join(''));
    expect(result).toMatchObject({ outcome: 'read', rows: { read: 3 } });
    expect(accepted.map(({ number }) => number)).toContain(person(3));
  });

  it('reads characters that a workbook has to spell out', async () => {
    const { rows } = await readFile(
      workbook([{ rows: sheet(COLUMNS, good(1).with(0, '王_x4E00_国_x0001_').with(3, '2024-03-08_x000D_')) }]),
      asXlsx,
    );
    expect(rows[0]).toMatchObject({ name: '王一国', fact: { from: '2024-03-08' } });
  });
});

describe('a column for area codes', () => {
  const table = (...areas: string[]) => lines([...COLUMNS, '参保地区划'], ...areas.map((area, n) => [...good(n + 1), area]));

  it.each(['召陵区#411104', '411104 召陵区', '召陵区（411104）', '411104-召陵区', '[411104]召陵区'])(
    'has the code beside the name in %j',
    async (cell) => {
      const { rows, result } = await readFile(table(cell));
      expect(rows.map(({ fact }) => [fact.area, fact.areaAssumed])).toEqual([['411104', undefined]]);
      expect(result).not.toHaveProperty('notes');
    },
  );

  it('may have names of places: the rows are taken, and one remark says from which row on and how many', async () => {
    const { rows, rejected, result } = await readFile(table('411104', '河南省漯河市召陵区', '', '老窝镇', '某'));
    expect(rows.map(({ fact }) => [fact.area, fact.areaAssumed])).toEqual([
      ['411104', undefined],
      ['410225', true],
      ['410225', true],
      ['410225', true],
    ]);
    expect(rejected.map(({ row }) => row)).toEqual([6]);
    expect(result.outcome === 'read' && result.notes).toMatchObject([
      { row: 3, column: '参保地区划', code: 'AREA_NAMED', message: { zh: expect.stringContaining('共2行') } },
    ]);
  });
});

describe('files under another name than their own', () => {
  const ole = (text: string) =>
    Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(1_000), Buffer.from(text, 'utf16le')]);
  const packed = (signature: string) => Buffer.concat([Buffer.from(signature, 'hex'), Buffer.alloc(300, 7)]);

  it.each([
    ['a workbook with a password', ole('EncryptedPackage'), '加了打开密码'],
    ['an old workbook', ole('Workbook'), '旧版工作簿（.xls、.et）'],
    ['a binary workbook', zip({ 'xl/workbook.bin': '' }), '二进制工作簿（.xlsb）'],
    ['an OpenDocument file', zip({ mimetype: '', 'content.xml': '' }), 'OpenDocument 文件（.ods）'],
    ['a Word document', zip({ 'word/document.xml': '' }), 'Word 文档'],
    ['a zip of workbooks', zip({ '红庙镇.xlsx': '' }), '请解压后逐个报送'],
    ['a RAR archive', packed('526172211a0700'), '请解压后逐个报送'],
    ['a 7z archive', packed('377abcaf271c'), '请解压后逐个报送'],
  ])('tells of %s what it is', async (_, bytes, words) => {
    for (const name of ['a.xlsx', 'a.csv']) {
      const outcome = await readFile(bytes, { name });
      expect(refusalOf(outcome)).toBe('NOT_XLSX');
      expect(saidOf(outcome)).toContain(words);
    }
  });
});

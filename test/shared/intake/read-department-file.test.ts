import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeGb18030 } from '../../../shared/intake/gb18030-encoder.ts';
import { errorsOf, HEADER, person, readFile, refusalOf, row } from './read-file.ts';

const lines = (...texts: readonly string[]): string => `${texts.join('\n')}\n`;

describe('readDepartmentFile: encodings', () => {
  const text = lines('住院结算明细表', HEADER, row(1), row(2));
  it.each([
    ['utf-8', Buffer.from(text)],
    ['utf-8', Buffer.from(`\ufeff${text}`)],
    ['gb18030', encodeGb18030(text)],
    ['utf-16le', Buffer.from(`\ufeff${text}`, 'utf16le')],
  ])('reads %s', async (encoding, bytes) => {
    const { result, rows } = await readFile(bytes);
    expect(result).toMatchObject({ outcome: 'read', encoding, rows: { read: 2, accepted: 2 } });
    expect(rows[0]?.name).toBe('王建国');
  });

  it('reads GB18030 behind a UTF-8 byte-order mark, as broken exports write it', async () => {
    const { result } = await readFile(Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), encodeGb18030(text)]));
    expect(result).toMatchObject({ encoding: 'gb18030', rows: { accepted: 2 } });
  });

  it('refuses only the row with a broken byte, in either encoding', async () => {
    for (const encode of [(value: string) => Buffer.from(value), (value: string) => Buffer.from(encodeGb18030(value))]) {
      const bytes = Buffer.concat([
        encode(lines(HEADER, row(1))),
        encode(`王`).subarray(0, 1),
        encode(lines(row(2, { 0: '' }), row(3))),
      ]);
      const outcome = await readFile(bytes);
      expect(errorsOf(outcome)).toEqual(['3:姓名:BAD_ENCODING']);
      expect(outcome.rows).toHaveLength(2);
    }
  });

  it('takes a file cut off inside the last character for what it was', async () => {
    const utf8 = Buffer.from(`${lines(HEADER, row(1), row(2))}王`);
    const cut = await readFile(utf8.subarray(0, utf8.length - 1));
    expect(cut.result).toMatchObject({ encoding: 'utf-8', rows: { accepted: 2, rejected: 1 } });
    const gbk = encodeGb18030(`${lines(HEADER, row(1), row(2))}王`);
    const half = await readFile(gbk.subarray(0, gbk.length - 1));
    expect(half.result).toMatchObject({ encoding: 'gb18030', rows: { accepted: 2, rejected: 1 } });
  });

  it('refuses a last row that lost its end on the way, and keeps one that merely lacks the line break', async () => {
    const whole = lines(HEADER, row(1), row(2));
    expect((await readFile(whole.slice(0, -1))).result).toMatchObject({ rows: { accepted: 2, rejected: 0 } });
    expect(errorsOf(await readFile(whole.slice(0, -20)))).toEqual(['3::ROW_CUT_OFF']);
  });

  it('gives the same rows however the bytes are cut', async () => {
    const bytes = encodeGb18030(lines('表', HEADER, row(1), row(2, { 5: '"心力\n衰竭"' }), row(3, { 7: 'x' }), '"open', row(4)));
    const whole = await readFile(bytes);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 25 }), async (cuts) => {
        const { result, rows, rejected } = await readFile(bytes, { cuts });
        expect({ result, rows, rejected }).toEqual({ result: whole.result, rows: whole.rows, rejected: whole.rejected });
      }),
      { numRuns: 50 },
    );
  });
});

describe('readDepartmentFile: rows', () => {
  it('gives a fact without name, number or diagnosis in the clear', async () => {
    const { rows } = await readFile(lines(HEADER, row(1)));
    const [first] = rows;
    expect(first).toMatchObject({ number: person(1), name: '王建国', birth: '1980-01-02', sex: 'male' });
    expect(first?.fact).toMatchObject({
      row: 2,
      from: '2024-03-08',
      area: '410225',
      areaAssumed: true,
      fields: { settlementNumber: 'JS1', admittedOn: '2024-03-01', totalCost: 1_200_000, selfPaid: 500_050 },
    });
    const clear = JSON.stringify(first?.fact);
    for (const secret of ['王建国', person(1), '心力衰竭']) expect(clear).not.toContain(secret);
    expect(first?.fact.sealed).toContain(Buffer.from('{"diagnosisName":"心力衰竭"}').toString('base64'));
  });

  it('masks an identity number inside a text', async () => {
    const { rows } = await readFile(lines(HEADER, row(1, { 2: `JS${person(1)}` })));
    expect(rows[0]?.fact.fields['settlementNumber']).toMatch(/^JS\*{4}#[0-9a-f]{12}$/);
  });

  it('reports everything that is wrong with a row, and loses no neighbour', async () => {
    const outcome = await readFile(
      lines(HEADER, row(1), row(2, { 1: '41022519800102', 3: '2024-13-01', 4: '2024-09-01', 6: '12a', 7: '' }), row(3)),
    );
    expect(errorsOf(outcome)).toEqual([
      '3:身份证号码:ID_LENGTH',
      '3:入院日期:BAD_DATE',
      '3:结算日期:DATE_IN_FUTURE',
      '3:总费用:MONEY_NOT_A_NUMBER',
      '3:个人自付:MISSING_VALUE',
    ]);
    expect(outcome.rows.map((accepted) => accepted.fact.row)).toEqual([2, 4]);
    expect(outcome.result).toMatchObject({ errorCount: 5, totals: { totalCost: 2_400_000, selfPaid: 1_000_100 } });
  });

  it('takes lines for signatures, seals, days and pages, and sentences below a table for no rows of data', async () => {
    const outcome = await readFile(
      lines(
        HEADER,
        row(1),
        '第1页/共2页',
        '经办人签字：,,,复核（签章）：',
        '单位负责人（签字）,,,',
        ',,,（盖章）',
        ',,,,,2024年4月1日',
        ',,,,,,　　年　　月　　日',
        '以上数据已与医保系统核对一致',
        '大病保险支付已含在总费用内；如有疑问请致电。',
        '- 2 -',
      ),
    );
    expect(outcome.result).toMatchObject({ rows: { read: 1, accepted: 1, rejected: 0, skipped: 9 } });
  });

  it('says of a month where a day is asked for that the day is missing', async () => {
    const outcome = await readFile(lines(HEADER, row(1, { 4: '2024年3月' })));
    expect(outcome.rejected[0]?.errors[0]).toMatchObject({
      code: 'BAD_DATE',
      message: { zh: '只写到年月，缺少日；应如 2024-01-05' },
    });
  });

  it('sends a row back that names somebody and nothing more', async () => {
    const outcome = await readFile(lines(HEADER, row(1), '李秀英'));
    expect(outcome.result).toMatchObject({ rows: { read: 2, accepted: 1, rejected: 1 } });
  });

  it('names no person in any message', async () => {
    const outcome = await readFile(
      lines(HEADER, row(1, { 1: '410225198001020011', 7: 'abc' }), row(2, { 1: person(2).slice(1) })),
    );
    const said = JSON.stringify(outcome.result);
    expect(said).not.toMatch(/王建国|\d{17}|心力衰竭/);
  });

  it('skips title lines, unit lines, totals, notes, blanks and the header repeated, and counts them', async () => {
    const outcome = await readFile(
      lines(
        '兰考县住院结算明细表',
        '单位：元',
        HEADER,
        row(1),
        '小计,,,,,,12000,5000.5',
        '',
        '兰考县住院结算明细表',
        HEADER,
        row(2),
        ',合计,,,,,24000,10001',
        '注：数据截至3月31日',
        '填表人：王建国,,审核人：李秀英',
      ),
    );
    expect(outcome.result).toMatchObject({ rows: { read: 2, accepted: 2, rejected: 0, skipped: 7 } });
    expect(outcome.rows.map((accepted) => accepted.fact.row)).toEqual([4, 9]);
  });

  it('does not take a row with a person for a total, nor skip one whose number went wrong', async () => {
    const outcome = await readFile(lines(HEADER, row(1, { 0: '合计' }), row(2, { 0: '合计', 1: '410225198001020011' })));
    expect(outcome.result).toMatchObject({ rows: { accepted: 1, rejected: 1, skipped: 0 } });
  });

  it('refuses a row with a name and nothing else rather than dropping it', async () => {
    const outcome = await readFile(lines(HEADER, row(1), '李秀英,,,,,,,'));
    expect(errorsOf(outcome)).toContain('3:身份证号码:ID_MISSING');
  });

  it('takes the unit from the column name before the unit line', async () => {
    const { rows } = await readFile(lines('单位：万元', HEADER.replace('个人自付', '个人自付（元）'), row(1, { 6: '1.2' })));
    expect(rows[0]?.fact.fields).toMatchObject({ totalCost: 1_200_000, selfPaid: 500_050 });
  });

  it('takes 填报单位：元氏县 for no unit', async () => {
    const { rows } = await readFile(lines('填报单位：元氏县医保局', HEADER, row(1)));
    expect(rows[0]?.fact.fields['totalCost']).toBe(1_200_000);
  });

  it('counts the same row again as a duplicate and refuses another content under the same key', async () => {
    const outcome = await readFile(lines(HEADER, row(1), row(1), row(1, { 7: '6000' }), row(2, { 2: 'JS1' })));
    expect(outcome.result).toMatchObject({ rows: { read: 4, accepted: 2, duplicate: 1, rejected: 1 } });
    expect(outcome.rejected[0]?.errors[0]).toMatchObject({ row: 4, code: 'DUPLICATE_KEY' });
    expect(outcome.rejected[0]?.errors[0]?.message.zh).toContain('第2行');
  });

  it('keys a reversal by the original it names, and takes a negative repeat of a key for one', async () => {
    const header = `${HEADER},冲销标志,原结算单号`;
    const { rows } = await readFile(
      lines(
        header,
        `${row(1)},否,`,
        `${row(1, { 2: 'JS9', 6: '-12000', 7: '-5000.5' })},是,JS1`,
        `${row(2)},,`,
        `${row(2, { 6: '-12000', 7: '-5000.5' })},,`,
      ),
    );
    expect(rows.map(({ fact }) => fact.reversal ?? false)).toEqual([false, true, false, true]);
    expect(rows[1]?.fact.key).toBe(rows[0]?.fact.key);
    expect(rows[3]?.fact.key).toBe(rows[2]?.fact.key);
  });

  it('tells bills without numbers apart by all they state, and only an exact repeat for one already there', async () => {
    const header = '姓名,身份证号,结算日期,总费用,个人自付';
    const bill = (day: string, paid: string) => `王建国,${person(1)},2024-03-${day},12000,${paid}`;
    const outcome = await readFile(lines(header, bill('08', '5000'), bill('09', '5000'), bill('08', '6000'), bill('08', '5000')));
    expect(outcome.result).toMatchObject({ rows: { read: 4, accepted: 3, duplicate: 1, rejected: 0 } });
    expect(new Set(outcome.rows.map(({ fact }) => fact.key)).size).toBe(3);
  });

  it('checks dates against each other and the birth, and parts against the whole', async () => {
    const outcome = await readFile(
      lines(HEADER, row(1, { 3: '2024-03-09' }), row(2, { 3: '1979-12-31' }), row(3, { 7: '12000.01' })),
    );
    expect(errorsOf(outcome)).toEqual(['2:入院日期:DATE_ORDER', '3:入院日期:BEFORE_BIRTH', '4:个人自付:PARTS_EXCEED_WHOLE']);
  });

  it('refuses a death before birth', async () => {
    const outcome = await readFile(lines('姓名,身份证号,死亡日期,登记日期', `王建国,${person(1)},1979-05-01,2024-03-02`), {
      feed: 'public-security/death-registration',
    });
    expect(errorsOf(outcome)[0]).toContain('BEFORE_BIRTH');
  });

  it('refuses a formula, an unclosed quote, cells beyond the header, each alone', async () => {
    const outcome = await readFile(
      lines(HEADER, row(1, { 6: '=1+2' }), `"${row(2)}`, `${row(3)},多出,的`, row(4), row(5, { 1: `="${person(5)}"` })),
    );
    expect(errorsOf(outcome)).toEqual(['2:总费用:FORMULA', '3::UNCLOSED_QUOTE', '4::TOO_MANY_CELLS']);
    expect(outcome.rows).toHaveLength(2);
  });

  it('reads area codes to their level and says when the area is only a guess', async () => {
    const { result, rows } = await readFile(
      lines(`${HEADER},参保地区划代码`, `${row(1)},410225000000`, `${row(2)},410225101203`, `${row(3)},`, `${row(4)},兰考县`),
    );
    expect(rows.map(({ fact }) => [fact.area, fact.areaAssumed])).toEqual([
      ['410225', undefined],
      ['410225101203', undefined],
      ['410225', true],
    ]);
    expect(result).toMatchObject({ counties: new Set(['410225']), rows: { rejected: 1 } });
  });

  it('hands rows on in batches of two thousand', async () => {
    const many = Array.from({ length: 4_100 }, (_, n) => row(n % 1000, { 2: `JS${n}` }));
    const { batches, result } = await readFile(lines(HEADER, ...many));
    expect(batches).toEqual([2_000, 2_000, 100]);
    expect(result).toMatchObject({ rows: { accepted: 4_100 } });
  });

  it('takes a month for the first or last day of a state, and leaves the end open', async () => {
    const { rows } = await readFile(
      lines(
        '户编号,保障类别,城乡类别,与户主关系,姓名,身份证号,户主身份证号,户月保障金额,享受起始年月,享受终止年月',
        `H1,低保,农村,户主,王建国,${person(1)},${person(1)},800,202401,202406`,
        `H1,低保,农村,配偶,李秀英,${person(2)},${person(1)},800,2024年1月,长期`,
      ),
      { feed: 'civil-affairs/low-income-register' },
    );
    expect(rows.map(({ fact }) => [fact.from, fact.to])).toEqual([
      ['2024-01-01', '2024-06-30'],
      ['2024-01-01', undefined],
    ]);
    expect(rows[0]?.fact.fields['headIdentityNumber']).toBe(rows[0]?.person);
    expect(JSON.stringify(rows.map(({ fact }) => fact))).not.toContain(person(1));
  });

  it.each(['\t', ';', '，', '|'])('finds the delimiter %j', async (delimiter) => {
    const { result } = await readFile(lines(HEADER, row(1)).replaceAll(',', delimiter));
    expect(result).toMatchObject({ outcome: 'read', rows: { accepted: 1 } });
  });
});

describe('readDepartmentFile: files of which nothing can be read', () => {
  it.each<[string, string | Uint8Array, string]>([
    ['an empty file', '', 'EMPTY_FILE'],
    ['blanks only', ' \n\n ', 'EMPTY_FILE'],
    ['binary rubbish', Buffer.from(Array.from({ length: 5_000 }, (_, n) => (n * 7919) % 256)), 'NOT_A_TABLE'],
    ['rubbish without zero bytes', Buffer.from(Array.from({ length: 5_000 }, (_, n) => 1 + ((n * 7919) % 255))), 'NOT_A_TABLE'],
    ['a web page', '<html><table><tr><td>1</td></tr></table></html>', 'NOT_A_TABLE'],
    ['another table', '日期,温度\n2024-01-01,3\n', 'MISSING_COLUMNS'],
    ['a table without the self-paid column', `${HEADER.replace('个人自付', '备注')}\n${row(1)}\n`, 'MISSING_COLUMNS'],
    ['a column twice', `${HEADER},个人自付\n${row(1)},1\n`, 'DUPLICATE_COLUMN'],
    ['a foreign unit', `${HEADER}（美元）\n${row(1)}\n`, 'UNKNOWN_UNIT'],
    ['ten thousand columns', `${Array.from({ length: 10_000 }, (_, n) => `列${n}`).join(',')}\n`, 'TOO_MANY_COLUMNS'],
    ['a header alone', `${HEADER}\n`, 'NO_ROWS'],
    ['one endless line', 'x'.repeat(3_000_000), 'NOT_A_TABLE'],
  ])('refuses %s', async (_, content, code) => {
    const outcome = await readFile(content);
    expect(refusalOf(outcome)).toBe(code);
    expect(outcome.rows).toHaveLength(0);
  });

  it('refuses a file over the limit without reading it', async () => {
    expect(refusalOf(await readFile('x', { size: 5 * 2 ** 30 }))).toBe('TOO_LARGE');
  });

  it('says which columns were found and which were expected, but repeats no data', async () => {
    const wrong = await readFile(lines('姓名,身份证号码,金额', `王建国,${person(1)},5`));
    expect(wrong.result).toMatchObject({ errors: [{ code: 'MISSING_COLUMNS' }] });
    expect(JSON.stringify(wrong.result)).toContain('缺少必填列：结算日期、个人自付');
    const headless = await readFile(lines(row(1), row(2)));
    expect(refusalOf(headless)).toBe('MISSING_COLUMNS');
    expect(JSON.stringify(headless.result)).not.toMatch(/王建国|4102/);
  });

  it.each([
    ['text named as a workbook', Buffer.from(lines(HEADER, row(1)))],
    ['an old or encrypted workbook', Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1])],
    ['a web page named as a workbook', Buffer.from('<html></html>')],
    ['a damaged workbook', Buffer.from([0x50, 0x4b, 3, 4, 9, 9, 9, 9])],
  ])('refuses %s and says what to do', async (_, bytes) => {
    expect(refusalOf(await readFile(bytes, { name: 'a.xlsx' }))).toBe('NOT_XLSX');
  });
});

describe('the fix-it file', () => {
  it('comes back in layout and encoding as sent, and a corrected copy is taken', async () => {
    const sent = encodeGb18030(
      ['兰考县住院结算', '单位：元', HEADER, row(1), row(2, { 5: '"心衰,二级"', 7: '五千' }), ''].join('\r\n'),
    );
    const first = await readFile(sent);
    const text = new TextDecoder('gb18030', { fatal: true }).decode(first.fixIt);
    const back = text.split('\r\n');
    expect(back.slice(0, 3)).toEqual(['兰考县住院结算', '单位：元', `${HEADER},行号,退回原因`]);
    expect(back[3]).toContain('"心衰,二级"');
    expect(back[3]).toMatch(/,5,个人自付：金额不是数字/);
    const corrected = await readFile(encodeGb18030(text.replace('五千', '5000')));
    expect(corrected.result).toMatchObject({ rows: { read: 1, accepted: 1 } });
    const again = await readFile(encodeGb18030(text));
    expect(again.fixIt.toString('latin1').split('\r\n')).toHaveLength(back.length);
    expect(new TextDecoder('gb18030').decode(again.fixIt).split('\r\n')[2]).toBe(`${HEADER},行号,退回原因`);
  });

  it('holds no cell that a spreadsheet program would compute, though the file as sent did', async () => {
    const attack = `=cmd|'/C calc'!A0`;
    const sent = lines(
      `@SUM(1+1),来源`,
      `${HEADER},=1+1`,
      `${row(1, { 0: attack, 5: '+1+cmd', 7: 'x' })},\t=1`,
      row(2, { 5: '"=HYPERLINK(""http://evil"",""打开"")"', 7: 'y' }),
    );
    const { fixIt } = await readFile(sent);
    const [title, head, first, second] = fixIt.toString().split('\n');
    expect(title).toBe(`'@SUM(1+1),来源`);
    expect(head).toBe(`${HEADER},'=1+1,行号,退回原因`);
    expect(first).toMatch(/^'=cmd\|'\/C calc'!A0,.*,'\+1\+cmd,.*,'\t=1,3,/);
    expect(second).toContain(`"'=HYPERLINK(""http://evil"",""打开"")"`);
  });

  it('leaves as they were the numbers, dashes and guarded digits that programs show as they are', async () => {
    const quoted = `"=""${person(1)}"""`;
    const sent = row(1, { 1: quoted, 3: '+12.30', 5: '--', 6: '"-1,234.50"', 7: 'x' });
    const { fixIt } = await readFile(lines(HEADER, sent));
    expect(fixIt.toString().split('\n')[1]).toMatch(new RegExp(`^王建国,${quoted},JS1,[+]12.30,2024-03-08,--,"-1,234.50",x,2,`));
  });

  it('is taken once it is mended, whatever was put before a text that looked like a formula', async () => {
    const { fixIt } = await readFile(lines(HEADER, row(1, { 5: '-3度烧伤', 7: 'x' }), row(2, { 0: '=A1' })));
    const again = await readFile(fixIt.toString().replace(',x,', ',300.00,'));
    expect(again.rows.map(({ fact }) => fact.row)).toEqual([2]);
    expect(errorsOf(again)).toEqual(['3:姓名:FORMULA']);
    expect(again.fixIt.toString()).toContain("\n'=A1,");
    const plain = await readFile(lines(HEADER, row(1, { 5: '-3度烧伤', 7: '300.00' })));
    expect(again.rows[0]?.fact.content).toBe(plain.rows[0]?.fact.content);
  });

  it('keeps the byte-order mark and UTF-16 of the sender', async () => {
    const text = lines(HEADER, row(1, { 7: 'x' }));
    expect((await readFile(`\ufeff${text}`)).fixIt.subarray(0, 3).toString('hex')).toBe('efbbbf');
    expect((await readFile(Buffer.from(`\ufeff${text}`, 'utf16le'))).fixIt.subarray(0, 2).toString('hex')).toBe('fffe');
  });
});

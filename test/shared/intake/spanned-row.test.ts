import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DelimitedText } from '../../../shared/intake/delimited-text.ts';
import { encodeGb18030 } from '../../../shared/intake/gb18030-encoder.ts';
import type { SourceRecord } from '../../../shared/intake/source-record.ts';
import { SpannedRow } from '../../../shared/intake/spanned-row.ts';
import { person, readFile } from './read-file.ts';

const COLUMNS =
  '姓名,身份证号码,参保地区划,结算单号,医疗机构,入院日期,结算日期,诊断名称,总费用,个人自付,异地标志,冲销标志,原单号';
const FEED = 'medical-insurance/inpatient-settlement';

/** Cells as departments write them, clean ones most often. */
const cells: readonly fc.Arbitrary<string>[] = [
  fc.constantFrom('王建国', '王建国', '买买提·吐尔逊', '张 三', '', '\ufffd', "'李秀英"),
  fc.oneof(
    fc.integer({ min: 1, max: 9 }).map(person),
    fc.constantFrom(
      ...['', '合计', ` ${person(1)}`, `'${person(2)}`, person(3).replaceAll('1', '１'), `="${person(4)}"`, '4.10225E+17'],
      ...['410225800102001', `${person(1).slice(0, 17)}?`, '410225204001020015', '990225198001020019', `${person(1)}0`],
    ),
  ),
  fc.constantFrom('410225', '410225101000', '４１０２２５', '41022', '', '410225101203.0'),
  fc.oneof(
    fc.integer({ min: 1, max: 12 }).map((n) => `JS20240000000${n}`),
    fc.constantFrom('', `JS${person(1)}`, `ＪＳ${person(2).replaceAll('0', '０')}`, ' JS1 ', '=1+2'),
  ),
  fc.constantFrom('兰考县人民医院', '河南省人民医院（郑东院区）心血管病治疗中心', '', ' 兰考 县医院', 'x'.repeat(300)),
  fc.constantFrom('2024-03-01', '2024/3/1', '20240301', '45352', '2024-03-09', '2024-02-30', '', '1979-01-01', '0000-00-00'),
  fc.constantFrom('2024-03-08', '2024年3月8日', '2024-03-08 10:20:30', '2024-03', '2024-12-01', '', "'2024-03-08"),
  fc.constantFrom('心力衰竭', '脑梗死 后遗症', '', 'C34.900', '支气管或肺恶性肿瘤'),
  fc.constantFrom('12000.00', '12000', '1.2万', '-300', '１２０００', '99999999999', '12000.001', '0', '.5', '5.', 'abc', ''),
  fc.constantFrom('5000.50', '5000.5', '0', '0.00', '-300', '￥5000', '20000', '(300)', ''),
  fc.constantFrom('是', '否', '1', '', '也许'),
  fc.constantFrom('否', '否', '', '是', '冲销', '0'),
  fc.constantFrom('', '', 'JS2', 'JS202400000001'),
];
const table = fc.array(fc.tuple(...cells), { minLength: 1, maxLength: 25 });
const quoted = (cell: string): string => `"${cell.replaceAll('"', '""')}"`;

describe('rows read where they lie', () => {
  it('come out as rows with every cell in quotes do, whatever is in the cells', async () => {
    await fc.assert(
      fc.asyncProperty(table, fc.constantFrom('\n', '\r\n'), async (rows, newline) => {
        const text = (write: (cell: string) => string): string =>
          [COLUMNS, ...rows.map((row) => row.map(write).join(','))].map((line) => line + newline).join('');
        const plain = await readFile(
          text((cell) => (cell.includes('"') ? quoted(cell) : cell)),
          { feed: FEED },
        );
        const slow = await readFile(text(quoted), { feed: FEED });
        expect(plain).toEqual({ ...slow, fixIt: plain.fixIt });
      }),
      { numRuns: 100 },
    );
  });

  it('give the same again when a column is remembered, given up or repeats for long', async () => {
    const lines = Array.from({ length: 10_000 }, (_, n) => {
      const day = String(1 + (n % 28)).padStart(2, '0');
      const name = n < 9_000 ? `王${String.fromCodePoint(0x4e00 + n)}` : '王建国';
      return [
        name,
        person(n % 900),
        '410225',
        `JS${n}`,
        `第${n % 5_000}医院`,
        '',
        `2024-03-${day}`,
        '',
        `${n}.5`,
        '0',
        '',
        '',
        '',
      ];
    });
    const text = (write: (cell: string) => string): Uint8Array =>
      encodeGb18030([COLUMNS, ...lines.map((line) => line.map(write).join(','))].map((line) => `${line}\n`).join(''));
    const plain = await readFile(text(String), { feed: FEED });
    const slow = await readFile(text(quoted), { feed: FEED });
    expect(plain.result).toMatchObject({ rows: { accepted: 10_000 } });
    expect(plain.rows).toEqual(slow.rows);
    expect(plain.result).toEqual(slow.result);
  });

  it('are cut as ordinary rows are, however the text arrives', () => {
    const parts = fc.array(fc.constantFrom('a', 'bc', '张', ',', ',', '"', '\n', '\n', '\r\n', ' ', '\ufffd'), { maxLength: 80 });
    const copy = ({ row, cells: own, broken, damaged }: SourceRecord) => ({ row, cells: [...own], broken, damaged });
    fc.assert(
      fc.property(parts, fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 8 }), (some, sizes) => {
        const text = some.join('');
        const ordinary = new DelimitedText(',');
        const spanned = new DelimitedText(',');
        const expected: unknown[] = [];
        const found: unknown[] = [];
        let at = 0;
        for (const size of [...sizes, text.length]) {
          expected.push(...ordinary.push(text.slice(at, at + size)).map(copy));
          found.push(...spanned.pushSpanned(text.slice(at, at + size)).map(copy));
          at += size;
        }
        expected.push(...ordinary.end().map(copy));
        found.push(...spanned.end().map(copy));
        expect(found).toEqual(expected);
      }),
      { numRuns: 200 },
    );
  });

  it('are used for plain lines and not for lines with quotes or undecodable bytes', () => {
    const records = new DelimitedText(',').pushSpanned('a,b\n"c",d\ne,\ufffd\n');
    expect(records.map((record) => record instanceof SpannedRow)).toEqual([true, false, false]);
    expect(records.map((record) => record.cells)).toEqual([
      ['a', 'b'],
      ['c', 'd'],
      ['e', '\ufffd'],
    ]);
  });
});

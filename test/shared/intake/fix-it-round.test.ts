import { describe, expect, it } from 'vitest';
import { encodeGb18030 } from '../../../shared/intake/gb18030-encoder.ts';
import { textRow, workbook } from './make-workbook.ts';
import { errorsOf, type Outcome, person, readFile } from './read-file.ts';

const TITLE = ['2024年3月住院结算明细（单位：元）'];
const COLUMNS = ['序号', '姓名', '身份证号码', '结算单号', '结算日期', '总费用', '个人自付'];
const good = (n: number): string[] => [String(n), '王建国', person(n), `JS${n}`, '2024-03-08', '12000', '5,000.50'];
const bad = (n: number, at: number, cell: string): string[] => good(n).map((own, index) => (index === at ? cell : own));
/** Five rows: the second, third and fifth come back. */
const SENT = [TITLE, COLUMNS, good(1), bad(2, 2, ''), bad(3, 4, '三月'), good(4), bad(5, 6, '五千')];

const quoted = (cell: string): string => (/[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
const csv = (rows: readonly (readonly string[])[]): string => rows.map((cells) => `${cells.map(quoted).join(',')}\r\n`).join('');
const xlsx = (...sheets: readonly { name: string; rows: readonly (readonly string[])[] }[]): Buffer =>
  workbook(sheets.map(({ name, rows }) => ({ name, rows: rows.map((cells, at) => textRow(at + 1, cells)).join('') })));

/** The cells of a fix-it file that is a delimited text. */
function cellsOf(text: string): string[][] {
  return text
    .replace(/^\ufeff/, '')
    .trimEnd()
    .split('\r\n')
    .map((line) =>
      Array.from(line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g), ([, inQuotes, bare]) =>
        inQuotes === undefined ? (bare ?? '') : inQuotes.replaceAll('""', '"'),
      ),
    );
}

/** What an officer does: fills the empty number, corrects the day and the sum, and leaves the columns that were added. */
function mended(rows: readonly (readonly string[])[]): string[][] {
  return rows.map((cells) =>
    cells.map((cell, at) => {
      if (cells[3] === 'JS2' && at === 2) return person(2);
      if (cells[3] === 'JS3' && at === 4) return '2024.3.8';
      return cells[3] === 'JS5' && at === 6 ? '5000' : cell;
    }),
  );
}

const takenBills = ({ rows }: Outcome): unknown[] => rows.map(({ number, fact }) => [number, fact.fields['settlementNumber']]);
const MENDED = [
  [person(2), 'JS2'],
  [person(3), 'JS3'],
  [person(5), 'JS5'],
];
const countsOf = ({ result }: Outcome) => (result.outcome === 'read' ? result.rows : result.errors);

describe('a fix-it file that is mended and sent again', () => {
  it.each([
    ['UTF-8', (text: string) => Buffer.from(`\ufeff${text}`), (bytes: Buffer) => bytes.toString()],
    ['GB18030', (text: string) => Buffer.from(encodeGb18030(text)), (bytes: Buffer) => new TextDecoder('gb18030').decode(bytes)],
  ])('in %s gives the rows it has and no others', async (_, encode, decode) => {
    const first = await readFile(encode(csv(SENT)));
    expect(takenBills(first)).toEqual([
      [person(1), 'JS1'],
      [person(4), 'JS4'],
    ]);
    const second = await readFile(encode(csv(mended(cellsOf(decode(first.fixIt))))));
    expect(takenBills(second)).toEqual(MENDED);
    expect(countsOf(second)).toMatchObject({ read: 3, accepted: 3, rejected: 0 });
    expect(second.result).toMatchObject({ ignored: ['序号'] });
  });

  it('may be sorted, shortened, put into a workbook, padded with blank columns and followed by a blank sheet', async () => {
    const first = await readFile(csv(SENT));
    const [title = [], header = [], ...rows] = mended(cellsOf(first.fixIt.toString()));
    const table = [
      title,
      [...header, '', ''],
      ...rows
        .reverse()
        .slice(0, 2)
        .map((cells) => [...cells, '', '']),
      ['', ''],
    ];
    const second = await readFile(xlsx({ name: '退回表', rows: table }, { name: 'Sheet2', rows: [] }), { name: 'b.xlsx' });
    expect(takenBills(second)).toEqual([MENDED[2], MENDED[1]]);
  });

  it('of several sheets comes back as a text of one of them as well', async () => {
    const name = { name: 'a.xlsx' };
    const first = await readFile(
      xlsx({ name: '红庙镇', rows: SENT }, { name: '青石镇', rows: [COLUMNS, good(6), bad(7, 6, '无数')] }),
      name,
    );
    const again = await readFile(first.fixIt, name);
    expect(errorsOf(again).map((error) => error.replace(/^\d+:/, ''))).toEqual(
      errorsOf(first).map((error) => error.replace(/^\d+:/, '')),
    );
    expect(again.result).toMatchObject({
      sheets: [
        { name: '红庙镇', use: 'read' },
        { name: '青石镇', use: 'read' },
      ],
    });
    const added = ['行号', '退回原因'];
    const saved = csv([
      [...COLUMNS, ...added],
      [...bad(7, 6, '800'), '3', '金额无法识别'],
    ]);
    expect(takenBills(await readFile(saved))).toEqual([[person(7), 'JS7']]);
  });

  it('mended by half comes back once more with what is still wrong and no column twice', async () => {
    const first = await readFile(csv(SENT));
    const half = mended(cellsOf(first.fixIt.toString())).map((cells) =>
      cells[3] === 'JS5' ? bad(5, 6, '五千').concat(cells.slice(7)) : cells,
    );
    const second = await readFile(csv(half));
    expect(takenBills(second)).toEqual(MENDED.slice(0, 2));
    const [, header, ...rows] = cellsOf(second.fixIt.toString());
    expect(header).toEqual([...COLUMNS, '行号', '退回原因']);
    expect(rows.map((cells) => [cells[3], cells[7]])).toEqual([['JS5', '5']]);
  });

  it('states of a mended row what the original would have stated, so that both sent are one fact', async () => {
    const first = await readFile(csv(SENT));
    const second = await readFile(csv(mended(cellsOf(first.fixIt.toString()))));
    const whole = await readFile(csv(mended(SENT)));
    const factOf = ({ rows }: Outcome) => new Map(rows.map(({ fact }) => [fact.key, fact.content]));
    for (const [key, content] of [...factOf(first), ...factOf(second)]) expect(factOf(whole).get(key)).toBe(content);
    expect(whole.rows).toHaveLength(5);
  });
});

describe('UTF-16 whose mark was lost', () => {
  it.each([
    ['utf-16le', (text: string) => Buffer.from(text, 'utf16le')],
    ['utf-16be', (text: string) => Buffer.from(text, 'utf16le').swap16()],
  ])('is read as %s, and its refused rows come back in it', async (encoding, encode) => {
    const outcome = await readFile(encode(csv(SENT).replaceAll('王建国', '王一一')));
    expect(outcome.result).toMatchObject({ encoding, rows: { accepted: 2, rejected: 3 } });
    expect(outcome.fixIt.subarray(0, 4)).toEqual(encode('20'));
  });
});

import { textRow, workbook } from '../shared/intake/make-workbook.ts';
import type { Content } from './department-desk.ts';
import { type BadInput, bill, cellsOf, HEADER, ID, lines, number, PLACE, SELF } from './far-county.ts';

function refusedWhole(what: string, path: string, content: Content, code: string): BadInput {
  return { what, path, content, status: 'refused', rows: [0, 0, 0, 0], errors: [[null, null, code]] };
}

/** Bytes without order that are the same on every run. */
function rubbish(size: number): Buffer {
  let state = 7;
  return Buffer.from(
    Array.from({ length: size }, () => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
      return state >>> 24;
    }),
  );
}

/** Files of which nothing can be read. */
export const badFiles: readonly BadInput[] = [
  refusedWhole('department and category unknown', '医保局/住院/2024-03/a.csv', lines(HEADER, bill(1)), 'UNKNOWN_FEED'),
  refusedWhole('a category nearly right', 'medical-insurance/inpatient/2024-03/a.csv', lines(HEADER, bill(1)), 'UNKNOWN_FEED'),
  refusedWhole('a folder too many', `${PLACE}/city/a.csv`, lines(HEADER, bill(1)), 'UNKNOWN_PATH'),
  refusedWhole(
    'a month that does not exist',
    'medical-insurance/inpatient-settlement/2024-13/a.csv',
    lines(HEADER, bill(1)),
    'BAD_PERIOD',
  ),
  refusedWhole(
    'a period in other words',
    'medical-insurance/inpatient-settlement/2024年3月/a.csv',
    lines(HEADER, bill(1)),
    'BAD_PERIOD',
  ),
  refusedWhole(
    'a period to come',
    'medical-insurance/inpatient-settlement/2024-06/a.csv',
    lines(HEADER, bill(1)),
    'PERIOD_IN_FUTURE',
  ),
  refusedWhole('an empty file', `${PLACE}/空.csv`, '', 'EMPTY_FILE'),
  refusedWhole('blank lines only', `${PLACE}/blank.csv`, '\r\n  \r\n\t\r\n', 'EMPTY_FILE'),
  refusedWhole('a header and nothing below', `${PLACE}/header.csv`, lines(HEADER), 'NO_ROWS'),
  refusedWhole('binary rubbish', `${PLACE}/rubbish.csv`, rubbish(20_000), 'NOT_A_TABLE'),
  refusedWhole(
    'binary rubbish without NUL',
    `${PLACE}/rubbish0.csv`,
    Buffer.from(rubbish(20_000).map((byte) => byte || 1)),
    'NOT_A_TABLE',
  ),
  refusedWhole('binary rubbish named as a workbook', `${PLACE}/rubbish.xlsx`, rubbish(20_000), 'NOT_XLSX'),
  refusedWhole('a web page named as a workbook', `${PLACE}/web.xlsx`, `<html><table><tr><td>${ID}</td></tr></table>`, 'NOT_XLSX'),
  refusedWhole('text named as a workbook', `${PLACE}/text.xlsx`, lines(HEADER, bill(2)), 'NOT_XLSX'),
  refusedWhole(
    'a workbook that unpacks a thousandfold',
    `${PLACE}/bomb.xlsx`,
    workbook([{ rows: cellsOf(1, HEADER, {}) + textRow(2, ['0'.repeat(110_000_000)]) }]),
    'TOO_LARGE',
  ),
  refusedWhole('a printed page', `${PLACE}/a.pdf`, '%PDF-1.4', 'UNKNOWN_EXTENSION'),
  refusedWhole(
    'ten thousand columns',
    `${PLACE}/wide.csv`,
    lines(Array.from({ length: 10_000 }, (_, n) => `列${n}`).join(','), '1,'.repeat(9_999)),
    'TOO_MANY_COLUMNS',
  ),
  refusedWhole(
    'our columns among ten thousand',
    `${PLACE}/wide2.csv`,
    lines(HEADER + ',备用'.repeat(10_000), bill(3) + ',1'.repeat(10_000)),
    'TOO_MANY_COLUMNS',
  ),
  refusedWhole(
    'no column of the self-paid sum',
    `${PLACE}/lacks.csv`,
    lines(`${ID},结算流水号`, `${number(4)},JS4`),
    'MISSING_COLUMNS',
  ),
  refusedWhole('no header at all', `${PLACE}/bare.csv`, lines(bill(5), bill(6)), 'MISSING_COLUMNS'),
  refusedWhole('the same column twice', `${PLACE}/twice.csv`, lines(`${HEADER},${SELF}`, `${bill(7)},1`), 'DUPLICATE_COLUMN'),
  refusedWhole(
    'a foreign currency',
    `${PLACE}/usd.csv`,
    lines(HEADER.replace('个人自付金额(元)', '个人自付金额(美元)'), bill(8)),
    'UNKNOWN_UNIT',
  ),
];

import type { PlainDate } from '../../shared/calendar/plain-date.ts';
import { identityNumberOf } from '../builders/identity.ts';
import type { Content, IngestLine } from './department-desk.ts';

/** A county that is not in our fixtures, whose departments head their columns in their own way. */
export const NOW = '2024-04-20T09:00:00+08:00';
export const PLACE = 'medical-insurance/inpatient-settlement/2024-03';
export const HEADER = '结算流水号,身份证件号码,人员姓名,医保结算时间,医疗费用总额(元),个人自付金额(元),参保地行政区划';

/** The identity number of the n-th invented person. */
export function number(n: number): string {
  return identityNumberOf('620521', '1968-05-17' as PlainDate, n);
}

/** The n-th settlement of the n-th person, 1,200.50 yuan self-paid, with some cells replaced. */
export function bill(n: number, changes: Readonly<Record<number, string>> = {}): string {
  const cells = [`JS${n}`, number(n), `周某${n}`, '2024/3/5', '3000.00', '1200.50', '620521'];
  for (const [at, cell] of Object.entries(changes)) cells[Number(at)] = cell;
  return cells.join(',');
}

/** Lines of a file as spreadsheets end them. */
export function lines(...rows: readonly string[]): string {
  return `${rows.join('\r\n')}\r\n`;
}

/** A workbook row of texts, with other XML for some cells. */
export function cellsOf(row: number, text: string, xml: Readonly<Record<number, string>>): string {
  const cells = text.split(',').map((cell, at) => {
    const name = `${String.fromCharCode(65 + at)}${row}`;
    return xml[at] === undefined ? `<c r="${name}" t="inlineStr"><is><t>${cell}</t></is></c>` : `<c r="${name}">${xml[at]}</c>`;
  });
  return `<row r="${row}">${cells.join('')}</row>`;
}

/** Column names of the sender. */
export const SELF = '个人自付金额(元)';
export const ID = '身份证件号码';
export const DATE = '医保结算时间';

/** A file, what is bad about it, and what must become of it. */
export interface BadInput {
  readonly what: string;
  readonly path: string;
  readonly content: Content;
  readonly status: IngestLine['status'];
  /** read, accepted, duplicate, rejected */
  readonly rows?: readonly [number, number, number, number];
  readonly encoding?: string;
  /** Self-paid fen of the rows accepted. */
  readonly selfPaid?: number;
  /** row, column, code */
  readonly errors?: readonly (readonly [number | null, string | null, string])[];
}

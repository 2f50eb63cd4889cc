import type { PlainDate } from '../../../shared/calendar/plain-date.ts';
import type { Table } from './table.ts';

/** One inpatient settlement as the medical-insurance department knows it. Amounts in fen, dates ISO. */
export interface Settlement {
  readonly name: string;
  readonly identity: string;
  readonly area: string;
  readonly number: string;
  readonly hospital: string;
  readonly visit: string;
  readonly admitted: string;
  readonly discharged: string;
  readonly settled: PlainDate;
  readonly code: string;
  readonly diagnosis: string;
  readonly total: number;
  readonly fund: number;
  readonly major: number;
  readonly aid: number;
  readonly account: number;
  readonly self: number;
  readonly outOfArea: boolean;
  /** On a reversal: number of the settlement taken back; '' otherwise. */
  readonly reverses: string;
}

/** Column numbers of an inpatient table that dirt and totals need. */
export const settlementColumns = { identity: 1, date: 8, money: 16, totals: [11, 12, 13, 14, 15, 16] } as const;

/** A 20-column inpatient table; `money` writes an amount of fen in the unit of the file. */
export function settlementTable(settlements: readonly Settlement[], money: (fen: number) => string, unit: '' | '(万元)'): Table {
  return {
    headers: [
      '姓名',
      '证件号码',
      '参保地区划',
      '结算单号',
      '医疗机构名称',
      '就诊类别',
      '入院日期',
      '出院日期',
      '结算时间',
      '诊断编码',
      '诊断名称',
      `总费用${unit}`,
      `统筹基金支付${unit}`,
      `大病保险支付${unit}`,
      `医疗救助支付${unit}`,
      `个人账户支付${unit}`,
      `个人自付${unit}`,
      '异地标志',
      '冲销标志',
      '原结算单号',
    ],
    rows: settlements.map((one) => [
      one.name,
      one.identity,
      one.area,
      one.number,
      one.hospital,
      one.visit,
      one.admitted,
      one.discharged,
      one.settled,
      one.code,
      one.diagnosis,
      money(one.total),
      money(one.fund),
      money(one.major),
      money(one.aid),
      money(one.account),
      money(one.self),
      one.outOfArea ? '是' : '否',
      one.reverses === '' ? '否' : '是',
      one.reverses,
    ]),
  };
}

/** The settlement that takes `one` back on a later day under a number of its own, every amount with a minus. */
export function reversalOf(one: Settlement, settled: PlainDate): Settlement {
  return {
    ...one,
    number: `${one.number}T`,
    settled,
    total: -one.total,
    fund: -one.fund,
    major: -one.major,
    aid: -one.aid,
    account: -one.account,
    self: -one.self,
    reverses: one.number,
  };
}

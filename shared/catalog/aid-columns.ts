import { codeColumn, dateColumn, signedMoneyColumn, spelled, textColumn } from './columns.ts';
import type { FeedSpec, FieldSpec } from './feed.ts';
import { nameOf, numberOf } from './person-columns.ts';

/**
 * Columns that the feeds of help given have in common. All of them call the sum `amount`, so that the assistance chain adds
 * up any of them; none calls a sum `selfPaid`, so that no pack takes help for a burden.
 */

/** Words for whom the help went to, the most exact first; lists of households name the head or whoever collects the money. */
const RECIPIENT = [
  ...['患者', '参保人', '参保人员', '受益人', '资助对象'],
  ...['户主', '领款人', '领取人', '受助人', '救助对象', '申请人'],
  ...['受助对象', '救助人', '补贴对象', '补助对象', '发放对象', '保障对象', '享受人员'],
];
export const recipientNumber: FieldSpec = numberOf(RECIPIENT);
export const recipientName: FieldSpec = nameOf(RECIPIENT, ['领款人', '领取人', '受助人', '救助对象']);

/** The usual names beside the one that is the title of this feed's column. */
function beside(zh: string, usual: readonly string[], more: readonly string[]): readonly string[] {
  return [...usual.filter((name) => name !== zh), ...more];
}

/** Names one payment; a later file with the same number replaces it. */
export function aidNumber(zh: string, en: string, more: readonly string[]): FieldSpec {
  return textColumn('aidNumber', zh, en, 64, ['发放流水号', '支付流水号', '业务流水号', '流水号', ...more]);
}

/** On a payment taken back: the one it takes back. */
export const originalAidNumber: FieldSpec = textColumn('originalNumber', '原发放流水号', 'payment taken back', 64, [
  '原流水号',
  '原单号',
  '原支付流水号',
  '原业务流水号',
  '原救助编号',
  '被冲销流水号',
  '退回原单号',
]);

/** The sum given; with a minus where it was taken back. */
export function aidAmount(
  zh: string,
  more: readonly string[],
  options: { readonly required?: true } = { required: true },
): FieldSpec {
  return signedMoneyColumn(
    'amount',
    zh,
    'amount given',
    beside(zh, ['金额', '发放金额', '实发金额', '实际发放金额', '支付金额'], more),
    options,
  );
}

/** The day the help was given. */
export function givenOn(
  zh: string,
  more: readonly string[],
  options: { readonly required?: true } = { required: true },
): FieldSpec {
  return dateColumn('givenOn', zh, 'given on', beside(zh, ['发放日期', '支付日期', '打卡日期', '到账日期'], more), options);
}

/** How the feeds whose payments have numbers of their own are read. */
export const numberedAid = {
  subject: { identity: 'identityNumber', name: 'name' },
  naturalKey: ['aidNumber'],
  dates: { from: 'givenOn' },
  area: 'area',
  reversal: { flag: 'reversal', original: 'originalNumber' },
  checks: [{ kind: 'not-before-birth', field: 'givenOn' }],
} as const satisfies Partial<FeedSpec>;

/** Behind the word for who is insured: 居民医保, 城镇职工基本医疗保险. */
const SCHEME = ['', '医保', '基本医保', '医疗保险', '基本医疗', '基本医疗保险'];

/** Basic medical insurance of employees or of residents. */
export const schemeColumn: FieldSpec = codeColumn(
  'scheme',
  '险种',
  'scheme',
  {
    employee: [...spelled(['职工', '城镇职工'], SCHEME), '310'],
    resident: [...spelled(['居民', '城乡居民', '城镇居民'], SCHEME), '新农合', '新型农村合作医疗', '390'],
  },
  ['险种类型', '参保险种', '保险类型', '参保类型', '医保类型', '参保险种类型', '险种名称'],
);

import { dateColumn, signedMoneyColumn, textColumn } from './columns.ts';
import type { FieldSpec } from './feed.ts';

/** Columns that inpatient and outpatient settlements have in common. */

/** Names one settlement; a later file with the same number replaces it. */
export const settlementNumber: FieldSpec = textColumn('settlementNumber', '结算单号', 'settlement number', 64, [
  '医保结算单号',
  '费用结算单号',
  '住院结算单号',
  '门诊结算单号',
  '报销单号',
  '结算单',
  '交易流水号',
  '单据号',
  '业务流水号',
  '就诊流水号',
  '流水号',
  '结算业务号',
  '医保流水号',
  '清单流水号',
  '门诊流水号',
  '住院号',
  '住院登记号',
  'setl_id',
]);

/** On a reversal: the settlement it takes back. */
export const originalNumber: FieldSpec = textColumn('originalNumber', '原结算单号', 'settlement taken back', 64, [
  '原医保结算单号',
  '原住院结算单号',
  '原门诊结算单号',
  '原交易流水号',
  '原单号',
  '原单据号',
  '原流水号',
  '被冲销单号',
  '被冲销结算单号',
  '被冲销流水号',
  '冲销结算单号',
  '冲销原单号',
  '冲销单号',
  '退费原单号',
  'init_setl_id',
]);

/** The day the bill was settled, which is the day it counts for. */
export const settledOn: FieldSpec = dateColumn(
  'settledOn',
  '结算日期',
  'settled on',
  ['医保结算日期', '费用结算日期', '报销日期', '结算完成时间', '交易日期', 'setl_time'],
  { required: true },
);

/** Where the person was treated. */
export const hospital: FieldSpec = textColumn('hospital', '医疗机构', 'hospital', 100, [
  '定点医疗机构',
  '定点医药机构',
  '医院',
  '就诊医院',
  '就医医院',
  '住院医院',
  '收治医院',
  '救治医院',
  '定点医院',
  '定点机构',
  '就医机构',
  '就诊机构',
  '就诊医疗机构',
  'fixmedins_name',
]);

/** 自付: the person's share of what is insured. */
const OWN_SHARE = [
  ...['个人自付(现金)', '个人自付部分', '个人自负', '患者自付'],
  ...['政策范围内个人自付', '政策范围内自付', '合规个人自付', '合规自付'],
];
const OWN_SHARE_IN_SHORT = ['自付', '自负'];
/** 自费: what is not insured at all. */
const UNINSURED = ['个人自费', '患者自费', '自费'];

const bornByPerson: FieldSpec = signedMoneyColumn(
  'selfPaid',
  '个人自付',
  'self-paid',
  [
    ...OWN_SHARE,
    '个人支付',
    '个人支出',
    '个人应付',
    '个人实付',
    '个人实际支付',
    '患者支付',
    '个人现金支付',
    '个人现金支出',
    '现金支付',
    '现金自付',
    '个人现金',
    ...OWN_SHARE_IN_SHORT,
    ...UNINSURED,
    '医疗自付费用',
    'psn_cash_pay',
  ],
  { required: true },
);

/**
 * What the person bears: 自付 (the own share of what is insured) and 自费 (what is not) together. A file that states their sum
 * is read by that, one that states both by adding them up; the order of the names is the order of preference.
 */
export const selfPaid: FieldSpec = {
  ...bornByPerson,
  preferred: [
    '个人负担总额',
    '个人负担合计',
    'psn_part_amt',
    '个人自付合计',
    '个人自付总额',
    '自付合计',
    '自付总额',
    '个人自付/自费',
    '个人自付自费',
    '自付自费合计',
    '自费自付合计',
    '个人自费及自付',
    '个人自付及自费',
    '个人自付/自费(现金)',
    '个人负担',
    '个人实际负担',
    '个人承担',
    '患者负担',
    '个人负担部分',
    '个人承担部分',
    '个人支付总额',
    '个人支付合计',
    '个人费用合计',
  ],
  parts: [[bornByPerson.title.zh, ...OWN_SHARE, ...OWN_SHARE_IN_SHORT], UNINSURED],
};

/** The whole bill. */
export const totalCost: FieldSpec = signedMoneyColumn('totalCost', '总费用', 'total cost', [
  '医疗总费用',
  '住院总费用',
  '门诊总费用',
  '医疗费总额',
  '医疗费用总额',
  '医疗费用合计',
  '住院费用总额',
  '住院费用合计',
  '医疗费用',
  '费用总额',
  '总金额',
  '总额',
  '医疗总额',
  '住院总额',
  '费用合计',
  '费用总计',
  '总费用合计',
  '总医疗费用',
  '总医药费',
  '医药费总额',
  '发生总费用',
  '发生费用',
  'medfee_sumamt',
]);

/** Paid by the pooled fund. */
export const fundPaid: FieldSpec = signedMoneyColumn('fundPaid', '统筹支付', 'paid by the fund', [
  '统筹基金支付',
  '统筹基金支出',
  '基本医保支付',
  '基本医保报销',
  '基本医疗支付',
  '基本医保基金支付',
  '基本医疗保险统筹基金支出',
  '医保统筹支付',
  '医保支付',
  '医保报销',
  '报销金额',
  '基金支付',
  '基金支付总额',
  '基本统筹支付',
  '基本医疗统筹支付',
  '基本医保统筹支付',
  '统筹基金',
  '统筹报销',
  '医保基金支付',
  '医保基金支出',
  '基本医保统筹基金支付',
  '医保统筹基金支付',
  '居民统筹支付',
  '居民医保统筹支付',
  '职工医保统筹支付',
  '医保统筹',
  'hifp_pay',
  'fund_pay_sumamt',
]);

/** Paid by medical aid. */
export const aidPaid: FieldSpec = signedMoneyColumn('aidPaid', '医疗救助支付', 'paid by medical aid', [
  '医疗救助',
  '医疗救助报销',
  '医疗救助基金支付',
  '医疗救助基金支出',
  '民政医疗救助',
  '民政救助',
  '救助支付',
  '救助金额',
  'maf_pay',
]);

/**
 * Paid by commercial insurance, the citywide 惠民保 and an employer's supplement among it, of what the person bears: it comes
 * off the medical spending of a family (刚性办法 §5). Packs weigh `selfPaid` as the file states it; the desk check looks here.
 */
export const commercialPaid: FieldSpec = signedMoneyColumn('commercialPaid', '商业保险赔付', 'paid by commercial insurance', [
  '商业保险支付',
  '商业健康保险赔付',
  '商业健康保险支付',
  '商业补充医疗保险支付',
  '商保赔付',
  '商保支付',
  '惠民保赔付',
  '惠民保支付',
  '补充医疗保险支付',
  '企业补充医疗保险支付',
]);

/** Paid by mutual aid of trade unions or plans, of what the person bears. */
export const mutualPaid: FieldSpec = signedMoneyColumn('mutualPaid', '医疗互助支付', 'paid by mutual aid', [
  '医疗互助金额',
  '医疗互助赔付',
  '医疗互助补助',
  '互助保障支付',
  '互助保障赔付',
  '互助金',
  '职工互助支付',
  '职工互助补助',
  '职工医疗互助',
  '职工医疗互助支付',
  '工会互助支付',
]);

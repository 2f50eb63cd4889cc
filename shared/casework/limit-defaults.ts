import type { PlainDate } from '../calendar/plain-date.ts';
import type { Bilingual, EvidenceMark } from '../catalog/feed.ts';
import type { TimeLimit } from './case.ts';
import type { AmountRow, Dated, LightRow, LimitRow } from './parameters.ts';

/**
 * What holds where an area has set nothing (domain.md §3.2). Evidence `I` is our own proposal, because no published figure
 * was found. The limits of published places stand beside the defaults under their area codes.
 */

function dated(area: string, from: string, evidence: EvidenceMark, zh: string, en: string): Dated {
  return { area, from: from as PlainDate, basis: { zh, en, evidence } };
}

const always = (evidence: EvidenceMark, zh: string, en: string): Dated => dated('', '2000-01-01', evidence, zh, en);
const proposed = always('I', '无公开规定，本平台建议值，可由各地调整', 'no published rule; our proposal, for areas to change');

const workingDays = (amount: number): TimeLimit => ({ amount, unit: 'working-days' });
const calendarDays = (amount: number): TimeLimit => ({ amount, unit: 'calendar-days' });
const hours = (amount: number): TimeLimit => ({ amount, unit: 'hours' });

/** Time limits of the steps. Every step has a row that names neither grade nor source. */
export const defaultLimits: readonly LimitRow[] = [
  {
    step: 'desk-check',
    limit: workingDays(1),
    ...always(
      'I',
      '建议值；河北阳原要求医保预警收到后“即时”转乡镇',
      'our proposal; Yangyuan passes medical alerts on to the township at once',
    ),
  },
  { step: 'desk-check', grade: 'emergency', limit: hours(2), ...proposed },
  {
    step: 'visit',
    limit: workingDays(10),
    ...always(
      'I',
      '建议值；山西要求“限时核查”，未见公开天数',
      'our proposal; Shanxi asks for visits within a time, no number was published',
    ),
  },
  { step: 'visit', grade: 'urgent', limit: workingDays(2), ...proposed },
  {
    step: 'visit',
    grade: 'emergency',
    limit: hours(24),
    ...always('B', '山东：急难情形24小时内先行救助', 'Shandong: rescue first within 24 hours'),
  },
  {
    step: 'visit',
    source: 'application',
    limit: workingDays(3),
    ...always(
      'A',
      '最低生活保障审核确认办法第十五条：受理之日起3个工作日内启动家庭经济状况调查',
      'minimum living allowance rules, article 15: the survey begins within 3 working days of acceptance',
    ),
  },
  { step: 'review', limit: workingDays(5), ...proposed },
  {
    step: 'review',
    grade: 'urgent',
    limit: workingDays(1),
    ...always(
      'I',
      '建议值：与2个工作日的入户合计不超过小额快救的3天',
      'our proposal: with a visit of 2 working days it keeps to the 3 days of small rapid relief',
    ),
  },
  { step: 'review', grade: 'emergency', limit: hours(24), ...proposed },
  { step: 'conference', limit: workingDays(5), ...proposed },
  {
    step: 'papers',
    limit: calendarDays(5),
    ...always('B', '山东：先行救助后5日内补齐手续', 'Shandong: the papers of help that came first within 5 days'),
  },
  {
    step: 'papers',
    limit: workingDays(5),
    ...dated('371681', '2000-01-01', 'B', '山东邹平：5个工作日内补齐手续', 'Zouping, Shandong: papers within 5 working days'),
  },
  {
    step: 'referral-answer',
    limit: workingDays(5),
    ...always(
      'I',
      '建议值；山西高平数据共享申请由提供部门5个工作日内答复',
      'our proposal; in Gaoping departments answer requests for data within 5 working days',
    ),
  },
  { step: 'referral-answer', grade: 'urgent', limit: workingDays(2), ...proposed },
  { step: 'referral-answer', grade: 'emergency', limit: hours(24), ...proposed },
  {
    step: 'referral-finish',
    limit: workingDays(15),
    ...always(
      'I',
      '建议值；新疆喀什临时救助自受理起15个工作日内办结',
      'our proposal; Kashgar finishes temporary aid within 15 working days',
    ),
  },
  { step: 'follow-up', limit: calendarDays(90), ...proposed },
  { step: 'follow-up', grade: 'urgent', limit: calendarDays(30), ...proposed },
  { step: 'follow-up', grade: 'emergency', limit: calendarDays(30), ...proposed },
  { step: 'follow-up', source: 'entitlement', limit: calendarDays(30), ...proposed },
  {
    step: 'correction-answer',
    limit: workingDays(10),
    ...always(
      'I',
      '建议值；政务数据共享条例（国令第809号）要求提供部门校核纠错并反馈，本平台未核到确切天数；高平数据未上平台的10个工作日内答复',
      'our proposal; the data-sharing regulation (order 809) has providers verify, correct and answer, we could not confirm a number; Gaoping gives 10 working days where data are not ready',
    ),
  },
];

/** Red is at the limit itself. */
export const defaultLights: readonly LightRow[] = [{ lights: { yellow: 70, county: 150, reminderDays: 7 }, ...proposed }];

/** Amounts. The local 低保 standard is not among them: nobody may guess it. What a township may grant stands for published places only. */
export const defaultAmounts: readonly AmountRow[] = [
  {
    name: 'rapid-relief-months',
    value: 1,
    ...always(
      'B',
      '关于小额快救的国家意见（2026年1月）：不超过当地1个月低保标准，不作经济状况核对',
      'national opinion on small rapid relief, January 2026: at most one month of the local standard, no means check',
    ),
  },
  {
    name: 'rapid-relief-days',
    value: 3,
    ...always('B', '关于小额快救的国家意见（2026年1月）：不超过3天', 'national opinion on small rapid relief: within 3 days'),
  },
  {
    name: 'temporary-aid-times-a-year',
    value: 2,
    ...always(
      'CODE',
      '某县级平台：同一家庭一年内临时救助不超过2次',
      'a county platform in use: at most twice a year for one household',
    ),
  },
  {
    name: 'temporary-aid-times-a-year',
    value: 1,
    ...dated('6531', '2000-01-01', 'A-', '新疆喀什：同一事由一年一次', 'Kashgar: once a year for one cause'),
  },
  ...['', '33'].map(
    (area): AmountRow => ({
      name: 'temporary-aid-standards-per-head',
      value: 6,
      ...dated(area, '2000-01-01', area === '' ? 'I' : 'A', ...zhejiang(area, 6)),
    }),
  ),
  ...['', '33'].map(
    (area): AmountRow => ({
      name: 'temporary-aid-standards-per-head-very-hard',
      value: 12,
      ...dated(area, '2000-01-01', area === '' ? 'I' : 'A', ...zhejiang(area, 12)),
    }),
  ),
  {
    name: 'township-approval',
    value: 3_000_00,
    ...dated('37', '2000-01-01', 'B', '山东：乡镇（街道）可审批3000元以下', 'Shandong: townships grant up to 3,000 yuan'),
  },
  {
    name: 'township-approval',
    value: 2_000_00,
    ...dated(
      '371681',
      '2000-01-01',
      'B',
      '山东邹平：乡镇（街道）可审批2000元以下',
      'Zouping, Shandong: townships grant up to 2,000 yuan',
    ),
  },
  {
    name: 'near-poor-standards',
    value: 1.5,
    ...always(
      'A',
      '最低生活保障审核确认办法第八条：人均收入低于低保标准1.5倍',
      'minimum living allowance rules, article 8: income a head below 1.5 times the standard',
    ),
  },
  {
    name: 'near-poor-standards',
    value: 2,
    ...dated('3301', '2000-01-01', 'C', '浙江杭州：低保标准2倍', 'Hangzhou, Zhejiang: twice the standard'),
  },
  {
    name: 'rigid-expenditure-ratio',
    value: 0.6,
    ...always(
      'I',
      '建议值，取已知各地比例（60%至80%）中最低者，以免漏人；比例由各地规定',
      'our proposal: the lowest of the known ratios (60 to 80 %), so as to miss nobody; areas set their own',
    ),
  },
  ...(
    [
      ['21', 0.8, '辽宁：不低于80%', 'Liaoning: at least 80 %'],
      ['22', 0.6, '吉林：60%', 'Jilin: 60 %'],
      ['3710', 0.75, '山东威海：75%', 'Weihai, Shandong: 75 %'],
    ] as const
  ).map(
    ([area, value, zh, en]): AmountRow => ({
      name: 'rigid-expenditure-ratio',
      value,
      ...dated(area, '2000-01-01', 'C', zh, en),
    }),
  ),
  {
    name: 'urban-hardship-spending',
    value: 30_000_00,
    ...always(
      'B',
      '兴安盟：城镇低保家庭12个月内医疗教育等刚性支出超过3万元',
      'Hinggan: an urban household on the allowance with rigid spending above 30,000 yuan in 12 months',
    ),
  },
  {
    name: 'watch-months',
    value: 12,
    ...always(
      'I',
      '建议值，参照最低生活保障审核确认办法第三十一条：对低保家庭至少每年核查一次',
      'our proposal after the minimum living allowance rules, article 31: a household is re-checked once a year at least',
    ),
  },
  { name: 'days-before-case', value: 31, ...proposed },
  {
    name: 'heavy-self-paid',
    value: 15_000_00,
    ...always(
      'I',
      '建议值；铜陵对非低收入人口的医疗自付预警线为1.5万元',
      'our proposal; Tongling warns of self-paid costs of 15,000 yuan of people not on low income',
    ),
  },
];

function zhejiang(area: string, times: number): [zh: string, en: string] {
  const rule: Bilingual = {
    zh: `浙江省社会救助条例第三十九条：人均不超过低保月标准的${times}倍`,
    en: `Zhejiang regulation, article 39: at most ${times} monthly standards a head`,
  };
  return area === '' ? [`建议值，参照${rule.zh}`, `our proposal after the ${rule.en}`] : [rule.zh, rule.en];
}

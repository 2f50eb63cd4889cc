import { measures } from '../assistance/measures.ts';
import { stageTitles } from '../casework/case.ts';
import { outcomeCodes, recallCodes, refusalCodes } from '../casework/codes.ts';
import { CASES, WARNINGS } from './case-ledgers.ts';
import { area, caseId, category, column, derived, grade, household, people } from './columns.ts';
import type { ReportSpec, Words } from './report.ts';

/** Titles of measures, by id. */
const measureWords: Words = Object.fromEntries([...measures.values()].map(({ id, title }) => [id, title]));

const rhythmWords: Words = { once: { zh: '一次性', en: 'once' }, monthly: { zh: '按月', en: 'monthly' } };

const toldWords: Words = {
  recorded: { zh: '经办登记', en: 'recorded in the case' },
  department: { zh: '部门反馈', en: 'told by the department' },
};

const answerWords: Words = {
  accept: { zh: '已受理', en: 'accepted' },
  refuse: { zh: '不予办理', en: 'refused' },
  'ask-more': { zh: '要求补充材料', en: 'asked for papers' },
  'part-done': { zh: '部分办结', en: 'done in part' },
  done: { zh: '已办结', en: 'done' },
  recalled: { zh: '已撤回', en: 'recalled' },
  open: { zh: '办理中', en: 'open' },
};

/** The steps limits are set for, in words: a stage's, and two of each referral. */
const stepWords: Words = {
  ...stageTitles,
  'referral-answer': { zh: '部门反馈', en: 'answer to a referral' },
  'referral-finish': { zh: '部门办结', en: 'referral finished' },
};

const lightWords: Words = {
  red: { zh: '红灯', en: 'red' },
  county: { zh: '县级督办', en: 'told to the county' },
};

const funnelWords: Words = {
  rows: { zh: '数据行', en: 'rows sent' },
  facts: { zh: '采信数据', en: 'rows accepted' },
  warnings: { zh: '预警', en: 'warnings' },
  'households-warned': { zh: '预警家庭', en: 'households warned of' },
  visits: { zh: '核查次数', en: 'visits' },
  'households-visited': { zh: '核查家庭', en: 'households visited' },
  'found-true': { zh: '核查属实', en: 'found true' },
  'cases-closed': { zh: '办结', en: 'cases closed' },
  helped: { zh: '新增救助', en: 'helped' },
  entitlements: { zh: '政策落实', en: 'entitlements delivered' },
};

/** Reports on help, referrals, limits and how cases ended. `departments`: titles by id. */
export function helpReports(departments: Words, feeds: Words): readonly ReportSpec[] {
  const referralDay = {
    zh: '按转出日期归期；工作日按所选区划日历计（含调休），转出当日不计。',
    en: 'A referral belongs to the day it was sent; working days are those of the area asked for, the day of sending not counted.',
  };
  return [
    {
      id: 'assistance-ledger',
      title: { zh: '救助台账', en: 'Assistance ledger' },
      about: {
        zh: '每行为期内给予的一项救助（经办登记，或部门对转办的反馈，二者重复的只计登记），按给予日期归期。',
        en: 'A row for each help given in the period, recorded in a case or told by the department asked (counted once when both); it belongs to the day it was given.',
      },
      kind: 'ledger',
      action: 'reports.pull',
      reads: CASES,
      columns: [
        column('given_on', 'date', '给予日期', 'given on'),
        caseId,
        household,
        area,
        category,
        column('department', 'code', '部门', 'department', departments),
        column('measure', 'code', '措施', 'measure', measureWords),
        column('fen', 'fen', '金额（元）', 'amount, yuan'),
        column('rhythm', 'code', '发放方式', 'paid', rhythmWords),
        column('told_by', 'code', '来源', 'told by', toldWords),
        column('referral', 'id', '转办序号', 'referral'),
        column('recorded_by', 'id', '登记人', 'recorded by'),
      ],
    },
    {
      id: 'referral-ledger',
      title: { zh: '转办台账', en: 'Referral ledger' },
      about: {
        zh: `每行为期内转出的一件转办。${referralDay.zh}`,
        en: `A row for each referral sent in the period. ${referralDay.en}`,
      },
      kind: 'ledger',
      action: 'reports.pull',
      reads: CASES,
      columns: [
        column('sent_on', 'date', '转出日期', 'sent on'),
        column('department', 'code', '承办部门', 'department', departments),
        column('measure', 'code', '措施', 'measure', measureWords),
        caseId,
        column('referral', 'id', '转办序号', 'referral'),
        household,
        area,
        grade,
        column('due', 'moment', '反馈时限', 'answer due'),
        column('first_on', 'date', '首次反馈日期', 'first answered on'),
        column('first_said', 'code', '首次反馈', 'first answer', answerWords),
        column('in_time', 'yes-no', '按时反馈', 'answered in time'),
        column('days_to_answer', 'count', '反馈用时（工作日）', 'working days to answer'),
        column('silent_on', 'date', '逾期未反馈日期', 'silent beyond the limit on'),
        column('state', 'code', '状态', 'state', answerWords),
        column('ended_on', 'date', '办结日期', 'ended on'),
        column('days_to_end', 'count', '办结用时（工作日）', 'working days to the end'),
        column('code', 'code', '不予办理原因', 'refused for', { ...refusalCodes, ...recallCodes }),
        column('fen', 'fen', '金额（元）', 'amount, yuan'),
      ],
    },
    {
      id: 'referral-turnaround',
      title: { zh: '部门转办时效', en: 'Turnaround of referrals by department' },
      about: { zh: `每行为一个部门。${referralDay.zh}`, en: `A row for each department. ${referralDay.en}` },
      kind: 'aggregate',
      action: 'reports.pull',
      reads: CASES,
      columns: [
        column('department', 'code', '承办部门', 'department', departments),
        people('sent', '转出', 'sent'),
        people('done', '办结', 'done'),
        people('refused', '不予办理', 'refused'),
        people('recalled', '撤回', 'recalled'),
        people('still_open', '办理中', 'open'),
        people('in_time', '按时反馈', 'answered in time'),
        people('late', '逾期反馈或未反馈', 'late or silent'),
        people('not_yet_due', '未到时限', 'not yet due'),
        derived('mean_days_to_answer', '平均反馈用时（工作日）', 'mean working days to answer'),
        derived('most_days_to_answer', '最长反馈用时（工作日）', 'most working days to answer'),
        derived('mean_days_to_end', '平均办结用时（工作日）', 'mean working days to the end'),
      ],
      sums: [
        { total: 'sent', of: ['done', 'refused', 'recalled', 'still_open'] },
        { total: 'sent', of: ['in_time', 'late', 'not_yet_due'] },
      ],
      plot: { label: 'department', values: ['in_time', 'late'] },
    },
    {
      id: 'funnel',
      title: { zh: '预警核查救助漏斗', en: 'Funnel from rows to help' },
      about: {
        zh: '各环节在期内发生的数量（口径与各省公布的“数据—预警—核查—救助”一致），各环节不是同一批家庭。',
        en: 'What happened at each step within the period, as provinces publish it; the steps are not the same households.',
      },
      kind: 'aggregate',
      action: 'reports.pull',
      reads: [...WARNINGS, ...CASES, 'file.taken'],
      columns: [column('step', 'code', '环节', 'step', funnelWords), people('amount', '数量', 'amount')],
      plot: { label: 'step', values: ['amount'] },
    },
    {
      id: 'timeliness',
      title: { zh: '办理时效', en: 'Timeliness' },
      about: {
        zh: '期内结束的各环节时限，按环节和等级；仍在办理而已超时限的见超期台账。',
        en: 'The limits that ended in the period, by step and grade; what is still overdue is in the overdue ledger.',
      },
      kind: 'aggregate',
      action: 'reports.pull',
      reads: CASES,
      columns: [
        column('step', 'code', '环节', 'step', stepWords),
        grade,
        people('ended', '结束', 'ended'),
        people('in_time', '按时', 'in time'),
        people('late', '逾期', 'late'),
      ],
      sums: [{ total: 'ended', of: ['in_time', 'late'] }],
      plot: { label: 'step', values: ['in_time', 'late'] },
    },
    {
      id: 'overdue-ledger',
      title: { zh: '超期台账', en: 'Overdue ledger' },
      about: {
        zh: '每行为期内亮红灯的一个时限，按亮红灯日期归期。',
        en: 'A row for each limit that ran out in the period; it belongs to the day it turned red.',
      },
      kind: 'ledger',
      action: 'reports.pull',
      reads: CASES,
      columns: [
        column('overdue_on', 'date', '超期日期', 'overdue since'),
        caseId,
        household,
        area,
        grade,
        column('step', 'code', '环节', 'step', stepWords),
        column('referral', 'id', '转办序号', 'referral'),
        column('light', 'code', '亮灯', 'light', lightWords),
        column('done_on', 'date', '完成日期', 'done on'),
        column('days_over', 'count', '超期（工作日）', 'working days over'),
      ],
    },
    {
      id: 'no-help-reasons',
      title: { zh: '未救助原因', en: 'Why warnings ended without help' },
      about: {
        zh: '期内办结且由预警引起的办件，按命中指标和数据类别统计办结结果。一件可因多个指标出现在多行，各行不可相加。',
        en: 'Cases closed in the period that began with a warning: how they ended, by the indicators hit and the data behind them. A case may stand in several rows, which must not be added up.',
      },
      kind: 'aggregate',
      action: 'reports.pull',
      reads: [...WARNINGS, ...CASES],
      columns: [
        column('indicator', 'text', '指标', 'indicator'),
        column('feed', 'code', '数据类别', 'kind of data', feeds),
        people('helped', '已救助', 'helped'),
        people('already_covered', '已在保障中', 'covered already'),
        people('policy_explained', '政策告知', 'policy explained'),
        people('not_in_need', '无需救助', 'not in need'),
        people('data_wrong', '数据错误', 'data wrong'),
        people('gone', '死亡、迁出或查无此人', 'died, moved or not found'),
        people('declined', '拒绝', 'declined'),
        people('closed', '合计', 'in all'),
      ],
      sums: [
        {
          total: 'closed',
          of: ['helped', 'already_covered', 'policy_explained', 'not_in_need', 'data_wrong', 'gone', 'declined'],
        },
      ],
      plot: { label: 'indicator', values: ['helped', 'not_in_need', 'data_wrong'] },
    },
    {
      id: 'sampling-list',
      title: { zh: '抽查清单', en: 'Sampling list' },
      about: {
        zh: '从期内办结的办件中随机抽取；同一种子抽出同一清单，“签号”为种子与办件编号的 SHA-256，从小到大取。',
        en: 'Cases closed in the period, drawn by lot. The same seed draws the same list; a lot is the SHA-256 of the seed and the case, the smallest are taken.',
      },
      kind: 'ledger',
      action: 'reports.audit',
      reads: ['case.closed'],
      columns: [
        column('place', 'count', '序号', 'place'),
        column('out_of', 'count', '总数', 'out of'),
        caseId,
        household,
        area,
        grade,
        column('source', 'text', '来源', 'source'),
        column('outcome', 'code', '办结结果', 'outcome', outcomeCodes),
        column('closed_on', 'date', '办结日期', 'closed on'),
        column('visits', 'count', '核查次数', 'visits'),
        column('referrals', 'count', '转办数', 'referrals'),
        column('lot', 'text', '签号', 'lot'),
      ],
    },
  ];
}

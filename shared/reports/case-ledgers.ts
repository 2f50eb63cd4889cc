import { eventTypesOf } from '../audit/event.ts';
import { actionCodes, needCodes, outcomeCodes, truthCodes } from '../casework/codes.ts';
import { withdrawalTitle } from '../warnings/withdrawal-title.ts';
import { area, caseId, category, column, grade, gradeWords, household } from './columns.ts';
import type { ReportSpec, Words } from './report.ts';

/** Families of warnings (design.md §12). */
export const familyWords: Words = {
  entry: { zh: '进入类', en: 'entry' },
  reject: { zh: '拒止类', en: 'reject' },
  entitlement: { zh: '政策落实', en: 'entitlement' },
};

const statusWords: Words = {
  open: { zh: '待处理', en: 'open' },
  handled: { zh: '已处理', en: 'handled' },
  withdrawn: { zh: '已撤回', en: 'withdrawn' },
};

/** What a decision comes to (design.md §7). */
const decisionWords: Words = {
  'no-need': { zh: '无需救助', en: 'no need' },
  'data-wrong': { zh: '数据有误', en: 'data wrong' },
  help: { zh: '救助', en: 'help' },
  conference: { zh: '一事一议', en: 'case conference' },
  urgent: { zh: '先行救助', en: 'help first' },
  observe: { zh: '继续观察', en: 'watched' },
};

const meansWords: Words = { home: { zh: '入户', en: 'home' }, telephone: { zh: '电话', en: 'telephone' } };

/** Kinds of events that tell of warnings, and of cases. */
export const WARNINGS = eventTypesOf('warning.');
export const CASES = eventTypesOf('case.');

/** Ledgers of single warnings and cases. */
export const caseLedgers: readonly ReportSpec[] = [
  {
    id: 'warning-ledger',
    title: { zh: '预警台账', en: 'Warning ledger' },
    about: {
      zh: '每行为期内开启（或重新开启）的一条预警及其后续结果，按开启日期归期。分值为首次开启时的分值区间。',
      en: 'A row for each warning opened, or opened again, in the period, with what came of it; it belongs to the day it was opened. Points are those it was opened with.',
    },
    kind: 'ledger',
    action: 'reports.pull',
    reads: [...WARNINGS, ...CASES],
    columns: [
      column('warning', 'id', '预警编号', 'warning'),
      household,
      area,
      category,
      column('family', 'code', '预警类型', 'family', familyWords),
      column('opened_on', 'date', '开启日期', 'opened on'),
      column('grade_then', 'code', '开启时等级', 'grade when opened', gradeWords),
      column('grade_now', 'code', '最新等级', 'latest grade', gradeWords),
      column('low', 'count', '分值下限', 'points, low'),
      column('high', 'count', '分值上限', 'points, high'),
      column('indicators', 'text', '命中指标', 'indicators hit'),
      column('pack', 'text', '规则包', 'rule pack'),
      column('pack_version', 'text', '规则版本', 'rule version'),
      column('status', 'code', '状态', 'status', statusWords),
      column('ended_on', 'date', '办结或撤回日期', 'handled or withdrawn on'),
      column('withdrawn_for', 'code', '撤回原因', 'withdrawn for', withdrawalTitle),
      caseId,
      column('visited_on', 'date', '首次核查日期', 'first visit'),
      column('truth', 'code', '核查结果', 'found', truthCodes),
      column('outcome', 'code', '办结结果', 'outcome', outcomeCodes),
    ],
  },
  {
    id: 'visit-ledger',
    title: { zh: '核查台账', en: 'Visit and finding ledger' },
    about: {
      zh: '每行为期内进行的一次入户或电话核查，按核查当日归期；“逾期”指提交晚于核查时限。',
      en: 'A row for each visit made in the period; it belongs to the day it took place. In time means handed in before the limit of the visit ran out.',
    },
    kind: 'ledger',
    action: 'reports.pull',
    reads: [...CASES],
    columns: [
      column('visited_on', 'date', '核查日期', 'visited on'),
      column('submitted_on', 'date', '提交日期', 'handed in on'),
      caseId,
      household,
      area,
      category,
      grade,
      column('visitor', 'id', '提交人', 'handed in by'),
      column('means', 'code', '方式', 'means', meansWords),
      column('truth', 'code', '核查结果', 'found', truthCodes),
      column('needs', 'code', '需求', 'needs', needCodes),
      column('proposed', 'code', '建议', 'proposed', actionCodes),
      column('conflict', 'yes-no', '与其他核查不一致', 'contradicts another'),
      column('late', 'yes-no', '办结后提交', 'after the case was closed'),
      column('due', 'moment', '核查时限', 'due'),
      column('in_time', 'yes-no', '按时', 'in time'),
      column('decision', 'code', '审核决定', 'decision', decisionWords),
      column('actions', 'code', '决定措施', 'decided', actionCodes),
      column('decided_on', 'date', '决定日期', 'decided on'),
      column('decider', 'id', '决定人', 'decided by'),
    ],
  },
];

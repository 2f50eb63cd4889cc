import { personalActionTitles } from '../access/policy.ts';
import { purposeCodes } from '../access/purpose.ts';
import { correctionAnswers, upheldCodes, wrongCodes } from '../corrections/codes.ts';
import { withdrawalTitle } from '../warnings/withdrawal-title.ts';
import { CASES, familyWords } from './case-ledgers.ts';
import { area, caseId, column, household, people } from './columns.ts';
import type { ReportSpec, Words } from './report.ts';

const oddWords: Words = {
  'no-case': { zh: '查看时该户没有未结办件', en: 'the household had no open case' },
  'out-of-hours': { zh: '非工作时间', en: 'out of hours' },
  'outside-usual-area': { zh: '不在其通常查看的县区', en: 'outside the county usually looked at' },
  bulk: { zh: '一日查看家庭过多', en: 'very many households on one day' },
};

const whatWords: Words = {
  notice: { zh: '更正通知', en: 'correction notice' },
  'warning-withdrawn': { zh: '预警撤回', en: 'warning withdrawn' },
};

const actionWords: Words = Object.fromEntries(
  Object.entries(personalActionTitles).flatMap(([action, title]) => (title === undefined ? [] : [[action, title]])),
);

/** Reports on rules, corrections and access. */
export function auditReports(departments: Words, feeds: Words): readonly ReportSpec[] {
  return [
    {
      id: 'rule-versions',
      title: { zh: '规则版本', en: 'Rule versions in force' },
      about: {
        zh: '期内实际用于评估的规则包和版本，以及评估家庭数和开启的预警数。',
        en: 'Rule packs and versions that assessed households in the period, with households and warnings opened.',
      },
      kind: 'aggregate',
      action: 'reports.pull',
      reads: ['household.assessed', 'warning.opened', 'warning.reopened'],
      columns: [
        column('pack', 'text', '规则包', 'rule pack'),
        column('pack_version', 'text', '版本', 'version'),
        column('family', 'code', '预警类型', 'family', familyWords),
        column('first_on', 'date', '首次使用', 'first used on'),
        column('last_on', 'date', '最近使用', 'last used on'),
        people('households', '评估家庭', 'households assessed'),
        people('warnings', '开启预警', 'warnings opened'),
      ],
    },
    {
      id: 'corrections-ledger',
      title: { zh: '更正与撤回台账', en: 'Corrections and reversals' },
      about: {
        zh: '每行为期内发出的一件更正通知，或因更正而撤回的一条预警。',
        en: 'A row for each correction notice sent in the period, and for each warning a correction took back.',
      },
      kind: 'ledger',
      action: 'reports.pull',
      reads: ['correction.sent', 'correction.answered', 'warning.withdrawn'],
      columns: [
        column('told_on', 'date', '日期', 'on'),
        column('what', 'code', '事项', 'what', whatWords),
        column('correction', 'id', '编号', 'id'),
        caseId,
        household,
        area,
        column('department', 'code', '部门', 'department', departments),
        column('feed', 'code', '数据类别', 'kind of data', feeds),
        column('file', 'id', '文件编号', 'file'),
        column('file_row', 'count', '行号', 'row'),
        column('field', 'text', '字段', 'field'),
        column('found', 'code', '发现', 'found', { ...wrongCodes, ...withdrawalTitle }),
        column('due', 'moment', '答复时限', 'due'),
        column('answer', 'code', '答复', 'answer', correctionAnswers),
        column('reason', 'code', '理由', 'reason', upheldCodes),
        column('answered_on', 'date', '答复日期', 'answered on'),
        column('in_time', 'yes-no', '按时', 'in time'),
      ],
    },
    {
      id: 'access-log',
      title: { zh: '查阅日志', en: 'Access log' },
      about: {
        zh: '每行为期内一次查看、查找个人信息或提取报表；“事件”为档案中的编号，可据以核验。',
        en: 'A row for each time personal data was read or searched, or a report pulled; the event is its number in the archive.',
      },
      kind: 'ledger',
      action: 'reports.audit',
      reads: ['data.read', 'data.searched', 'report.pulled', 'report.refused', 'household.assessed', 'case.opened'],
      columns: [
        column('moment', 'moment', '时间', 'when'),
        column('actor', 'id', '人员', 'who'),
        column('action', 'code', '操作', 'what', actionWords),
        column('purpose', 'code', '目的', 'purpose', purposeCodes),
        caseId,
        column('households', 'id', '家庭编号', 'households'),
        column('found', 'count', '条数', 'shown'),
        column('refused', 'text', '拒绝原因', 'refused for'),
        column('event', 'count', '事件', 'event'),
      ],
    },
    {
      id: 'odd-access',
      title: { zh: '异常查阅清单', en: 'Odd-access list' },
      about: {
        zh: '供查问，不是结论：该户没有未结办件；7 点前、21 点后或非工作日；在其查看总数（20 次以上）中占比不足 5% 的县区；一日超过 200 户。',
        en: 'To ask about, no verdict: households without an open case; before 7, after 21 or no working day; counties with less than 5 % of twenty or more reads; more than 200 households a day.',
      },
      kind: 'ledger',
      action: 'reports.audit',
      reads: [...CASES, 'data.read', 'data.searched', 'household.assessed'],
      columns: [
        column('day', 'date', '日期', 'day'),
        column('actor', 'id', '人员', 'who'),
        column('reason', 'code', '情形', 'why', oddWords),
        column('reads', 'count', '次数', 'reads'),
        column('households', 'count', '家庭数', 'households'),
        column('first_at', 'moment', '首次', 'first'),
        column('last_at', 'moment', '最后', 'last'),
        column('first_event', 'count', '首个事件', 'first event'),
      ],
    },
  ];
}

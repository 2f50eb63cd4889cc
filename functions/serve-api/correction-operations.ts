import { correctionExamples } from './action-examples.ts';
import * as shapes from './correction-schemas.ts';
import type { Operation } from './operation.ts';
import { pageOf } from './schemas.ts';

/** The correction notices' part of the OpenAPI document. */
export const correctionOperations: readonly Operation[] = [
  {
    path: '/api/v1/corrections',
    method: 'get',
    tag: 'corrections',
    summary: { zh: '更正通知：入户核查发现有误的数据行，先发出的在前', en: 'Correction notices, those sent first coming first' },
    detail: {
      zh: '部门只见本部门报送的数据；主管和审计按辖区查看，不见文字说明。',
      en: 'Departments see the rows they sent; supervisors and auditors see by area, without what people wrote.',
    },
    signIn: true,
    purpose: true,
    query: shapes.CorrectionsQuery,
    answer: pageOf(shapes.CorrectionLineShape),
  },
  {
    path: '/api/v1/corrections/{id}',
    method: 'get',
    tag: 'corrections',
    summary: { zh: '一份更正通知及所报数据行', en: 'One notice with the row as it was sent' },
    signIn: true,
    purpose: true,
    pathParams: shapes.CorrectionPath,
    answer: shapes.CorrectionPageShape,
  },
  {
    path: '/api/v1/corrections/{id}/answer',
    method: 'post',
    tag: 'corrections',
    summary: { zh: '答复更正通知', en: 'Answer a notice' },
    detail: {
      zh: '已转来源单位不算最后答复，时限继续计算。之后的文件更正或冲销了该行的，每日自动答复为“已更正”。',
      en: 'Passed on is no last word and the time runs on. A row that a later file corrects or reverses is answered “corrected” by itself, once a day.',
    },
    signIn: true,
    purpose: true,
    idempotent: 'must',
    pathParams: shapes.CorrectionPath,
    body: shapes.CorrectionAnswerBody,
    examples: correctionExamples,
    answer: shapes.CorrectionAnsweredShape,
    refusals: [409],
  },
  {
    path: '/api/v1/scorecard',
    method: 'get',
    tag: 'corrections',
    summary: { zh: '数据质量记分：按部门和数据类别，不排名', en: 'Data quality by department and feed; no ranking' },
    detail: {
      zh: '最多366天。报送按到期日计，行数按收到日计，通知按发出日计。',
      en: 'At most 366 days. Deliveries count by due day, rows by the day their file came, notices by the day they were sent.',
    },
    signIn: true,
    query: shapes.ScorecardQuery,
    answer: pageOf(shapes.ScorecardLineShape),
    refusals: [422],
  },
];

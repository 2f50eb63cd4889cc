import { findingExamples, findingStepExamples } from './action-examples.ts';
import * as shapes from './audit-schemas.ts';
import type { Operation } from './operation.ts';
import { HouseholdPath, pageOf } from './schemas.ts';

/** The part of the OpenAPI document for auditors and for citizens' requests. */
export const auditOperations: readonly Operation[] = [
  {
    path: '/api/v1/households/{id}/reads',
    method: 'get',
    tag: 'audit',
    summary: {
      zh: '谁查询过这一户：时间、人员、事由，最新的在前',
      en: 'Who looked at a household, when and for what, newest first',
    },
    detail: {
      zh: '供答复本人查询（个人信息保护法第44、45条）。本次查询同样留痕。',
      en: 'For answering the household’s own request (PIPL §44, §45). Asking is itself recorded.',
    },
    signIn: true,
    purpose: true,
    pathParams: HouseholdPath,
    query: shapes.HouseholdReadsQuery,
    answer: pageOf(shapes.HouseholdReadShape),
  },
  {
    path: '/api/v1/audit/roots',
    method: 'get',
    tag: 'audit',
    summary: { zh: '事件档案的日根，旧的在前', en: 'Daily roots of the event archive, oldest first' },
    detail: {
      zh: '请审计另存：aidwatch audit verify --roots 以此发现整体改写的档案。',
      en: 'For the auditor to keep: with them aidwatch audit verify --roots catches an archive written anew.',
    },
    signIn: true,
    query: shapes.RootsQuery,
    answer: pageOf(shapes.RootShape),
  },
  {
    path: '/api/v1/pia',
    method: 'get',
    tag: 'audit',
    summary: {
      zh: '个人信息保护影响评估：按目录、权限和保存期生成',
      en: 'The impact assessment, drawn from catalogue, policy and retention',
    },
    signIn: true,
    query: shapes.PiaQuery,
    answer: shapes.PiaShape,
    forms: ['text/html'],
  },
  {
    path: '/api/v1/audit/findings',
    method: 'get',
    tag: 'audit',
    summary: { zh: '审计发现与整改任务，先提出的在前', en: 'Findings of audit, those raised first coming first' },
    signIn: true,
    purpose: true,
    query: shapes.FindingsQuery,
    answer: pageOf(shapes.FindingShape),
  },
  {
    path: '/api/v1/audit/findings',
    method: 'post',
    tag: 'audit',
    summary: { zh: '提出审计发现，同时派出整改任务', en: 'Raise a finding, and with it a corrective task' },
    detail: {
      zh: '涉及文件或数据类别的由报送部门答复，其余由辖区主管答复。审计员除此之外不能写入任何内容。',
      en: 'The department answers for its files and feeds, the supervisors of the area for the rest. Auditors write nothing else.',
    },
    signIn: true,
    purpose: true,
    idempotent: 'must',
    body: shapes.FindingBody,
    examples: findingExamples,
    answer: shapes.FindingShape,
    status: 201,
    refusals: [404, 409],
  },
  {
    path: '/api/v1/audit/findings/{id}',
    method: 'get',
    tag: 'audit',
    summary: { zh: '一项审计发现', en: 'One finding' },
    signIn: true,
    purpose: true,
    pathParams: shapes.FindingPath,
    answer: shapes.FindingShape,
  },
  {
    path: '/api/v1/audit/findings/{id}/steps',
    method: 'post',
    tag: 'audit',
    summary: { zh: '答复整改；销号、重开或撤销', en: 'Say what was done; close, reopen or withdraw' },
    signIn: true,
    purpose: true,
    idempotent: 'must',
    pathParams: shapes.FindingPath,
    body: shapes.FindingStepBody,
    examples: findingStepExamples,
    answer: shapes.FindingDoneShape,
    refusals: [409],
  },
];

import { closingExamples, reportExamples } from './action-examples.ts';
import type { Operation } from './operation.ts';
import * as shapes from './report-schemas.ts';
import { pageOf } from './schemas.ts';

/** The part of the OpenAPI document about reports. */
export const reportOperations: readonly Operation[] = [
  {
    path: '/api/v1/report-kinds',
    method: 'get',
    tag: 'reports',
    summary: { zh: '本人可提取的报表、参数与栏目', en: 'The reports you may have, with parameters and columns' },
    signIn: true,
    answer: pageOf(shapes.ReportKindShape),
  },
  {
    path: '/api/v1/reports',
    method: 'post',
    tag: 'reports',
    summary: { zh: '提取报表', en: 'Ask for a report' },
    detail: {
      zh: '立即返回编号和进度地址（Location）。数字只取自事件存档；同时提取同一报表的只计算一次，各得各的封面。超出辖区的当即拒绝并留痕。',
      en: 'Answers at once with its id and where it is (Location). Figures come from the archive of events alone; the same asked for at the same time is computed once, each with a cover of its own. Beyond your area it is refused at once, and that is recorded.',
    },
    signIn: true,
    purpose: true,
    idempotent: true,
    body: shapes.ReportBody,
    examples: reportExamples,
    answer: shapes.ReportShape,
    status: 202,
  },
  {
    path: '/api/v1/reports',
    method: 'get',
    tag: 'reports',
    summary: { zh: '本人的报表，最新的在前', en: 'Your reports, the newest first' },
    detail: {
      zh: '含按计划为本人生成的报表（by 为 schedule）。',
      en: 'With those the schedule made for you (by is schedule).',
    },
    signIn: true,
    query: shapes.ReportsQuery,
    answer: pageOf(shapes.ReportShape),
  },
  {
    path: '/api/v1/reports/{id}',
    method: 'get',
    tag: 'reports',
    summary: { zh: '一份报表的进度、封面和文件', en: 'How far a report is, its cover and its files' },
    detail: {
      zh: 'waiting、making（rows 为已得行数）、ready、failed（failure 说明原因和办法）、expired（文件已过保存期，可重新提取）。',
      en: 'waiting, making (rows: so far), ready, failed (failure: why, and what to do), expired (the files are past keeping; ask again).',
    },
    signIn: true,
    pathParams: shapes.ReportPath,
    answer: shapes.ReportShape,
  },
  {
    path: '/api/v1/reports/{id}/files/{name}',
    method: 'get',
    tag: 'reports',
    summary: { zh: '下载报表的一个文件', en: 'Download a file of a report' },
    detail: {
      zh: '下载留痕。云端返回 303 和短时有效的下载链接，跟随即可。',
      en: 'Downloading is recorded. In the cloud the answer is 303 with a short-lived link: follow it.',
    },
    signIn: true,
    purpose: true,
    pathParams: shapes.ReportFilePath,
    answer: 'bytes',
  },
  {
    path: '/api/v1/periods',
    method: 'get',
    tag: 'reports',
    summary: { zh: '各月关账情况', en: 'Which months are closed' },
    signIn: true,
    query: shapes.PeriodsQuery,
    answer: pageOf(shapes.PeriodShape),
  },
  {
    path: '/api/v1/periods/{period}/close',
    method: 'post',
    tag: 'reports',
    summary: { zh: '关账：此后该月报表不再变化', en: 'Close a month: its reports stay as they are' },
    detail: {
      zh: '先核验整个档案，结果见 GET /periods；迟到的事件以后作为调整列出。不能撤销。此前已关账的照旧。',
      en: 'The whole archive is proven first; GET /periods shows the outcome. Late events show as adjustments from then on. It cannot be undone. What was closed before stands.',
    },
    signIn: true,
    pathParams: shapes.PeriodPath,
    body: shapes.ClosingBody,
    examples: closingExamples,
    answer: shapes.PeriodShape,
    status: 202,
  },
];

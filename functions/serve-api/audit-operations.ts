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
];

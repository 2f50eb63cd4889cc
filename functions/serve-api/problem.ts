import { AccessError, refusalText } from '../../shared/access/policy.ts';
import type { Bilingual } from '../../shared/catalog/feed.ts';
import { TAKEN_KINDS } from '../../shared/intake/file-kinds.ts';
import { NotFoundError, PermanentError, RetryLaterError, WrongRequestError } from '../../shared/ports/errors.ts';
import { MOST_WAITING } from '../../shared/reports/report-desk.ts';
import type { Language } from './language.ts';

interface ProblemKind {
  readonly status: 400 | 401 | 403 | 404 | 405 | 409 | 412 | 413 | 422 | 429 | 500 | 503;
  readonly title: Bilingual;
  readonly detail: Bilingual;
}

/** Every problem the API answers with: what was wrong, what was expected, what to do. */
const kinds = {
  unauthenticated: {
    status: 401,
    title: { zh: '未登录或登录已过期', en: 'Not signed in' },
    detail: {
      zh: '请登录后在 Authorization 请求头中携带 Bearer 令牌重试。',
      en: 'Sign in, then send the token as Authorization: Bearer.',
    },
  },
  forbidden: { status: 403, title: { zh: '无权执行', en: 'Not allowed' }, detail: refusalText.role },
  'purpose-required': {
    status: 400,
    title: { zh: '缺少查询事由', en: 'Purpose missing' },
    detail: {
      zh: '查询个人信息须在 X-Purpose 请求头中填写事由代码（见 /api/v1/me）或办件编号（如 C-2024-000123）。',
      en: 'Reading personal data needs an X-Purpose header: a reason code (see /api/v1/me) or a case number such as C-2024-000123.',
    },
  },
  'bad-request': {
    status: 400,
    title: { zh: '请求内容有误', en: 'Bad request' },
    detail: { zh: '请求参数或正文不符合接口说明。', en: 'A parameter or the body is not as documented.' },
  },
  'bad-cursor': {
    status: 400,
    title: { zh: '翻页标记无效', en: 'Bad cursor' },
    detail: {
      zh: '翻页标记须原样取自上一页的 next，且查询条件不能改变；请从第一页重新查询。',
      en: 'A cursor must be the unchanged next of the page before, with the same filters; start again from the first page.',
    },
  },
  'not-found': {
    status: 404,
    title: { zh: '未找到', en: 'Not found' },
    detail: {
      zh: '没有这项内容，或不在您的辖区范围内。请核对编号；如属辖区问题，请联系安全管理员。',
      en: 'There is nothing here, or it lies outside your area. Check the id; for your area ask the security administrator.',
    },
  },
  'method-not-allowed': {
    status: 405,
    title: { zh: '该地址不支持此方法', en: 'Method not allowed' },
    detail: {
      zh: '该地址支持的方法见 Allow 响应头，说明见 /api/v1/openapi.json。',
      en: 'The Allow header names the methods this address takes; see /api/v1/openapi.json.',
    },
  },
  'unknown-feed': {
    status: 422,
    title: { zh: '没有这类数据', en: 'Unknown feed' },
    detail: {
      zh: '部门/数据类别不在目录中，请从 /api/v1/feeds 中选用。',
      en: 'The department and category are not in the catalogue; choose one of /api/v1/feeds.',
    },
  },
  'bad-period': {
    status: 422,
    title: { zh: '数据所属期有误', en: 'Bad period' },
    detail: { zh: '所属期应为 2024-03 或 2024-03-15 的形式。', en: 'The period must look like 2024-03 or 2024-03-15.' },
  },
  'bad-file-name': {
    status: 422,
    title: { zh: '文件名不能使用', en: 'Bad file name' },
    detail: {
      zh: `文件名不超过100字，不含 / \\ : * ? " < > |，扩展名为 ${TAKEN_KINDS.zh}。`,
      en: `At most 100 characters, none of / \\ : * ? " < > |, ending in ${TAKEN_KINDS.en}.`,
    },
  },
  'upload-link-invalid': {
    status: 403,
    title: { zh: '上传链接无效或已过期', en: 'Upload link not valid' },
    detail: { zh: '请通过 POST /api/v1/uploads 重新获取上传链接。', en: 'Ask for a new link with POST /api/v1/uploads.' },
  },
  'upload-too-large': {
    status: 413,
    title: { zh: '文件过大', en: 'File too large' },
    detail: { zh: '请按月份或乡镇拆分后分别上传。', en: 'Split it by month or township and send the parts.' },
  },
  'scorecard-too-wide': {
    status: 422,
    title: { zh: '记分范围过大', en: 'Scorecard too wide' },
    detail: {
      zh: '一次最多统计366天、1万份文件和通知，起始日不得晚于截止日。请缩短时段，或用 department 限定一个部门。',
      en: 'One scorecard covers at most 366 days and 10,000 files and notices, from no later than to. Shorten the stretch or name a department.',
    },
  },
  'dashboard-area': {
    status: 422,
    title: { zh: '该级区划没有统计', en: 'No counts for this area' },
    detail: {
      zh: '统计到省、市、县、乡镇为止，请给出其区划代码。',
      en: 'Counts are kept for provinces, prefectures, counties and townships: give the code of one.',
    },
  },
  'report-period': {
    status: 422,
    title: { zh: '期间有误', en: 'Bad stretch of days' },
    detail: {
      zh: '起始日期不得晚于截止日期，且都须在2000年至2099年之内。',
      en: 'It must not end before it begins, and must lie within the years 2000 to 2099.',
    },
  },
  'report-area': {
    status: 422,
    title: { zh: '须写明区划', en: 'Area missing' },
    detail: { zh: '您有多个辖区，请用 area 写明其中一个。', en: 'You have more than one area: say of which one with area.' },
  },
  'period-not-over': {
    status: 422,
    title: { zh: '本月尚未结束', en: 'Month not over' },
    detail: { zh: '只能关已结束月份的账。', en: 'Only a month that is over can be closed.' },
  },
  'too-many-reports': {
    status: 429,
    title: { zh: '等待中的报表过多', en: 'Too many reports under way' },
    detail: {
      zh: `您已有${MOST_WAITING}份报表在生成，请等其中一份完成。`,
      en: `${MOST_WAITING} of your reports are being made: wait for one of them.`,
    },
  },
  'report-not-ready': {
    status: 409,
    title: { zh: '报表没有可下载的文件', en: 'No files to download' },
    detail: {
      zh: '报表尚未就绪、未能生成或已过保存期；请查看其 state，过期的可重新提取。',
      en: 'It is not ready, could not be made, or is past keeping: look at its state; what is past keeping can be asked for again.',
    },
  },
  'action-refused': {
    status: 409,
    title: { zh: '此办件现在不能这样处理', en: 'Not possible for this case now' },
    detail: { zh: '请查看办件当前状态和可用操作。', en: 'Look at the case and at what is possible now.' },
  },
  'case-moved-on': {
    status: 412,
    title: { zh: '办件已有新变化', en: 'The case has changed' },
    detail: {
      zh: '在您查看之后，他人已处理过此办件。请重新打开查看，再决定。',
      en: 'Somebody has worked on the case since you looked at it. Open it again, then decide.',
    },
  },
  'key-required': {
    status: 400,
    title: { zh: '缺少 Idempotency-Key', en: 'Idempotency-Key missing' },
    detail: {
      zh: '请为每次办理生成一个新的编号（8至100个可见 ASCII 字符）放入 Idempotency-Key 请求头；重发时用同一编号，不会重复办理。',
      en: 'Send a fresh Idempotency-Key (8 to 100 visible ASCII characters) with each action; the same key again does nothing twice.',
    },
  },
  'attachment-empty': {
    status: 422,
    title: { zh: '附件是空的', en: 'Empty attachment' },
    detail: { zh: '请重新选择文件后上传。', en: 'Choose the file again and send it.' },
  },
  'key-reused': {
    status: 409,
    title: { zh: '请求编号已用过', en: 'Key used before' },
    detail: {
      zh: '该 Idempotency-Key 已用于内容不同的请求。请为新的请求使用新的编号。',
      en: 'This Idempotency-Key was used for a request that says something else. Use a new key for a new request.',
    },
  },
  'attachment-too-large': {
    status: 413,
    title: { zh: '附件过大', en: 'Attachment too large' },
    detail: { zh: '单个附件不超过4 MB，请压缩照片后上传。', en: 'At most 4 MB each: scale the photo down.' },
  },
  'attachment-type': {
    status: 422,
    title: { zh: '附件类型不能使用', en: 'Type of attachment not taken' },
    detail: {
      zh: '照片和签名应为 JPEG、PNG 或 WebP 图片；材料和授权书还可为 PDF。按文件内容判断，改扩展名无效。',
      en: 'Photos and signatures are JPEG, PNG or WebP; papers and consents may also be PDF. The content counts, not the name.',
    },
  },
  'attachment-cut-off': {
    status: 422,
    title: { zh: '附件不完整', en: 'Attachment cut off' },
    detail: {
      zh: '文件后半部分缺失，可能在传输或保存时中断。请确认能完整打开后重新上传。',
      en: 'The end of the file is missing: it was cut off when it was sent or saved. See that it opens whole, then send it again.',
    },
  },
  'too-many-attempts': {
    status: 429,
    title: { zh: '登录失败次数过多', en: 'Too many attempts' },
    detail: { zh: '请15分钟后再试。', en: 'Try again in 15 minutes.' },
  },
  'too-many-streams': {
    status: 429,
    title: { zh: '打开的实时连接过多', en: 'Too many streams' },
    detail: {
      zh: '请关闭不用的页面后重试；也可不带 Accept: text/event-stream 查询，效果相同。',
      en: 'Close pages you do not use and try again, or ask without Accept: text/event-stream: the poll tells the same.',
    },
  },
  'try-later': {
    status: 503,
    title: { zh: '系统繁忙', en: 'Busy' },
    detail: { zh: '请稍后重试，数据没有丢失。', en: 'Try again shortly; nothing is lost.' },
  },
  internal: {
    status: 500,
    title: { zh: '系统内部错误', en: 'Internal error' },
    detail: {
      zh: '请把请求编号（instance）告知系统管理员。',
      en: 'Give the request number (instance) to the system administrator.',
    },
  },
} as const satisfies Readonly<Record<string, ProblemKind>>;

export type ProblemCode = keyof typeof kinds;

/** Where a request was wrong and what was expected there. */
export interface ProblemPart {
  readonly where: string;
  readonly message: Bilingual;
}

/** Ends a request with a problem. `detail` replaces the kind's own words. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly code: ProblemCode;
  readonly detail: Bilingual | undefined;
  readonly parts: readonly ProblemPart[];
  constructor(code: ProblemCode, detail?: Bilingual, parts: readonly ProblemPart[] = []) {
    super(code);
    this.code = code;
    this.detail = detail;
    this.parts = parts;
  }
}

function isProblemCode(code: string): code is ProblemCode {
  return Object.hasOwn(kinds, code);
}

/** The problem an error stands for; anything unforeseen is `internal` and says nothing of its cause. */
export function problemOf(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  if (error instanceof AccessError)
    return error.hidden ? new ProblemError('not-found') : new ProblemError('forbidden', refusalText[error.refusal]);
  if (error instanceof NotFoundError) return new ProblemError('not-found');
  if (error instanceof RetryLaterError) return new ProblemError('try-later');
  if (error instanceof WrongRequestError) return new ProblemError('bad-request', error.text);
  if (error instanceof PermanentError && isProblemCode(error.code)) return new ProblemError(error.code);
  return new ProblemError('internal');
}

/**
 * What `asked` gives; beyond the user's area it is refused as such. For what is asked of an area as a whole: whether there is such an
 * area is known to everybody, so nothing is given away.
 */
export async function forbiddenBeyondArea<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof AccessError && error.refusal === 'area') throw new ProblemError('forbidden', refusalText.area);
    throw error;
  }
}

/** RFC 9457 answer in the caller's language. */
export function problemResponse(problem: ProblemError, language: Language, request: string): Response {
  const kind: ProblemKind = kinds[problem.code];
  const body = {
    type: `urn:aidwatch:problem:${problem.code}`,
    title: kind.title[language],
    status: kind.status,
    detail: (problem.detail ?? kind.detail)[language],
    instance: `urn:aidwatch:request:${request}`,
    code: problem.code,
    ...(problem.parts.length === 0
      ? {}
      : { errors: problem.parts.map((part) => ({ where: part.where, message: part.message[language] })) }),
  };
  const headers: Record<string, string> = {
    'content-type': 'application/problem+json; charset=utf-8',
    'content-language': language === 'zh' ? 'zh-CN' : 'en',
    'cache-control': 'no-store',
  };
  if (kind.status === 401) headers['www-authenticate'] = 'Bearer';
  if (kind.status === 503) headers['retry-after'] = '5';
  if (problem.code === 'too-many-attempts') headers['retry-after'] = '900';
  if (problem.code === 'too-many-streams' || problem.code === 'too-many-reports') headers['retry-after'] = '30';
  return new Response(JSON.stringify(body), { status: kind.status, headers });
}

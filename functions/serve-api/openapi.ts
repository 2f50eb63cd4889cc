import * as z from 'zod';
import type { Bilingual } from '../../shared/catalog/feed.ts';
import { auditOperations } from './audit-operations.ts';
import { caseOperations } from './case-operations.ts';
import { correctionOperations } from './correction-operations.ts';
import type { Language } from './language.ts';
import { type Operation, tags } from './operation.ts';
import { reportOperations } from './report-operations.ts';
import {
  Feed,
  File,
  FilePath,
  FilesQuery,
  Health,
  Household,
  HouseholdPath,
  Me,
  ProblemShape,
  pageOf,
  SearchAnswer,
  SearchBody,
  Ticket,
  UploadBody,
  Warning,
  WarningPath,
  WarningsQuery,
} from './schemas.ts';

const operations: readonly Operation[] = [
  {
    path: '/api/v1/warnings',
    method: 'get',
    tag: 'warnings',
    summary: { zh: '预警列表，最紧急的在前', en: 'Warnings, most urgent first' },
    signIn: true,
    purpose: true,
    query: WarningsQuery,
    answer: pageOf(Warning),
  },
  {
    path: '/api/v1/warnings/{id}',
    method: 'get',
    tag: 'warnings',
    summary: { zh: '一条预警及其理由、证据', en: 'One warning with its reasons and evidence' },
    signIn: true,
    purpose: true,
    pathParams: WarningPath,
    answer: Warning,
  },
  {
    path: '/api/v1/households/{id}',
    method: 'get',
    tag: 'warnings',
    summary: {
      zh: '家庭页：成员、身份变化、事实、评估、预警',
      en: 'Household page: members, category, facts, assessment, warnings',
    },
    detail: {
      zh: '姓名、证件号码、出生日期和诊断按角色脱敏。身份证号请勿写入网址，请用查找接口。',
      en: 'Names, numbers, birth dates and diagnoses are masked by role. Never put an identity number in an address; use search.',
    },
    signIn: true,
    purpose: true,
    pathParams: HouseholdPath,
    answer: Household,
  },
  {
    path: '/api/v1/search',
    method: 'post',
    tag: 'warnings',
    summary: { zh: '按身份证号或姓名精确查找', en: 'Find by exact identity number or name' },
    signIn: true,
    purpose: true,
    body: SearchBody,
    answer: SearchAnswer,
  },
  {
    path: '/api/v1/feeds',
    method: 'get',
    tag: 'files',
    summary: { zh: '数据目录与各县更新情况', en: 'Feeds and their freshness by county' },
    signIn: true,
    answer: pageOf(Feed),
  },
  {
    path: '/api/v1/files',
    method: 'get',
    tag: 'files',
    summary: { zh: '报送文件及回执，最新的在前', en: 'Files and their receipts, newest first' },
    signIn: true,
    query: FilesQuery,
    answer: pageOf(File),
  },
  {
    path: '/api/v1/files/{id}',
    method: 'get',
    tag: 'files',
    summary: { zh: '一份文件的回执', en: 'The receipt of one file' },
    signIn: true,
    pathParams: FilePath,
    answer: File,
    version: 'told',
    also: { 304: { zh: '与 If-None-Match 所示一致，没有变化', en: 'as If-None-Match says it was: nothing has changed' } },
  },
  {
    path: '/api/v1/files/{id}/fix-it',
    method: 'get',
    tag: 'files',
    summary: { zh: '下载退回表（原格式，附行号和退回原因）', en: 'Fix-it file: the refused rows with row number and reason' },
    signIn: true,
    purpose: true,
    pathParams: FilePath,
    answer: 'bytes',
  },
  {
    path: '/api/v1/uploads',
    method: 'post',
    tag: 'files',
    summary: { zh: '获取上传链接', en: 'Get a link to upload a file to' },
    detail: {
      zh: '向返回的链接 PUT 文件内容，链接15分钟内有效。同一 Idempotency-Key 得到同一路径。',
      en: 'PUT the bytes to the link within 15 minutes. The same Idempotency-Key gives the same path again.',
    },
    signIn: true,
    idempotent: 'may',
    body: UploadBody,
    answer: Ticket,
    status: 201,
    refusals: [422],
  },
  {
    path: '/api/v1/me',
    method: 'get',
    tag: 'service',
    summary: { zh: '当前用户、可用操作和查询事由代码', en: 'The signed-in user, what they may do, and purpose codes' },
    signIn: true,
    answer: Me,
  },
  {
    path: '/api/v1/health',
    method: 'get',
    tag: 'service',
    summary: { zh: '服务状态', en: 'Health' },
    answer: Health,
  },
];

/** The statuses of the problems an operation may answer with. */
function refusalsOf(operation: Operation): readonly number[] {
  const found = new Set([400, 500, 503, ...(operation.refusals ?? [])]);
  if (operation.signIn) found.add(401).add(403);
  // Where an area outside the user's is asked for, it is answered like one there is not.
  if (operation.pathParams !== undefined || operation.query?.shape['area'] !== undefined) found.add(404);
  if (operation.version === 'checked') found.add(412);
  if (operation.streams) found.add(429);
  return [...found].toSorted((one, other) => one - other);
}

type Json = Readonly<Record<string, unknown>>;

const FILE: Json = { schema: { type: 'string', format: 'binary' } };
const FILE_CONTENT: Json = { 'application/octet-stream': FILE };

const TEXT: Json = { schema: { type: 'string' } };

/** JSON Schema of a shape; shapes with an id are put among `components` and referred to. */
function schemaOf(shape: z.ZodType, io: 'input' | 'output', components: Record<string, Json>): Json {
  const { $defs, properties } = z.toJSONSchema(z.object({ shape }), { io });
  for (const [id, definition] of Object.entries($defs ?? {})) {
    const { id: _, ...plain } = relocated(definition);
    components[id] = plain;
  }
  return relocated(properties?.['shape'] ?? {});
}

function relocated(schema: unknown): Json {
  return JSON.parse(JSON.stringify(schema).replaceAll('"#/$defs/', '"#/components/schemas/'));
}

function parametersOf(
  shape: z.ZodObject | undefined,
  place: 'path' | 'query' | 'header',
  components: Record<string, Json>,
): Json[] {
  return Object.entries(shape?.shape ?? {}).map(([name, part]) => {
    const { description, ...schema } = schemaOf(part, 'input', components);
    return {
      name,
      in: place,
      required: !part.safeParse(undefined).success,
      ...(description === undefined ? {} : { description }),
      schema,
    };
  });
}

const RESUME: Bilingual = {
  zh: '断线后续接：最后收到的事件 id（仅限 text/event-stream）',
  en: 'going on after a lost connection: the id of the last event (text/event-stream only)',
};

const IF_MATCH: Bilingual = {
  zh: '查看时的 ETag，如 "3"；此后他人已处理的返回412',
  en: 'the ETag of what was looked at, such as "3": answered with 412 when somebody has worked on it since',
};

const idempotencyKey = z.string().regex(/^[\x21-\x7e]{8,100}$/);

function headersOf(operation: Operation, language: Language): z.ZodObject {
  const purpose =
    language === 'zh'
      ? '查询事由：事由代码或办件编号；每次查询都留痕'
      : 'purpose: a reason code or case number; every read is recorded';
  return z.object({
    ...(operation.purpose ? { 'X-Purpose': z.string().meta({ description: purpose, example: 'desk-check' }) } : {}),
    ...(operation.streams ? { 'Last-Event-ID': z.string().optional().meta({ description: RESUME[language] }) } : {}),
    ...(operation.idempotent === 'must' ? { 'Idempotency-Key': idempotencyKey } : {}),
    ...(operation.idempotent === 'may' ? { 'Idempotency-Key': idempotencyKey.optional() } : {}),
    ...(operation.version === 'checked' ? { 'If-Match': z.string().optional().meta({ description: IF_MATCH[language] }) } : {}),
    ...(operation.also?.[304] === undefined ? {} : { 'If-None-Match': z.string().optional() }),
  });
}

function bodyContent({ body, examples }: Operation, language: Language, components: Record<string, Json>): Json {
  if (body === 'bytes' || body === undefined) return FILE_CONTENT;
  const told = Object.entries(examples ?? {}).map(([name, { title, body: value }]) => [
    name,
    { summary: title[language], value },
  ]);
  return {
    'application/json': {
      schema: schemaOf(body, 'input', components),
      ...(told.length === 0 ? {} : { examples: Object.fromEntries(told) }),
    },
  };
}

const header = (text: Bilingual, language: Language): Json => ({ description: text[language], schema: { type: 'string' } });

/** What stands in the head of an answer that is no refusal. */
function headOf({ version, located }: Pick<Operation, 'version' | 'located'>, language: Language): Json {
  const told = {
    ...(version === undefined ? {} : { ETag: header({ zh: '版本', en: 'the version' }, language) }),
    ...(located === undefined ? {} : { Location: header({ zh: '结果的地址', en: 'where the outcome is' }, language) }),
  };
  return Object.keys(told).length === 0 ? {} : { headers: told };
}

function elsewhere(language: Language): Json {
  return headOf({ located: true }, language);
}

/** What stands in the head of a refusal. */
function refusalHead(status: number, language: Language): Json {
  return {
    'Content-Language': header({ zh: 'zh-CN 或 en', en: 'zh-CN or en' }, language),
    ...(status === 401 ? { 'WWW-Authenticate': header({ zh: 'Bearer', en: 'Bearer' }, language) } : {}),
    ...(status === 429 || status === 503
      ? { 'Retry-After': header({ zh: '几秒后再试', en: 'seconds to wait before trying again' }, language) }
      : {}),
  };
}

/** An answer's body in each form it can be had in. */
function answerContent({ answer, forms, streams }: Operation, components: Record<string, Json>): Json {
  if (answer === 'bytes') return forms === undefined ? FILE_CONTENT : inForms(forms, FILE);
  const json = { 'application/json': { schema: schemaOf(answer, 'output', components) } };
  return { ...json, ...inForms(forms ?? [], TEXT), ...(streams ? inForms(['text/event-stream'], TEXT) : {}) };
}

function inForms(types: readonly string[], content: Json): Json {
  return Object.fromEntries(types.map((type) => [type, content]));
}

function responsesOf(operation: Operation, language: Language, components: Record<string, Json>): Json {
  const { status = 200, also = {} } = operation;
  const content = answerContent(operation, components);
  const head = headOf(operation, language);
  const beside = Object.entries(also).map(([other, when]) => [
    other,
    { description: when[language], ...(other === '200' ? { ...head, content } : other === '303' ? elsewhere(language) : head) },
  ]);
  const problem = { 'application/problem+json': { schema: schemaOf(ProblemShape, 'output', components) } };
  const refusals = refusalsOf(operation).map((refusal) => [
    refusal,
    { description: 'RFC 9457', headers: refusalHead(refusal, language), content: problem },
  ]);
  return {
    [status]: { description: 'OK', ...head, content },
    ...Object.fromEntries(beside),
    ...Object.fromEntries(refusals),
  };
}

function operationObject(operation: Operation, language: Language, components: Record<string, Json>): Json {
  return {
    operationId: `${operation.method}${operation.path.replace('/api/v1', '').replace(/[/{}-]+(\w?)/g, (_, letter: string) => letter.toUpperCase())}`,
    tags: [tags[operation.tag][language]],
    summary: operation.summary[language],
    ...(operation.detail === undefined ? {} : { description: operation.detail[language] }),
    security: operation.signIn ? [{ bearer: [] }] : [],
    parameters: [
      ...parametersOf(operation.pathParams, 'path', components),
      ...parametersOf(operation.query, 'query', components),
      ...parametersOf(headersOf(operation, language), 'header', components),
    ],
    ...(operation.body === undefined
      ? {}
      : { requestBody: { required: true, content: bodyContent(operation, language, components) } }),
    responses: responsesOf(operation, language, components),
  };
}

/** The OpenAPI 3.1 document of the interface, in one language; made from the schemas the requests are parsed with. */
export function openApiDocument(language: Language, version: string): Json {
  const schemas: Record<string, Json> = {};
  const paths: Record<string, Record<string, Json>> = {};
  for (const operation of [...operations, ...caseOperations, ...correctionOperations, ...reportOperations, ...auditOperations]) {
    const item = paths[operation.path] ?? {};
    paths[operation.path] = item;
    item[operation.method] = operationObject(operation, language, schemas);
  }
  const document = {
    openapi: '3.1.1',
    info: {
      title: language === 'zh' ? '主动救助预警平台接口' : 'Aidwatch API',
      version,
      description:
        language === 'zh'
          ? '金额单位为分，日期为 ISO 格式。查询个人信息须填写 X-Purpose；错误按 RFC 9457 返回。'
          : 'Amounts are in fen, dates in ISO form. Reading personal data needs X-Purpose; errors follow RFC 9457.',
    },
    servers: [{ url: '/' }],
    paths,
    components: { schemas, securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } } },
  };
  return inOneLanguage(document, language);
}

/** The schemas describe themselves as `中文 / English`. */
function inOneLanguage(document: Json, language: Language): Json {
  return JSON.parse(
    JSON.stringify(document, (key, value: unknown) => {
      const [zh, en] = key === 'description' && typeof value === 'string' ? value.split(' / ') : [];
      return en === undefined ? value : language === 'zh' ? zh : en;
    }),
  );
}

import type * as z from 'zod';
import type { Bilingual } from '../../shared/catalog/feed.ts';
import type { BodyExample } from './action-examples.ts';

/** One operation of the interface as the document tells it. */
export interface Operation {
  readonly path: string;
  readonly method: 'get' | 'post' | 'put';
  readonly tag: keyof typeof tags;
  readonly summary: Bilingual;
  readonly detail?: Bilingual;
  /** Without it: open to everyone. */
  readonly signIn?: true;
  readonly purpose?: true;
  /** Whether an Idempotency-Key must be sent, or may be. */
  readonly idempotent?: 'must' | 'may';
  /** Answers with the version as ETag; `checked` takes it back as If-Match. */
  readonly version?: 'told' | 'checked';
  readonly pathParams?: z.ZodObject;
  readonly query?: z.ZodObject;
  /** Body: a schema for JSON, `bytes` for a file. */
  readonly body?: z.ZodType | 'bytes';
  /** Bodies to begin with, by name. */
  readonly examples?: Readonly<Record<string, BodyExample>>;
  /** Answer: a schema for JSON, `bytes` for a file. */
  readonly answer: z.ZodType | 'bytes';
  /** Also answers a stream of server-sent events, where the host can. */
  readonly streams?: true;
  readonly status?: 201 | 202;
  /** Tells with Location where what was asked for is found. */
  readonly located?: true;
  /** Other answers than that of `status` that are no refusal: when. A 200 has the same shape, the others have no body. */
  readonly also?: Readonly<Partial<Record<200 | 303 | 304, Bilingual>>>;
  /** Media types of a file, `application/octet-stream` unless said; of JSON, those it can be had in beside. */
  readonly forms?: readonly string[];
  /** What it is refused with beside what any operation of its kind is: see `refusalsOf`. */
  readonly refusals?: readonly (404 | 409 | 413 | 422 | 429)[];
}

/** Headings of the document. */
export const tags = {
  files: { zh: '报送', en: 'Files' },
  warnings: { zh: '预警与家庭', en: 'Warnings and households' },
  cases: { zh: '办件', en: 'Casework' },
  corrections: { zh: '数据更正', en: 'Corrections' },
  reports: { zh: '台账与报表', en: 'Ledgers and reports' },
  audit: { zh: '审计与个人信息保护', en: 'Audit and privacy' },
  service: { zh: '服务', en: 'Service' },
} as const satisfies Record<string, Bilingual>;

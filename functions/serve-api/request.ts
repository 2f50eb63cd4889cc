import type { Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type * as z from 'zod';
import { type Action, allow, isPersonal } from '../../shared/access/policy.ts';
import type { Principal } from '../../shared/access/principal.ts';
import { parsePurpose } from '../../shared/access/purpose.ts';
import type { Access } from '../../shared/access/read-trail.ts';
import type { ApiDeps } from './api-deps.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { wrongParts } from './expected.ts';
import type { Language } from './language.ts';
import { type ProblemCode, ProblemError } from './problem.ts';

/** What goes with every request. */
export interface Env {
  Bindings: Record<string, unknown>;
  Variables: { request: string; language: Language };
}
/** A request under way. */
export type Call = Context<Env>;
/** Where routes are added. */
export type Api = Hono<Env>;

const JSON_BYTES = 16_384;

/** Refuses bodies too large for any form; in the words of `problem` where a kind of its own says what to do. */
export function limitedBody(bytes: number = JSON_BYTES, problem?: ProblemCode) {
  return bodyLimit({
    maxSize: bytes,
    onError: () => {
      if (problem !== undefined) throw new ProblemError(problem);
      throw new ProblemError('bad-request', {
        zh: `请求正文超过${bytes / 1024} KB。`,
        en: `The body is larger than ${bytes / 1024} KB.`,
      });
    },
  });
}

/** The signed-in user; a problem when there is none. */
export async function signedIn(deps: ApiDeps, c: Call): Promise<Principal> {
  const principal = await deps.authenticate(c.req.raw, c.env);
  if (principal === undefined) throw new ProblemError('unauthenticated');
  return principal;
}

/** Sign-in and role. */
export async function permitted(deps: ApiDeps, c: Call, action: Action): Promise<Principal> {
  const principal = await signedIn(deps, c);
  allow(principal, action);
  return principal;
}

/** Sign-in, role and purpose for an action on personal data, in this order. */
export async function purposeful(deps: ApiDeps, c: Call, action: Action): Promise<Access> {
  const principal = await permitted(deps, c, action);
  const purpose = parsePurpose(c.req.header('x-purpose') ?? '');
  if (purpose === undefined || !isPersonal(action)) throw new ProblemError('purpose-required');
  return { principal, purpose, request: c.get('request') };
}

/** Whether a text may be an Idempotency-Key. */
export function isKey(text: string): boolean {
  return /^[\x21-\x7e]{8,100}$/.test(text);
}

/** The request's Idempotency-Key, bound to its user; a problem when it is missing or not as expected. */
export function keyOf(c: Call, principal: Principal): string {
  const key = c.req.header('idempotency-key');
  if (key === undefined || !isKey(key)) throw new ProblemError('key-required');
  return `${principal.id} ${key}`;
}

/** The body as JSON. */
export async function bodyOf(c: Call): Promise<unknown> {
  try {
    return await c.req.json();
  } catch (error) {
    if (error instanceof ProblemError) throw error;
    throw new ProblemError('bad-request', { zh: '请求正文不是有效的 JSON。', en: 'The body is not valid JSON.' });
  }
}

/** Names each wrong part and what was expected, and never repeats the value. */
export function parsed<Schema extends z.ZodType>(schema: Schema, value: unknown, where: string): z.infer<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new ProblemError('bad-request', undefined, wrongParts(result.error.issues, where));
}

/**
 * The query of a request. A part nobody knows, and one stated twice, are refused by name: a misspelt filter, or the second of two,
 * would show more than was asked for.
 */
export function queried<Shape extends z.ZodRawShape>(schema: z.ZodObject<Shape>, c: Call): z.infer<z.ZodObject<Shape>> {
  const twice = Object.entries(c.req.queries()).filter(([name, values]) => name in schema.shape && values.length > 1);
  if (twice.length === 0) return parsed(schema.strict(), c.req.query(), 'query');
  const message = { zh: '只能写一次', en: 'must be stated once only' };
  throw new ProblemError(
    'bad-request',
    undefined,
    twice.map(([name]) => ({ where: `query.${name}`, message })),
  );
}

/** Where a page begins, from its cursor; a problem when the cursor is of another question. */
export function positionOf(question: unknown, cursor: string | undefined): string | undefined {
  if (cursor === undefined) return undefined;
  const after = decodeCursor(question, cursor);
  if (after === undefined) throw new ProblemError('bad-cursor');
  return after;
}

/** The cursor of the next page. */
export function nextOf(question: unknown, next: string | undefined): string | null {
  return next === undefined ? null : encodeCursor(question, next);
}

import { hash } from 'node:crypto';
import * as z from 'zod';

/** Stops a cursor of another list or another question from being read as one of this. */
const Cursor = z.tuple([z.literal(1), z.string().max(20), z.string().max(2_000)]);

function questionOf(question: unknown): string {
  return hash('sha256', JSON.stringify(question), 'hex').slice(0, 12);
}

/** Opaque cursor for the page after `after` of the list that answers `question`. */
export function encodeCursor(question: unknown, after: string): string {
  return Buffer.from(JSON.stringify([1, questionOf(question), after])).toString('base64url');
}

/** What `encodeCursor` was given; undefined for anything that is no cursor of this list and question. */
export function decodeCursor(question: unknown, cursor: string): string | undefined {
  if (!/^[\w-]{1,4000}$/.test(cursor)) return undefined;
  try {
    const read = Cursor.safeParse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
    return read.success && read.data[1] === questionOf(question) ? read.data[2] : undefined;
  } catch {
    return undefined;
  }
}

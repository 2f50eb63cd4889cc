import type * as z from 'zod';
import { PermanentError } from '../shared/ports/errors.ts';

/**
 * Reads a message body as one of ours. `plain` tells bodies the schema would give back as they are, so that it need not.
 * @throws PermanentError `NOT_JSON` or `UNKNOWN_MESSAGE`, naming the places that do not fit and never their content
 */
export function parseBody<Message>(
  body: string,
  schema: z.ZodType<Message>,
  plain?: (value: unknown) => value is Message,
): Message {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    throw new PermanentError('NOT_JSON', 'the message body is not JSON');
  }
  if (plain?.(value) === true) return value;
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  const places = read.error.issues.slice(0, 5).map((issue) => `${issue.path.join('.') || 'message'} (${issue.code})`);
  throw new PermanentError('UNKNOWN_MESSAGE', `the message is none of ours; it does not fit at: ${places.join(', ')}`);
}

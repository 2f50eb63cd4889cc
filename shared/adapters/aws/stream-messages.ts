import * as z from 'zod';
import { parseStored } from './packed-json.ts';
import { plainOf, type StreamRecord } from './stream-events.ts';

const storedMessages = z.array(
  z.object({
    queue: z.enum(['files', 'updates', 'assessments', 'cases']),
    body: z.string(),
    key: z.string().optional(),
    share: z.number().optional(),
  }),
);
/** A message saved with a change, to be sent on. */
export type RelayedMessage = z.infer<typeof storedMessages>[number];

/**
 * The messages of the writes a stream tells of, in its order, each with the number of its record. Every write that sends
 * messages sets the item's `messages` to its own and every other write of such an item sets them to none.
 */
export function messagesOfStreamRecords(
  records: readonly StreamRecord[],
): readonly { readonly record: number; readonly messages: readonly RelayedMessage[] }[] {
  return records.flatMap(({ eventName, dynamodb }, record) => {
    const held = dynamodb?.NewImage?.['messages'];
    if (held === undefined || eventName === 'REMOVE') return [];
    const messages = parseStored(storedMessages, plainOf(held), 'messages');
    return messages.length === 0 ? [] : [{ record, messages }];
  });
}

import * as z from 'zod';
import type { OutboxMessage } from '../../ports/outbox.ts';
import { QUEUE_NAMES } from '../../ports/queue.ts';
import { parseStored } from './packed-json.ts';
import type { StreamRecord } from './stream-events.ts';

const storedMessages = z.array(
  z.object({ queue: z.enum(QUEUE_NAMES), body: z.string(), key: z.string().optional(), share: z.number().optional() }),
);
/** A message saved with a change, to be sent on. */
export type RelayedMessage = z.infer<typeof storedMessages>[number];

/**
 * The attribute `messages` of a write; undefined takes away those of the write before. Text, because a filter of the stream
 * can ask whether a plain value is there, but not whether a list is.
 */
export function messagesAttribute(messages: readonly OutboxMessage[]): string | undefined {
  if (messages.length === 0) return undefined;
  return JSON.stringify(messages.map(({ queue, message }): RelayedMessage => ({ queue, ...message })));
}

/** What the relay's filter lets through of the stream: writes that send messages. */
export const WRITES_WITH_MESSAGES = {
  eventName: ['INSERT', 'MODIFY'],
  dynamodb: { NewImage: { messages: { S: [{ exists: true }] } } },
};

/**
 * The messages that a write the stream tells of has sent. Every write of an item that sends messages sets `messages` to its
 * own, every other write of such an item takes them away. Throws PermanentError when they have an unexpected shape.
 */
export function messagesOfStreamRecord({ eventName, dynamodb }: StreamRecord): readonly RelayedMessage[] {
  const held = dynamodb?.NewImage?.['messages']?.S;
  if (held === undefined || eventName === 'REMOVE') return [];
  return parseStored(storedMessages, jsonOf(held), 'messages');
}

/** The messages of a write as the stream has them, and the item that keeps them until it is written again. */
export function asToldByStream({ dynamodb }: StreamRecord): { readonly item: string; readonly messages: string } {
  const image = dynamodb?.NewImage;
  return { item: `${image?.['pk']?.S ?? ''} ${image?.['sk']?.S ?? ''}`, messages: image?.['messages']?.S ?? '' };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

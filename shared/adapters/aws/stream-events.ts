import * as z from 'zod';
import type { SourcedEvents } from '../../audit/archive-events.ts';
import { type DomainEvent, eventTypes } from '../../audit/event.ts';
import type { Instant } from '../../calendar/plain-date.ts';
import { branded, parseStored } from './packed-json.ts';

/** A value as the stream writes it. Only what events are made of. */
export interface StreamValue {
  readonly S?: string | undefined;
  readonly N?: string | undefined;
  readonly BOOL?: boolean | undefined;
  readonly NULL?: boolean | undefined;
  readonly M?: Readonly<Record<string, StreamValue>> | undefined;
  readonly L?: readonly StreamValue[] | undefined;
}

/** What is read of a record of the table's stream. */
export interface StreamRecord {
  readonly eventName?: 'INSERT' | 'MODIFY' | 'REMOVE' | undefined;
  readonly dynamodb?:
    | { readonly SequenceNumber?: string | undefined; readonly NewImage?: Readonly<Record<string, StreamValue>> | undefined }
    | undefined;
}

/** Events as an item carries them. */
export const storedEvents: z.ZodType<readonly DomainEvent[]> = z.array(
  z.object({
    id: z.string(),
    type: z.enum(eventTypes),
    at: branded<Instant>(),
    actor: z.string(),
    subject: z.record(z.string(), z.string()),
    data: z.record(
      z.string(),
      z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.array(z.union([z.string(), z.number()])))]),
    ),
  }),
);

/** Sequence numbers have 21 to 40 digits and compare as numbers; of one width they also compare as text. */
const POSITION_DIGITS = 40;

/** A value of the stream as plain JSON. */
function plainOf(value: StreamValue): unknown {
  if (value.S !== undefined) return value.S;
  if (value.N !== undefined) return Number(value.N);
  if (value.BOOL !== undefined) return value.BOOL;
  if (value.L !== undefined) return value.L.map(plainOf);
  if (value.M !== undefined) return Object.fromEntries(Object.entries(value.M).map(([name, held]) => [name, plainOf(held)]));
  return null;
}

/** The events that an attribute of the stream holds; PermanentError when it holds anything else. */
export function eventsIn(held: StreamValue): readonly DomainEvent[] {
  return parseStored(storedEvents, plainOf(held), 'events');
}

/**
 * The events of the writes a stream tells of, in its order, each with its place in the shard. Every write that makes an
 * event sets the item's `events` to its own and every other write of such an item sets them to none, so nothing is told
 * twice. Writes without events are left out; the archive's own head is one, so archiving never feeds itself. Throws
 * PermanentError when an event has an unexpected shape.
 */
export function eventsOfStreamRecords(records: readonly StreamRecord[]): SourcedEvents[] {
  return records.flatMap(({ eventName, dynamodb }) => {
    const held = dynamodb?.NewImage?.['events'];
    if (held === undefined || eventName === 'REMOVE') return [];
    const events = eventsIn(held);
    if (events.length === 0) return [];
    return [{ position: (dynamodb?.SequenceNumber ?? '').padStart(POSITION_DIGITS, '0'), events }];
  });
}

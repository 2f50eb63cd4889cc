import { hash } from 'node:crypto';
import type { Instant } from '../calendar/plain-date.ts';
import type { FactChunk } from '../facts/fact.ts';
import type { Membership } from '../registry/household.ts';
import type { DomainEvent, EventType } from './event.ts';

/** The actor of everything the platform does by itself. */
export const SYSTEM = 'system';

/**
 * Builds an event. `once` names the occurrence (a version, a chunk key …): the same type, subject and occurrence always
 * give the same id, so a repeated delivery is recognised and kept once.
 */
export function makeEvent(
  type: EventType,
  at: Instant,
  subject: DomainEvent['subject'],
  data: DomainEvent['data'],
  once: string,
  actor: string = SYSTEM,
): DomainEvent {
  const id = hash('sha256', `${type}\n${JSON.stringify(subject)}\n${once}`, 'hex').slice(0, 32);
  // Keys in order, here and in what callers give: see `canonical` in chain.ts.
  return { actor, at, data, id, subject, type };
}

/** The event every store writes with a new chunk of facts: which person, feed, file and rows, and a digest of what they state. */
export function factsRecordedEvent(chunk: FactChunk): DomainEvent {
  const first = chunk.rows[0];
  const digest = hash('sha256', chunk.rows.map((row) => `${row.row}:${row.key}:${row.content}`).join('\n'), 'hex');
  return makeEvent(
    'facts.recorded',
    chunk.recordedAt,
    { file: chunk.file, person: chunk.person },
    { digest, feed: chunk.feed, firstRow: first?.row ?? 0, rows: chunk.rows.length },
    `${chunk.feed}\n${chunk.seq}\n${first?.row ?? 0}`,
  );
}

/** The event a registry writes when a person's memberships differ from those it held. `version` is the registration's. */
export function membershipChangedEvent(
  person: string,
  memberships: readonly Membership[],
  version: number,
  at: Instant,
): DomainEvent {
  const current = memberships.at(-1);
  return makeEvent(
    'membership.changed',
    at,
    current === undefined ? { person } : { household: current.household, person },
    { basis: current?.basis ?? null, category: current?.category ?? null, from: current?.from ?? null, to: current?.to ?? null },
    String(version),
  );
}

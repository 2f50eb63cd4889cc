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

/** Chunks one event tells of at most: a line of the archive stays below 15 KB. */
const CHUNKS_PER_EVENT = 256;

/**
 * The events a store writes with new chunks of one file, few for many: `chunks` lists person, first row and number of rows
 * of each, and `digest` is the SHA-256 of what they state, a line for each chunk's person and for each row. A chunk is told
 * of once, with the change that keeps it.
 */
export function factsRecordedEvents(ofFile: readonly FactChunk[]): DomainEvent[] {
  const events: DomainEvent[] = [];
  for (let start = 0; start < ofFile.length; start += CHUNKS_PER_EVENT) {
    const [any, ...others] = ofFile.slice(start, start + CHUNKS_PER_EVENT);
    if (any !== undefined) events.push(factsRecordedEvent([any, ...others]));
  }
  return events;
}

function factsRecordedEvent(chunks: readonly [FactChunk, ...FactChunk[]]): DomainEvent {
  const [{ file, feed, seq, recordedAt }] = chunks;
  const told = chunks.map(({ person, rows }) => [person, rows[0]?.row ?? 0, rows.length]);
  let stated = '';
  for (const { person, rows } of chunks) {
    stated += `${person}\n`;
    for (const { row, key, content } of rows) stated += `${row}:${key}:${content}\n`;
  }
  const data = { chunks: told, digest: hash('sha256', stated, 'hex'), feed };
  return makeEvent('facts.recorded', recordedAt, { file }, data, `${feed}\n${seq}\n${JSON.stringify(told)}`);
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

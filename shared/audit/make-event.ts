import { hash } from 'node:crypto';
import type { Instant } from '../calendar/plain-date.ts';
import type { FactChunk, PersonKey } from '../facts/fact.ts';
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

/** People one event tells of at most: a line of the archive stays below 25 KB. */
const PEOPLE_PER_EVENT = 128;

/** Whose memberships changed, as the registry holds the person from then on. */
interface ChangedPerson {
  readonly person: PersonKey;
  readonly version: number;
  readonly memberships: readonly Membership[];
}

/**
 * The events a registry writes with the changes it keeps together, few for many: `people` lists person, version of the
 * registration, and of where the person belongs last household, basis, category, from and to; an empty text where there is none.
 */
export function membershipChangedEvents(changed: readonly ChangedPerson[], at: Instant): DomainEvent[] {
  const events: DomainEvent[] = [];
  for (let start = 0; start < changed.length; start += PEOPLE_PER_EVENT) {
    const people = changed.slice(start, start + PEOPLE_PER_EVENT).map(({ person, version, memberships }) => {
      const current = memberships.at(-1);
      if (current === undefined) return [person, version, '', '', '', '', ''];
      const { household, basis, category, from = '', to = '' } = current;
      return [person, version, household, basis, category, from, to];
    });
    events.push(makeEvent('membership.changed', at, {}, { people }, JSON.stringify(people)));
  }
  return events;
}

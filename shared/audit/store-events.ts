import { hash } from 'node:crypto';
import type { Instant } from '../calendar/plain-date.ts';
import type { FactChunk } from '../facts/fact.ts';
import type { PersonRegistration } from '../ports/household-registry.ts';
import type { Membership } from '../registry/household.ts';
import type { DomainEvent } from './event.ts';

/** The id of an event: 32 hex digits made from what happened, so that a repeat has the same id. */
function idOf(what: string): string {
  return hash('sha256', what, 'hex').slice(0, 32);
}

/** The event every fact store writes with a chunk. Its digest covers the content hashes of the rows, so it commits to them. */
export function factsRecorded(chunk: FactChunk): DomainEvent {
  const firstRow = chunk.rows[0]?.row ?? 0;
  let contents = '';
  for (const row of chunk.rows) contents += `${row.row}:${row.content}\n`;
  return {
    id: idOf(`facts.recorded|${chunk.person}|${chunk.feed}|${chunk.seq}|${firstRow}`),
    type: 'facts.recorded',
    at: chunk.recordedAt,
    actor: 'system',
    subject: { person: chunk.person, file: chunk.file },
    data: { feed: chunk.feed, seq: chunk.seq, firstRow, rows: chunk.rows.length, digest: idOf(contents) },
  };
}

/** The event every household registry writes when a person's memberships come out different. */
export function membershipChanged(registration: PersonRegistration, at: Instant): DomainEvent {
  const text = membershipsText(registration.memberships);
  return {
    id: idOf(`membership.changed|${registration.person}|${registration.version}`),
    type: 'membership.changed',
    at,
    actor: 'system',
    subject: { person: registration.person },
    data: { version: registration.version, memberships: registration.memberships.length, digest: idOf(text) },
  };
}

/** Text that is equal for equal memberships, whatever order their properties are in after a store gave them back. */
export function membershipsText(memberships: readonly Membership[]): string {
  return JSON.stringify(
    memberships.map((m) => [
      m.household,
      m.basis,
      m.from ?? null,
      m.to ?? null,
      m.relation,
      m.head,
      m.category,
      Object.entries(m.attributes).sort(([a], [b]) => (a < b ? -1 : 1)),
    ]),
  );
}

import { hash } from 'node:crypto';
import type { ArchiveEntry, ChainHead } from '../ports/event-log.ts';
import type { DomainEvent } from './event.ts';

/** The head of an archive with nothing in it. */
export const EMPTY_CHAIN: ChainHead = { number: 0, hash: '0'.repeat(64), positions: {} };

/** Text of an entry's number and event with the keys of every object in order: what the hash covers, and what is stored. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value !== null && typeof value === 'object') {
    const fields = Object.entries(value)
      .filter(([, held]) => held !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, held]) => `${JSON.stringify(name)}:${canonical(held)}`);
    return `{${fields.join(',')}}`;
  }
  return JSON.stringify(value);
}

function link(previous: string, number: number, event: DomainEvent): string {
  return hash('sha256', `${previous}\n${number}\n${canonical(event)}`, 'hex');
}

/** Links events to the end of a chain, in the order given. */
export function extendChain(head: ChainHead, events: readonly DomainEvent[]): ArchiveEntry[] {
  let { number, hash: previous } = head;
  return events.map((event) => {
    number += 1;
    previous = link(previous, number, event);
    return { number, event, hash: previous };
  });
}

/** The stored line of an entry, without line end. */
export function lineOf(entry: ArchiveEntry): string {
  return canonical(entry);
}

/** What is wrong with the first bad line. */
export type ChainFault = 'unreadable' | 'altered' | 'missing' | 'reordered' | 'cut-off';

/** The verdict on an archive. */
export type ChainVerdict =
  | { readonly ok: true; readonly events: number; readonly head: string }
  | {
      readonly ok: false;
      readonly fault: ChainFault;
      /** Number of the first event that is not as it was written. */
      readonly number: number;
      readonly where: string;
      readonly events: number;
    };

/**
 * Reads an archive from its first line and proves that every event is there, unaltered and in order, or names the first
 * that is not. With the head the store remembers, events cut off the end are missed too.
 */
export async function verifyChain(
  lines: AsyncIterable<{ readonly text: string; readonly where: string }>,
  head?: { readonly number: number; readonly hash: string },
): Promise<ChainVerdict> {
  let number = 0;
  let previous = EMPTY_CHAIN.hash;
  let where = '-';
  for await (const line of lines) {
    where = line.where;
    const expected = number + 1;
    const fault = (kind: ChainFault): ChainVerdict => ({
      ok: false,
      fault: kind,
      number: expected,
      where: line.where,
      events: number,
    });
    const entry = readEntry(line.text);
    if (entry === undefined) return fault('unreadable');
    if (entry.number > expected) return fault('missing');
    if (entry.number < expected) return fault('reordered');
    if (link(previous, expected, entry.event) !== entry.hash || lineOf(entry) !== line.text) return fault('altered');
    number = expected;
    previous = entry.hash;
  }
  if (head !== undefined && head.number > number)
    return { ok: false, fault: 'cut-off', number: number + 1, where, events: number };
  if (head !== undefined && head.number === number && head.hash !== previous) {
    return { ok: false, fault: 'altered', number, where, events: number };
  }
  return { ok: true, events: number, head: previous };
}

function readEntry(text: string): ArchiveEntry | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isEntry(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isEntry(value: unknown): value is ArchiveEntry {
  if (value === null || typeof value !== 'object') return false;
  if (!('number' in value) || !('event' in value) || !('hash' in value)) return false;
  return (
    typeof value.number === 'number' && typeof value.hash === 'string' && typeof value.event === 'object' && value.event !== null
  );
}

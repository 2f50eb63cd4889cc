import { hash } from 'node:crypto';
import type { ArchiveEntry, ChainHead } from '../ports/event-log.ts';
import type { DomainEvent } from './event.ts';

/** The head of an archive with nothing in it. */
export const EMPTY_CHAIN: ChainHead = { number: 0, hash: '0'.repeat(64), positions: {} };

/** The one text of a value, with the keys of every object in order: what the hash covers, and what is stored. */
function canonical(value: unknown): string {
  // Events are made with their keys in order, and then the plain way gives the same text several times as fast.
  return inOrder(value) ? JSON.stringify(value) : rebuilt(value);
}

function inOrder(value: unknown): boolean {
  if (value === null || typeof value !== 'object') return true;
  if (Array.isArray(value)) return value.every(inOrder);
  let last = '';
  for (const name in value) {
    if (name < last || !inOrder((value as Readonly<Record<string, unknown>>)[name])) return false;
    last = name;
  }
  return true;
}

function rebuilt(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(rebuilt).join(',')}]`;
  if (value !== null && typeof value === 'object') {
    const fields = Object.entries(value)
      .filter(([, held]) => held !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, held]) => `${JSON.stringify(name)}:${rebuilt(held)}`);
    return `{${fields.join(',')}}`;
  }
  return JSON.stringify(value);
}

/** The text of an event that the chain covers. A source may keep events in this form. */
export function eventText(event: DomainEvent): string {
  return canonical(event);
}

function link(previous: string, number: number, text: string): string {
  return hash('sha256', `${previous}\n${number}\n${text}`, 'hex');
}

/** An entry that remembers its event's text; whoever only stores it never reads the event itself. */
class LinkedEntry implements ArchiveEntry {
  readonly number: number;
  readonly hash: string;
  readonly text: string;

  constructor(number: number, hash: string, text: string) {
    this.number = number;
    this.hash = hash;
    this.text = text;
  }

  get event(): DomainEvent {
    return JSON.parse(this.text) as DomainEvent;
  }
}

/** Links events to the end of a chain, in the order given. */
export function extendChain(head: ChainHead, events: readonly DomainEvent[]): ArchiveEntry[] {
  return extendChainByTexts(head, events.map(eventText));
}

/** Links events that are kept as `eventText` made them. */
export function extendChainByTexts(head: ChainHead, texts: readonly string[]): ArchiveEntry[] {
  let { number, hash: previous } = head;
  return texts.map((text) => {
    number += 1;
    previous = link(previous, number, text);
    return new LinkedEntry(number, previous, text);
  });
}

/** The stored line of an entry, without line end. */
export function lineOf(entry: ArchiveEntry): string {
  const text = entry instanceof LinkedEntry ? entry.text : canonical(entry.event);
  return `{"event":${text},"hash":${JSON.stringify(entry.hash)},"number":${entry.number}}`;
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
    if (link(previous, expected, canonical(entry.event)) !== entry.hash || lineOf(entry) !== line.text) return fault('altered');
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

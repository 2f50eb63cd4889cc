import { hash } from 'node:crypto';
import type { ArchiveEntry, ChainHead } from '../ports/event-log.ts';
import { NOTHING_BEFORE } from './daily-root.ts';
import type { DomainEvent } from './event.ts';

/** The head of an archive with nothing in it. */
export const EMPTY_CHAIN: ChainHead = { number: 0, hash: NOTHING_BEFORE, positions: {} };

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

/** The hash of an event, over the hash before it, its number and its text. */
export function link(previous: string, number: number, text: string): string {
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

/** The text of an entry's event, without reading one that is not needed otherwise. */
export function textOf(entry: ArchiveEntry): string {
  return entry instanceof LinkedEntry ? entry.text : canonical(entry.event);
}

/** The stored line of an entry, without line end. */
export function lineOf(entry: ArchiveEntry): string {
  return `{"event":${textOf(entry)},"hash":${JSON.stringify(entry.hash)},"number":${entry.number}}`;
}

/** A line read back; undefined when it is no line of an archive. */
export function readEntry(text: string): ArchiveEntry | undefined {
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

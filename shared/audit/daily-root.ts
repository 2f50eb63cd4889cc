import { hash } from 'node:crypto';
import * as z from 'zod';
import { type PlainDate, parsePlainDate } from '../calendar/plain-date.ts';

/** The hash before the first event, and the root before the first day. */
export const NOTHING_BEFORE = '0'.repeat(64);

/** The day the archive is writing, and what came before it: with the end of the chain this makes the day's root. */
export interface OpenDay {
  readonly day: PlainDate;
  /** Number of its first event, written or still to come. */
  readonly first: number;
  /** Chain hash before that event. */
  readonly before: string;
  /** Root of the last day before it that has one. */
  readonly previous: string;
}

/**
 * What proves a finished day of the archive. Whoever keeps a copy elsewhere can tell later whether that day, or any day
 * before it, was changed, even if the whole archive was computed anew.
 */
export interface DailyRoot {
  /** Day in China on which the events were appended. */
  readonly day: PlainDate;
  readonly first: number;
  readonly last: number;
  readonly count: number;
  /** Chain hash before the first and after the last event of the day. */
  readonly before: string;
  readonly hash: string;
  /** Root of the last day before it that had events; zeros before the first. */
  readonly previous: string;
  /** SHA-256 over the fields above in this order, one to a line: day, first, last, count, before, hash, previous. */
  readonly root: string;
}

/** The end of a chain with the day it stands in. */
interface EndOfDay {
  readonly number: number;
  readonly hash: string;
  readonly open?: OpenDay;
}

/** The root of the day that is written, as it is now; undefined while it has no event. */
export function rootOf({ number, hash: end, open }: EndOfDay): DailyRoot | undefined {
  if (open === undefined || number < open.first) return undefined;
  const { day, first, before, previous } = open;
  return withRoot({ day, first, last: number, count: number - first + 1, before, hash: end, previous });
}

/** The day to write after another, or the first. */
export function dayAfter(end: EndOfDay, day: PlainDate): OpenDay {
  const previous = rootOf(end)?.root ?? end.open?.previous ?? NOTHING_BEFORE;
  return { day, first: end.number + 1, before: end.hash, previous };
}

/** Whether a root is what its own fields make. */
export function rootHolds(root: DailyRoot): boolean {
  return root.count === root.last - root.first + 1 && withRoot(root).root === root.root;
}

function withRoot({ day, first, last, count, before, hash: end, previous }: Omit<DailyRoot, 'root'>): DailyRoot {
  const root = hash('sha256', [day, first, last, count, before, end, previous].join('\n'), 'hex');
  return { day, first, last, count, before, hash: end, previous, root };
}

const hex = z.string().regex(/^[0-9a-f]{64}$/);
const day = z.string().transform((text, context) => {
  const date = parsePlainDate(text);
  if (date !== undefined) return date;
  context.addIssue('no date');
  return z.NEVER;
});
const number = z.int().positive();
const StoredRoot = z.object({
  day,
  first: number,
  last: number,
  count: number,
  before: hex,
  hash: hex,
  previous: hex,
  root: hex,
});

/** The text in which a root is kept and given out. */
export function rootText(root: DailyRoot): string {
  return `${JSON.stringify(root)}\n`;
}

/** A root read back; undefined when it is none. */
export function readRoot(text: string): DailyRoot | undefined {
  try {
    return StoredRoot.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

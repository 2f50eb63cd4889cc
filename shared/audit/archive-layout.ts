import { type PlainDate, parsePlainDate } from '../calendar/plain-date.ts';

/**
 * How the archive lies below its folder or prefix, the same in a folder and a bucket, so that one reader reads both:
 * `day=2024-03-15/events-000000000101.jsonl.zst` (number of its first event) and `roots/2024-03-15.json`. Days are
 * partitions in the style of Hive: DuckDB and Athena read them as a column.
 */
export const ROOTS_FOLDER = 'roots';

const NUMBER_DIGITS = 12;

/** Name of the partition of a day. */
export function dayFolder(day: PlainDate): string {
  return `day=${day}`;
}

/** The day of a partition; undefined for any other name. */
export function dayOfFolder(name: string): PlainDate | undefined {
  return name.startsWith('day=') ? parsePlainDate(name.slice(4)) : undefined;
}

/** Name of a file of events within its day. Names sort as the events do. */
export function eventsFile(first: number): string {
  return `events-${String(first).padStart(NUMBER_DIGITS, '0')}.jsonl.zst`;
}

/** Number of the first event of a file; undefined for any other name. */
export function firstOfEventsFile(name: string): number | undefined {
  const digits = /^events-(\d{12})\.jsonl\.zst$/.exec(name)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** Name of the file of a day's root within the folder of roots. */
export function rootFile(day: PlainDate): string {
  return `${day}.json`;
}

/** The day of a root's file; undefined for any other name. */
export function dayOfRootFile(name: string): PlainDate | undefined {
  return name.endsWith('.json') ? parsePlainDate(name.slice(0, -5)) : undefined;
}

import type { Instant, PlainDate } from '../../shared/calendar/plain-date.ts';
import { instantOf } from '../../shared/calendar/plain-date.ts';
import type { FeedId } from '../../shared/catalog/feed.ts';
import type { FactChunk, FactRow, FileId, FileSequence, PersonKey } from '../../shared/facts/fact.ts';

/** The n-th invented person's pseudonym: 32 hex digits, spread over the key space as real ones are. */
export function personKey(n: number): PersonKey {
  const spread = (Math.imul(n + 1, 0x9e3779b1) >>> 0).toString(16).padStart(8, '0');
  return `${spread}${n.toString(16).padStart(24, '0')}` as PersonKey;
}

/** The n-th invented file. */
export function fileId(n: number): FileId {
  return n.toString(16).padStart(24, '0') as FileId;
}

/** The sequence of the n-th arrival for a period that ends on `periodEnd`. */
export function fileSequence(n: number, periodEnd = '2024-03-31'): FileSequence {
  return `${periodEnd}|${String(n).padStart(12, '0')}` as FileSequence;
}

/** A feed id, unchecked. */
export function feedId(text = 'medical-insurance/inpatient-settlement'): FeedId {
  return text as FeedId;
}

/** A moment, `minutes` after noon UTC on 1 April 2024. */
export function instant(minutes = 0): Instant {
  return instantOf(Date.UTC(2024, 3, 1, 12, minutes));
}

/** A hospital bill of 5,000 yuan as a row. */
export function factRow(changes: Partial<FactRow> = {}): FactRow {
  return {
    row: 4,
    key: 'a1b2c3d4e5f60718',
    from: '2024-03-12' as PlainDate,
    area: '410102001',
    fields: { totalCost: 1_200_000, selfPaid: 500_000, outOfArea: false, visitType: '普通住院' },
    content: '0011223344556677',
    ...changes,
  };
}

/** The rows of one invented person in one file. */
export function factChunk(changes: Partial<FactChunk> = {}): FactChunk {
  return {
    person: personKey(1),
    birth: '1956-08-19' as PlainDate,
    sex: 'female',
    feed: feedId(),
    file: fileId(1),
    seq: fileSequence(1),
    recordedAt: instant(),
    rows: [factRow()],
    ...changes,
  };
}

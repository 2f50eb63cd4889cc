import type { DomainEvent } from '../audit/event.ts';
import type { Period } from '../calendar/period.ts';
import type { PeriodRecord } from '../reports/period-record.ts';
import type { OutboxMessage } from './outbox.ts';

/** A new version of a record. `record.version` is one above the version it was computed from (0 = none there). */
export interface PeriodChange {
  readonly record: PeriodRecord;
  readonly events: readonly DomainEvent[];
  readonly messages: readonly OutboxMessage[];
}

/** Months that people wanted closed: a record for each and each area. */
export interface PeriodStore {
  /** Strongly consistent. */
  get(period: Period, area: string): Promise<PeriodRecord | undefined>;
  /** Saves the change with its events and messages, atomically, if the stored version is still `record.version - 1`; else false. */
  save(change: PeriodChange): Promise<boolean>;
  /** The records of months, the first and the last included, by month and area. Strongly consistent. */
  list(from: Period, to: Period): Promise<readonly PeriodRecord[]>;
}

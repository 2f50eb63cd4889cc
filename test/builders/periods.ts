import type { DomainEvent } from '../../shared/audit/event.ts';
import type { Period } from '../../shared/calendar/period.ts';
import type { PeriodChange, PeriodStore } from '../../shared/ports/period-store.ts';
import type { PeriodRecord } from '../../shared/reports/period-record.ts';
import { instant } from './facts.ts';

/** A month that somebody has just asked to be closed for an area. */
export function periodRecord(month: string, area: string, changes: Partial<PeriodRecord> = {}): PeriodRecord {
  return {
    period: month as Period,
    area,
    version: 1,
    state: 'closing',
    askedBy: 'user-supervisor',
    askedAt: instant(),
    request: 'request-1',
    ...changes,
  };
}

/** Periods kept in memory; the events and messages that went with them are kept too. */
export class RememberedPeriods implements PeriodStore {
  readonly events: DomainEvent[];
  readonly messages: { readonly queue: string; readonly body: string }[] = [];
  readonly #records = new Map<string, PeriodRecord>();
  constructor(events: DomainEvent[] = []) {
    this.events = events;
  }

  async get(period: Period, area: string) {
    return this.#records.get(`${period} ${area}`);
  }
  async save({ record, events, messages }: PeriodChange) {
    const key = `${record.period} ${record.area}`;
    if ((this.#records.get(key)?.version ?? 0) !== record.version - 1) return false;
    this.#records.set(key, record);
    this.events.push(...events);
    this.messages.push(...messages.map(({ queue, message }) => ({ queue, body: message.body })));
    return true;
  }
  async list(from: Period, to: Period) {
    const all = [...this.#records].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, record]) => record);
    return all.filter(({ period }) => period >= from && period <= to);
  }
}

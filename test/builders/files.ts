import type { DomainEvent } from '../../shared/audit/event.ts';
import type { Period } from '../../shared/calendar/period.ts';
import type { Delivery } from '../../shared/facts/coverage.ts';
import type { Receipt } from '../../shared/intake/receipt.ts';
import type { Arrival } from '../../shared/ports/file-register.ts';
import { feedId, fileId, instant } from './facts.ts';

/** SHA-256-like text for the n-th content. */
export function contentHash(n: number): string {
  return n.toString(16).padStart(64, 'c');
}

/** The n-th invented drop, each with bytes of its own, a minute apart. */
export function arrival(n: number, changes: Partial<Arrival> = {}): Arrival {
  return {
    id: fileId(n),
    path: `medical-insurance/inpatient-settlement/2024-03/结算 ${n}.csv`,
    feed: feedId(),
    period: '2024-03' as Period,
    sha256: contentHash(n),
    size: 1_000 + n,
    arrivedAt: instant(n),
    ...changes,
  };
}

/** The receipt of a drop of which nine rows were taken and one refused. */
export function receiptFor(drop: Arrival, changes: Partial<Receipt> = {}): Receipt {
  return {
    file: drop.path,
    feed: drop.feed,
    period: drop.period,
    status: 'partly',
    encoding: 'gb18030',
    sha256: drop.sha256,
    size: drop.size,
    receivedAt: drop.arrivedAt,
    rows: { read: 10, accepted: 9, duplicate: 0, rejected: 1, skipped: 3 },
    columns: { 身份证号: 'identityNumber', 个人自付: 'selfPaid' },
    ignored: ['备注'],
    totals: { selfPaid: 1_234_567 },
    errors: [
      {
        row: 7,
        column: '身份证号',
        code: 'identity-check-digit',
        message: { zh: '身份证号校验位不符', en: 'the check digit of the identity number is wrong' },
      },
    ],
    errorCount: 1,
    fixItFile: `rejects/${drop.path}`,
    ...changes,
  };
}

/** A delivery by a drop. */
export function deliveryBy(drop: Arrival, changes: Partial<Delivery> = {}): Delivery {
  return { feed: drop.feed, county: '410102', period: drop.period, complete: true, file: drop.id, ...changes };
}

/** The event that closes a drop. */
export function fileEvent(drop: Arrival, type: 'file.taken' | 'file.refused' | 'file.duplicate' = 'file.taken'): DomainEvent {
  return {
    id: `${type.length.toString(16).padStart(8, 'f')}${drop.id}`,
    type,
    at: drop.arrivedAt,
    actor: 'system',
    subject: { file: drop.id },
    data: { feed: drop.feed, rows: 10 },
  };
}

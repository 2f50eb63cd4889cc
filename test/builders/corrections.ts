import { makeEvent } from '../../shared/audit/make-event.ts';
import { type Instant, instantOf } from '../../shared/calendar/plain-date.ts';
import { departmentOf } from '../../shared/catalog/feed.ts';
import { type CorrectionAnswer, type CorrectionNotice, correctionId } from '../../shared/corrections/notice.ts';
import type { CorrectionChange } from '../../shared/ports/correction-store.ts';
import { caseId } from './cases.ts';
import { feedId, fileId, instant, personKey } from './facts.ts';
import { householdId } from './standings.ts';

/** The notice about row `row` of the first file, found wrong in the n-th household's case, sent `n` minutes after noon. */
export function notice(n: number, changes: Partial<CorrectionNotice> = {}): CorrectionNotice {
  const feed = changes.feed ?? feedId();
  const row = changes.row ?? 4;
  const file = changes.file ?? fileId(1);
  const of = changes.case ?? caseId(n);
  return {
    id: correctionId(of, { file, row }),
    version: 1,
    case: of,
    household: householdId(n),
    area: '410102001',
    department: departmentOf(feed),
    feed,
    file,
    row,
    person: personKey(n),
    found: 'amount-wrong',
    note: '票据为500元',
    sentAt: instant(n),
    by: 'caseworker-1',
    limit: { amount: 10, unit: 'working-days' },
    dueAt: dueAfter(n),
    answers: [],
    ...changes,
  };
}

function dueAfter(n: number): Instant {
  return instantOf(Date.parse(instant(n)) + 14 * 86_400_000);
}

/** A department's answer. */
export function correctionAnswer(changes: Partial<CorrectionAnswer> = {}): CorrectionAnswer {
  return { id: 'answer-1', at: instant(60), by: 'officer-1', kind: 'corrected', file: fileId(2), ...changes };
}

/** A change to this version of a notice, with one event. */
export function correctionChange(one: CorrectionNotice): CorrectionChange {
  const type = one.version === 1 ? 'correction.sent' : 'correction.answered';
  return { notice: one, events: [makeEvent(type, one.sentAt, { correction: one.id }, {}, String(one.version))] };
}

import { makeEvent } from '../audit/make-event.ts';
import type { Case, CaseId } from '../casework/case.ts';
import type { CaseRules } from '../casework/case-rules.ts';
import { departmentOf } from '../catalog/feed.ts';
import type { CaseStore } from '../ports/case-store.ts';
import type { CorrectionChange, CorrectionStore } from '../ports/correction-store.ts';
import { type Log, LogCode, type Metrics } from '../ports/log.ts';
import { type RowOfCase, wrongRowsOfCase } from './case-rows.ts';
import { type CorrectionNotice, correctionId } from './notice.ts';

/** What sending notices needs. */
export interface SendingDeps {
  readonly cases: Pick<CaseStore, 'get'>;
  readonly corrections: Pick<CorrectionStore, 'save'>;
  readonly rules: Pick<CaseRules, 'correctionDue'>;
  readonly log: Log;
  readonly metrics: Metrics;
}

/**
 * Sends a notice about every row that a case calls wrong, unless it was sent. Safe to repeat: the notice of a row of a case
 * has one id, is made of what the case holds and is saved only where there is none.
 */
export async function sendCorrections({ cases, corrections, rules, log, metrics }: SendingDeps, id: CaseId): Promise<void> {
  const found = await cases.get(id);
  if (found === undefined) return;
  const changes = wrongRowsOfCase(found).map((row) => sent(found, row, rules));
  const there = await corrections.save(changes);
  const made = changes.length - there.length;
  metrics.count('CorrectionsSent', made);
  log.info(LogCode.CorrectionsSent, { case: id, sent: made, there: there.length });
}

function sent(found: Case, { row, at, by }: RowOfCase, rules: SendingDeps['rules']): CorrectionChange {
  const area = row.area ?? found.area;
  const notice: CorrectionNotice = {
    id: correctionId(found.id, row),
    version: 1,
    case: found.id,
    household: found.household,
    area,
    department: departmentOf(row.feed),
    feed: row.feed,
    file: row.file,
    row: row.row,
    person: row.person,
    found: row.found,
    ...(row.field === undefined ? undefined : { field: row.field }),
    ...(row.note === undefined ? undefined : { note: row.note }),
    sentAt: at,
    by,
    ...rules.correctionDue({ ...found, area }, at),
    answers: [],
  };
  return { notice, events: [makeEvent('correction.sent', at, subjectOf(notice), sentCodes(notice), '1', by)] };
}

/** What events are about: never the person. */
export function subjectOf({ id, case: of, household }: CorrectionNotice) {
  return { case: of, correction: id, household };
}

function sentCodes({ area, department, dueAt, feed, field, file, found, row }: CorrectionNotice) {
  return { area, department, dueAt, feed, field: field ?? null, file, found, row };
}

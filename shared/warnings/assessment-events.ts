import type { DomainEvent } from '../audit/event.ts';
import { makeEvent } from '../audit/make-event.ts';
import type { Instant } from '../calendar/plain-date.ts';
import type { WarningChanged } from '../ports/case-messages.ts';
import type { OutboxMessage } from '../ports/outbox.ts';
import type { IndicatorResult } from '../scoring/assessment.ts';
import type { AssessedInputs } from './assessed-inputs.ts';
import type { WarningDecision } from './decide-warning.ts';
import type { Standing } from './warning.ts';

/** What becomes of a warning is told to the casework; the warning itself is read from the store there. */
export function messagesOf({ household, version }: Standing, decision: WarningDecision | undefined): readonly OutboxMessage[] {
  if (decision === undefined) return [];
  const { change, warning } = decision;
  const message: WarningChanged = { v: 1, kind: 'warning-changed', household, warning: warning.id, change, version };
  return [{ queue: 'cases', message: { body: JSON.stringify(message) } }];
}

/** What is told of an assessment that came out otherwise than the one before, and of what it decided about a warning. */
export function eventsOf(
  next: Standing,
  before: Standing | undefined,
  decision: WarningDecision | undefined,
  at: Instant,
  inputs: () => AssessedInputs,
): DomainEvent[] {
  const { household, family, version, assessment } = next;
  const events: DomainEvent[] = [];
  if (before?.assessment.digest !== assessment.digest) {
    const { pack, points, completeness, grade, digest, asOf } = assessment;
    const { delivered, persons } = inputs();
    const data = {
      area: next.area,
      asOf,
      completeness,
      delivered,
      digest,
      family,
      grade: grade?.id ?? null,
      high: points.high,
      low: points.low,
      pack,
      packVersion: assessment.version,
      persons,
    };
    events.push(makeEvent('household.assessed', at, { household }, data, `${family}\n${version}`));
  }
  if (decision !== undefined) {
    const { warning, change } = decision;
    const data = {
      area: warning.area,
      asOf: warning.asOf,
      category: warning.category,
      family,
      grade: warning.grade.id,
      high: warning.points.high,
      hits: warning.reasons.filter(({ result }) => result === 'hit').map(hitOf),
      low: warning.points.low,
      pack: warning.pack,
      packVersion: warning.version,
      reason: warning.withdrawal ?? null,
    };
    events.push(makeEvent(`warning.${change}`, at, { household, warning: warning.id }, data, String(version)));
  }
  return events;
}

/** A reason that counts, as a row of the event: indicator, known value (fen, count; '' for none), points, feeds of its evidence. */
function hitOf({ indicator, value, points, evidence }: IndicatorResult): readonly (string | number)[] {
  const feeds = [...new Set(evidence.map(({ feed }) => feed))].sort();
  return [indicator, value ?? '', points.low, feeds.join(' ')];
}

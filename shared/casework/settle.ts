import type { DomainEvent } from '../audit/event.ts';
import { makeEvent, SYSTEM } from '../audit/make-event.ts';
import type { Instant } from '../calendar/plain-date.ts';
import { wrongRowsOfCase } from '../corrections/case-rows.ts';
import type { SendCorrections, StartRun } from '../ports/case-messages.ts';
import type { CaseChange } from '../ports/case-store.ts';
import type { OutboxMessage } from '../ports/outbox.ts';
import type { Case, CaseClock, Codes, HistoryEntry, Stage, UserId } from './case.ts';
import { settleWaits } from './waits.ts';

/** What was done to a case, by whom and when; `codes` go into the event, `note` stays in the case. */
export interface Deed {
  readonly what: string;
  readonly by: UserId;
  readonly now: Instant;
  readonly codes?: Codes;
  readonly note?: string;
  readonly request?: string;
}

/**
 * Makes a moved case ready to be saved: next version, a line of history, waits let go of and woken, events. The one place
 * where events of cases are made; they carry ids and codes only.
 */
export function settle(before: Case, after: Case, deed: Deed): CaseChange {
  const { waits, messages } = settleWaits(before, after);
  const version = before.version + 1;
  const history = [...after.history, entryOf(deed, version, after.stage)];
  const settled: Case = { ...after, version, changedAt: deed.now, waits, history };
  return {
    case: settled,
    events: eventsOf(before, settled, deed),
    messages: [...messages, ...runMessages(before, settled), ...correctionMessages(before, settled)],
  };
}

/** A case that came to be: version 1, its first run asked for. `past` is the household's closed case that gives way. */
export function settleOpened(opened: Case, past: Case | undefined, deed: Deed): CaseChange {
  const settled: Case = { ...opened, version: 1, changedAt: deed.now, history: [entryOf(deed, 1, opened.stage)] };
  const codes = { ...deed.codes, ...standingOf(opened), source: opened.source, warnings: opened.warnings.join(' ') };
  return {
    case: settled,
    ...(past === undefined ? undefined : { past }),
    events: [makeEvent('case.opened', deed.now, subjectOf(settled), inOrder(codes), '1', deed.by)],
    messages: [startMessage(settled)],
  };
}

/** The run noted something for itself: no deed of anybody and nothing of the household, so neither history nor event. */
export function settleNote(before: Case, note: Pick<Case, 'waits'> | Pick<Case, 'workflow'>): CaseChange {
  return { case: { ...before, ...note, version: before.version + 1 }, events: [], messages: [] };
}

function entryOf({ now, by, what, note, codes, request }: Deed, version: number, stage: Stage): HistoryEntry {
  return {
    at: now,
    by,
    what,
    version,
    stage,
    ...(note === undefined ? undefined : { note }),
    ...(codes === undefined ? undefined : { codes }),
    ...(request === undefined ? undefined : { request }),
  };
}

function eventsOf(before: Case, after: Case, deed: Deed): DomainEvent[] {
  const type = deed.what === 'join' ? 'case.joined' : deed.by === SYSTEM ? 'case.stepped' : 'case.acted';
  const codes = {
    ...deed.codes,
    ...standingOf(after),
    ...newsIn(before, after),
    action: deed.what,
    from: before.stage,
    to: after.stage,
  };
  const once = String(after.version);
  const events = [makeEvent(type, deed.now, subjectOf(after), inOrder(codes), once, deed.by)];
  if (after.outcome !== undefined && before.outcome === undefined) {
    const data = {
      ...standingOf(after),
      indicators: indicatorsOf(after).join(' '),
      outcome: after.outcome.code,
      referrals: after.referrals.length,
      source: after.source,
      visits: after.visits.length,
      warnings: after.warnings.join(' '),
    };
    events.push(makeEvent('case.closed', deed.now, subjectOf(after), inOrder(data), once, deed.by));
  }
  return events;
}

function subjectOf(found: Case): DomainEvent['subject'] {
  return { case: found.id, household: found.household };
}

/** Where a case belongs, so that a ledger can be drawn from events alone. */
function standingOf({ area, category, grade }: Case) {
  return { area, category, grade: grade.id };
}

/**
 * What a change added, as short tables: help given `[id, department, measure, fen or '', rhythm, date, referral or '']`, things
 * asked `[id, department, measure]`, clocks that ran out or were stopped `[step, referral or '', started, due]`, and when a
 * visit took place.
 */
function newsIn(before: Case, after: Case): DomainEvent['data'] {
  const aids = after.aids
    .slice(before.aids.length)
    .map(({ id, department, measure, amount = '', rhythm, date, referral = '' }) => [
      id,
      department,
      measure,
      amount,
      rhythm,
      date,
      referral,
    ]);
  const asked = after.referrals.slice(before.referrals.length).map(({ id, department, measure }) => [id, department, measure]);
  const going = new Set(before.clocks.filter((clock) => clock.stoppedAt === undefined).map(nameOfClock));
  const stopped = after.clocks
    .filter((clock) => clock.stoppedAt !== undefined && going.has(nameOfClock(clock)))
    .map(({ step, referral = '', startedAt, redAt }) => [step, referral, startedAt, redAt]);
  const visited = after.visits.length > before.visits.length ? after.visits.at(-1)?.visitedAt : undefined;
  return {
    ...(aids.length === 0 ? undefined : { given: aids }),
    ...(asked.length === 0 ? undefined : { asked }),
    ...(stopped.length === 0 ? undefined : { stopped }),
    ...(visited === undefined ? undefined : { visited }),
  };
}

/** The indicators its warnings hit last, in order. A warning that was taken back stands with what it had before. */
function indicatorsOf({ warnings, increments }: Case): readonly string[] {
  const last = warnings.map((id) => increments.findLast((one) => one.warning === id && one.change !== 'withdrawn'));
  return [...new Set(last.flatMap((one) => one?.indicators ?? []))].sort();
}

function nameOfClock({ step, referral = '', startedAt }: CaseClock): string {
  return `${step} ${referral} ${startedAt}`;
}

function inOrder(codes: DomainEvent['data']): DomainEvent['data'] {
  return Object.fromEntries(Object.entries(codes).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function runMessages(before: Case, after: Case): readonly OutboxMessage[] {
  return after.workflow.run === before.workflow.run ? [] : [startMessage(after)];
}

/** Rows are called wrong that were not before: notices of them go out if and only if this is saved. */
function correctionMessages(before: Case, after: Case): readonly OutboxMessage[] {
  if (wrongRowsOfCase(after).length === wrongRowsOfCase(before).length) return [];
  const message: SendCorrections = { v: 1, kind: 'send-corrections', case: after.id };
  return [{ queue: 'cases', message: { body: JSON.stringify(message) } }];
}

function startMessage(found: Case): OutboxMessage {
  const message: StartRun = { v: 1, kind: 'start-run', case: found.id, run: found.workflow.run };
  return { queue: 'cases', message: { body: JSON.stringify(message) } };
}

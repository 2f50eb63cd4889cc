import { SYSTEM } from '../audit/make-event.ts';
import type { Instant } from '../calendar/plain-date.ts';
import type { WarningChanged } from '../ports/case-messages.ts';
import type { CaseChange } from '../ports/case-store.ts';
import { KeyReusedError } from '../ports/errors.ts';
import type { HouseholdCategory, HouseholdId } from '../registry/household.ts';
import type { Grade } from '../scoring/assessment.ts';
import type { Warning } from '../warnings/warning.ts';
import { hastened } from './act/clock.ts';
import type { Application, Case, CaseId, CaseSource, ClosureProposal, Codes, HistoryEntry, Increment, UserId } from './case.ts';
import type { NeedCode } from './codes.ts';
import { type Deed, settle, settleOpened } from './settle.ts';
import { closeCase, type Mover, poolOf } from './stage-moves.ts';
import { ordinalOf } from './worklist.ts';

/** A warning of a household as it stands now, with the message that told of its change. */
export interface WarningNews {
  readonly warning: Warning;
  /** Version of the standing it was read from. */
  readonly version: number;
  readonly change: WarningChanged['change'];
  /** The case that is open where the members went, when nobody belongs to this household any more. */
  readonly mergedWith?: CaseId;
}

/**
 * What a changed warning means for its household's cases: opens one, joins the open one, or is noted. One household, one
 * open case, whatever the families of its warnings. Undefined when the case has this state of the warning already (a message
 * that came twice or late) or the warning needs nobody.
 *
 * - hardship withdrawn: the open case gets a proposed closure that a person confirms; work under way goes on;
 * - entitlement delivered: the case closes by itself, for nothing was in question but the doing;
 * - members split off: the rest keep their case, the new household gets its own by its own warning. All moved into another
 *   household: proposed to be closed as merged, naming the case there. All died: proposed to be closed as dead.
 */
export function takeWarning(current: Case | undefined, news: WarningNews, mover: Mover): CaseChange | undefined {
  const { warning } = news;
  if (warning.status === 'handled' || hasSeen(current, news)) return undefined;
  if (current === undefined || current.stage === 'closed') {
    return warning.status === 'open' ? openedBy(current, news, mover) : undefined;
  }
  return warning.status === 'open' ? joined(current, news, mover) : withdrawn(current, news, mover);
}

/** An application as it is lodged, or any other way in without a warning; what is known of the household is given beside. */
export interface ApplicationForm {
  readonly channel: Application['channel'];
  readonly needs: readonly NeedCode[];
  readonly measures: readonly string[];
  readonly statement: string;
  /** It cannot wait (急难). */
  readonly urgent: boolean;
}

/** Who lodges it for which household, under which request. */
export interface Lodging {
  readonly by: UserId;
  readonly request: string;
  readonly household: HouseholdId;
  readonly area: string;
  readonly category: HouseholdCategory;
  /** Grade of a case that is not urgent, of the packs of the area. */
  readonly grade: Grade;
}

/**
 * An application opens a case, or joins the one that is open: its needs and measures are added to an application there, so
 * that a family fills in one form. Undefined when the same request was taken before.
 * @throws KeyReusedError when another one was, under the same key
 */
export function takeApplication(
  current: Case | undefined,
  form: ApplicationForm,
  lodging: Lodging,
  mover: Mover,
): CaseChange | undefined {
  const codes = { channel: form.channel, needs: form.needs.join(' '), measures: form.measures.join(' ') };
  const before = current?.history.find((entry) => entry.request === lodging.request);
  if (before !== undefined) {
    if (!tellsOf(before, codes, form.statement)) throw new KeyReusedError();
    return undefined;
  }
  const urgent = mover.rules.urgentGrade(lodging.area);
  const grade = form.urgent && urgent.rank < lodging.grade.rank ? urgent : lodging.grade;
  const deed = { by: lodging.by, now: mover.now, codes, note: form.statement, request: lodging.request };
  if (current === undefined || current.stage === 'closed') {
    const fresh = { ...newCase(current, lodging, SOURCE_OF[form.channel], grade, mover), application: applicationOf(form) };
    return settleOpened(fresh, current, { ...deed, what: 'open' });
  }
  const application = current.application === undefined ? applicationOf(form) : added(current.application, form);
  // A hardship is in question now, so the case no longer closes by itself.
  const source = current.source === 'entitlement' ? SOURCE_OF[form.channel] : current.source;
  const next = raisedTo({ ...current, application, source }, grade, mover);
  return settle(current, next, { ...deed, what: 'join' });
}

const SOURCE_OF: Readonly<Record<Application['channel'], CaseSource>> = {
  family: 'application',
  caseworker: 'application',
  cadre: 'cadre-report',
  hotline: 'hotline',
};

/** Why a warning withdrawn is proposed to close its case. */
function proposalOf({ warning, mergedWith }: WarningNews): ClosureProposal {
  if (warning.withdrawal === 'all-members-died') {
    return { code: 'dead', text: { zh: '家庭成员均已死亡。', en: 'Every member of the household has died.' }, evidence: [] };
  }
  if (warning.withdrawal === 'household-superseded') {
    const there =
      mergedWith === undefined ? { zh: '', en: '' } : { zh: `，未结办件 ${mergedWith}`, en: `; its open case is ${mergedWith}` };
    const text = { zh: `成员均已并入其他家庭${there.zh}。`, en: `All members belong to another household now${there.en}.` };
    return { code: 'merged-with-case', text, evidence: [] };
  }
  if (warning.withdrawal === 'entitlement-lapsed') {
    const text = { zh: '该项政策的办理时限已过。', en: 'The time in which this could be had is over.' };
    return { code: 'lapsed', text, evidence: [] };
  }
  return {
    code: 'reason-taken-back',
    text: {
      zh: `预警 ${warning.id} 所依据的数据已被部门更正，现得分 ${points(warning)}，不再达到预警线。`,
      en: `The department corrected the data warning ${warning.id} rested on; it now has ${points(warning)} points and reaches no line.`,
    },
    evidence: warning.reasons.flatMap((reason) => reason.evidence.map(({ feed, file, row }) => ({ feed, file, row }))),
  };
}

function points({ points: { low, high } }: Warning): string {
  return low === high ? String(low) : `${low}–${high}`;
}

/** Whether a line of the history is of this application. What the history of before does not tell cannot be compared. */
function tellsOf({ note, codes: told = {} }: HistoryEntry, codes: Codes, statement: string): boolean {
  return note === statement && Object.entries(codes).every(([name, said]) => told[name] === undefined || told[name] === said);
}

/** Whether the case already holds this state of the warning, or a later one. */
function hasSeen(current: Case | undefined, { warning, version }: WarningNews): boolean {
  return (
    current?.increments.some((one) => one.warning === warning.id && (one.version >= version || isSame(one, warning))) === true
  );
}

/** Whether an increment tells of the warning as it stands now, though its record may have been written since for other reasons. */
export function isSame(increment: Increment, { id, changedAt, grade, points: { low, high }, status }: Warning): boolean {
  const { points: seen } = increment;
  const told = increment.warning === id && increment.changedAt === changedAt && increment.grade.id === grade.id;
  return told && seen.low === low && seen.high === high && (increment.change === 'withdrawn') === (status === 'withdrawn');
}

function openedBy(past: Case | undefined, news: WarningNews, mover: Mover): CaseChange | undefined {
  const { warning } = news;
  const source = warning.family === 'entitlement' ? 'entitlement' : 'warning';
  const fresh: Case = {
    ...newCase(past, warning, source, warning.grade, mover),
    warnings: [warning.id],
    increments: [incrementOf(news, mover.now)],
  };
  return settleOpened(fresh, past, { what: 'open', by: SYSTEM, now: mover.now, codes: codesOf(news) });
}

function newCase(
  past: Case | undefined,
  about: { readonly household: HouseholdId; readonly area: string; readonly category: HouseholdCategory },
  source: CaseSource,
  grade: Grade,
  { now, rules }: Mover,
): Case {
  const { household, area, category } = about;
  return {
    id: `C-${household}-${past === undefined ? 1 : ordinalOf(past.id) + 1}` as CaseId,
    household,
    version: 1,
    source,
    area,
    category,
    grade,
    stage: 'opened',
    openedAt: now,
    changedAt: now,
    warnings: [],
    increments: [],
    assignment: poolOf(area, 'township', now),
    clocks: [],
    proposals: [],
    visits: [],
    decisions: [],
    referrals: [],
    aids: [],
    attachments: [],
    history: [],
    workflow: { definition: rules.definition, run: 1 },
    waits: {},
  };
}

function joined(current: Case, news: WarningNews, mover: Mover): CaseChange {
  const { warning } = news;
  const hardship = warning.family !== 'entitlement';
  const next: Case = {
    ...current,
    warnings: current.warnings.includes(warning.id) ? current.warnings : [...current.warnings, warning.id],
    increments: [...current.increments, incrementOf(news, mover.now)],
    // The family is where the newest data have it.
    area: warning.area === '' ? current.area : warning.area,
    category: warning.category,
    source: hardship && current.source === 'entitlement' ? 'warning' : current.source,
    proposals: current.proposals.map((one) => (isTakenBack(one, warning) ? dismissed(one, mover.now) : one)),
  };
  const moved = next.area === current.area ? next : { ...next, assignment: movedAssignment(next, mover.now) };
  const raised = hardship ? raisedTo(moved, warning.grade, mover) : moved;
  return settle(current, raised, deedOf('join', news, mover));
}

function withdrawn(current: Case, news: WarningNews, mover: Mover): CaseChange | undefined {
  const { warning } = news;
  if (!current.warnings.includes(warning.id)) return undefined;
  const noted: Case = { ...current, increments: [...current.increments, incrementOf(news, mover.now)] };
  if (warning.withdrawal === 'entitlement-delivered') {
    if (current.source !== 'entitlement') return settle(current, noted, deedOf('join', news, mover));
    const closed = closeCase(noted, 'entitlement-delivered', SYSTEM, mover.now);
    return settle(current, closed, deedOf('close-by-itself', news, mover));
  }
  const proposal = proposalOf(news);
  const open = current.proposals.some((one) => one.code === proposal.code && one.answer === undefined);
  const proposed = open ? noted : { ...noted, proposals: [...noted.proposals, proposal] };
  return settle(current, proposed, deedOf('join', news, mover));
}

function raisedTo(found: Case, grade: Grade, mover: Mover): Case {
  return grade.rank < found.grade.rank ? hastened({ ...found, grade }, mover) : found;
}

/** Somebody of the area the family has left cannot visit it: the case waits in the pool of the new area. */
function movedAssignment({ assignment, area }: Case, now: Instant): Case['assignment'] {
  if (assignment === undefined) return undefined;
  const reach = assignment.level === 'county' ? 6 : 9;
  const stays = assignment.user !== undefined && assignment.area.slice(0, reach) === area.slice(0, reach);
  return stays ? assignment : poolOf(area, assignment.level === 'county' ? 'county' : 'township', now);
}

/** A reason that had been corrected away is back: the proposal to close for it falls. */
function isTakenBack({ code, answer }: ClosureProposal, { status }: Warning): boolean {
  return status === 'open' && code === 'reason-taken-back' && answer === undefined;
}

function dismissed(proposal: ClosureProposal, at: Instant): ClosureProposal {
  return { ...proposal, answer: { accepted: false, by: SYSTEM, at } };
}

function incrementOf({ warning, version, change }: WarningNews, at: Instant): Increment {
  const { id, grade, points: found, changedAt, status, reasons } = warning;
  // The warning may have gone on since the message was sent.
  const now = status === 'withdrawn' ? 'withdrawn' : change === 'withdrawn' ? 'reopened' : change;
  const indicators = reasons.filter(({ result }) => result === 'hit').map(({ indicator }) => indicator);
  return { at, warning: id, change: now, grade, points: found, version, changedAt, indicators };
}

function codesOf({ warning, change }: WarningNews): Codes {
  return {
    warning: warning.id,
    family: warning.family,
    change,
    warningGrade: warning.grade.id,
    withdrawal: warning.withdrawal ?? null,
  };
}

function deedOf(what: string, news: WarningNews, { now }: Mover): Deed {
  return { what, by: SYSTEM, now, codes: codesOf(news) };
}

function applicationOf({ channel, needs, measures, statement }: ApplicationForm): Application {
  return { channel, needs, measures, statement };
}

function added(there: Application, { needs, measures }: ApplicationForm): Application {
  return {
    ...there,
    needs: [...new Set([...there.needs, ...needs])],
    measures: [...new Set([...there.measures, ...measures])],
  };
}

import { discloseWords } from '../access/masking.ts';
import { type Disclosure, decide } from '../access/policy.ts';
import type { Principal } from '../access/principal.ts';
import type { Instant } from '../calendar/plain-date.ts';
import type { Bilingual } from '../catalog/feed.ts';
import type { CorrectionNotice } from '../corrections/notice.ts';
import { historyOfNotices, noticeText, presentWrongRows, type WrongRowView } from '../corrections/notices-of-case.ts';
import { categoryTitle } from '../registry/household-category.ts';
import {
  type Aid,
  type Case,
  type CaseClock,
  type EconomicCheck,
  type HistoryEntry,
  type Light,
  type Referral,
  stageTitles,
  type Visit,
} from './case.ts';
import { isRunning, lightAt } from './clocks.ts';
import { closureCodes, outcomeCodes, truthCodes } from './codes.ts';
import { answers, type PossibleAction, possibleActions } from './possible-actions.ts';
import { NEVER, placeOf } from './worklist.ts';

/** A case as a worklist shows it. Times are ISO instants. */
export interface CaseLine {
  readonly id: string;
  readonly version: number;
  readonly household: string;
  readonly area: string;
  readonly source: Case['source'];
  readonly category: string;
  readonly categoryTitle: Bilingual;
  readonly grade: string;
  readonly gradeTitle: Bilingual;
  readonly stage: Case['stage'];
  readonly stageTitle: Bilingual;
  /** Who has it in hand; null while it waits in a pool. */
  readonly assignee: string | null;
  readonly level: string | null;
  /** The nearest red light; null when no clock runs. */
  readonly dueAt: string | null;
  readonly light: Light;
  readonly openedAt: string;
  readonly changedAt: string;
  readonly warnings: readonly string[];
  /** Departments that have not answered for good. */
  readonly waitsFor: readonly string[];
  readonly outcome: string | null;
  readonly outcomeTitle: Bilingual | null;
}

/** A clock with its light now. */
export interface ClockView extends Omit<CaseClock, 'lights' | 'paused' | 'pauses'> {
  readonly paused: string | null;
}

/** A whole case. Words that people typed are null for roles that see no names. */
export interface CasePage extends CaseLine {
  readonly clocks: readonly ClockView[];
  readonly proposals: readonly {
    readonly index: number;
    readonly code: string;
    readonly title: Bilingual;
    readonly text: Bilingual;
    readonly accepted: boolean | null;
  }[];
  readonly visits: readonly (Omit<Visit, 'notes' | 'members' | 'chosen'> & {
    readonly truthTitle: Bilingual;
    readonly notes: string | null;
    readonly members: readonly {
      readonly person: string | null;
      readonly present: boolean;
      readonly workAbility: string | null;
      readonly work: string | null;
      readonly studying: boolean | null;
      readonly graveIllness: boolean | null;
      readonly correction: string | null;
    }[];
    readonly chosen: boolean;
  })[];
  readonly decisions: readonly {
    readonly at: string;
    readonly by: string;
    readonly level: string;
    readonly kind: string;
    readonly outcome: string | null;
    readonly actions: readonly string[];
    readonly until: string | null;
    readonly note: string | null;
    readonly wrongRows: readonly WrongRowView[];
    /** Data wrong: whether departments are told, in words. */
    readonly notices: Bilingual | null;
  }[];
  readonly referrals: readonly ReferralView[];
  readonly aids: readonly (Omit<Aid, 'guardOverride'> & { readonly guardOverride: string | null })[];
  readonly application: {
    readonly channel: string;
    readonly needs: readonly string[];
    readonly measures: readonly string[];
    readonly statement: string | null;
    readonly commitment: boolean;
    /** Times the family corrected what it declared. */
    readonly corrections: number;
    readonly check:
      | readonly {
          readonly item: string;
          readonly declared: string | null;
          readonly found: string;
          readonly value: string | null;
          readonly verdict: string;
        }[]
      | null;
    /** Fen a person and month, by the report. */
    readonly incomePerHead: number | null;
    readonly assets: string | null;
  } | null;
  readonly consent: boolean;
  readonly attachments: Case['attachments'];
  readonly increments: Case['increments'];
  readonly followUp: Case['followUp'] | null;
  /** Oldest first, with what became of its correction notices: those lines made no version of the case. */
  readonly history: readonly (Omit<HistoryEntry, 'note' | 'request' | 'version'> & {
    readonly version: number | null;
    readonly note: string | null;
  })[];
  /** What this reader may do with it now. */
  readonly possible: readonly PossibleAction[];
}

/** A referral as the sending side and its department see it. */
export interface ReferralView {
  readonly id: string;
  readonly department: string;
  readonly measure: string;
  readonly person: string | null;
  readonly ask: string | null;
  readonly status: Referral['status'];
  readonly sentAt: string | null;
  readonly escalated: string | null;
  readonly answers: readonly {
    readonly at: string;
    readonly by: string;
    readonly kind: string;
    readonly code: string | null;
    readonly note: string | null;
    readonly amount: number | null;
  }[];
}

/** A case as whoever may act on it without reading it sees it: the referrals they answer, and nothing else of the family. */
export interface OwnReferrals extends Pick<CaseLine, 'id' | 'version' | 'area' | 'stage' | 'stageTitle'> {
  readonly referrals: readonly ReferralView[];
  readonly possible: readonly PossibleAction[];
}

/** What somebody who acted on a case is shown of it: all that their role may read. `notices` are the case's. */
export function presentTo(
  one: Case,
  principal: Principal,
  now: Instant,
  notices: readonly CorrectionNotice[],
): CasePage | OwnReferrals {
  const reading = decide(principal, 'cases.read', { area: one.area });
  if (reading.allowed) return presentCase(one, principal, reading.disclosure, now, notices);
  return {
    id: one.id,
    version: one.version,
    area: one.area,
    stage: one.stage,
    stageTitle: stageTitles[one.stage],
    referrals: one.referrals
      .filter((referral) => answers(principal, referral))
      .map((referral) => presentReferral(referral, (text) => text ?? null)),
    possible: possibleActions(one, principal),
  };
}

/** The line of a case. */
export function presentLine(one: Case): CaseLine {
  const { dueAt, light, departments } = placeOf(one);
  return {
    id: one.id,
    version: one.version,
    household: one.household,
    area: one.area,
    source: one.source,
    category: one.category,
    categoryTitle: categoryTitle[one.category],
    grade: one.grade.id,
    gradeTitle: one.grade.title,
    stage: one.stage,
    stageTitle: stageTitles[one.stage],
    assignee: one.assignment?.user ?? null,
    level: one.assignment?.level ?? null,
    dueAt: one.stage === 'closed' || dueAt === NEVER ? null : dueAt,
    light,
    openedAt: one.openedAt,
    changedAt: one.changedAt,
    warnings: one.warnings,
    waitsFor: departments,
    outcome: one.outcome?.code ?? null,
    outcomeTitle: one.outcome === undefined ? null : outcomeCodes[one.outcome.code],
  };
}

/** The whole of a case for one reader, with every clock's light as of now, and its correction notices. */
export function presentCase(
  one: Case,
  principal: Principal,
  disclosure: Disclosure,
  now: Instant,
  notices: readonly CorrectionNotice[],
): CasePage {
  const words = (text: string | undefined) => discloseWords(text, disclosure);
  return {
    ...presentLine(one),
    clocks: one.clocks.map((clock) => clockView(clock, now)),
    proposals: one.proposals.map(({ code, text, answer }, index) => ({
      index,
      code,
      title: closureCodes[code],
      text,
      accepted: answer?.accepted ?? null,
    })),
    visits: one.visits.map(({ notes, members, chosen, ...visit }) => ({
      ...visit,
      truthTitle: truthCodes[visit.truth],
      notes: words(notes),
      members: members.map(({ person, present, workAbility, work, studying, graveIllness, correction }) => ({
        person: person ?? null,
        present,
        workAbility: workAbility ?? null,
        work: work ?? null,
        studying: studying ?? null,
        // An illness is told to whoever is told names.
        graveIllness: disclosure.names === 'full' ? (graveIllness ?? null) : null,
        correction: words(correction),
      })),
      chosen: chosen !== undefined,
    })),
    decisions: one.decisions.map(({ at, by, level, kind, outcome, actions, until, note, wrongRows = [] }) => ({
      at,
      by,
      level,
      kind,
      outcome: outcome ?? null,
      actions,
      until: until ?? null,
      note: words(note),
      wrongRows: presentWrongRows(wrongRows, words),
      notices: noticeText({ kind, wrongRows }),
    })),
    referrals: one.referrals.map((referral) => presentReferral(referral, words)),
    aids: one.aids.map(({ guardOverride, ...aid }) => ({ ...aid, guardOverride: words(guardOverride) })),
    application: applicationOf(one, words),
    consent: one.consent !== undefined,
    attachments: one.attachments,
    increments: one.increments,
    followUp: one.followUp ?? null,
    history: historyOf(one, notices).map(({ note, ...entry }) => ({ ...entry, note: words(note) })),
    possible: possibleActions(one, principal),
  };
}

/** The case's own lines in their order; those of its notices among them by time. */
function historyOf({ history }: Case, notices: readonly CorrectionNotice[]) {
  const own = history.map(({ request: _, ...entry }) => entry);
  if (notices.length === 0) return own;
  const told = historyOfNotices(notices).map((entry) => ({ ...entry, version: null }));
  return [...own, ...told].toSorted((a, b) => (a.at === b.at ? 0 : a.at < b.at ? -1 : 1));
}

function clockView(clock: CaseClock, now: Instant): ClockView {
  const { lights: _, pauses: __, paused, ...shown } = clock;
  return { ...shown, light: isRunning(clock) ? lightAt(clock, now) : clock.light, paused: paused?.reason ?? null };
}

/** One referral; `words` decides about what people typed. */
export function presentReferral(referral: Referral, words: (text: string | undefined) => string | null): ReferralView {
  return {
    id: referral.id,
    department: referral.department,
    measure: referral.measure,
    person: referral.person ?? null,
    ask: words(referral.ask),
    status: referral.status,
    sentAt: referral.sentAt ?? null,
    escalated: referral.escalatedFor ?? null,
    answers: referral.answers.map(({ at, by, kind, code, note, amount }) => ({
      at,
      by,
      kind,
      code: code ?? null,
      note: words(note),
      amount: amount ?? null,
    })),
  };
}

function applicationOf({ application }: Case, words: (text: string | undefined) => string | null): CasePage['application'] {
  if (application === undefined) return null;
  const { channel, needs, measures, statement, commitment, check } = application;
  return {
    channel,
    needs,
    measures,
    statement: words(statement),
    commitment: commitment !== undefined,
    corrections: commitment?.corrections?.length ?? 0,
    check: check === undefined ? null : check.items.map((one) => itemView(one, words)),
    incomePerHead: check?.incomePerHead ?? null,
    assets: check?.assets ?? null,
  };
}

function itemView(
  { item, declared, found, verdict }: EconomicCheck['items'][number],
  words: (text: string | undefined) => string | null,
) {
  const text = (value: string | number | undefined) => words(value === undefined ? undefined : String(value));
  return {
    item,
    declared: text(declared),
    found: found.kind,
    value: text(found.kind === 'value' ? found.value : undefined),
    verdict,
  };
}

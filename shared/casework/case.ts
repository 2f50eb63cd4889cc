import type { Instant, PlainDate } from '../calendar/plain-date.ts';
import type { Bilingual, FeedId } from '../catalog/feed.ts';
import type { LocatedRow } from '../corrections/notice.ts';
import type { FileId, PersonKey } from '../facts/fact.ts';
import type { HouseholdCategory, HouseholdId } from '../registry/household.ts';
import type { Grade } from '../scoring/assessment.ts';
import type { WarningId } from '../warnings/warning.ts';
import type {
  ActionCode,
  ClosureCode,
  NeedCode,
  OutcomeCode,
  PauseCode,
  ReassignCode,
  RecallCode,
  RefusalCode,
  TruthCode,
  WorkAbilityCode,
  WorkCode,
} from './codes.ts';

/** `C-` + household + ordinal, e.g. `C-H3d3c2e73e55389c8607e3aec-1`. One household has at most one case that is not closed. */
export type CaseId = string & { readonly __brand: 'CaseId' };

/** A signed-in user's id, or `system`. */
export type UserId = string;

/** How the case came about. `entitlement`: a task such as enrolling a newborn, not a hardship. */
export const caseSources = ['warning', 'application', 'cadre-report', 'hotline', 'entitlement'] as const;
export type CaseSource = (typeof caseSources)[number];

/**
 * Where a case stands. The store is the truth: people's actions move it at once, the workflow follows and keeps the clocks.
 * `papers`: help came first, its papers follow. `referral`: departments are asked. `follow-up`: helped, to be looked at again.
 */
export const stages = [
  'opened',
  'desk-check',
  'visit',
  'review',
  'conference',
  'papers',
  'referral',
  'follow-up',
  'closed',
] as const;
export type Stage = (typeof stages)[number];

/** The stages in words. */
export const stageTitles: Readonly<Record<Stage, Bilingual>> = {
  opened: { zh: '待受理', en: 'opened' },
  'desk-check': { zh: '案头比对', en: 'desk check' },
  visit: { zh: '入户核查', en: 'visit' },
  review: { zh: '乡镇审核', en: 'review' },
  conference: { zh: '一事一议', en: 'case conference' },
  papers: { zh: '补办手续', en: 'papers to follow' },
  referral: { zh: '部门办理', en: 'referred' },
  'follow-up': { zh: '跟踪回访', en: 'follow-up' },
  closed: { zh: '已办结', en: 'closed' },
};

/** What a limit is set for. */
export const clockSteps = [
  'desk-check',
  'visit',
  'review',
  'conference',
  'papers',
  'referral-answer',
  'referral-finish',
  'follow-up',
] as const;
export type ClockStep = (typeof clockSteps)[number];

/** Everything a limit is set for: the steps of a case, and the department's answer to a correction notice. */
export const limitSteps = [...clockSteps, 'correction-answer'] as const;
export type LimitStep = (typeof limitSteps)[number];

/** Green, then 黄灯 at 70 %, 红灯 at 100 %, county at 150 % of the limit. Late never closes a case. */
export const lights = ['green', 'yellow', 'red', 'county'] as const;
export type Light = (typeof lights)[number];

/** How long something may take. `working-days` know holidays and 调休; `calendar-days` and `hours` run through them. */
export interface TimeLimit {
  readonly amount: number;
  readonly unit: 'working-days' | 'calendar-days' | 'hours';
}

/** When the lights come on, in percent of the limit (red is at 100), and how many days lie between reminders after the last. */
export interface LightShares {
  readonly yellow: number;
  readonly county: number;
  readonly reminderDays: number;
}

/** A stretch in which a clock stood still. */
export interface ClockPause {
  readonly at: Instant;
  readonly until: Instant;
  readonly reason: PauseCode;
}

/** One running or stopped clock. Times are fixed when it starts, from the parameters in force that day. See clocks.ts. */
export interface CaseClock {
  readonly step: ClockStep;
  /** The referral it belongs to, for the two referral steps. */
  readonly referral?: string;
  readonly startedAt: Instant;
  readonly limit: TimeLimit;
  readonly lights: LightShares;
  readonly yellowAt: Instant;
  readonly redAt: Instant;
  readonly countyAt: Instant;
  /** The highest light announced so far. */
  readonly light: Light;
  /** It stands still now. */
  readonly paused?: { readonly at: Instant; readonly reason: PauseCode };
  /** The times it stood still before, oldest first. */
  readonly pauses?: readonly ClockPause[];
  readonly stoppedAt?: Instant;
  /** A year was counted whose holidays are not announced yet: its times may still move. */
  readonly assumed?: true;
}

/** Who has a case in hand, or whose pool it waits in. */
export interface Assignment {
  /** Absent while it waits in a pool. */
  readonly user?: UserId;
  readonly level: 'village' | 'township' | 'county';
  /** Area prefix of the pool or the worker's village. */
  readonly area: string;
  readonly at: Instant;
  readonly by: UserId;
  readonly reason?: ReassignCode;
}

/** Something the desk check found; a person confirms or dismisses it. */
export interface ClosureProposal {
  readonly code: ClosureCode;
  /** The figures behind it, in words, without names. */
  readonly text: Bilingual;
  readonly evidence: readonly { readonly feed: FeedId; readonly file: FileId; readonly row: number }[];
  readonly answer?: {
    readonly accepted: boolean;
    readonly by: UserId;
    readonly at: Instant;
    /** Rows that are not true, where one is why nobody need go; their departments are told so. */
    readonly wrongRows?: readonly LocatedRow[];
  };
}

/** A member as the visit found them. */
export interface MemberCheck {
  /** Absent for somebody the registers do not know. */
  readonly person?: PersonKey;
  readonly present: boolean;
  /** What the visit found out of this member; goes before what departments' files say. */
  readonly workAbility?: WorkAbilityCode;
  readonly work?: WorkCode;
  readonly studying?: boolean;
  /** On the local list of grave illnesses. */
  readonly graveIllness?: boolean;
  /** What should be corrected; free text stays in the case and never enters events. */
  readonly correction?: string;
}

/** One visit as submitted, from the phone or the office. Never overwritten. */
export interface Visit {
  /** Made by the client (UUID), so that a repeated submission is one visit. */
  readonly id: string;
  readonly means: 'home' | 'telephone';
  readonly visitedAt: Instant;
  readonly submittedAt: Instant;
  readonly by: UserId;
  /** Everybody who went, the submitter included. */
  readonly investigators: readonly string[];
  readonly truth: TruthCode;
  readonly needs: readonly NeedCode[];
  readonly proposed: readonly ActionCode[];
  readonly members: readonly MemberCheck[];
  /** The visit found it more urgent than the warning said. */
  readonly raisesGrade?: boolean;
  readonly notes?: string;
  readonly photos: readonly string[];
  readonly signature?: string;
  /** Version of the case the visitor had on the phone. */
  readonly baseVersion: number;
  /** How many decisions (conferences called not counted) had been made when it came in: visits of one round are weighed together. */
  readonly round: number;
  /** Other visits of the same round say otherwise: all are shown, a reviewer chooses. */
  readonly conflictsWith?: readonly string[];
  /** A reviewer said that this one counts. The newest choice holds until another visit contradicts it. */
  readonly chosen?: { readonly at: Instant; readonly by: UserId; readonly note: string };
  /** Came in after the case was closed: kept, but it moves nothing. */
  readonly late?: true;
}

/** What a person decided. */
export interface CaseDecision {
  readonly at: Instant;
  readonly by: UserId;
  readonly level: 'township' | 'county';
  /** Design.md §7: no need / data wrong / help / complex / urgent; `observe`: watched until a date. */
  readonly kind: 'no-need' | 'data-wrong' | 'help' | 'conference' | 'urgent' | 'observe';
  /** Required when it closes the case. */
  readonly outcome?: OutcomeCode;
  readonly actions: readonly ActionCode[];
  readonly until?: PlainDate;
  readonly note?: string;
  /** Data wrong: the rows that are not true; their departments are told so. */
  readonly wrongRows?: readonly LocatedRow[];
}

export type ReferralStatus = 'to-send' | 'sent' | 'accepted' | 'more-asked' | 'part-done' | 'done' | 'refused' | 'recalled';

/** One thing asked of one department or charity. */
export interface Referral {
  /** `R1`, `R2` … within the case. */
  readonly id: string;
  /** Department of the catalogue (`medical-insurance`) or `charity`. */
  readonly department: string;
  /** Measure of the catalogue of measures that is asked for. */
  readonly measure: string;
  /** Whom it is for; absent for the household. */
  readonly person?: PersonKey;
  /** What is asked, in the sender's words. */
  readonly ask: string;
  readonly status: ReferralStatus;
  readonly by: UserId;
  readonly sentAt?: Instant;
  /** Told to the next level (the county), and why: the department is silent, or has nobody to take referrals in. */
  readonly escalatedAt?: Instant;
  readonly escalatedFor?: 'silence' | 'no-inbox';
  readonly answers: readonly ReferralAnswer[];
  readonly recall?: { readonly code: RecallCode; readonly at: Instant; readonly by: UserId };
}

/** Whether nothing more is expected of the department. */
export function hasEnded({ status }: Referral): boolean {
  return status === 'done' || status === 'refused' || status === 'recalled';
}

/** Whether the department has given what was asked for, or a part of it. */
export function hasHelped({ status, answers }: Referral): boolean {
  return status === 'done' || answers.some(({ kind }) => kind === 'part-done');
}

/** Whether help is on record in the case: given by the office, or told by a department. */
export function isHelped({ aids, referrals }: Pick<Case, 'aids' | 'referrals'>): boolean {
  return aids.length > 0 || referrals.some(hasHelped);
}

/** Whether the case stands where departments' answers move it, and waits for at least one. */
export function awaitsDepartments({ stage, referrals }: Pick<Case, 'stage' | 'referrals'>): boolean {
  return stage === 'referral' && !referrals.every(hasEnded);
}

/** One answer on a referral, of a handler or by file. */
export interface ReferralAnswer {
  /** Key of the request or of the file's row, so that a repeat is one answer. */
  readonly id: string;
  readonly at: Instant;
  readonly by: UserId;
  readonly kind: 'accept' | 'refuse' | 'ask-more' | 'supply' | 'part-done' | 'done';
  readonly code?: RefusalCode;
  readonly note?: string;
  /** Fen given, once or each month. */
  readonly amount?: number;
  readonly rhythm?: 'once' | 'monthly';
  readonly from?: { readonly file: FileId; readonly row: number };
}

/** Help given within the case: a line of the assistance ledger. */
export interface Aid {
  readonly id: string;
  readonly measure: string;
  readonly department: string;
  readonly person?: PersonKey;
  /** Fen; absent for a service or a job. */
  readonly amount?: number;
  /** Paid once, or each month. */
  readonly rhythm: 'once' | 'monthly';
  readonly date: PlainDate;
  readonly by: UserId;
  readonly referral?: string;
  /** The event it answers (warning ids or fact keys), for the double-aid guard. */
  readonly event: string;
  /** Why it was given although the guard warned. */
  readonly guardOverride?: string;
}

/** An application, or any other way in without a warning. */
export interface Application {
  /** Who reports: the family, a cadre by duty, the hotline, the caseworker. */
  readonly channel: 'family' | 'cadre' | 'hotline' | 'caseworker';
  readonly needs: readonly NeedCode[];
  /** Measures applied for. */
  readonly measures: readonly string[];
  readonly statement: string;
  readonly commitment?: Commitment;
  readonly check?: EconomicCheck;
}

/** Signed statement 告知承诺 that takes the place of proofs. */
export interface Commitment {
  readonly signedAt: Instant;
  readonly signature: string;
  /** Every proof that is waived, by code and words. */
  readonly waived: readonly { readonly code: string; readonly title: Bilingual }[];
  /** What the family declares, item → text or fen. */
  readonly declared: Readonly<Record<string, string | number>>;
  /** What the family corrected afterwards, the latest last; what it had declared before stays readable here. */
  readonly corrections?: readonly {
    readonly at: Instant;
    readonly by: UserId;
    readonly before: Readonly<Record<string, string | number | null>>;
    readonly note?: string;
  }[];
}

/** Report of the economic-status check 核对, entered by hand and compared item by item. */
export interface EconomicCheck {
  readonly reportedAt: Instant;
  readonly by: UserId;
  readonly items: readonly {
    readonly item: string;
    readonly declared?: string | number;
    /** `no-record` is an answer; `no-answer` is not. */
    readonly found: { readonly kind: 'value'; readonly value: string | number } | { readonly kind: 'no-record' | 'no-answer' };
    readonly verdict: 'same' | 'differs' | 'open';
  }[];
  /** What the report comes to, as whoever entered it worked it out: fen a person and month, after the deductions of the rules. */
  readonly incomePerHead?: number;
  /** Property within or over the local limit. */
  readonly assets?: 'within' | 'over';
}

/** A photo, signature or paper kept in the object store. */
export interface Attachment {
  /** Sha-256 of its bytes, hex: the same picture twice is one. */
  readonly id: string;
  readonly kind: 'photo' | 'signature' | 'paper' | 'consent';
  readonly type: string;
  readonly size: number;
  readonly by: UserId;
  readonly at: Instant;
}

/** What may be told in an event: ids, codes, counts; never words somebody typed. */
export type Codes = Readonly<Record<string, string | number | boolean | null>>;

/** One line of the case's history. Texts of people stay here and never enter events. */
export interface HistoryEntry {
  readonly at: Instant;
  readonly by: UserId;
  /** Name of the action or workflow step. */
  readonly what: string;
  /** Version of the case this made. */
  readonly version: number;
  readonly stage: Stage;
  readonly note?: string;
  readonly codes?: Codes;
  /** Key of the request that did it, so that a repeat is known. */
  readonly request?: string;
}

/** Information that came in while the case is open: one household, one task. */
export interface Increment {
  readonly at: Instant;
  readonly warning: WarningId;
  readonly change: 'opened' | 'reopened' | 'merged' | 'raised' | 'lowered' | 'withdrawn';
  readonly grade: Grade;
  readonly points: { readonly low: number; readonly high: number };
  /** The state of the warning that was taken in: version of its standing when read, and when the warning last changed. */
  readonly version: number;
  readonly changedAt: Instant;
  /** The indicators that hit, so that it can be counted which rules lead to help. Missing in records of the time before. */
  readonly indicators?: readonly string[];
}

/** What looking again after help showed, when the follow-up was due. A person closes or goes on. */
export interface FollowUp {
  readonly at: Instant;
  /** Grade the household still reaches; null for none. */
  readonly grade: string | null;
  readonly points: { readonly low: number; readonly high: number };
  /** Proposed from the help on record. */
  readonly outcome: OutcomeCode;
}

/** A case: one record, one version, changed under an optimistic lock. */
export interface Case {
  readonly id: CaseId;
  readonly household: HouseholdId;
  /** Counts the changes; a writer states the version it read. */
  readonly version: number;
  readonly source: CaseSource;
  readonly area: string;
  readonly category: HouseholdCategory;
  /** The most urgent so far; a visit or a later increment may raise it. */
  readonly grade: Grade;
  readonly stage: Stage;
  readonly openedAt: Instant;
  readonly changedAt: Instant;
  readonly warnings: readonly WarningId[];
  readonly increments: readonly Increment[];
  readonly application?: Application;
  readonly assignment?: Assignment;
  readonly clocks: readonly CaseClock[];
  readonly proposals: readonly ClosureProposal[];
  readonly visits: readonly Visit[];
  readonly decisions: readonly CaseDecision[];
  readonly referrals: readonly Referral[];
  readonly aids: readonly Aid[];
  /** Consent to share with charities: attachment of the signed paper, or the words of how it was given. */
  readonly consent?: { readonly at: Instant; readonly by: UserId; readonly paper?: string };
  readonly attachments: readonly Attachment[];
  /** The latest look after help; absent until the follow-up was due. */
  readonly followUp?: FollowUp;
  readonly history: readonly HistoryEntry[];
  readonly outcome?: { readonly code: OutcomeCode; readonly at: Instant; readonly by: UserId; readonly note?: string };
  /**
   * The workflow run that follows the case: version of the definition it began with, and which run of the case it is.
   * `ending`: the case is closed, and the run has not yet done what closing asks for.
   */
  readonly workflow: { readonly definition: string; readonly run: number; readonly ending?: true };
  /** Open waits of the run, by wait name (`visit`, `referral:R1`): where an answer is sent. */
  readonly waits: Readonly<Record<string, string>>;
}

import type { Instant, PlainDate } from '../calendar/plain-date.ts';
import type { Bilingual, Catalog } from '../catalog/feed.ts';
import type { Fact, FactChunk, PersonKey } from '../facts/fact.ts';
import type { PersonRegistration } from '../ports/household-registry.ts';
import type { HouseholdId } from '../registry/household.ts';
import { membersOn } from '../registry/membership.ts';
import type { Evidence, IndicatorResult } from '../scoring/assessment.ts';
import type { Warning } from '../warnings/warning.ts';
import type { CaseId, ClosureProposal } from './case.ts';

/** A row of a department's file, as proposals name it. */
export type EvidenceRow = ClosureProposal['evidence'][number];

/** Something given to the household, by a department, a charity or an earlier case. */
export interface HelpGiven {
  readonly title: Bilingual;
  /** The day it was given; of something paid monthly the day it began. */
  readonly date: PlainDate;
  /** Fen; absent for a service or goods without a sum. */
  readonly amount?: number;
  /** The event it answered, when that was recorded: a warning id or the key of a fact. */
  readonly event?: string;
  readonly row?: EvidenceRow;
}

/** A payment of an insurer or a mutual-aid plan for somebody's bills, from a feed of its own. */
export interface OtherPayment {
  readonly person: PersonKey;
  readonly date: PlainDate;
  /** Fen. */
  readonly amount: number;
  readonly row: EvidenceRow;
}

/** An open case of another household. */
export interface OtherCase {
  readonly id: CaseId;
  readonly household: HouseholdId;
  readonly openedAt: Instant;
  readonly persons: readonly PersonKey[];
}

/** What is known of one kind of property, held against the area's line. */
export interface AssetFound {
  readonly title: Bilingual;
  readonly unit: 'fen' | 'count';
  readonly value: number;
  /** Over it, the household does not qualify; at it, it does. */
  readonly line: number;
  readonly row?: EvidenceRow;
}

/** All that is known when a case is looked at from the desk. What is left out is unknown, and unknown proposes nothing. */
export interface DeskCheckInput {
  readonly case: { readonly id: CaseId; readonly openedAt: Instant };
  readonly household: HouseholdId;
  /** Area code of the household, up to 12 digits. */
  readonly area: string;
  readonly asOf: PlainDate;
  /** The warnings the case holds; none for an application. */
  readonly warnings: readonly Warning[];
  /** Everybody ever placed in the household, and everybody the warnings' evidence is about. */
  readonly registrations: readonly PersonRegistration[];
  /** Of all these people: the folded facts, and the chunks they were folded from, which still show what was taken back. */
  readonly facts: readonly Fact[];
  readonly chunks: readonly FactChunk[];
  readonly catalog: Catalog;
  readonly helped?: readonly HelpGiven[];
  readonly otherPayments?: readonly OtherPayment[];
  readonly otherCases?: readonly OtherCase[];
  readonly assets?: readonly AssetFound[];
}

/** What the case rests on. */
export interface Grounds {
  /** Hits that carry the open warnings: those that fired a trigger; where none did, those with points. */
  readonly reasons: readonly IndicatorResult[];
  readonly evidence: readonly Evidence[];
  /** Whom the evidence is about; without evidence the members of today, or everybody there ever was when nobody is left. */
  readonly persons: readonly PersonKey[];
  /** Members of today. */
  readonly members: readonly PersonKey[];
}

/** Reads what the case rests on from its open warnings. */
export function groundsOf({ warnings, household, registrations, asOf }: DeskCheckInput): Grounds {
  const reasons = warnings.filter((warning) => warning.status === 'open').flatMap(carrying);
  const evidence = reasons.flatMap((reason) => reason.evidence);
  const members = membersOn(household, registrations, asOf).map((member) => member.person);
  const once = registrations.filter(({ memberships }) => memberships.some((one) => one.household === household));
  const concerned = [evidence.map(({ person }) => person), members, once.map(({ person }) => person)];
  return { reasons, evidence, persons: [...new Set(concerned.find((persons) => persons.length > 0))], members };
}

function carrying({ reasons }: Warning): readonly IndicatorResult[] {
  const hits = reasons.filter((reason) => reason.result === 'hit');
  const triggered = hits.filter((hit) => hit.trigger !== undefined);
  return triggered.length > 0 ? triggered : hits.filter((hit) => hit.points.low > 0);
}

/** The row a fact stands on. */
export function rowOf({ feed, file, row }: EvidenceRow): EvidenceRow {
  return { feed, file, row };
}

/** Each row once, in the order given. */
export function distinctRows(rows: readonly EvidenceRow[]): readonly EvidenceRow[] {
  return [...new Map(rows.map((row) => [`${row.feed} ${row.file} ${row.row}`, rowOf(row)])).values()];
}

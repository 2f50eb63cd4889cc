import type { PlainDate } from '../calendar/plain-date.ts';
import type { FeedId, FeedSpec } from '../catalog/feed.ts';
import type { Coverage } from '../facts/coverage.ts';
import type { Fact } from '../facts/fact.ts';
import type { HouseholdCategory, Member } from '../registry/household.ts';
import type { Evidence, Grade, IndicatorResult } from './assessment.ts';
import type { Rung } from './ladder.ts';
import type { Line, Per, RulePack } from './pack.ts';
import type { Window } from './windows.ts';

/** Three-valued answer: no, yes, unknown. Numbers, because answers are made by the million. */
export const NO = 0;
export const YES = 1;
export const UNKNOWN = 2;
export type Truth = typeof NO | typeof YES | typeof UNKNOWN;

/** The value of a ratio whose denominator is known to be nothing: larger than any line a pack can sensibly hold. */
export const RATIO_TO_NOTHING = 1_000_000;

export type Unit = IndicatorResult['unit'];

/** Answers for one row's fields. */
export type RowFilter = (fields: Fact['fields']) => Truth;

/** Answers for the household the run is about. */
export type HouseholdTest = (run: Run) => Truth;

/** The fields that make an amount: charges and what is taken off them. */
export interface Amount {
  readonly plus: readonly string[];
  readonly minus: readonly string[];
  /** The one field, when the amount is that and nothing else. */
  readonly only: string | undefined;
}

/** What one measure asks of single facts: the unit in which rows are picked and added up. Equal questions share one leaf. */
export interface Leaf {
  readonly index: number;
  readonly kind: 'sum' | 'max' | 'latest' | 'count' | 'exists';
  /** Places in `CompiledPack.feeds`. */
  readonly feeds: readonly number[];
  /** Place in `CompiledPack.windows`. */
  readonly window: number;
  readonly current: boolean;
  readonly filter: RowFilter | undefined;
  /** Equal for leaves that ask the same of the fields of the same feeds; 0 for none. */
  readonly filterId: number;
  /** What it takes from a row. Undefined when rows are counted, not amounts. */
  readonly amount: Amount | undefined;
  /** Equal for leaves that take the same; 0 for none. */
  readonly amountId: number;
  /** Working memory of the run going on. */
  readonly tally: Tally;
}

/** What a leaf has counted so far for the household of the run. */
export interface Tally {
  touched: boolean;
  /** The value of what is known. */
  low: number;
  /** The rows that count, in the order of `comesBefore`; only the first `count` are of this run. */
  count: number;
  readonly rows: Row[];
  /** The row that gave the value, where one row does (highest, latest). */
  best: Row | undefined;
  /** A row left it open whether it counts. */
  uncertain: boolean;
}

/** A measure as a tree over leaves. */
export type Node =
  | { readonly kind: 'leaf'; readonly leaf: Leaf }
  | { readonly kind: 'add'; readonly parts: readonly Node[] }
  | { readonly kind: 'ratio'; readonly of: Node; readonly to: Node }
  /** `shown`: those of the leaves whose rows are evidence. */
  | { readonly kind: 'holds'; readonly test: HouseholdTest; readonly leaves: readonly Leaf[]; readonly shown: readonly Leaf[] };

/** A band or trigger before its line is looked up for category, area and date. `scale` turns yuan into fen. */
export interface StepPlan {
  readonly line: Line | null;
  readonly over: boolean;
  readonly scale: number;
  readonly points: number;
  /** Rank of the grade fired; 0 for none. */
  readonly gradeRank: number;
}

/** A band or trigger with its line; fen, count, or ratio. An unknown line is infinite: only "could be anything" reaches it. */
export interface Step {
  readonly line: number;
  readonly over: boolean;
  readonly points: number;
  readonly gradeRank: number;
}

export interface CompiledIndicator {
  readonly id: string;
  readonly index: number;
  readonly unit: Unit;
  readonly node: Node;
  readonly per: Per;
  /** The leaf, when the measure is one leaf and no question to the head of the household. */
  readonly leaf: Leaf | undefined;
  readonly when: HouseholdTest | undefined;
  readonly whenLeaves: readonly Leaf[];
  /** Every leaf that may change its answer: of its measure and of its condition. */
  readonly leaves: readonly Leaf[];
  readonly steps: readonly StepPlan[];
  /** Asked even when no fact touches it: its measure is a question to the household itself. */
  readonly always: boolean;
}

/** A pack ready to assess with: everything looked up, nothing left to read from text. */
export interface CompiledPack {
  readonly pack: RulePack;
  /** The feeds the pack reads, in catalog order. */
  readonly feeds: readonly FeedSpec[];
  readonly feedIndex: ReadonlyMap<FeedId, number>;
  readonly windows: readonly Window[];
  readonly leaves: readonly Leaf[];
  readonly indicators: readonly CompiledIndicator[];
  /** Most urgent first, so that the first one reached is the grade. */
  readonly grades: readonly Grade[];
  /** By place in `grades`: points from which it is reached, infinite where only a trigger reaches it. */
  readonly gradeLines: readonly number[];
  /** Working memory reused from call to call, so that a household costs no more than its own trace. */
  readonly run: Run;
  readonly frames: FrameCache;
}

/** A leaf within a frame. */
export interface FrameLeaf {
  readonly leaf: Leaf;
  /** The same as `leaf.tally`. */
  readonly tally: Tally;
  /** Its feeds that are not known; empty when all are. */
  readonly missing: readonly FeedId[];
  /** A feed is not known. */
  readonly open: boolean;
  /** At least one feed is known. */
  readonly partKnown: boolean;
  /** The earliest `Desk.listEnd` of its feeds. */
  readonly listedUpTo: number;
  /** Questions it answers alone, and questions that ask other leaves or a condition too. */
  readonly answers: readonly Question[];
  readonly touches: readonly Question[];
}

/** A leaf reading one feed within a frame. */
export interface Reader {
  readonly of: FrameLeaf;
  // What a row is asked, beside each other: nearly all time is spent here.
  readonly tally: Tally;
  readonly filter: RowFilter | undefined;
  readonly filterId: number;
  readonly amount: Amount | undefined;
  readonly amountId: number;
  /** Of the kinds of leaves: sum, count, latest. */
  readonly sums: boolean;
  readonly counts: boolean;
  readonly latest: boolean;
  /** Asks what holds on the as-of date; the days do not matter then. */
  readonly current: boolean;
  /** A row counts from the first to the last day, both as `dateNumber`. */
  readonly start: number;
  readonly end: number;
}

/** What is done with the rows of one feed within a frame. */
export interface Desk {
  /** How a row is found to hold on the as-of date: not yet ended, or named in the latest list. Undefined where nobody asks. */
  readonly holding: 'not-ended' | 'listed' | undefined;
  /** Last day of the latest list's period, and of the latest complete one, as `dateNumber`; 0 when there is none. */
  readonly listEnd: number;
  readonly completeEnd: number;
  /** Of a status that need not say since when it holds: the field in which it may. */
  readonly since: string | undefined;
  readonly readers: readonly Reader[];
}

/** One indicator within a frame. */
export interface Question {
  readonly indicator: CompiledIndicator;
  readonly perPerson: boolean;
  /** Its lowest rung. */
  readonly ladder: Rung;
  /** The answer for a household its condition excludes. */
  readonly excluded: IndicatorResult;
  /** What its answer adds to a household no fact of which touches it: to the upper points, the worst rank, the known. */
  blankHigh: number;
  blankRank: number;
  blankKnown: number;
  /** It must be worked out for the household of the run; not noted where one leaf answers alone, which is itself touched. */
  touched: boolean;
}

/**
 * What is the same for all households of one county and category at one date with one coverage. Counties and categories for
 * which all of it comes out the same share one frame.
 */
export interface Frame {
  readonly asOf: PlainDate;
  readonly asOfNumber: number;
  /** By feed, those somebody reads. Without prototype, so that any text may be asked for. */
  readonly desks: Readonly<Partial<Record<FeedId, Desk>>>;
  /** By `Leaf.index`. */
  readonly leaves: readonly FrameLeaf[];
  readonly questions: readonly Question[];
  /** The answers when no fact touches any, one for each question, and what they add up to. */
  readonly blanks: IndicatorResult[];
  blankHigh: number;
  blankRank: number;
  blankKnown: number;
  /** Questions that must be worked out although no fact touches them. */
  readonly asked: Question[];
}

/** The frames of one coverage at the latest date asked. */
export interface FrameShelf {
  readonly asOf: PlainDate;
  /** By the county's number, or its text where that is none. */
  readonly byCounty: Map<string | number, Map<HouseholdCategory, Frame>>;
  /** By everything that went into them. */
  readonly byContent: Map<string, Frame>;
}

export interface FrameCache {
  /** The shelf used last, and for what. */
  coverage: Coverage | undefined;
  shelf: FrameShelf | undefined;
  readonly byCoverage: WeakMap<Coverage, FrameShelf>;
}

/**
 * A fact that counts somewhere, with the amount in question. A fact whose amount is taken in two ways makes two rows; leaves
 * that take the same amount share one, and so its evidence.
 */
export interface Row {
  fact: Fact;
  /** The fact's first day, as `dateNumber`. */
  day: number;
  /** Fen or count; undefined where no amount is in question. */
  amount: number | undefined;
  /** It as evidence, in a list of its own: what most leaves show. */
  evidence: readonly [Evidence];
}

/** Working memory of one assessment. */
export interface Run {
  frame: Frame | undefined;
  members: readonly Member[];
  category: HouseholdCategory;
  facts: readonly Fact[];
  /** The rows of this run: the first `rowCount`. */
  readonly rows: Row[];
  rowCount: number;
  /** The leaves touched in this run: the first `leafCount`; and the questions: the first `questionCount`. */
  readonly leaves: FrameLeaf[];
  leafCount: number;
  readonly questions: Question[];
  questionCount: number;
  /** Result of the last node evaluated: bounds, whether anything at all was known, rows that counted, leaves left open. */
  low: number;
  high: number;
  partKnown: boolean;
  counted: Row[];
  openLeaves: Leaf[];
  /** Of the questions answered so far: points and most urgent rank by the lower and by the upper bounds, and how many known. */
  pointsLow: number;
  pointsHigh: number;
  rankLow: number;
  rankHigh: number;
  known: number;
}

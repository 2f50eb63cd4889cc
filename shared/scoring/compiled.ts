import type { PlainDate } from '../calendar/plain-date.ts';
import type { FeedId, FeedSpec } from '../catalog/feed.ts';
import type { Coverage } from '../facts/coverage.ts';
import type { Fact } from '../facts/fact.ts';
import type { HouseholdCategory, Member } from '../registry/household.ts';
import type { Evidence, Grade, IndicatorResult } from './assessment.ts';
import type { Ladder } from './ladder.ts';
import type { Line, Per, RulePack } from './pack.ts';
import type { Window } from './windows.ts';

/** Three-valued answer: no, yes, unknown. Numbers, because answers are made by the million. */
export const NO = 0;
export const YES = 1;
export const UNKNOWN = 2;
export type Truth = typeof NO | typeof YES | typeof UNKNOWN;

export type Unit = IndicatorResult['unit'];

/** Answers for one row's fields. */
export type RowFilter = (fields: Fact['fields']) => Truth;

/** Answers for the household the run is about. */
export type HouseholdTest = (run: Run) => Truth;

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
  readonly plus: readonly string[];
  readonly minus: readonly string[];
  /** Equal for leaves that take the same amount from a row. */
  readonly amountId: number;
  /** The one field, when the amount is that and nothing else. */
  readonly only: string | undefined;
  /** More than one indicator asks it. */
  shared: boolean;
  /** Working memory of the run going on. */
  readonly tally: Tally;
}

/** What a leaf has counted so far for the household of the run. */
export interface Tally {
  touched: boolean;
  /** The value of what is known. */
  low: number;
  /** The rows that count and their amounts (undefined for none), in step; only the first `count` are of this run. */
  count: number;
  readonly facts: Fact[];
  readonly amounts: (number | undefined)[];
  /** The row that gave the value, where one row does (highest, latest). */
  best: Fact | undefined;
  /** All rows are of one person. */
  onePerson: boolean;
  /** A row left it open whether it counts. */
  uncertain: boolean;
  /** The evidence, once somebody asked for it. */
  evidence: readonly Evidence[] | undefined;
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
  /** The same as `feedIndex`, as an object without prototype: quicker to ask for every fact. */
  readonly feedPlace: Readonly<Partial<Record<FeedId, number>>>;
  readonly windows: readonly Window[];
  readonly leaves: readonly Leaf[];
  /** Feed place → leaves that read it. */
  readonly readers: readonly (readonly Leaf[])[];
  /** Leaf place → places of the indicators whose answer it may change. */
  readonly touches: readonly (readonly number[])[];
  readonly indicators: readonly CompiledIndicator[];
  /** Most urgent first, with the point line in `lines`, infinite where only a trigger reaches the grade. */
  readonly grades: readonly Grade[];
  readonly gradeLines: readonly number[];
  /** Working memory reused from call to call, so that a household costs no more than its own trace. */
  readonly run: Run;
  readonly frames: FrameCache;
}

/** A leaf reading one feed within a frame. */
export interface Reader {
  readonly leaf: Leaf;
  /** A row counts from the first to the last day, both as `dateNumber`. */
  readonly start: number;
  readonly end: number;
  /** `window`: by the day alone. `holds`: and not yet ended. `list`: by the latest list instead. */
  readonly mode: 'window' | 'holds' | 'list';
  /** Indicators whose answer the leaf may change. */
  readonly touches: readonly number[];
}

/**
 * What is the same for all households of one county and category at one date with one coverage. Counties and categories for
 * which all of it comes out the same share one frame.
 */
export interface Frame {
  readonly asOf: PlainDate;
  readonly known: readonly boolean[];
  readonly asOfNumber: number;
  /** Per feed: last day of the latest list's period, and of the latest complete one, as `dateNumber`; 0 when there is none. */
  readonly listEnd: readonly number[];
  readonly completeEnd: readonly number[];
  /** Per feed: the leaves that read it, with the days they look at. */
  readonly readers: readonly (readonly Reader[])[];
  /** Per leaf: feeds that are not known; empty when all are. */
  readonly leafMissing: readonly (readonly FeedId[])[];
  /** Per leaf: a feed is not known. */
  readonly leafOpen: readonly boolean[];
  /** Per leaf: at least one of its feeds is known. */
  readonly leafPartKnown: readonly boolean[];
  readonly ladders: readonly Ladder[];
  /** Per indicator: the result when no fact touches it, the points and the rank it could still reach, and if it is known. */
  readonly blanks: IndicatorResult[];
  readonly blankHigh: number[];
  readonly blankHighRank: number[];
  readonly blankKnown: boolean[];
  /** Per indicator: it must be worked out although no fact touches it. */
  readonly asked: boolean[];
  /** Per indicator: the result for a household its condition excludes. */
  readonly excluded: readonly IndicatorResult[];
}

/** The frames of one coverage at the latest date asked. */
export interface FrameShelf {
  readonly asOf: PlainDate;
  readonly byCounty: Map<string, Map<HouseholdCategory, Frame>>;
  /** By everything that went into them. */
  readonly byContent: Map<string, Frame>;
}

export interface FrameCache {
  /** The shelf used last, and for what. */
  coverage: Coverage | undefined;
  shelf: FrameShelf | undefined;
  readonly byCoverage: WeakMap<Coverage, FrameShelf>;
}

/** Working memory of one assessment. */
export interface Run {
  frame: Frame | undefined;
  members: readonly Member[];
  category: HouseholdCategory;
  facts: readonly Fact[];
  epoch: number;
  /** The leaves touched in this run: the first `touchedCount`. */
  readonly touchedLeaves: Leaf[];
  touchedCount: number;
  /** Per indicator: the epoch that touched it last. */
  readonly touched: Int32Array;
  /** Result of the last node evaluated: bounds, and whether anything at all was known. */
  low: number;
  high: number;
  partKnown: boolean;
  evidenceFacts: Fact[];
  /** Undefined for a row without an amount in question. */
  evidenceAmounts: (number | undefined)[];
  openLeaves: Leaf[];
  /** Of the last indicator scored: points and grade ranks by its lower and by its upper bound, and whether it is known. */
  pointsLow: number;
  pointsHigh: number;
  rankLow: number;
  rankHigh: number;
  known: boolean;
}

import { periodEnd } from '../calendar/period.ts';
import type { PlainDate } from '../calendar/plain-date.ts';
import type { FeedId, FeedSpec } from '../catalog/feed.ts';
import type { Coverage } from '../facts/coverage.ts';
import { feedKnown, latestSnapshot } from '../facts/freshness.ts';
import type { HouseholdCategory } from '../registry/household.ts';
import type { IndicatorResult } from './assessment.ts';
import type {
  CompiledIndicator,
  CompiledPack,
  Desk,
  Frame,
  FrameLeaf,
  FrameShelf,
  Leaf,
  Question,
  Step,
  StepPlan,
} from './compiled.ts';
import { NO_EVIDENCE, NO_FEEDS } from './evidence.ts';
import { ladderOf } from './ladder.ts';
import type { RulePack } from './pack.ts';
import { dateNumber, windowBounds } from './windows.ts';

const COUNTY_DIGITS = 6;
const NO_POINTS: IndicatorResult['points'] = Object.freeze({ low: 0, high: 0 });

/**
 * The value of a dated parameter: of the entries for the area, the longest prefix, then the latest not after `asOf`.
 * Undefined when the parameter has no value there and then.
 */
function parameterValue(pack: RulePack, name: string, area: string, asOf: PlainDate): number | undefined {
  let best: { from: string; area?: string; value: number } | undefined;
  for (const entry of pack.parameters[name] ?? []) {
    if (entry.from > asOf || !area.startsWith(entry.area ?? '')) continue;
    const closer = (entry.area ?? '').length - (best?.area ?? '').length;
    if (best === undefined || closer > 0 || (closer === 0 && entry.from > best.from)) best = entry;
  }
  return best?.value;
}

function resolveLine(plan: StepPlan, pack: RulePack, area: string, category: HouseholdCategory, asOf: PlainDate): number {
  const { line, scale } = plan;
  if (line === null) return 1;
  if (typeof line === 'number') return Math.round(line * scale * 1e6) / 1e6;
  if ('by' in line) return Math.round((line.values[category] ?? line.default) * scale * 1e6) / 1e6;
  const value = parameterValue(pack, line.param, area, asOf);
  if (value === undefined) return Number.POSITIVE_INFINITY;
  const yuanOrNumber = value * (line.times ?? 1) * scale;
  return scale === 100 ? Math.round(yuanOrNumber) : yuanOrNumber;
}

/** The bands and triggers of an indicator with the lines that hold for an area, category and date, lowest line first. */
export function stepsOf(
  indicator: CompiledIndicator,
  pack: RulePack,
  area: string,
  category: HouseholdCategory,
  asOf: PlainDate,
): Step[] {
  return indicator.steps
    .map((plan) => ({
      line: resolveLine(plan, pack, area, category, asOf),
      over: plan.over,
      points: plan.points,
      gradeRank: plan.gradeRank,
    }))
    .sort((a, b) => a.line - b.line || Number(a.over) - Number(b.over));
}

/** Last day of the latest list's period, and of the latest complete one, as `dateNumber`; 0 when there is none. */
type FeedLists = Pick<Desk, 'listEnd' | 'completeEnd'>;

function listsOf(feed: FeedSpec, coverage: Coverage, county: string, asOf: PlainDate): FeedLists {
  const list = feed.kind === 'snapshot' ? latestSnapshot(feed, coverage, county, asOf) : undefined;
  return {
    listEnd: list === undefined ? 0 : dateNumber(periodEnd(list.period)),
    completeEnd: list?.lastComplete === undefined ? 0 : dateNumber(periodEnd(list.lastComplete)),
  };
}

const NO_LISTS: FeedLists = { listEnd: 0, completeEnd: 0 };

function frameLeafOf(
  leaf: Leaf,
  compiled: CompiledPack,
  known: readonly boolean[],
  lists: readonly FeedLists[],
  questions: readonly Question[],
): FrameLeaf {
  const missing = leaf.feeds.flatMap((i) => (known[i] === true ? [] : (compiled.feeds[i]?.id ?? [])));
  const alone = ({ indicator }: Question): boolean => indicator.leaf === leaf && indicator.when === undefined;
  return {
    leaf,
    tally: leaf.tally,
    missing: missing.length === 0 ? NO_FEEDS : Object.freeze(missing),
    open: missing.length > 0,
    partKnown: leaf.feeds.some((i) => known[i] === true),
    listedUpTo: Math.min(...leaf.feeds.map((i) => lists[i]?.listEnd ?? 0)),
    answers: questions.filter((it) => alone(it)),
    touches: questions.filter((it) => !alone(it) && it.indicator.leaves.includes(leaf)),
  };
}

function excludedResult(indicator: CompiledIndicator, steps: readonly Step[]): IndicatorResult {
  const line = steps[0]?.line ?? Number.POSITIVE_INFINITY;
  return Object.freeze({
    indicator: indicator.id,
    result: 'miss',
    value: null,
    valueHigh: null,
    unit: indicator.unit,
    line: indicator.unit === 'yes-no' || !Number.isFinite(line) ? null : line,
    points: NO_POINTS,
    excluded: true,
    evidence: NO_EVIDENCE,
    missing: NO_FEEDS,
  });
}

function questionOf(compiled: CompiledPack, indicator: CompiledIndicator, steps: readonly Step[]): Question {
  return {
    indicator,
    perPerson: indicator.per === 'person',
    ladder: ladderOf(steps, indicator.unit, compiled.grades),
    excluded: excludedResult(indicator, steps),
    blankHigh: 0,
    blankRank: 0,
    blankKnown: 0,
    touched: false,
  };
}

function desksOf(
  compiled: CompiledPack,
  asOf: PlainDate,
  lists: readonly FeedLists[],
  frameLeaves: readonly FrameLeaf[],
): Frame['desks'] {
  const bounds = compiled.windows.map((window) => windowBounds(window, asOf));
  const desks: Partial<Record<FeedId, Desk>> = Object.create(null);
  compiled.feeds.forEach((feed, i) => {
    const leaves = frameLeaves.filter(({ leaf }) => leaf.feeds.includes(i));
    if (leaves.length === 0) return;
    desks[feed.id] = {
      holding: !leaves.some(({ leaf }) => leaf.current) ? undefined : feed.kind === 'snapshot' ? 'listed' : 'not-ended',
      listEnd: lists[i]?.listEnd ?? 0,
      completeEnd: lists[i]?.completeEnd ?? 0,
      since:
        feed.kind === 'status'
          ? feed.fields.find(({ name, required }) => name === feed.dates.from && !required)?.name
          : undefined,
      readers: leaves
        .toSorted((a, b) => a.leaf.amountId - b.leaf.amountId || a.leaf.filterId - b.leaf.filterId)
        .map((of) => ({
          of,
          tally: of.tally,
          filter: of.leaf.filter,
          filterId: of.leaf.filterId,
          amount: of.leaf.amount,
          amountId: of.leaf.amountId,
          sums: of.leaf.kind === 'sum',
          counts: of.leaf.kind === 'count',
          latest: of.leaf.kind === 'latest',
          current: of.leaf.current,
          start: dateNumber(bounds[of.leaf.window]?.start ?? asOf),
          end: dateNumber(bounds[of.leaf.window]?.end ?? asOf),
        })),
    };
  });
  return desks;
}

/** Lays out one frame; the blanks are left to be filled by the assessor, which is the only one to know how a value is made. */
function layOut(
  compiled: CompiledPack,
  shelf: FrameShelf,
  coverage: Coverage,
  county: string,
  category: HouseholdCategory,
): Frame {
  const { asOf } = shelf;
  const used = compiled.feeds.map((_, i) => compiled.leaves.some((leaf) => leaf.feeds.includes(i)));
  const known = compiled.feeds.map((feed, i) => used[i] === true && feedKnown(feed, coverage, county, asOf));
  const lists = compiled.feeds.map((feed, i) => (used[i] === true ? listsOf(feed, coverage, county, asOf) : NO_LISTS));
  const steps = compiled.indicators.map((indicator) => stepsOf(indicator, compiled.pack, county, category, asOf));
  // Most counties deliver alike: households that share a frame find it warm in the processor's cache.
  const content = JSON.stringify([known, lists, steps]);
  const same = shelf.byContent.get(content);
  if (same !== undefined) return same;

  const questions = compiled.indicators.map((indicator, i) => questionOf(compiled, indicator, steps[i] ?? []));
  const leaves = compiled.leaves.map((leaf) => frameLeafOf(leaf, compiled, known, lists, questions));
  const frame: Frame = {
    asOf,
    asOfNumber: dateNumber(asOf),
    desks: desksOf(compiled, asOf, lists, leaves),
    leaves,
    questions,
    blanks: [],
    blankHigh: 0,
    blankRank: 0,
    blankKnown: 0,
    asked: [],
  };
  shelf.byContent.set(content, frame);
  return frame;
}

/** The frames of a coverage at a date. A shelf is kept for the latest date asked only. */
function shelfOf(compiled: CompiledPack, coverage: Coverage, asOf: PlainDate): FrameShelf {
  const { frames } = compiled;
  if (frames.shelf !== undefined && frames.coverage === coverage && frames.shelf.asOf === asOf) return frames.shelf;
  let shelf = frames.byCoverage.get(coverage);
  if (shelf === undefined || shelf.asOf !== asOf) {
    shelf = { asOf, byCounty: new Map(), byContent: new Map() };
    frames.byCoverage.set(coverage, shelf);
  }
  frames.coverage = coverage;
  frames.shelf = shelf;
  return shelf;
}

/** The six digits an area begins with as a number; -1 for an area without them. */
function countyNumber(area: string): number {
  if (area.length < COUNTY_DIGITS) return -1;
  let number = 0;
  for (let i = 0; i < COUNTY_DIGITS; i++) {
    const digit = area.charCodeAt(i) - 48;
    if (digit < 0 || digit > 9) return -1;
    number = number * 10 + digit;
  }
  return number;
}

function addFrame(
  compiled: CompiledPack,
  shelf: FrameShelf,
  coverage: Coverage,
  place: string | number,
  county: string,
  category: HouseholdCategory,
): Frame {
  const frame = layOut(compiled, shelf, coverage, county, category);
  const byCategory = shelf.byCounty.get(place) ?? new Map<HouseholdCategory, Frame>();
  shelf.byCounty.set(place, byCategory.set(category, frame));
  return frame;
}

/**
 * The frame of a county and category at a date. Kept per coverage object for the latest date asked, so a coverage must not be
 * changed once it has been assessed with: make a new one.
 */
export function frameOf(
  compiled: CompiledPack,
  coverage: Coverage,
  area: string,
  category: HouseholdCategory,
  asOf: PlainDate,
): Frame {
  const shelf = shelfOf(compiled, coverage, asOf);
  // A number is found without cutting a text out first.
  const number = countyNumber(area);
  const place = number < 0 ? area.slice(0, COUNTY_DIGITS) : number;
  return (
    shelf.byCounty.get(place)?.get(category) ?? addFrame(compiled, shelf, coverage, place, area.slice(0, COUNTY_DIGITS), category)
  );
}

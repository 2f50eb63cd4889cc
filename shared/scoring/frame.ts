import { periodEnd } from '../calendar/period.ts';
import type { PlainDate } from '../calendar/plain-date.ts';
import type { FeedId } from '../catalog/feed.ts';
import type { Coverage } from '../facts/coverage.ts';
import { feedKnown, latestSnapshot } from '../facts/freshness.ts';
import type { HouseholdCategory } from '../registry/household.ts';
import type { IndicatorResult } from './assessment.ts';
import type { CompiledIndicator, CompiledPack, Frame, FrameShelf, Leaf, Reader, Step, StepPlan } from './compiled.ts';
import { ladderOf } from './ladder.ts';
import type { RulePack } from './pack.ts';
import { dateNumber, windowBounds } from './windows.ts';

const NO_FEEDS: readonly FeedId[] = Object.freeze([]);
const NO_EVIDENCE: IndicatorResult['evidence'] = Object.freeze([]);
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

function missingOf(leaf: Leaf, compiled: CompiledPack, known: readonly boolean[]): readonly FeedId[] {
  const missing = leaf.feeds.flatMap((i) => (known[i] === true ? [] : (compiled.feeds[i]?.id ?? [])));
  return missing.length === 0 ? NO_FEEDS : Object.freeze(missing);
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

/** Lays out one frame; the blanks are left to be filled by the assessor, which is the only one to know how a value is made. */
function layOut(
  compiled: CompiledPack,
  shelf: FrameShelf,
  coverage: Coverage,
  county: string,
  category: HouseholdCategory,
): Frame {
  const { asOf } = shelf;
  const used = compiled.feeds.map((_, i) => (compiled.readers[i]?.length ?? 0) > 0);
  const known = compiled.feeds.map((feed, i) => used[i] === true && feedKnown(feed, coverage, county, asOf));
  const lists = compiled.feeds.map((feed, i) =>
    used[i] === true && feed.kind === 'snapshot' ? latestSnapshot(feed, coverage, county, asOf) : undefined,
  );
  const listEnd = lists.map((list) => (list === undefined ? 0 : dateNumber(periodEnd(list.period))));
  const completeEnd = lists.map((list) => (list?.lastComplete === undefined ? 0 : dateNumber(periodEnd(list.lastComplete))));
  const steps = compiled.indicators.map((indicator) => stepsOf(indicator, compiled.pack, county, category, asOf));
  // Most counties deliver alike: households that share a frame find it warm in the processor's cache.
  const content = JSON.stringify([known, listEnd, completeEnd, steps]);
  const same = shelf.byContent.get(content);
  if (same !== undefined) return same;

  const bounds = compiled.windows.map((window) => windowBounds(window, asOf));
  const frame: Frame = {
    asOf,
    asOfNumber: dateNumber(asOf),
    known,
    listEnd,
    completeEnd,
    readers: compiled.feeds.map((feed, i) =>
      (compiled.readers[i] ?? [])
        .map((leaf): Reader => {
          const window = bounds[leaf.window];
          return {
            leaf,
            start: leaf.current || window === undefined ? 0 : dateNumber(window.start),
            end: dateNumber(window?.end ?? asOf),
            mode: !leaf.current ? 'window' : feed.kind === 'snapshot' ? 'list' : 'holds',
            touches: compiled.touches[leaf.index] ?? [],
          };
        })
        .sort((a, b) => a.leaf.amountId - b.leaf.amountId),
    ),
    leafMissing: compiled.leaves.map((leaf) => missingOf(leaf, compiled, known)),
    leafOpen: compiled.leaves.map((leaf) => leaf.feeds.some((i) => known[i] !== true)),
    leafPartKnown: compiled.leaves.map((leaf) => leaf.feeds.some((i) => known[i] === true)),
    ladders: compiled.indicators.map((indicator, i) => ladderOf(steps[i] ?? [], indicator.unit, compiled.grades)),
    blanks: [],
    blankHigh: [],
    blankHighRank: [],
    blankKnown: [],
    asked: [],
    excluded: compiled.indicators.map((indicator, i) => excludedResult(indicator, steps[i] ?? [])),
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

function addFrame(
  compiled: CompiledPack,
  shelf: FrameShelf,
  coverage: Coverage,
  county: string,
  category: HouseholdCategory,
): Frame {
  const frame = layOut(compiled, shelf, coverage, county, category);
  const byCategory = shelf.byCounty.get(county) ?? new Map<HouseholdCategory, Frame>();
  shelf.byCounty.set(county, byCategory.set(category, frame));
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
  const county = area.slice(0, 6);
  return shelf.byCounty.get(county)?.get(category) ?? addFrame(compiled, shelf, coverage, county, category);
}

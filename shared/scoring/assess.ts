import type { FeedId } from '../catalog/feed.ts';
import type { Assessment, AssessmentInput, Evidence, Grade, IndicatorResult } from './assessment.ts';
import {
  type CompiledIndicator,
  type CompiledPack,
  type Frame,
  type Leaf,
  NO,
  type Run,
  type Tally,
  type Truth,
  UNKNOWN,
  YES,
} from './compiled.ts';
import { dealFacts } from './deal.ts';
import { evaluateMeasure } from './evaluate.ts';
import { evidenceList, evidenceOf } from './evidence.ts';
import { frameOf } from './frame.ts';
import { stepsReached } from './ladder.ts';

const NO_FEEDS: readonly FeedId[] = Object.freeze([]);
const NO_EVIDENCE: readonly Evidence[] = Object.freeze([]);

/** Feeds that left the indicator open, each once, in catalog order. */
function missingOf(compiled: CompiledPack, frame: Frame, leaves: readonly Leaf[]): readonly FeedId[] {
  if (leaves.length === 0) return NO_FEEDS;
  const only = leaves.length === 1 ? leaves[0] : undefined;
  if (only !== undefined && !only.tally.uncertain) return frame.leafMissing[only.index] ?? NO_FEEDS;
  const missing = new Set<FeedId>();
  for (const leaf of leaves) {
    const uncertain = leaf.tally.uncertain;
    for (const feed of uncertain ? leaf.feeds.map((i) => compiled.feeds[i]?.id) : (frame.leafMissing[leaf.index] ?? [])) {
      if (feed !== undefined) missing.add(feed);
    }
  }
  return [...missing].sort((a, b) => (compiled.feedIndex.get(a) ?? 0) - (compiled.feedIndex.get(b) ?? 0));
}

/** Two literals, not an optional key added later: results of one shape are what keeps the loop fast. */
function resultOf(
  indicator: string,
  result: IndicatorResult['result'],
  value: number | null,
  valueHigh: number | null,
  unit: IndicatorResult['unit'],
  line: number | null,
  points: IndicatorResult['points'],
  trigger: string | undefined,
  evidence: readonly Evidence[],
  missing: readonly FeedId[],
): IndicatorResult {
  return trigger === undefined
    ? { indicator, result, value, valueHigh, unit, line, points, evidence, missing }
    : { indicator, result, value, valueHigh, unit, line, points, trigger, evidence, missing };
}

// The engine lays an object out by the first it sees. Having seen null before any number it keeps these fields open to both;
// the other way round it lays them out for numbers alone and throws all compiled code away at the first null.
for (const number of [null, 0, null]) {
  for (const trigger of [undefined, 'none']) {
    resultOf('', 'miss', number, number, 'fen', number, Object.freeze({ low: 0, high: 0 }), trigger, NO_EVIDENCE, NO_FEEDS);
  }
}

/** Holds the bounds of a measure against the lines: the trace of one indicator. */
function score(
  run: Run,
  frame: Frame,
  indicator: CompiledIndicator,
  condition: Truth,
  value: number | null,
  high: number,
  evidence: readonly Evidence[],
  missing: readonly FeedId[],
): IndicatorResult {
  const ladder = frame.ladders[indicator.index];
  const low = value ?? 0;
  const reached = ladder === undefined ? 0 : stepsReached(ladder, low);
  const reachable = ladder === undefined || high === low ? reached : stepsReached(ladder, high);
  // While the condition is open nothing is certain, whatever the value.
  const certain = condition === YES ? reached : 0;
  const rung = ladder?.rungs[certain];
  const highest = ladder?.rungs[reachable];
  if (ladder === undefined || rung === undefined || highest === undefined) throw new RangeError('a frame of another pack');
  run.rankLow = rung.rank;
  run.rankHigh = highest.rank;
  run.pointsLow = rung.worth;
  run.pointsHigh = highest.worth;
  const result = certain > 0 ? 'hit' : reachable > 0 ? 'unknown' : 'miss';
  const valueHigh = high === Number.POSITIVE_INFINITY ? null : high;
  run.known = value !== null && value === valueHigh && result !== 'unknown';
  const { id, unit } = indicator;
  const line = reached === certain ? rung.line : (ladder.rungs[reached]?.line ?? null);
  const points = rung.points[reachable] ?? { low: 0, high: 0 };
  return resultOf(id, result, value, valueHigh, unit, line, points, rung.trigger, evidence, missing);
}

/** The same as `score` for a value without doubt, which is nearly all there are: nothing to hold apart. */
function scoreKnown(
  run: Run,
  frame: Frame,
  indicator: CompiledIndicator,
  value: number,
  evidence: readonly Evidence[],
): IndicatorResult {
  const ladder = frame.ladders[indicator.index];
  const reached = ladder === undefined ? 0 : stepsReached(ladder, value);
  const rung = ladder?.rungs[reached];
  if (rung === undefined) throw new RangeError('a frame of another pack');
  const { rank, worth, line, settled, trigger } = rung;
  run.rankLow = rank;
  run.rankHigh = rank;
  run.pointsLow = worth;
  run.pointsHigh = worth;
  run.known = true;
  const { id, unit } = indicator;
  return resultOf(id, reached > 0 ? 'hit' : 'miss', value, value, unit, line, settled, trigger, evidence, NO_FEEDS);
}

function leafEvidence(tally: Tally): readonly Evidence[] {
  const { best, low, count, facts, amounts } = tally;
  if (best !== undefined) return [evidenceOf(best, low)];
  const first = facts[0];
  // One row is the most usual; a literal takes only the memory it needs.
  return count === 1 && first !== undefined ? [evidenceOf(first, amounts[0])] : evidenceList(facts, amounts, count);
}

function scoreOpenLeaf(
  compiled: CompiledPack,
  run: Run,
  frame: Frame,
  indicator: CompiledIndicator,
  leaf: Leaf,
  evidence: readonly Evidence[],
): IndicatorResult {
  const { index, tally } = leaf;
  const { low } = tally;
  const high = leaf.kind === 'exists' ? 1 : Number.POSITIVE_INFINITY;
  const value = tally.count > 0 || frame.leafPartKnown[index] === true ? low : null;
  const missing = high === low ? NO_FEEDS : missingOf(compiled, frame, [leaf]);
  return score(run, frame, indicator, YES, value, high, evidence, missing);
}

/** The common case: one leaf, no condition left open, nobody to leave out. Nothing to gather, the leaf has its answer. */
function scoreLeaf(compiled: CompiledPack, run: Run, frame: Frame, indicator: CompiledIndicator, leaf: Leaf): IndicatorResult {
  const { index, tally } = leaf;
  const { low } = tally;
  let { evidence } = tally;
  if (evidence === undefined) {
    evidence = leafEvidence(tally);
    // Kept only where another indicator may ask for it, and where the next deal forgets it: at leaves that facts touched.
    if (tally.touched && leaf.shared) tally.evidence = evidence;
  }
  if (!tally.uncertain && frame.leafOpen[index] === false) return scoreKnown(run, frame, indicator, low, evidence);
  return scoreOpenLeaf(compiled, run, frame, indicator, leaf, evidence);
}

function scoreIndicator(
  compiled: CompiledPack,
  run: Run,
  frame: Frame,
  indicator: CompiledIndicator,
  condition: Truth,
): IndicatorResult {
  const { leaf, per } = indicator;
  if (leaf !== undefined && condition === YES && (per === 'household' || leaf.tally.onePerson)) {
    return scoreLeaf(compiled, run, frame, indicator, leaf);
  }
  evaluateMeasure(run, frame, indicator);
  const { low, high, partKnown, openLeaves } = run;
  if (condition === UNKNOWN) openLeaves.push(...indicator.whenLeaves);
  const value = partKnown || low !== 0 ? low : null;
  const missing = missingOf(compiled, frame, openLeaves);
  return score(
    run,
    frame,
    indicator,
    condition,
    value,
    high,
    evidenceList(run.evidenceFacts, run.evidenceAmounts, run.evidenceFacts.length),
    missing,
  );
}

/** Works out, once per frame, what every indicator answers when no fact touches it: shared by all such households. */
function fillBlanks(compiled: CompiledPack, run: Run, frame: Frame): void {
  run.facts = [];
  run.members = [];
  dealFacts(compiled, run, frame);
  for (const indicator of compiled.indicators) {
    const blank = scoreIndicator(compiled, run, frame, indicator, YES);
    frame.blanks.push(Object.freeze(blank));
    frame.blankHigh.push(run.pointsHigh);
    frame.blankHighRank.push(run.rankHigh);
    frame.blankKnown.push(run.known);
    frame.asked.push(indicator.always || (indicator.when !== undefined && blank.result !== 'miss'));
  }
}

function gradeAt(compiled: CompiledPack, points: number, rank: number): Grade | null {
  for (let i = 0; i < compiled.grades.length; i++) {
    const grade = compiled.grades[i];
    if (grade === undefined) continue;
    if (points >= (compiled.gradeLines[i] ?? Number.POSITIVE_INFINITY) || grade.rank === rank) return grade;
  }
  return null;
}

/** The more urgent of two ranks; 0 is none. */
function moreUrgent(a: number, b: number): number {
  return a === 0 || (b !== 0 && b < a) ? b : a;
}

/**
 * Asks a household all questions of a pack as of a date. Pure: the same input gives the same bytes, in whatever order facts
 * and members come. A feed that is missing or stale never counts as nothing: what is known is the lower bound of the points,
 * the worst it could be the upper; the grade goes by the lower bound and triggers, the possible grade by the upper
 * (design invariants 3, 4, 6). Amounts in fen.
 */
export function assess(compiled: CompiledPack, input: AssessmentInput): Assessment {
  const { run, indicators } = compiled;
  const frame = frameOf(compiled, input.coverage, input.area, input.category, input.asOf);
  run.frame = frame;
  run.category = input.category;
  if (frame.blanks.length === 0) fillBlanks(compiled, run, frame);
  run.facts = input.facts;
  run.members = input.members;
  dealFacts(compiled, run, frame);

  const { touched, epoch } = run;
  const { asked, blankHigh, blankHighRank, blankKnown } = frame;
  const results = frame.blanks.slice();
  let low = 0;
  let high = 0;
  let rankLow = 0;
  let rankHigh = 0;
  let known = 0;
  for (let i = 0; i < indicators.length; i++) {
    if (touched[i] !== epoch && asked[i] === false) {
      high += blankHigh[i] ?? 0;
      rankHigh = moreUrgent(rankHigh, blankHighRank[i] ?? 0);
      if (blankKnown[i] === true) known++;
      continue;
    }
    const indicator = indicators[i];
    if (indicator === undefined) continue;
    const condition = indicator.when === undefined ? YES : indicator.when(run);
    if (condition === NO) {
      const excluded = frame.excluded[i];
      if (excluded !== undefined) results[i] = excluded;
      known++;
      continue;
    }
    results[i] = scoreIndicator(compiled, run, frame, indicator, condition);
    low += run.pointsLow;
    high += run.pointsHigh;
    rankLow = moreUrgent(rankLow, run.rankLow);
    rankHigh = moreUrgent(rankHigh, run.rankHigh);
    if (run.known) known++;
  }
  return {
    household: input.household,
    area: input.area,
    category: input.category,
    pack: compiled.pack.id,
    version: compiled.pack.version,
    family: compiled.pack.family,
    asOf: input.asOf,
    points: { low, high },
    completeness: Math.round((known / indicators.length) * 10_000) / 10_000,
    grade: gradeAt(compiled, low, rankLow),
    possibleGrade: gradeAt(compiled, high, rankHigh),
    results,
  };
}

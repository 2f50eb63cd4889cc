import type { FeedId } from '../catalog/feed.ts';
import type { Fact } from '../facts/fact.ts';
import type { Assessment, AssessmentInput, Evidence, Grade, IndicatorResult } from './assessment.ts';
import {
  type CompiledIndicator,
  type CompiledPack,
  type Frame,
  type Leaf,
  NO,
  type Run,
  type Step,
  type Truth,
  UNKNOWN,
  YES,
} from './compiled.ts';
import { compareFacts, evaluateMeasure } from './evaluate.ts';
import { frameOf } from './frame.ts';

const NO_FEEDS: readonly FeedId[] = Object.freeze([]);
const NO_EVIDENCE: readonly Evidence[] = Object.freeze([]);
const NO_POINTS: IndicatorResult['points'] = Object.freeze({ low: 0, high: 0 });

/** What a row contributes: NaN for a row without the amount asked for. Deductions never push a charge below nothing. */
function amountOf(leaf: Leaf, fields: Fact['fields']): number {
  let charged = 0;
  let found = false;
  for (const name of leaf.plus) {
    const value = fields[name];
    if (typeof value !== 'number') continue;
    charged += value;
    found = true;
  }
  if (!found) return Number.NaN;
  if (leaf.minus.length === 0) return charged;
  let net = charged;
  for (const name of leaf.minus) {
    const value = fields[name];
    if (typeof value === 'number') net -= value;
  }
  return charged > 0 && net < 0 ? 0 : net;
}

/** Whether a row of a complete list still stands: named in the latest list, gone from it, or perhaps in a refused row. */
function onLatestList(run: Run, frame: Frame, feed: number, fact: Fact): Truth {
  const end = fact.seq.slice(0, 10);
  const asOf = frame.asOf;
  // A list for the running month is labelled by its last day and may already be here.
  if (end > asOf && end.slice(0, 7) !== asOf.slice(0, 7)) return NO;
  let latest = frame.listEnd[feed] ?? '';
  if (latest === '') {
    // No list is on record for this county: the newest one that names somebody of the household stands in for it.
    for (const other of run.facts)
      if (other.feed === fact.feed && other.seq.slice(0, 10) > latest) latest = other.seq.slice(0, 10);
  }
  if (end >= latest) return YES;
  return end >= (frame.completeEnd[feed] ?? '') && frame.completeEnd[feed] !== latest ? UNKNOWN : NO;
}

function rowCounts(run: Run, frame: Frame, compiled: CompiledPack, leaf: Leaf, feed: number, fact: Fact): Truth {
  let answer: Truth = YES;
  if (!leaf.current) {
    if (fact.from < (frame.windowStart[leaf.window] ?? '') || fact.from > (frame.windowEnd[leaf.window] ?? '')) return NO;
  } else if (compiled.feeds[feed]?.kind === 'snapshot') {
    answer = onLatestList(run, frame, feed, fact);
    if (answer === NO) return NO;
  } else if (fact.from > frame.asOf || (fact.to !== undefined && fact.to < frame.asOf)) return NO;
  if (leaf.filter === undefined) return answer;
  const passes = leaf.filter(fact.fields);
  return passes === YES ? answer : passes;
}

/** Deals each fact once to the leaves that read its feed. */
function dealFacts(compiled: CompiledPack, run: Run, frame: Frame): void {
  for (const index of run.touchedLeaves) {
    const facts = run.leafFacts[index];
    const amounts = run.leafAmounts[index];
    if (facts !== undefined) facts.length = 0;
    if (amounts !== undefined) amounts.length = 0;
    run.leafUncertain[index] = false;
  }
  run.touchedLeaves.length = 0;
  run.epoch = run.epoch === 0x7fffffff ? 1 : run.epoch + 1;
  for (const fact of run.facts) {
    const feed = compiled.feedIndex.get(fact.feed);
    if (feed === undefined) continue;
    const readers = compiled.readers[feed];
    if (readers === undefined) continue;
    for (const leaf of readers) {
      const counts = rowCounts(run, frame, compiled, leaf, feed, fact);
      if (counts === NO) continue;
      if (counts === UNKNOWN) run.leafUncertain[leaf.index] = true;
      else {
        let amount = Number.NaN;
        if (leaf.plus.length > 0) {
          amount = amountOf(leaf, fact.fields);
          if (Number.isNaN(amount) || (amount === 0 && leaf.kind !== 'latest')) continue;
        }
        run.leafFacts[leaf.index]?.push(fact);
        run.leafAmounts[leaf.index]?.push(amount);
      }
      run.touchedLeaves.push(leaf.index);
      for (const indicator of compiled.touches[leaf.index] ?? []) run.touched[indicator] = run.epoch;
    }
  }
}

function reached(step: Step, value: number): boolean {
  return step.over ? value > step.line || value === Number.POSITIVE_INFINITY : value >= step.line;
}

/** The rows that counted, by date; a row counted by two parts of a sum is one piece of evidence with both amounts. */
function evidenceOf(run: Run): readonly Evidence[] {
  const { evidenceFacts: facts, evidenceAmounts: amounts } = run;
  if (facts.length === 0) return NO_EVIDENCE;
  const order = facts.map((_, i) => i);
  if (facts.length > 1) {
    order.sort((a, b) => {
      const [left, right] = [facts[a], facts[b]];
      return left === undefined || right === undefined ? 0 : compareFacts(left, right);
    });
  }
  const evidence: Evidence[] = [];
  let previous: Fact | undefined;
  for (const i of order) {
    const fact = facts[i];
    if (fact === undefined) continue;
    const amount = amounts[i] ?? Number.NaN;
    const { feed, file, row, from: date, person } = fact;
    if (fact === previous) {
      const last = evidence.pop();
      if (last === undefined) continue;
      evidence.push(Number.isNaN(amount) ? last : { ...last, amount: (last.amount ?? 0) + amount });
      continue;
    }
    previous = fact;
    evidence.push(Number.isNaN(amount) ? { feed, file, row, date, person } : { feed, file, row, date, person, amount });
  }
  return evidence;
}

/** Feeds that left the indicator open, each once, in catalog order. */
function missingOf(compiled: CompiledPack, run: Run, frame: Frame, leaves: readonly Leaf[]): readonly FeedId[] {
  const only = leaves.length === 1 ? leaves[0] : undefined;
  if (leaves.length === 0) return NO_FEEDS;
  if (only !== undefined && run.leafUncertain[only.index] !== true) return frame.leafMissing[only.index] ?? NO_FEEDS;
  const missing = new Set<FeedId>();
  for (const leaf of leaves) {
    const uncertain = run.leafUncertain[leaf.index] === true;
    for (const feed of uncertain ? leaf.feeds.map((i) => compiled.feeds[i]?.id) : (frame.leafMissing[leaf.index] ?? [])) {
      if (feed !== undefined) missing.add(feed);
    }
  }
  return [...missing].sort((a, b) => (compiled.feedIndex.get(a) ?? 0) - (compiled.feedIndex.get(b) ?? 0));
}

/** Rank of the most urgent grade the last indicator evaluated could still fire; 0 for none. Read right after the call. */
let highRank = 0;

function evaluateIndicator(
  compiled: CompiledPack,
  run: Run,
  frame: Frame,
  indicator: CompiledIndicator,
  condition: Truth,
): IndicatorResult {
  evaluateMeasure(run, frame, indicator);
  const { low, high, partKnown } = run;
  const steps = frame.steps[indicator.index] ?? [];
  let [pointsLow, pointsHigh, rankLow, rankHigh] = [0, 0, 0, 0];
  let lineReached = -1;
  let lineFired = -1;
  let lineAhead = -1;
  let couldReach = false;
  for (const step of steps) {
    if (reached(step, high)) {
      couldReach = true;
      if (step.points > pointsHigh) pointsHigh = step.points;
      if (step.gradeRank > 0 && (rankHigh === 0 || step.gradeRank < rankHigh)) rankHigh = step.gradeRank;
    }
    if (reached(step, low)) {
      lineReached = step.line;
      if (step.gradeRank > 0) lineFired = step.line;
      if (step.points > pointsLow) pointsLow = step.points;
      if (step.gradeRank > 0 && (rankLow === 0 || step.gradeRank < rankLow)) rankLow = step.gradeRank;
    } else if (lineAhead < 0 && Number.isFinite(step.line)) lineAhead = step.line;
  }
  const hit = lineReached >= 0 && condition === YES;
  if (!hit) [pointsLow, rankLow] = [0, 0];
  highRank = rankHigh;
  if (condition === UNKNOWN && couldReach) for (const leaf of indicator.whenLeaves) run.openLeaves.push(leaf);
  const line = lineFired >= 0 ? lineFired : lineReached >= 0 ? lineReached : lineAhead;
  const trigger = rankLow === 0 ? undefined : compiled.grades.find((grade) => grade.rank === rankLow)?.id;
  return {
    indicator: indicator.id,
    result: hit ? 'hit' : couldReach ? 'unknown' : 'miss',
    value: partKnown || low !== 0 ? low : null,
    valueHigh: Number.isFinite(high) ? high : null,
    unit: indicator.unit,
    line: indicator.unit === 'yes-no' || line < 0 ? null : line,
    points: pointsLow === 0 && pointsHigh === 0 ? NO_POINTS : { low: pointsLow, high: pointsHigh },
    ...(trigger === undefined ? undefined : { trigger }),
    evidence: evidenceOf(run),
    missing: missingOf(compiled, run, frame, run.openLeaves),
  };
}

/** Works out, once per frame, what every indicator answers when no fact touches it: shared by all such households. */
function fillBlanks(compiled: CompiledPack, run: Run, frame: Frame): void {
  for (const indicator of compiled.indicators) {
    frame.blanks.push(Object.freeze(evaluateIndicator(compiled, run, frame, indicator, YES)));
    frame.blankHighRank.push(highRank);
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
  const run = compiled.run;
  const frame = frameOf(compiled, input.coverage, input.area, input.category, input.asOf);
  run.frame = frame;
  run.category = input.category;
  if (frame.blanks.length === 0) {
    run.facts = [];
    run.members = [];
    dealFacts(compiled, run, frame);
    fillBlanks(compiled, run, frame);
  }
  run.facts = input.facts;
  run.members = input.members;
  dealFacts(compiled, run, frame);

  const indicators = compiled.indicators;
  const results: IndicatorResult[] = frame.blanks.slice();
  let [low, high, rankLow, rankHigh, known] = [0, 0, 0, 0, 0];
  for (let i = 0; i < indicators.length; i++) {
    let result = results[i];
    const indicator = indicators[i];
    if (result === undefined || indicator === undefined) continue;
    let couldFire = frame.blankHighRank[i] ?? 0;
    if (run.touched[i] === run.epoch || indicator.always || (indicator.when !== undefined && result.result !== 'miss')) {
      const condition = indicator.when === undefined ? YES : indicator.when(run);
      if (condition === NO) {
        result = frame.excluded[i] ?? result;
        couldFire = 0;
      } else {
        result = evaluateIndicator(compiled, run, frame, indicator, condition);
        couldFire = highRank;
      }
      results[i] = result;
    }
    low += result.points.low;
    high += result.points.high;
    if (result.excluded === true || (result.value !== null && result.value === result.valueHigh && result.result !== 'unknown'))
      known++;
    if (couldFire !== 0) rankHigh = moreUrgent(rankHigh, couldFire);
    if (result.trigger !== undefined) {
      for (const grade of compiled.grades) if (grade.id === result.trigger) rankLow = moreUrgent(rankLow, grade.rank);
    }
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

import type { FeedId } from '../catalog/feed.ts';
import type { Assessment, AssessmentInput, Evidence, Grade, IndicatorResult } from './assessment.ts';
import {
  type CompiledIndicator,
  type CompiledPack,
  type Frame,
  type FrameLeaf,
  type Leaf,
  NO,
  type Question,
  type Run,
  type Tally,
  type Truth,
  UNKNOWN,
  YES,
} from './compiled.ts';
import { dealFacts } from './deal.ts';
import { evaluateMeasure } from './evaluate.ts';
import { evidenceOfRows, mergedEvidence, NO_EVIDENCE, NO_FEEDS } from './evidence.ts';
import { frameOf } from './frame.ts';
import { type Rung, rungAt } from './ladder.ts';

/** Feeds that left the indicator open, each once, in catalog order. */
function missingOf(compiled: CompiledPack, frame: Frame, leaves: readonly Leaf[]): readonly FeedId[] {
  if (leaves.length === 0) return NO_FEEDS;
  const only = leaves.length === 1 ? leaves[0] : undefined;
  if (only !== undefined && !only.tally.uncertain) return frame.leaves[only.index]?.missing ?? NO_FEEDS;
  const missing = new Set<FeedId>();
  for (const { index, feeds, tally } of leaves) {
    const open = tally.uncertain ? feeds.map((i) => compiled.feeds[i]?.id) : (frame.leaves[index]?.missing ?? []);
    for (const feed of open) if (feed !== undefined) missing.add(feed);
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

/** The more urgent of two ranks; 0 is none. */
function moreUrgent(a: number, b: number): number {
  return a === 0 || (b !== 0 && b < a) ? b : a;
}

/** Holds the bounds of a measure against the lines: the trace of one indicator. Adds to the totals of the run. */
function score(
  run: Run,
  question: Question,
  condition: Truth,
  value: number | null,
  high: number,
  evidence: readonly Evidence[],
  missing: readonly FeedId[],
): IndicatorResult {
  const { indicator, ladder } = question;
  const low = value ?? 0;
  const reached = rungAt(ladder, low);
  const reachable = high === low ? reached : rungAt(ladder, high);
  // While the condition is open nothing is certain, whatever the value.
  const certain = condition === YES ? reached : ladder;
  run.rankLow = moreUrgent(run.rankLow, certain.rank);
  run.rankHigh = moreUrgent(run.rankHigh, reachable.rank);
  run.pointsLow += certain.worth;
  run.pointsHigh += reachable.worth;
  const result = certain.height > 0 ? 'hit' : reachable.height > 0 ? 'unknown' : 'miss';
  const valueHigh = high === Number.POSITIVE_INFINITY ? null : high;
  if (value !== null && value === valueHigh && result !== 'unknown') run.known++;
  const { id, unit } = indicator;
  const points = certain.points[reachable.height] ?? { low: certain.worth, high: reachable.worth };
  return resultOf(id, result, value, valueHigh, unit, reached.line, points, certain.trigger, evidence, missing);
}

/** The trace of one indicator whose value is without doubt. */
function knownResult(indicator: CompiledIndicator, rung: Rung, value: number, evidence: readonly Evidence[]): IndicatorResult {
  const { outcome, line, settled, trigger } = rung;
  return resultOf(indicator.id, outcome, value, value, indicator.unit, line, settled, trigger, evidence, NO_FEEDS);
}

function leafEvidence({ best, rows, count }: Tally): readonly Evidence[] {
  return best === undefined ? evidenceOfRows(rows, count) : best.evidence;
}

function ofOnePerson({ rows, count }: Tally): boolean {
  const person = rows[0]?.fact.person;
  for (let i = 1; i < count; i++) if (rows[i]?.fact.person !== person) return false;
  return true;
}

/** One leaf and nobody to leave out: nothing to gather, the leaf has its answer, or what is known of it. */
function scoreLeaf(compiled: CompiledPack, run: Run, frame: Frame, question: Question, leaf: Leaf): IndicatorResult {
  const { kind, index, tally } = leaf;
  const { low, count, uncertain } = tally;
  const within = frame.leaves[index];
  const open = uncertain || within?.open !== false;
  const high = !open ? low : kind === 'exists' ? 1 : Number.POSITIVE_INFINITY;
  const value = count > 0 || within?.partKnown === true ? low : null;
  const missing = high === low ? NO_FEEDS : missingOf(compiled, frame, [leaf]);
  return score(run, question, YES, value, high, leafEvidence(tally), missing);
}

/** Works the measure out over all its leaves. */
function scoreMeasure(compiled: CompiledPack, run: Run, frame: Frame, question: Question, condition: Truth): IndicatorResult {
  const { indicator } = question;
  evaluateMeasure(run, frame, indicator);
  const { low, high, partKnown, counted, openLeaves } = run;
  if (condition === UNKNOWN) openLeaves.push(...indicator.whenLeaves);
  const value = partKnown || low !== 0 ? low : null;
  return score(run, question, condition, value, high, mergedEvidence(counted), missingOf(compiled, frame, openLeaves));
}

function scoreQuestion(compiled: CompiledPack, run: Run, frame: Frame, question: Question, condition: Truth): IndicatorResult {
  const { leaf } = question.indicator;
  return leaf !== undefined && condition === YES && (!question.perPerson || ofOnePerson(leaf.tally))
    ? scoreLeaf(compiled, run, frame, question, leaf)
    : scoreMeasure(compiled, run, frame, question, condition);
}

/** Puts the answer to a question in the place of its blank. */
function answerQuestion(compiled: CompiledPack, run: Run, frame: Frame, question: Question, results: IndicatorResult[]): void {
  run.pointsHigh -= question.blankHigh;
  run.known -= question.blankKnown;
  const { index, when } = question.indicator;
  const condition = when === undefined ? YES : when(run);
  if (condition === NO) {
    results[index] = question.excluded;
    run.known++;
    return;
  }
  const result = scoreQuestion(compiled, run, frame, question, condition);
  results[index] = condition === YES ? result : { ...result, conditionUnknown: true };
}

/** Answers what a leaf answers alone. Where it is known, which is nearly always, there is nothing to hold apart. */
function answerLeaf(compiled: CompiledPack, run: Run, frame: Frame, leaf: FrameLeaf, results: IndicatorResult[]): void {
  const { tally, open, answers } = leaf;
  const { low, uncertain } = tally;
  const evidence = leafEvidence(tally);
  for (let i = 0; i < answers.length; i++) {
    const question = answers[i];
    if (question === undefined) continue;
    if (open || uncertain || (question.perPerson && !ofOnePerson(tally))) {
      answerQuestion(compiled, run, frame, question, results);
      continue;
    }
    const { indicator, ladder } = question;
    const rung = rungAt(ladder, low);
    const { rank, worth } = rung;
    run.pointsLow += worth;
    run.pointsHigh += worth - question.blankHigh;
    if (rank !== 0) {
      run.rankLow = moreUrgent(run.rankLow, rank);
      run.rankHigh = moreUrgent(run.rankHigh, rank);
    }
    results[indicator.index] = knownResult(indicator, rung, low, evidence);
  }
}

/** The most urgent rank that questions no fact touches could still reach. */
function untouchedRank(frame: Frame): number {
  let rank = 0;
  // Where all feeds are known, none can.
  if (frame.blankRank === 0) return rank;
  for (const { touched, blankRank, indicator } of frame.questions) {
    if (!touched && indicator.leaf?.tally.touched !== true) rank = moreUrgent(rank, blankRank);
  }
  return rank;
}

/** The answers to all questions: the blanks, but for those that facts touch. Leaves the totals in the run. */
function answerAll(compiled: CompiledPack, run: Run, frame: Frame): IndicatorResult[] {
  const results = frame.blanks.slice();
  run.pointsLow = 0;
  run.pointsHigh = frame.blankHigh;
  run.rankLow = 0;
  run.rankHigh = untouchedRank(frame);
  run.known = frame.blankKnown;
  const { leaves, leafCount, questions, questionCount } = run;
  for (let i = 0; i < leafCount; i++) {
    const leaf = leaves[i];
    if (leaf !== undefined) answerLeaf(compiled, run, frame, leaf, results);
  }
  for (let i = 0; i < questionCount; i++) {
    const question = questions[i];
    if (question !== undefined) answerQuestion(compiled, run, frame, question, results);
  }
  return results;
}

/** Works out, once per frame, what every indicator answers when no fact touches it: shared by all such households. */
function fillBlanks(compiled: CompiledPack, run: Run, frame: Frame): void {
  run.facts = [];
  run.members = [];
  dealFacts(run, frame);
  for (const question of frame.questions) {
    run.pointsLow = 0;
    run.pointsHigh = 0;
    run.rankLow = 0;
    run.rankHigh = 0;
    run.known = 0;
    const blank = scoreQuestion(compiled, run, frame, question, YES);
    frame.blanks.push(Object.freeze(blank));
    question.blankHigh = run.pointsHigh;
    question.blankRank = run.rankHigh;
    question.blankKnown = run.known;
    frame.blankHigh += run.pointsHigh;
    frame.blankRank = moreUrgent(frame.blankRank, run.rankHigh);
    frame.blankKnown += run.known;
    const { always, when } = question.indicator;
    if (always || (when !== undefined && blank.result !== 'miss')) frame.asked.push(question);
  }
}

function gradeAt(compiled: CompiledPack, points: number, rank: number): Grade | null {
  const { grades, gradeLines } = compiled;
  for (let i = 0; i < grades.length; i++) {
    const grade = grades[i];
    if (grade === undefined) continue;
    if (points >= (gradeLines[i] ?? Number.POSITIVE_INFINITY) || grade.rank === rank) return grade;
  }
  return null;
}

/**
 * Asks a household all questions of a pack as of a date. Pure: the same input gives the same bytes, in whatever order facts
 * and members come. A feed that is missing or stale never counts as nothing: what is known is the lower bound of the points,
 * the worst it could be the upper; the grade goes by the lower bound and triggers, the possible grade by the upper
 * (design invariants 3, 4, 6). Amounts in fen.
 */
export function assess(compiled: CompiledPack, input: AssessmentInput): Assessment {
  const { run, pack } = compiled;
  const { household, area, category, asOf } = input;
  const frame = frameOf(compiled, input.coverage, area, category, asOf);
  run.frame = frame;
  run.category = category;
  if (frame.blanks.length === 0) fillBlanks(compiled, run, frame);
  run.facts = input.facts;
  run.members = input.members;
  dealFacts(run, frame);
  const results = answerAll(compiled, run, frame);
  const { pointsLow: low, pointsHigh: high } = run;
  return {
    household,
    area,
    category,
    pack: pack.id,
    version: pack.version,
    family: pack.family,
    asOf,
    points: { low, high },
    completeness: Math.round((run.known / results.length) * 10_000) / 10_000,
    grade: gradeAt(compiled, low, run.rankLow),
    possibleGrade: gradeAt(compiled, high, run.rankHigh),
    results,
  };
}

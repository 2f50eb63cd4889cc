import type { Grade, IndicatorResult } from './assessment.ts';
import type { Step, Unit } from './compiled.ts';

type Points = IndicatorResult['points'];

/** What holds when so many steps of a ladder are reached. */
export interface Rung {
  /** Rank of the most urgent grade fired, 0 for none; and the points of the highest band reached. */
  readonly rank: number;
  readonly worth: number;
  readonly trigger: string | undefined;
  /** The line to show: the highest trigger line reached, else the highest line reached, else the lowest one; null if none. */
  readonly line: number | null;
  /** Points when this rung is certain and none above it can be reached. */
  readonly settled: Points;
  /** Points when this rung is certain, by the rung that could be reached: shared, so that a result need not make its own. */
  readonly points: readonly Points[];
}

/** The steps of one indicator, lowest first, laid out so that a value is placed by counting the thresholds it reaches. */
export interface Ladder {
  /** A value at or over `thresholds[i]` reaches step i. */
  readonly thresholds: Float64Array;
  /** Entry `n`: `n` steps are reached. */
  readonly rungs: readonly Rung[];
}

/** The smallest value that counts as over the line: one fen or one more for whole numbers, the next ratio for ratios. */
function thresholdOf(step: Step, unit: Unit): number {
  if (!step.over) return step.line;
  return unit === 'ratio' ? step.line * (1 + Number.EPSILON) : step.line + 1;
}

/** Lays out sorted steps. An infinite line is one whose value is not known: only an open upper bound reaches it. */
export function ladderOf(steps: readonly Step[], unit: Unit, grades: readonly Grade[]): Ladder {
  const first = steps.find((step) => Number.isFinite(step.line))?.line;
  const points = [0];
  const rank = [0];
  const line: (number | null)[] = [unit === 'yes-no' ? null : (first ?? null)];
  let fired: number | undefined;
  steps.forEach((step, i) => {
    const before = rank[i] ?? 0;
    points.push(Math.max(points[i] ?? 0, step.points));
    rank.push(step.gradeRank > 0 && (before === 0 || step.gradeRank < before) ? step.gradeRank : before);
    if (step.gradeRank > 0) fired = step.line;
    line.push(unit === 'yes-no' ? null : (fired ?? step.line));
  });
  return {
    thresholds: Float64Array.from(steps, (step) => thresholdOf(step, unit)),
    rungs: points.map((low, i) => ({
      rank: rank[i] ?? 0,
      worth: low,
      trigger: grades.find((grade) => grade.rank === rank[i])?.id,
      line: line[i] ?? null,
      settled: Object.freeze({ low, high: low }),
      points: points.map((high) => Object.freeze({ low, high })),
    })),
  };
}

/** How many steps a value reaches. */
export function stepsReached(ladder: Ladder, value: number): number {
  const { thresholds } = ladder;
  let n = 0;
  while (n < thresholds.length && value >= (thresholds[n] ?? Number.NaN)) n++;
  return n;
}

import type { Grade, IndicatorResult } from './assessment.ts';
import type { Step, Unit } from './compiled.ts';

type Points = IndicatorResult['points'];

/** What holds when so many steps of an indicator are reached. */
export interface Rung {
  /** How many. */
  readonly height: number;
  /** The rung above, undefined at the top, and the smallest value that reaches it. */
  readonly above: Rung | undefined;
  readonly reach: number;
  /** `hit` when a step is reached. */
  readonly outcome: 'hit' | 'miss';
  /** Rank of the most urgent grade fired, 0 for none; and the points of the highest band reached. */
  readonly rank: number;
  readonly worth: number;
  readonly trigger: string | undefined;
  /** The line to show: the highest trigger line reached, else the highest line reached, else the lowest one; null if none. */
  readonly line: number | null;
  /** Points when this rung is certain and none above it can be reached. */
  readonly settled: Points;
  /** Points when this rung is certain, by the height that could be reached: shared, so that a result need not make its own. */
  readonly points: readonly Points[];
}

/** The smallest value that counts as over the line: one fen or one more for whole numbers, the next ratio for ratios. */
function thresholdOf(step: Step, unit: Unit): number {
  if (!step.over) return step.line;
  return unit === 'ratio' ? step.line * (1 + Number.EPSILON) : step.line + 1;
}

/**
 * The lowest rung of the ladder that sorted steps make. An infinite line is one whose value is not known: only an open upper
 * bound reaches it.
 */
export function ladderOf(steps: readonly Step[], unit: Unit, grades: readonly Grade[]): Rung {
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
  const rungAbove = (height: number, above: Rung | undefined): Rung => {
    const low = points[height] ?? 0;
    const next = steps[height];
    return {
      height,
      above,
      reach: next === undefined ? 0 : thresholdOf(next, unit),
      outcome: height > 0 ? 'hit' : 'miss',
      rank: rank[height] ?? 0,
      worth: low,
      trigger: grades.find((grade) => grade.rank === rank[height])?.id,
      line: line[height] ?? null,
      settled: Object.freeze({ low, high: low }),
      points: points.map((high) => Object.freeze({ low, high })),
    };
  };
  let rung = rungAbove(steps.length, undefined);
  for (let height = steps.length - 1; height >= 0; height--) rung = rungAbove(height, rung);
  return rung;
}

/** The rung a value reaches from the lowest one. */
export function rungAt(lowest: Rung, value: number): Rung {
  let rung = lowest;
  for (let { above } = rung; above !== undefined && value >= rung.reach; above = rung.above) rung = above;
  return rung;
}

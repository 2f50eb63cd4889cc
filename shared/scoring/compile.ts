import type { Bilingual, Catalog } from '../catalog/feed.ts';
import { MeasureCompiler } from './compile-measure.ts';
import type { CompiledIndicator, CompiledPack, Leaf, Node, Run, StepPlan, Unit } from './compiled.ts';
import type { Band, Indicator, Line, Per, RulePack, Trigger } from './pack.ts';
import { PackError, type PackProblem } from './pack-error.ts';

export type { CompiledPack } from './compiled.ts';

function hasHolds(node: Node): boolean {
  if (node.kind === 'holds') return true;
  if (node.kind === 'add') return node.parts.some(hasHolds);
  return node.kind === 'ratio' && (hasHolds(node.of) || hasHolds(node.to));
}

function perOf(indicator: Indicator): Per {
  return 'per' in indicator.measure ? (indicator.measure.per ?? 'household') : 'household';
}

function numbersOf(line: Line): readonly number[] {
  if (typeof line === 'number') return [line];
  return 'by' in line ? [line.default, ...Object.values(line.values)] : [];
}

/** Checks the bands and triggers of an indicator and lays them out as steps. */
function compileSteps(indicator: Indicator, unit: Unit, path: string, pack: RulePack, compiler: MeasureCompiler): StepPlan[] {
  const wrong = (at: string, text: Bilingual): void => compiler.report(at, 'pack-wrong-type', text.zh, text.en);
  const plan = (step: Band | Trigger, at: string): StepPlan => {
    const line = step.from ?? step.over ?? null;
    if ((line === null) !== (unit === 'yes-no')) {
      wrong(at, {
        zh: '金额、次数、比值要写 from 或 over；是非题不写',
        en: 'give from or over for money, counts and ratios, and neither for a yes/no question',
      });
    }
    for (const value of line === null ? [] : numbersOf(line)) {
      if (unit === 'fen' && Math.abs(value * 100 - Math.round(value * 100)) > 1e-6) {
        wrong(at, { zh: '金额单位是元，最多两位小数', en: 'money is in yuan with at most two decimals' });
      }
    }
    if (typeof line === 'object' && line !== null && 'param' in line && !Object.hasOwn(pack.parameters, line.param)) {
      compiler.report(at, 'pack-unknown-parameter', `没有参数 ${line.param}`, `there is no parameter ${line.param}`);
    }
    const grade = 'grade' in step ? pack.grades.find((it) => it.id === step.grade) : undefined;
    if ('grade' in step && grade === undefined) {
      compiler.report(`${at}.grade`, 'pack-unknown-grade', `没有等级 ${step.grade}`, `there is no grade ${step.grade}`);
    }
    return {
      line,
      over: step.over !== undefined,
      scale: unit === 'fen' ? 100 : 1,
      points: 'points' in step ? step.points : 0,
      gradeRank: grade?.rank ?? 0,
    };
  };
  return [
    ...indicator.bands.map((band, i) => plan(band, `${path}.bands.${i}`)),
    ...indicator.triggers.map((trigger, i) => plan(trigger, `${path}.trigger.${i}`)),
  ];
}

/** Every leaf below a node, those of its conditions too. */
function leavesOf(node: Node): readonly Leaf[] {
  switch (node.kind) {
    case 'leaf':
      return [node.leaf];
    case 'add':
      return node.parts.flatMap(leavesOf);
    case 'ratio':
      return [...leavesOf(node.of), ...leavesOf(node.to)];
    case 'holds':
      return node.leaves;
  }
}

function compileIndicator(indicator: Indicator, index: number, pack: RulePack, compiler: MeasureCompiler): CompiledIndicator {
  const path = `indicators.${index}`;
  const { node, unit } = compiler.measure(indicator.measure, `${path}.measure`, false);
  const per = perOf(indicator);
  const whenLeaves: Leaf[] = [];
  const when = indicator.when === undefined ? undefined : compiler.condition(indicator.when, `${path}.when`, whenLeaves);
  return {
    id: indicator.id,
    index,
    unit,
    node,
    per,
    leaf: node.kind === 'leaf' && per !== 'head' ? node.leaf : undefined,
    when,
    whenLeaves,
    leaves: [...leavesOf(node), ...whenLeaves],
    steps: compileSteps(indicator, unit, path, pack, compiler),
    always: hasHolds(node),
  };
}

function newRun(): Run {
  return {
    frame: undefined,
    members: [],
    category: 'none',
    facts: [],
    rows: [],
    rowCount: 0,
    leaves: [],
    leafCount: 0,
    questions: [],
    questionCount: 0,
    low: 0,
    high: 0,
    partKnown: false,
    counted: [],
    openLeaves: [],
    pointsLow: 0,
    pointsHigh: 0,
    rankLow: 0,
    rankHigh: 0,
    known: 0,
  };
}

/**
 * Makes a pack ready to assess with: looks up every feed, field, grade and parameter, turns yuan into fen. The result keeps
 * working memory and may be used by one call at a time (assess() never waits, so that is every single-threaded use).
 * @throws PackError with every fault found: unknown feed, field, grade or parameter, or a value of the wrong type
 */
export function compilePack(pack: RulePack, catalog: Catalog): CompiledPack {
  const compiler = new MeasureCompiler(catalog);
  const indicators = pack.indicators.map((indicator, i) => compileIndicator(indicator, i, pack, compiler));
  const first = compiler.problems[0];
  if (first !== undefined) {
    const problems: PackProblem[] = compiler.problems.map(({ problem }) => problem);
    throw new PackError(first.code, `${pack.id} ${pack.version}`, problems);
  }
  const grades = pack.grades.toSorted((a, b) => a.rank - b.rank);
  return {
    pack,
    feeds: compiler.feeds,
    feedIndex: new Map(compiler.feeds.map((feed, i) => [feed.id, i])),
    windows: compiler.windows,
    leaves: compiler.leaves,
    indicators,
    grades: grades.map(({ id, rank, title }) => Object.freeze({ id, rank, title })),
    gradeLines: grades.map((grade) => grade.from ?? Number.POSITIVE_INFINITY),
    run: newRun(),
    frames: { coverage: undefined, shelf: undefined, byCoverage: new WeakMap() },
  };
}

import type { Bilingual, FeedId } from '../catalog/feed.ts';
import type { HouseholdCategory } from '../registry/household.ts';
import { categoryTitle } from '../registry/household-category.ts';
import type { Assessment, Evidence, IndicatorResult } from './assessment.ts';
import type { CompiledIndicator, CompiledPack } from './compiled.ts';
import { stepsOf } from './frame.ts';
import { valueText, yuanText } from './value-text.ts';

/** Rows named one by one in a sentence; the rest are counted, and all are in the evidence. */
const ROWS_NAMED = 12;
/** Ways the grade could change that are worth a coordinator's time. */
const CHANGES_NAMED = 3;

/** What a sentence about a household must know beside the trace. */
export interface ExplainContext {
  /** What the household already is: it decides what can be given (one cannot be given 低保 twice). */
  readonly category: HouseholdCategory;
}

/** The answer for a household in words: what it amounts to, every question with its answer, and what would change it. */
export interface Explanation {
  readonly summary: Bilingual;
  readonly reasons: readonly { readonly indicator: string; readonly text: Bilingual }[];
  readonly changes: readonly Bilingual[];
}

function join(...parts: readonly Bilingual[]): Bilingual {
  return { zh: parts.map((part) => part.zh).join(''), en: parts.map((part) => part.en).join('') };
}

const NOTHING: Bilingual = { zh: '', en: '' };

function titleOf(compiled: CompiledPack, id: string): Bilingual {
  return compiled.pack.indicators.find((indicator) => indicator.id === id)?.title ?? { zh: id, en: id };
}

export function feedTitles(compiled: CompiledPack, ids: readonly FeedId[]): Bilingual {
  const feeds = ids.map((id) => compiled.feeds[compiled.feedIndex.get(id) ?? -1]);
  return {
    zh: feeds.map((feed, i) => (feed === undefined ? ids[i] : `${feed.departmentTitle.zh}${feed.title.zh}`)).join('、'),
    en: feeds.map((feed, i) => (feed === undefined ? ids[i] : `${feed.departmentTitle.en}: ${feed.title.en}`)).join(', '),
  };
}

function rowsText(evidence: readonly Evidence[]): Bilingual {
  if (evidence.length === 0) return NOTHING;
  const named = evidence.slice(0, ROWS_NAMED);
  const rest = evidence.length - named.length;
  const zh = named.map((it) => (it.amount === undefined ? it.date : `${it.date} ${yuanText(it.amount)}元`)).join('、');
  const en = named.map((it) => (it.amount === undefined ? it.date : `${it.date} ${yuanText(it.amount)}`)).join(', ');
  return { zh: `（${zh}${rest > 0 ? `等，另有${rest}笔` : ''}）`, en: ` (${en}${rest > 0 ? ` and ${rest} more` : ''})` };
}

/**
 * The feed asked has come, but a row leaves it open whether it counts: it lacks what is asked, or was refused with others of its
 * list. A feed that has not come leaves no value at all.
 */
function isLeftOpenByRow(
  indicator: CompiledIndicator | undefined,
  { result, value, evidence, missing }: IndicatorResult,
): boolean {
  const asked = indicator?.node.kind === 'leaf' ? indicator.node.leaf.feeds.length : 0;
  return result === 'unknown' && asked === 1 && missing.length === 1 && value === 0 && evidence.length === 0;
}

/** Several rows make a sum; one row is the highest or the latest: the words say which. */
function foundText(indicator: CompiledIndicator | undefined, result: IndicatorResult): Bilingual {
  const { value, unit, evidence } = result;
  const rows = evidence.length;
  if (isLeftOpenByRow(indicator, result)) return { zh: '没有能够确认的记录', en: 'no record that settles it' };
  if (value === null || (value === 0 && rows === 0)) return { zh: '没有记录', en: 'no record' };
  if (unit === 'yes-no') return join({ zh: '有', en: 'yes' }, rowsText(evidence));
  const text = valueText(value, unit);
  if (unit !== 'fen') return join(text, rowsText(evidence));
  const kind = indicator?.node.kind === 'leaf' ? indicator.node.leaf.kind : 'sum';
  if (kind === 'max') return join({ zh: `最高一笔${text.zh}`, en: `highest ${text.en}` }, rowsText(evidence));
  if (kind === 'latest') return join({ zh: `最近一笔${text.zh}`, en: `latest ${text.en}` }, rowsText(evidence));
  return join(
    { zh: `${rows}笔合计${text.zh}`, en: `${text.en} in ${rows} ${rows === 1 ? 'item' : 'items'}` },
    rowsText(evidence),
  );
}

/** Whether the line has to be passed, not only reached. */
function isStrict(indicator: CompiledIndicator | undefined, line: number): boolean {
  const steps = indicator?.steps ?? [];
  const same = steps.filter((step) => typeof step.line === 'number' && Math.round(step.line * step.scale) === Math.round(line));
  return (same.length > 0 ? same : steps).some((step) => step.over);
}

function lineText(indicator: CompiledIndicator | undefined, result: IndicatorResult): Bilingual {
  if (result.line === null) return NOTHING;
  const line = valueText(result.line, result.unit);
  const strict = isStrict(indicator, result.line);
  if (result.result === 'hit') {
    return { zh: `，${strict ? '超过' : '达到'}${line.zh}的线`, en: `, ${strict ? 'above' : 'reaching'} the line of ${line.en}` };
  }
  return { zh: `，${strict ? '未超过' : '未达到'}${line.zh}`, en: `, not ${strict ? 'above' : 'reaching'} ${line.en}` };
}

function effectText(compiled: CompiledPack, result: IndicatorResult): Bilingual {
  const grade = compiled.grades.find((it) => it.id === result.trigger);
  const { low, high } = result.points;
  const fires =
    grade === undefined
      ? NOTHING
      : { zh: `，单独触发“${grade.title.zh}”预警`, en: `, fires the grade "${grade.title.en}" by itself` };
  const points = high === 0 ? NOTHING : { zh: `，计${low}分`, en: `, ${low} points` };
  return join(fires, points);
}

function missingText(compiled: CompiledPack, indicator: CompiledIndicator | undefined, result: IndicatorResult): Bilingual {
  const open = result.result === 'unknown';
  if (result.missing.length === 0) {
    return open ? { zh: '；资料不全，暂不能判断', en: '; details are lacking, so it cannot be told yet' } : NOTHING;
  }
  const feeds = feedTitles(compiled, result.missing);
  if (isLeftOpenByRow(indicator, result)) {
    return {
      zh: `；${feeds.zh}报来的数据内容不全，暂不能判断`,
      en: `; what was sent of ${feeds.en} is not complete, so it cannot be told yet`,
    };
  }
  return open
    ? {
        zh: `；缺少${feeds.zh}的最新数据，暂不能判断`,
        en: `; the latest data of ${feeds.en} are missing, so it cannot be told yet`,
      }
    : { zh: `；缺少${feeds.zh}的最新数据，实际可能更高`, en: `; the latest data of ${feeds.en} are missing, so it may be more` };
}

/**
 * One result of a trace as a sentence in both languages: the rows with dates and amounts in yuan, the line, the points, the
 * feeds missing, and what the household already is. Made from the trace alone; names no person and no diagnosis.
 */
export function explainResult(compiled: CompiledPack, result: IndicatorResult, context: ExplainContext): Bilingual {
  const title = titleOf(compiled, result.indicator);
  const head: Bilingual = { zh: `${title.zh}：`, en: `${title.en}: ` };
  const stop: Bilingual = { zh: '。', en: '.' };
  if (result.excluded === true) {
    return join(head, { zh: '该户不属于此项的对象', en: 'not asked of a household like this' }, stop);
  }
  const indicator = compiled.indicators.find((it) => it.id === result.indicator);
  const found = foundText(indicator, result);
  const missing = missingText(compiled, indicator, result);
  if (result.result === 'hit') {
    const already = categoryTitle[context.category];
    return join(head, found, lineText(indicator, result), effectText(compiled, result), missing, {
      zh: `。该户现为：${already.zh}。`,
      en: `. The household is already: ${already.en}.`,
    });
  }
  const line = result.evidence.length > 0 ? lineText(indicator, result) : NOTHING;
  return join(head, found, line, missing, stop);
}

/** A line not reached yet, and how far off it is as a share of the line. */
interface Near {
  readonly share: number;
  readonly text: Bilingual;
}

function nearestLine(compiled: CompiledPack, assessment: Explainable, result: IndicatorResult): Near | undefined {
  const indicator = compiled.indicators.find((it) => it.id === result.indicator);
  if (indicator === undefined || result.excluded === true || result.unit === 'yes-no') return undefined;
  // Whether the household is asked at all is open: no bill settles that.
  if (result.conditionUnknown === true) return undefined;
  const value = result.value ?? 0;
  const steps = stepsOf(indicator, compiled.pack, assessment.area.slice(0, 6), assessment.category, assessment.asOf);
  const step = steps.find((it) => Number.isFinite(it.line) && (it.over ? value <= it.line : value < it.line));
  if (step === undefined || value === 0) return undefined;
  // Beyond a strict line is one fen more; for counts one more.
  const more = step.line - value + (step.over && result.unit !== 'ratio' ? 1 : 0);
  const title = titleOf(compiled, result.indicator);
  const grade = compiled.grades.find((it) => it.rank === step.gradeRank);
  const moreText = valueText(more, result.unit);
  const effectZh = grade === undefined ? `计${step.points}分` : `触发“${grade.title.zh}”预警`;
  const effectEn = grade === undefined ? `give ${step.points} points` : `fire the grade "${grade.title.en}"`;
  return {
    share: more / step.line,
    text: { zh: `${title.zh}再增加${moreText.zh}，即${effectZh}`, en: `${moreText.en} more of ${title.en} would ${effectEn}` },
  };
}

/** The refund that would take the fired triggers back, the lowest of them too. */
function wayBack(compiled: CompiledPack, assessment: Explainable, result: IndicatorResult): Bilingual | undefined {
  const { value, unit } = result;
  const indicator = compiled.indicators.find((it) => it.id === result.indicator);
  if (indicator === undefined || result.trigger === undefined || unit !== 'fen' || value === null) return undefined;
  const steps = stepsOf(indicator, compiled.pack, assessment.area.slice(0, 6), assessment.category, assessment.asOf);
  const lowest = steps.find(({ gradeRank }) => gradeRank > 0);
  if (lowest === undefined) return undefined;
  const less = value - lowest.line + (lowest.over ? 0 : 1);
  const title = titleOf(compiled, result.indicator);
  return {
    zh: `${title.zh}如因退费、冲销减少${yuanText(less)}元，此项不再单独触发`,
    en: `a refund of ${yuanText(less)} yuan would take the trigger of ${title.en} back`,
  };
}

/** What of an assessment the words are made from; a warning has it too. */
export type Explainable = Pick<Assessment, 'area' | 'category' | 'asOf' | 'points' | 'completeness' | 'grade' | 'results'>;

/**
 * The whole answer in words: grade and points with how much is known, one sentence per indicator in the pack's order, and what
 * would change the answer (the nearest lines not reached, the points to the next grade, the refund that would take a trigger
 * back). Read off the trace and the pack's lines; nothing is scored again.
 */
export function explainAssessment(compiled: CompiledPack, assessment: Explainable): Explanation {
  const { points, grade, completeness } = assessment;
  const percent = Math.round(completeness * 100);
  const range = points.low === points.high ? String(points.low) : `${points.low}–${points.high}`;
  const already = categoryTitle[assessment.category];
  const summary: Bilingual = {
    zh: `截至${assessment.asOf}：${grade === null ? '未达预警' : `“${grade.title.zh}”预警`}，${range}分，已知指标${percent}%。该户现为：${already.zh}。`,
    en: `As of ${assessment.asOf}: ${grade === null ? 'no warning' : `grade "${grade.title.en}"`}, ${range} points, ${percent}% of indicators known. The household is already: ${already.en}.`,
  };

  const changes: Bilingual[] = [];
  compiled.grades.forEach((it, i) => {
    const line = compiled.gradeLines[i] ?? Number.POSITIVE_INFINITY;
    if (!Number.isFinite(line) || line <= points.low || (grade !== null && it.rank >= grade.rank)) return;
    changes.push({
      zh: `再得${line - points.low}分，即为“${it.title.zh}”预警`,
      en: `${line - points.low} more points reach the grade "${it.title.en}"`,
    });
  });
  for (const result of assessment.results) {
    const back = wayBack(compiled, assessment, result);
    if (back !== undefined) changes.push(back);
  }
  const near = assessment.results.flatMap((result) => nearestLine(compiled, assessment, result) ?? []);
  near.sort((a, b) => a.share - b.share);
  return {
    summary,
    reasons: assessment.results.map((result) => ({
      indicator: result.indicator,
      text: explainResult(compiled, result, { category: assessment.category }),
    })),
    changes: [...changes, ...near.slice(0, CHANGES_NAMED).map((it) => it.text)],
  };
}

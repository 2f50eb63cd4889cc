import type { PlainDate } from '../calendar/plain-date.ts';
import { amountFor, rapidReliefMost, temporaryAidMost } from '../casework/limits.ts';
import type { CaseworkParameters } from '../casework/parameters.ts';
import type { Bilingual } from '../catalog/feed.ts';
import type { PersonKey } from '../facts/fact.ts';
import { yuanText } from '../scoring/value-text.ts';
import { paidAs } from './aid-feeds.ts';
import type { AssistanceChain, ChainLine } from './chain-line.ts';
import { emergencyAidIn, emergencyMeasures } from './measure.ts';
import { isHelp } from './same-payment.ts';

/** Help somebody is about to give. */
export interface AidAsked {
  readonly measure: string;
  readonly person?: PersonKey;
  /** Fen; of something monthly, fen a month. */
  readonly amount?: number;
  readonly rhythm: 'once' | 'monthly';
  readonly date: PlainDate;
  /** The event it answers: a warning id or the key of a fact. */
  readonly event?: string;
}

/** What the guard knows beside the chain. */
export interface GuardContext {
  readonly area: string;
  /** Members of the household today: limits are per head. */
  readonly persons: number;
  readonly parameters: CaseworkParameters;
  /** What to do above the yearly count or sum of temporary aid. Areas differ; the default leaves it to a person with a reason. */
  readonly aboveLimit?: 'warn' | 'refuse';
}

export type GuardCode =
  | 'same-event'
  | 'in-service'
  | 'yearly-count'
  | 'yearly-sum'
  | 'above-rapid-relief'
  | 'perhaps-given'
  | 'limit-unknown';

/** One thing the guard found, with the lines of the chain it rests on. */
export interface GuardReason {
  readonly code: GuardCode;
  readonly verdict: 'warn' | 'refuse';
  readonly text: Bilingual;
  readonly lines: readonly string[];
}

/** `refuse`: must not be given. `warn`: may be given with a written reason. */
export interface GuardVerdict {
  readonly verdict: 'ok' | 'warn' | 'refuse';
  readonly reasons: readonly GuardReason[];
}

/** Guards against helping twice. Reads the chain only and changes nothing; the same question has the same answer. */
export function guardAid(asked: AidAsked, chain: AssistanceChain, context: GuardContext): GuardVerdict {
  const reasons = [
    sameEvent(asked, chain),
    inService(asked, chain),
    ...(emergencyMeasures.has(asked.measure) ? temporaryLimits(asked, chain, context) : []),
    asked.measure === 'small-rapid-relief' ? rapidRelief(asked, context) : undefined,
    perhapsGiven(asked, chain),
  ].filter((reason) => reason !== undefined);
  const verdict = reasons.some((reason) => reason.verdict === 'refuse') ? 'refuse' : reasons.length > 0 ? 'warn' : 'ok';
  return { verdict, reasons };
}

/** The monthly help in service on a day, by what it is paid out as. A person's benefit is not in another member's way. */
export function linesInService(chain: AssistanceChain, day: PlainDate): readonly ChainLine[] {
  return chain.lines.filter(({ kind, date, to }) => kind === 'standing' && date <= day && (to === undefined || to >= day));
}

function sameMeasure(asked: AidAsked, line: ChainLine): boolean {
  return paidAs(line.measure) === paidAs(asked.measure);
}

function samePerson(asked: AidAsked, line: ChainLine): boolean {
  return asked.person === undefined || line.person === undefined || asked.person === line.person;
}

function sameEvent(asked: AidAsked, chain: AssistanceChain): GuardReason | undefined {
  if (asked.event === undefined) return undefined;
  const lines = chain.lines.filter((line) => isHelp(line) && line.event === asked.event && samePerson(asked, line));
  const twice = lines.filter((line) => sameMeasure(asked, line));
  if (twice.length > 0) {
    return {
      code: 'same-event',
      verdict: 'refuse',
      text: {
        zh: `同一事项已给予过同类救助：${named(twice, 'zh')}，不得重复`,
        en: `The same help was given for this event already: ${named(twice, 'en')}; it may not be given twice`,
      },
      lines: ids(twice),
    };
  }
  const other = emergencyMeasures.has(asked.measure) ? lines.filter((line) => emergencyMeasures.has(line.measure)) : [];
  if (other.length === 0) return undefined;
  return {
    code: 'same-event',
    verdict: 'warn',
    text: {
      zh: `同一事项已给予急难救助：${named(other, 'zh')}；再给予应扣除已发部分并写明理由`,
      en: `Urgent help was given for this event already: ${named(other, 'en')}; take it off and give the reason`,
    },
    lines: ids(other),
  };
}

function inService(asked: AidAsked, chain: AssistanceChain): GuardReason | undefined {
  if (asked.rhythm !== 'monthly') return undefined;
  const lines = linesInService(chain, asked.date).filter((line) => sameMeasure(asked, line) && samePerson(asked, line));
  if (lines.length === 0) return undefined;
  return {
    code: 'in-service',
    verdict: 'refuse',
    text: {
      zh: `该待遇正在享受：${named(lines, 'zh')}，不得重复`,
      en: `In service already: ${named(lines, 'en')}; it may not be given twice`,
    },
    lines: ids(lines),
  };
}

function temporaryLimits(asked: AidAsked, chain: AssistanceChain, context: GuardContext): readonly GuardReason[] {
  const year = asked.date.slice(0, 4);
  const given = emergencyAidIn(year, chain.lines);
  return [yearlyCount(asked, given, context, year), yearlySum(asked, given, context, year)].filter((it) => it !== undefined);
}

function yearlyCount(asked: AidAsked, given: readonly ChainLine[], context: GuardContext, year: string): GuardReason | undefined {
  const most = amountFor(context.parameters, 'temporary-aid-times-a-year', { area: context.area, on: asked.date });
  const certain = tellingsOnce(given).length;
  if (given.length + 1 <= most) return undefined;
  const sure = certain + 1 > most;
  const times = sure ? String(certain) : `${certain}–${given.length}`;
  return {
    code: 'yearly-count',
    verdict: sure ? (context.aboveLimit ?? 'warn') : 'warn',
    text: {
      zh: `${year}年已给予临时救助${times}次（${named(given, 'zh')}），每年不超过${most}次`,
      en: `Temporary aid was given ${times} times in ${year} (${named(given, 'en')}); at most ${most} a year`,
    },
    lines: ids(given),
  };
}

function yearlySum(asked: AidAsked, given: readonly ChainLine[], context: GuardContext, year: string): GuardReason | undefined {
  if (asked.amount === undefined) return undefined;
  const at = { area: context.area, on: asked.date };
  const most = temporaryAidMost(context.parameters, at, { persons: context.persons });
  if (most === undefined) return limitUnknown('临时救助年度限额', 'the yearly limit of temporary aid');
  const sum = (lines: readonly ChainLine[]) => lines.reduce((total, { amount }) => total + (amount ?? 0), asked.amount ?? 0);
  if (sum(given) <= most) return undefined;
  return {
    code: 'yearly-sum',
    verdict: sum(tellingsOnce(given)) > most ? (context.aboveLimit ?? 'warn') : 'warn',
    text: {
      zh: `连同本次，${year}年临时救助合计${yuanText(sum(given))}元，超过该户年度限额${yuanText(most)}元`,
      en: `With this, temporary aid in ${year} comes to ${yuanText(sum(given))} yuan, above the household's limit of ${yuanText(most)}`,
    },
    lines: ids(given),
  };
}

function rapidRelief(asked: AidAsked, context: GuardContext): GuardReason | undefined {
  if (asked.amount === undefined) return undefined;
  const most = rapidReliefMost(context.parameters, { area: context.area, on: asked.date });
  if (most === undefined) return limitUnknown('小额快救限额', 'the limit of small rapid relief');
  if (asked.amount <= most) return undefined;
  return {
    code: 'above-rapid-relief',
    verdict: 'refuse',
    text: {
      zh: `小额快救不超过${yuanText(most)}元，本次${yuanText(asked.amount)}元；超出部分请按临时救助办理`,
      en: `Small rapid relief is at most ${yuanText(most)} yuan, this is ${yuanText(asked.amount)}; give the rest as temporary aid`,
    },
    lines: [],
  };
}

/** A limit nobody entered is no limit of nothing and none without end: a person has to look. */
function limitUnknown(zh: string, en: string): GuardReason {
  return {
    code: 'limit-unknown',
    verdict: 'warn',
    text: {
      zh: `当地低保标准未录入，无法核对${zh}；请先录入参数或写明理由`,
      en: `The local standard was not entered, so ${en} cannot be checked; enter it or give the reason`,
    },
    lines: [],
  };
}

/** The same measure, person, month and sum stand on the chain already, without an event that would tell them apart. */
function perhapsGiven(asked: AidAsked, chain: AssistanceChain): GuardReason | undefined {
  const lines = chain.lines.filter(
    (line) =>
      line.kind === 'given' &&
      asked.rhythm === 'once' &&
      sameMeasure(asked, line) &&
      samePerson(asked, line) &&
      line.month === asked.date.slice(0, 7) &&
      line.amount !== undefined &&
      line.amount === asked.amount &&
      (line.event === undefined || asked.event === undefined),
  );
  if (lines.length === 0) return undefined;
  return {
    code: 'perhaps-given',
    verdict: 'warn',
    text: {
      zh: `本月已有相同金额的同类救助：${named(lines, 'zh')}，请确认不是同一笔`,
      en: `The same sum of the same help was given this month: ${named(lines, 'en')}; make sure that it is not this one`,
    },
    lines: ids(lines),
  };
}

/** Of lines that may be one payment told twice, the first only. */
function tellingsOnce(lines: readonly ChainLine[]): readonly ChainLine[] {
  const first = new Set<string>();
  return lines.filter(({ id, possiblySame }) => {
    if (possiblySame.some((other) => first.has(other))) return false;
    first.add(id);
    return true;
  });
}

function ids(lines: readonly ChainLine[]): readonly string[] {
  return lines.map(({ id }) => id);
}

function named(lines: readonly ChainLine[], language: 'zh' | 'en'): string {
  const each = lines.map(({ date, amount }) => {
    if (amount === undefined) return date;
    return language === 'zh' ? `${date} ${yuanText(amount)}元` : `${date} ${yuanText(amount)} yuan`;
  });
  return each.join(language === 'zh' ? '、' : ', ');
}

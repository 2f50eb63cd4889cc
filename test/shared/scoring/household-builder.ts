import { readFileSync } from 'node:fs';
import { monthBefore, monthOf, type Period, parsePeriod, periodEnd, periodStart } from '../../../shared/calendar/period.ts';
import { type PlainDate, parsePlainDate } from '../../../shared/calendar/plain-date.ts';
import type { FeedId, FeedSpec } from '../../../shared/catalog/feed.ts';
import { catalog } from '../../../shared/catalog/index.ts';
import { type Coverage, coverageOf, type Delivery } from '../../../shared/facts/coverage.ts';
import type { Fact, FactValue, FileId, FileSequence, PersonKey } from '../../../shared/facts/fact.ts';
import type { HouseholdId, Member } from '../../../shared/registry/household.ts';
import type { Assessment, AssessmentInput, IndicatorResult } from '../../../shared/scoring/assessment.ts';
import { type CompiledPack, compilePack } from '../../../shared/scoring/compile.ts';
import { loadPack } from '../../../shared/scoring/load-pack.ts';
import type { RulePack } from '../../../shared/scoring/pack.ts';

export const COUNTY = '411122';

export function day(text: string): PlainDate {
  const date = parsePlainDate(text);
  if (date === undefined) throw new Error(`no such day: ${text}`);
  return date;
}

export function period(text: string): Period {
  const parsed = parsePeriod(text);
  if (parsed === undefined) throw new Error(`no such period: ${text}`);
  return parsed;
}

export function feedOf(id: string): FeedSpec {
  const feed = catalog.get(id as FeedId);
  if (feed === undefined) throw new Error(`no such feed: ${id}`);
  return feed;
}

export function shippedPack(name: string): RulePack {
  return loadPack(readFileSync(new URL(`../../../shared/scoring/packs/${name}.yaml`, import.meta.url), 'utf8'), name);
}

export function shippedCompiled(name: string): CompiledPack {
  return compilePack(shippedPack(name), catalog);
}

/** The shipped packs that watch for families who may need to enter, compiled, by name. */
export function entryPacks(): ReadonlyMap<string, CompiledPack> {
  const names = ['henan-low-income', 'shandong-low-income', 'hinggan-urban-hardship'];
  return new Map(names.map((name) => [name, shippedCompiled(name)]));
}

/** Every feed delivered whole for 14 months up to the month before `asOf`, except those named. */
export function coverageUpTo(asOf: PlainDate, except: readonly string[] = []): Coverage {
  const deliveries: Delivery[] = [];
  for (const feed of catalog.keys()) {
    if (except.includes(feed)) continue;
    let month = monthBefore(asOf);
    for (let i = 0; i < 14; i++) {
      deliveries.push({ feed, county: '*', period: month, complete: true, file: 'f'.repeat(24) as FileId });
      month = monthBefore(periodStart(month));
    }
  }
  return coverageOf(deliveries);
}

export const MOTHER = '0a'.repeat(16) as PersonKey;
export const SON = '1b'.repeat(16) as PersonKey;

export function member(person: PersonKey, birth: string, part: Partial<Member['membership']> = {}): Member {
  return {
    person,
    birth: day(birth),
    sex: 'female',
    membership: {
      household: `H${'0'.repeat(24)}` as HouseholdId,
      basis: 'declared',
      relation: 'other',
      head: false,
      category: 'none',
      attributes: {},
      ...part,
    },
  };
}

let nextRow = 2;

/** A row of a feed, from the file of the month of its date unless another period is named. Money in fen. */
export function fact(
  feed: string,
  date: string,
  fields: Record<string, FactValue>,
  part: { person?: PersonKey; to?: string; period?: string; row?: number } = {},
): Fact {
  const from = day(date);
  const month = part.period === undefined ? monthOf(from) : period(part.period);
  const row = part.row ?? nextRow++;
  const { id, kind, dates } = feedOf(feed);
  const since = kind === 'status' && dates.from !== undefined ? { [dates.from]: date } : {};
  return {
    person: part.person ?? MOTHER,
    feed: id,
    file: `${month.replace('-', '')}${'0'.repeat(18)}`.slice(0, 24) as FileId,
    seq: `${periodEnd(month)}|2024-01-01T00:00:00.000Z` as FileSequence,
    row,
    recordedAt: '2024-01-01T00:00:00.000Z' as Fact['recordedAt'],
    key: `k${row}`,
    from,
    ...(part.to === undefined ? {} : { to: day(part.to) }),
    fields: { ...since, ...fields },
  };
}

export const INPATIENT = 'medical-insurance/inpatient-settlement';
export const CHRONIC = 'medical-insurance/outpatient-chronic-settlement';
export const TUITION = 'education/tuition-payment';
export const ENROLMENT = 'education/enrolment';
export const DISABILITY = 'disabled-persons-federation/disability-certificate';
export const DISASTER = 'emergency-management/disaster-relief';
export const HOUSING = 'housing/dilapidated-housing';
export const UNEMPLOYMENT = 'human-resources/unemployment-registration';

export const AS_OF = day('2024-04-08');

/** A household of two with all feeds up to date on 2024-04-08, unless parts say otherwise. */
export function household(facts: readonly Fact[], part: Partial<AssessmentInput> = {}): AssessmentInput {
  const asOf = part.asOf ?? AS_OF;
  return {
    household: `H${'0'.repeat(24)}` as HouseholdId,
    area: `${COUNTY}103201`,
    category: 'none',
    asOf,
    members: [member(MOTHER, '1953-06-01'), member(SON, '1976-02-01', { head: true, relation: 'head' })],
    facts,
    coverage: coverageUpTo(asOf),
    ...part,
  };
}

export function resultOf(assessment: Assessment, indicator: string): IndicatorResult {
  const result = assessment.results.find((it) => it.indicator === indicator);
  if (result === undefined) throw new Error(`no indicator ${indicator}`);
  return result;
}

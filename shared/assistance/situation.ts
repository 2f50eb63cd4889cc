import { periodEnd } from '../calendar/period.ts';
import { addDays, addMonths, ageOn, type PlainDate } from '../calendar/plain-date.ts';
import type { NeedCode, WorkAbilityCode, WorkCode } from '../casework/codes.ts';
import { amountFor, disposableIncomeFor, livingStandardFor } from '../casework/limits.ts';
import type { CaseworkParameters } from '../casework/parameters.ts';
import type { Bilingual, Catalog, FeedId } from '../catalog/feed.ts';
import type { Coverage } from '../facts/coverage.ts';
import type { Fact, PersonKey } from '../facts/fact.ts';
import { feedKnown, latestSnapshot } from '../facts/freshness.ts';
import type { HouseholdCategory, Member } from '../registry/household.ts';
import type { AssistanceChain } from './chain-line.ts';

/** A known thing, known not to be (null), or unknown (undefined): a feed is late, or nobody asked. */
export type Known<T> = T | null | undefined;

/** What people told or found: at the visit, in the application, in a statement. Goes before what feeds say. */
export interface ToldOfMember {
  readonly workAbility?: WorkAbilityCode;
  readonly work?: WorkCode;
  /** Illnesses by name, where the reader may see them. */
  readonly illnesses?: readonly string[];
  /** On the local list of grave illnesses. */
  readonly graveIllness?: boolean;
  readonly studying?: boolean;
}

export interface Told {
  /** Fen a person and month, after the deductions of the rules. */
  readonly incomePerHead?: number;
  /** Property within or over the local limit, by the economic-status check. */
  readonly assets?: 'within' | 'over';
  readonly needs?: readonly NeedCode[];
  readonly members?: ReadonlyMap<PersonKey, ToldOfMember>;
}

/** What offers are made from: everything known of a household on a day. */
export interface SituationInput {
  readonly asOf: PlainDate;
  readonly area: string;
  readonly category: HouseholdCategory;
  readonly members: readonly Member[];
  /** Folded facts of the members, and bills of those who died. */
  readonly facts: readonly Fact[];
  readonly catalog: Catalog;
  readonly coverage: Coverage;
  readonly chain: AssistanceChain;
  /** Dimensions of the indicators that were hit in the open warnings, the weightiest first. */
  readonly reasons: readonly string[];
  /** The case is of the most urgent grade. */
  readonly urgent?: boolean;
  readonly told?: Told;
  readonly parameters: CaseworkParameters;
}

export interface SituatedMember {
  readonly person: PersonKey;
  readonly age: number;
  readonly sex: 'male' | 'female';
  readonly relation: string;
  readonly disability: Known<{ readonly class: string; readonly level: number }>;
  readonly stage: Known<string>;
  /** Registered as out of work. */
  readonly jobless: Known<PlainDate>;
  readonly employed: Known<string>;
  readonly insured: Known<string>;
  readonly born: PlainDate | undefined;
  /** Self-paid in the 12 months to the day, fen; a lower bound while a feed is late. */
  readonly selfPaid: number;
  readonly told: ToldOfMember;
}

export interface Situation {
  readonly asOf: PlainDate;
  readonly area: string;
  readonly category: HouseholdCategory;
  readonly residence: 'urban' | 'rural' | undefined;
  readonly members: readonly SituatedMember[];
  readonly chain: AssistanceChain;
  readonly urgent: boolean;
  /** Weightiest first. */
  readonly needs: readonly NeedCode[];
  readonly incomePerHead: number | undefined;
  readonly assets: Told['assets'];
  /** Of 12 months, fen: self-paid medical, and tuition and lodging less aid. */
  readonly spending: { readonly medical: number; readonly education: number; readonly known: boolean };
  /** Worst danger level of a house not rebuilt. */
  readonly house: Known<string>;
  /** Day of the last disaster within 12 months. */
  readonly disaster: Known<PlainDate>;
  /** Feeds with a row about a person (or anybody, under `''`): what need not be asked. */
  readonly documents: ReadonlySet<string>;
  readonly known: (feed: string) => boolean;
  readonly parameters: {
    readonly livingStandard: number | undefined;
    readonly nearPoorStandards: number;
    readonly disposableIncome: number | undefined;
    readonly rigidRatio: number;
    readonly urbanHardship: number;
    readonly heavySelfPaid: number;
    readonly temporaryTimes: number;
    readonly all: CaseworkParameters;
  };
}

/** Title of a need by the dimension of the indicator that was hit. */
const needOfDimension: Readonly<Record<string, NeedCode>> = {
  health: 'medical',
  illness: 'medical',
  'rigid-spending': 'medical',
  education: 'education',
  disability: 'disability',
  employment: 'employment',
  disaster: 'disaster',
  housing: 'housing',
};

const INPATIENT = 'medical-insurance/inpatient-settlement';
const OUTPATIENT = 'medical-insurance/outpatient-chronic-settlement';
const TUITION = 'education/tuition-payment';

/** Gathers what offers ask about. Pure; nothing is guessed: what no feed and nobody says stays unknown. */
export function situationOf(input: SituationInput): Situation {
  const { asOf, area, coverage, catalog, told = {}, parameters } = input;
  const known = (feed: string): boolean => {
    const spec = catalog.get(feed as FeedId);
    return spec !== undefined && feedKnown(spec, coverage, area.slice(0, 6), asOf);
  };
  const reader = new Reader(input, known);
  const at = { area, on: asOf };
  const needs = [...(told.needs ?? []), ...input.reasons.flatMap((dimension) => needOfDimension[dimension] ?? [])];
  return {
    asOf,
    area,
    category: input.category,
    residence: residenceOf(input.members),
    members: input.members.map((member) => reader.member(member, told.members?.get(member.person) ?? {})),
    chain: input.chain,
    urgent: input.urgent === true,
    needs: [...new Set(needs)],
    incomePerHead: told.incomePerHead,
    assets: told.assets,
    spending: {
      medical: reader.sum([INPATIENT, OUTPATIENT], undefined, (fields) => numberOf(fields['selfPaid'])),
      education: reader.sum([TUITION], undefined, tuitionOf),
      known: [INPATIENT, OUTPATIENT, TUITION].every(known),
    },
    house: reader.worstHouse(),
    disaster: reader.latest('emergency-management/disaster-relief', undefined, 12),
    documents: new Set(input.facts.flatMap(({ feed, person }) => [`${feed} ${person}`, `${feed} `])),
    known,
    parameters: {
      livingStandard: livingStandardFor(parameters, at),
      nearPoorStandards: amountFor(parameters, 'near-poor-standards', at),
      disposableIncome: disposableIncomeFor(parameters, at),
      rigidRatio: amountFor(parameters, 'rigid-expenditure-ratio', at),
      urbanHardship: amountFor(parameters, 'urban-hardship-spending', at),
      heavySelfPaid: amountFor(parameters, 'heavy-self-paid', at),
      temporaryTimes: amountFor(parameters, 'temporary-aid-times-a-year', at),
      all: parameters,
    },
  };
}

/** What a member is called where no name may stand: relation and age. */
export function memberText({ relation, age }: Pick<SituatedMember, 'relation' | 'age'>): Bilingual {
  const word = relationWords[relation] ?? { zh: '成员', en: 'member' };
  return { zh: `${word.zh}（${age}岁）`, en: `${word.en} (${age})` };
}

const relationWords: Readonly<Record<string, Bilingual>> = {
  head: { zh: '户主', en: 'head' },
  spouse: { zh: '配偶', en: 'spouse' },
  child: { zh: '子女', en: 'child' },
  'child-in-law': { zh: '儿媳女婿', en: 'child-in-law' },
  grandchild: { zh: '孙辈', en: 'grandchild' },
  parent: { zh: '父母', en: 'parent' },
  grandparent: { zh: '祖父母', en: 'grandparent' },
  sibling: { zh: '兄弟姐妹', en: 'sibling' },
};

function residenceOf(members: readonly Member[]): Situation['residence'] {
  for (const { membership } of members) {
    const value = membership.attributes['residence'];
    if (value === 'urban' || value === 'rural') return value;
  }
  return undefined;
}

function numberOf(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}

function tuitionOf(fields: Fact['fields']): number {
  return Math.max(0, numberOf(fields['tuition']) + numberOf(fields['lodging']) - numberOf(fields['aidAmount']));
}

/** Reads facts as of the day. */
class Reader {
  readonly #input: SituationInput;
  readonly #known: (feed: string) => boolean;

  constructor(input: SituationInput, known: (feed: string) => boolean) {
    this.#input = input;
    this.#known = known;
  }

  member(member: Member, told: ToldOfMember): SituatedMember {
    const { person } = member;
    const certificate = this.#holding('disabled-persons-federation/disability-certificate', person).find(
      ({ fields }) => fields['certificateStatus'] !== 'cancelled',
    );
    const unemployment = this.#holding('human-resources/unemployment-registration', person)[0];
    const pupil = this.#listed('education/enrolment', person);
    const insurance = this.#listed('medical-insurance/enrolment', person);
    return {
      person,
      age: ageOn(member.birth, this.#input.asOf),
      sex: member.sex,
      relation: member.membership.relation,
      disability: this.#orNone('disabled-persons-federation/disability-certificate', certificate, ({ fields }) => ({
        class: String(fields['disabilityClass']),
        level: numberOf(fields['disabilityLevel']),
      })),
      stage: pupil === undefined ? undefined : pupil === null ? null : String(pupil.fields['stage']),
      jobless: this.#orNone('human-resources/unemployment-registration', unemployment, ({ from }) => from),
      employed: this.#orNone(
        'human-resources/employment-registration',
        this.#holding('human-resources/employment-registration', person)[0],
        ({ fields }) => String(fields['employmentType'] ?? ''),
      ),
      insured: insurance === undefined ? undefined : insurance === null ? null : String(insurance.fields['scheme']),
      born: this.#of('health/birth-certificate', person)[0]?.from,
      selfPaid: this.sum([INPATIENT, OUTPATIENT], person, (fields) => numberOf(fields['selfPaid'])),
      told,
    };
  }

  /** Sum over the 12 months to the day. */
  sum(feeds: readonly string[], person: PersonKey | undefined, amount: (fields: Fact['fields']) => number): number {
    const start = addDays(addMonths(this.#input.asOf, -12), 1);
    return feeds
      .flatMap((feed) => this.#of(feed, person))
      .filter(({ from }) => from >= start)
      .reduce((total, { fields }) => total + amount(fields), 0);
  }

  latest(feed: string, person: PersonKey | undefined, months: number): Known<PlainDate> {
    const start = addDays(addMonths(this.#input.asOf, -months), 1);
    const days = this.#of(feed, person).flatMap(({ from }) => (from >= start ? [from] : []));
    return days.toSorted().at(-1) ?? (this.#known(feed) ? null : undefined);
  }

  worstHouse(): Known<string> {
    const feed = 'housing/dilapidated-housing';
    const levels = this.#holding(feed, undefined).map(({ fields }) => String(fields['dangerLevel']));
    return levels.toSorted().at(-1) ?? (this.#known(feed) ? null : undefined);
  }

  #orNone<T>(feed: string, fact: Fact | undefined, read: (fact: Fact) => T): Known<T> {
    if (fact !== undefined) return read(fact);
    return this.#known(feed) ? null : undefined;
  }

  /** Rows of a feed up to the day, the latest first. */
  #of(feed: string, person: PersonKey | undefined): readonly Fact[] {
    return this.#input.facts
      .filter((fact) => fact.feed === feed && fact.from <= this.#input.asOf && (person === undefined || fact.person === person))
      .toSorted((a, b) => (a.from === b.from ? (a.key < b.key ? -1 : 1) : a.from < b.from ? 1 : -1));
  }

  #holding(feed: string, person: PersonKey | undefined): readonly Fact[] {
    return this.#of(feed, person).filter(({ to }) => to === undefined || to >= this.#input.asOf);
  }

  /** The person's row on the latest list: null when a complete list is silent, undefined when the list is late or had refused rows. */
  #listed(feed: string, person: PersonKey): Known<Fact> {
    const { catalog, coverage, area, asOf, facts } = this.#input;
    const spec = catalog.get(feed as FeedId);
    const list = spec === undefined ? undefined : latestSnapshot(spec, coverage, area.slice(0, 6), asOf);
    const rows = facts
      .filter((fact) => fact.feed === feed && fact.person === person)
      .toSorted((a, b) => (a.seq < b.seq ? 1 : -1));
    const latest = rows[0];
    if (latest !== undefined && (list === undefined || latest.seq.slice(0, 10) >= periodEnd(list.period))) return latest;
    return list?.complete === true && this.#known(feed) ? null : undefined;
  }
}

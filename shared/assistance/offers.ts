import type { Bilingual, Catalog, FeedId } from '../catalog/feed.ts';
import type { PersonKey } from '../facts/fact.ts';
import { rigidSpending } from './conditions.ts';
import type { AmountOffered, ConditionAnswer, Measure } from './measure.ts';
import { measures } from './measures.ts';
import { type PaperAsked, papersFor } from './papers.ts';
import { memberText, type SituatedMember, type Situation } from './situation.ts';

/** `unknown`: could fit; `find` says what has to be found out. Both it and `fits` are offered. */
export type OfferOutcome = 'fits' | 'unknown' | 'does-not-fit';

/** Something known that the form is filled with, so that nobody is asked for it. */
export interface Prefilled {
  readonly item: string;
  readonly title: Bilingual;
  /** Fen where `unit` says so. */
  readonly value: string | number;
  readonly unit?: 'fen';
}

/** One measure held against one household, or one of its members. */
export interface Offer {
  readonly measure: string;
  readonly title: Bilingual;
  readonly kind: Measure['kind'];
  readonly action: Measure['action'];
  readonly department: string;
  readonly departmentTitle: Bilingual;
  /** Of a measure for persons: whom. */
  readonly person?: PersonKey;
  /** Relation and age, never a name. */
  readonly who?: Bilingual;
  readonly outcome: OfferOutcome;
  /** Why it fits, why it does not, or what speaks for it so far: one for each condition that decided. */
  readonly reasons: readonly Bilingual[];
  /** What somebody has to find out. */
  readonly find: readonly Bilingual[];
  readonly amount: AmountOffered;
  readonly papers: readonly PaperAsked[];
  readonly prefilled: readonly Prefilled[];
  readonly source: Measure['source'];
}

const outcomeOrder: readonly OfferOutcome[] = ['fits', 'unknown', 'does-not-fit'];
const kindOrder: readonly Measure['kind'][] = [
  'entitlement',
  'emergency',
  'living',
  'special',
  'recognition',
  'service',
  'charity',
  'other',
];

/** What is put before the caseworker to choose from. */
export function isOffered({ outcome }: Pick<Offer, 'outcome'>): boolean {
  return outcome !== 'does-not-fit';
}

/**
 * Holds every measure of the area against a household: what fits, what could fit once something is found out, and what does
 * not fit and why. A machine offers; a person decides. Conditions are three-valued: one "no" settles it, otherwise one unknown
 * keeps it open. First what fits, of that first what answers the weightiest reason of the case, then what is urgent. Pure: same
 * situation, same offers.
 */
export function offersFor(situation: Situation, catalog: Catalog): readonly Offer[] {
  const titleOf = (feed: FeedId): Bilingual => {
    const spec = catalog.get(feed);
    if (spec === undefined) return { zh: feed, en: feed };
    return { zh: `${spec.departmentTitle.zh}${spec.title.zh}`, en: `${spec.departmentTitle.en}: ${spec.title.en}` };
  };
  return [...measures.values()]
    .filter(({ area }) => situation.area.startsWith(area ?? ''))
    .flatMap((measure, at) => offersOf(measure, situation, titleOf).map((offer) => ({ offer, measure, at })))
    .toSorted(
      (a, b) =>
        outcomeOrder.indexOf(a.offer.outcome) - outcomeOrder.indexOf(b.offer.outcome) ||
        needRank(a.measure, situation) - needRank(b.measure, situation) ||
        kindOrder.indexOf(a.measure.kind) - kindOrder.indexOf(b.measure.kind) ||
        a.at - b.at,
    )
    .map(({ offer }) => offer);
}

/** Place of the weightiest open need that the measure answers, and after it how near to the measure's first purpose it is. */
function needRank(measure: Measure, { needs }: Situation): number {
  if (measure.kind === 'entitlement') return 0;
  const at = needs.findIndex((need) => measure.needs.includes(need));
  return at < 0 ? needs.length + 1 : at;
}

function offersOf(measure: Measure, situation: Situation, titleOf: (feed: FeedId) => Bilingual): readonly Offer[] {
  const [first] = situation.members;
  if (first === undefined) return [];
  if (measure.for === 'household') return [offer(measure, situation, first, undefined, titleOf)];
  const asked = situation.members.filter((member) => measure.about?.(member, situation) ?? true);
  const offers = asked.map((member) => offer(measure, situation, member, member, titleOf));
  const offered = offers.filter(isOffered);
  if (offered.length > 0) return offered;
  // One line says why it is for nobody here, not one for each member.
  const [refused] = offers;
  const nobody = measure.nobody ?? { zh: '没有符合条件的成员', en: 'nobody of the household meets the conditions' };
  const reasons = offers.length === 0 ? [nobody] : distinct(offers.flatMap((one) => one.reasons));
  const { person: _person, who: _who, ...base } = refused ?? offer(measure, situation, first, undefined, titleOf);
  return [{ ...base, outcome: 'does-not-fit', reasons, find: [], papers: [], prefilled: [] }];
}

function offer(
  measure: Measure,
  situation: Situation,
  asked: SituatedMember,
  member: SituatedMember | undefined,
  titleOf: (feed: FeedId) => Bilingual,
): Offer {
  const answers = measure.conditions.map((condition) => condition(situation, asked));
  const against = answers.filter(({ is }) => is === 'no');
  const open = answers.filter((answer): answer is Extract<ConditionAnswer, { is: 'unknown' }> => answer.is === 'unknown');
  const outcome: OfferOutcome = against.length > 0 ? 'does-not-fit' : open.length > 0 ? 'unknown' : 'fits';
  const offered = outcome !== 'does-not-fit';
  return {
    measure: measure.id,
    title: measure.title,
    kind: measure.kind,
    action: measure.action,
    department: measure.department,
    departmentTitle: measure.departmentTitle,
    ...(member === undefined ? {} : { person: member.person, who: memberText(member) }),
    outcome,
    reasons: (offered ? answers : against).map(({ why }) => why),
    find: offered ? open.map(({ find }) => find) : [],
    amount: measure.amount(situation, asked),
    papers: offered ? papersFor(measure.papers, situation, member, titleOf) : [],
    prefilled: offered ? prefilled(situation, member) : [],
    source: measure.source,
  };
}

function prefilled(situation: Situation, member: SituatedMember | undefined): readonly Prefilled[] {
  const { members, category, incomePerHead, spending, residence } = situation;
  const items: (Prefilled | undefined)[] = [
    { item: 'members', title: { zh: '共同生活家庭成员人数', en: 'members of the household' }, value: members.length },
    { item: 'category', title: { zh: '现有身份', en: 'present category' }, value: category },
    residence === undefined
      ? undefined
      : { item: 'residence', title: { zh: '城乡属性', en: 'urban or rural' }, value: residence },
    money('incomePerHead', '人均月收入', 'income a head and month', incomePerHead),
    money('medicalSelfPaid', '近12个月医疗自付', 'medical self-paid, 12 months', spending.medical || undefined),
    money('education', '近12个月教育支出', 'education spending, 12 months', spending.education || undefined),
    money('rigidSpending', '近12个月刚性支出合计', 'rigid spending, 12 months', rigidSpending(situation) || undefined),
  ];
  if (member !== undefined) {
    items.push({ item: 'age', title: { zh: '年龄', en: 'age' }, value: member.age });
    if (typeof member.stage === 'string')
      items.push({ item: 'stage', title: { zh: '学段', en: 'school stage' }, value: member.stage });
    if (member.disability) {
      items.push({
        item: 'disabilityClass',
        title: { zh: '残疾类别', en: 'class of disability' },
        value: member.disability.class,
      });
      items.push({
        item: 'disabilityLevel',
        title: { zh: '残疾等级', en: 'level of disability' },
        value: member.disability.level,
      });
    }
    items.push(
      money('ownMedicalSelfPaid', '本人近12个月医疗自付', 'own medical self-paid, 12 months', member.selfPaid || undefined),
    );
  }
  return items.filter((item) => item !== undefined);
}

function money(item: string, zh: string, en: string, value: number | undefined): Prefilled | undefined {
  return value === undefined ? undefined : { item, title: { zh, en }, value, unit: 'fen' };
}

function distinct(texts: readonly Bilingual[]): readonly Bilingual[] {
  return [...new Map(texts.map((text) => [text.zh, text])).values()];
}

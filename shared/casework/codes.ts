import type { Bilingual } from '../catalog/feed.ts';

/**
 * Every coded answer of the casework, with its words. Closed lists: reports and yields per rule count by them (domain.md
 * §3.4). A code that has shipped is never given another meaning.
 */

function codes<Code extends string>(list: Readonly<Record<Code, readonly [zh: string, en: string]>>) {
  return Object.fromEntries(
    (Object.entries(list) as [Code, readonly [string, string]][]).map(([code, [zh, en]]) => [code, { zh, en }]),
  ) as Readonly<Record<Code, Bilingual>>;
}

/** What a visit found to be true. */
export const truthCodes = codes({
  T1: ['属实', 'true'],
  T2: ['部分属实', 'true in part'],
  T3: ['不属实（数据错误）', 'not true: the data are wrong'],
  T4: ['已死亡', 'has died'],
  T5: ['迁出/不在辖区', 'moved away, not in this area'],
  T6: ['查无此人', 'nobody of that name'],
  T7: ['拒访', 'visit refused'],
  T8: ['外出未见（电话核实）', 'away, asked by telephone'],
  T9: ['已由其他途径解决', 'solved in another way'],
});
export type TruthCode = keyof typeof truthCodes;

/** Findings that bear the warning out, wholly or in part. */
export const trueFindings: readonly TruthCode[] = ['T1', 'T2'];

/** What is proposed or decided. */
export const actionCodes = codes({
  A0: ['无需救助', 'no help needed'],
  A1: ['政策告知', 'policy explained'],
  A2: ['纳入低保（户/单人）', 'minimum living allowance (household or single person)'],
  A3: ['特困', 'destitute support'],
  A4: ['边缘认定', 'near-poor recognition'],
  A5: ['刚性认定', 'rigid-expenditure recognition'],
  A6: ['临时救助（急难/支出）', 'temporary aid'],
  A7: ['小额快救', 'small rapid relief'],
  A8: ['转办（部门）', 'referred to a department'],
  A9: ['慈善转介', 'referred to a charity'],
  A10: ['服务类', 'service aid'],
  A11: ['公益岗', 'public-welfare job'],
  A12: ['一事一议', 'case conference'],
  A13: ['提标/调档', 'raised to a higher rate'],
  A14: ['停发核查', 'payment stopped for checking'],
  A15: ['继续观察（到期日）', 'watched until a date'],
});
export type ActionCode = keyof typeof actionCodes;

/** How a case ended; on every closed case, so that yields per rule can be counted. */
export const outcomeCodes = codes({
  'helped-new': ['新增救助', 'new help given'],
  'already-covered': ['已在保障中', 'covered already'],
  'temporary-aid': ['临时救助', 'temporary aid given'],
  charity: ['慈善帮扶', 'helped by a charity'],
  'policy-explained': ['政策告知', 'policy explained'],
  'not-in-need': ['无需救助', 'not in need'],
  'data-wrong': ['数据错误', 'the data were wrong'],
  moved: ['迁出', 'moved away'],
  dead: ['死亡', 'died'],
  'not-found': ['查无此人', 'not found'],
  refused: ['拒绝救助或拒访', 'refused help or the visit'],
  /** A task that was done, such as a newborn enrolled; no hardship was in question. */
  'entitlement-delivered': ['政策已落实', 'entitlement delivered'],
});
export type OutcomeCode = keyof typeof outcomeCodes;

/** Outcomes that brought the household something: a hardship helped, or an entitlement delivered. */
export const helpOutcomes: readonly OutcomeCode[] = ['helped-new', 'temporary-aid', 'charity', 'entitlement-delivered'];

/** Why the desk check proposes to close without a visit. A person confirms each. */
export const closureCodes = codes({
  dead: ['相关成员均已死亡', 'everybody concerned has died'],
  moved: ['已迁出本辖区', 'moved out of the area'],
  'already-served': ['同一事项已救助', 'already helped for the same event'],
  refunded: ['费用已冲销', 'the cost was refunded'],
  'paid-otherwise': ['已由其他保险支付', 'paid by other insurance'],
  'merged-with-case': ['已并入未结办件', 'part of another open case'],
  'over-asset-limit': ['资产超标', 'over the asset limit'],
  /** The warning was withdrawn by a correction of the department's data. */
  'reason-taken-back': ['预警依据已更正', 'the reason was corrected away'],
  /** The time in which an entitlement could be had is over. */
  lapsed: ['政策时限已过', 'the time for it has passed'],
});
export type ClosureCode = keyof typeof closureCodes;

/** Needs a visit may find. */
export const needCodes = codes({
  living: ['基本生活', 'basic living'],
  medical: ['医疗', 'medical'],
  education: ['教育', 'education'],
  housing: ['住房', 'housing'],
  employment: ['就业', 'work'],
  disaster: ['受灾', 'disaster'],
  disability: ['残疾康复照料', 'disability, rehabilitation, care'],
  care: ['照料访视', 'care and visits'],
  psychological: ['心理', 'psychological'],
  other: ['其他', 'other'],
});
export type NeedCode = keyof typeof needCodes;

/** What work somebody could do. */
export const workAbilityCodes = codes({
  full: ['有劳动能力', 'able to work'],
  light: ['只能从事轻体力劳动', 'light work only'],
  none: ['无劳动能力', 'unable to work'],
});
export type WorkAbilityCode = keyof typeof workAbilityCodes;

/** What work somebody does. */
export const workCodes = codes({
  employed: ['稳定就业', 'employed'],
  migrant: ['外出务工', 'works away from home'],
  flexible: ['灵活就业', 'flexible work'],
  'odd-jobs': ['打零工', 'odd jobs'],
  farming: ['务农', 'farming'],
  none: ['未就业', 'no work'],
});
export type WorkCode = keyof typeof workCodes;

/** Why a clock stands still. Nothing else may stop one. */
export const pauseCodes = codes({
  'family-away': ['家庭外出，已约定时间', 'family away, date agreed'],
  'in-hospital': ['住院治疗中', 'in hospital'],
  'papers-awaited': ['待补充材料', 'papers awaited from the family'],
  'economic-check': ['经济状况核对中', 'economic-status check under way'],
  'objection-hearing': ['异议核实中', 'objection being heard'],
  disaster: ['灾害等不可抗力', 'disaster or other force majeure'],
});
export type PauseCode = keyof typeof pauseCodes;

/** Why a department does not take a referral. */
export const refusalCodes = codes({
  'not-our-duty': ['不属本部门职责', 'not the duty of this department'],
  'conditions-not-met': ['不符合政策条件', 'conditions not met'],
  'already-served': ['已享受该政策', 'already served'],
  'person-not-found': ['联系不上或查无此人', 'person not found'],
  'family-declines': ['家庭放弃', 'the family declines'],
  'budget-exhausted': ['当期资金或名额已满', 'no budget or place left in this period'],
  'papers-missing': ['材料不全且逾期未补', 'papers missing and not supplied in time'],
});
export type RefusalCode = keyof typeof refusalCodes;

/** Why a referral is called back by who sent it. */
export const recallCodes = codes({
  'sent-in-error': ['误转', 'sent in error'],
  'solved-otherwise': ['已通过其他途径解决', 'solved in another way'],
  'family-withdraws': ['家庭撤回', 'the family withdraws'],
  'no-answer': ['对方长期未反馈', 'no answer for too long'],
});
export type RecallCode = keyof typeof recallCodes;

/** Why a case goes from one worker to another. */
export const reassignCodes = codes({
  absence: ['请假外出', 'absence'],
  workload: ['工作量调整', 'workload'],
  'conflict-of-interest': ['回避', 'conflict of interest'],
  'area-changed': ['辖区变更', 'area changed'],
  'family-request': ['家庭要求', 'the family asks for it'],
});
export type ReassignCode = keyof typeof reassignCodes;

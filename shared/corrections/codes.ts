import type { Bilingual } from '../catalog/feed.ts';

/** Coded answers of the correction notices, with their words. A code that has shipped is never given another meaning. */

/** What somebody at home found wrong about a department's row. */
export const wrongCodes = {
  'not-happened': { zh: '未发生此事', en: 'it did not happen' },
  'amount-wrong': { zh: '金额有误', en: 'the amount is wrong' },
  'date-wrong': { zh: '日期有误', en: 'the date is wrong' },
  'status-wrong': { zh: '状态不符（如已终止或未开始）', en: 'the status is wrong: it has ended or never began' },
  'other-person': { zh: '并非此人', en: 'it is about somebody else' },
  'has-died': { zh: '本人已死亡', en: 'the person has died' },
  'has-moved': { zh: '本人已迁出', en: 'the person has moved away' },
  'place-wrong': { zh: '区划有误', en: 'the place is wrong' },
  'told-twice': { zh: '重复报送', en: 'told twice' },
  'paid-back': { zh: '已退费，未报冲销', en: 'paid back, and the reversal was not sent' },
  other: { zh: '其他', en: 'something else' },
} as const satisfies Readonly<Record<string, Bilingual>>;
export type WrongCode = keyof typeof wrongCodes;

/** What a department answers. `passed-on` is no last word: the notice stays open and its clock runs on. */
export const correctionAnswers = {
  corrected: { zh: '已更正', en: 'corrected' },
  upheld: { zh: '核对无误', en: 'checked: the row is right' },
  'unknown-row': { zh: '本部门无此数据', en: 'the department has no such row' },
  'passed-on': { zh: '已转数据来源单位', en: 'passed on to where the row came from' },
} as const satisfies Readonly<Record<string, Bilingual>>;
export type CorrectionAnswerKind = keyof typeof correctionAnswers;

/** Why a row is right after all. */
export const upheldCodes = {
  'as-in-papers': { zh: '与原始凭证一致', en: 'it agrees with the original papers' },
  'as-decided': { zh: '依据生效的认定或决定', en: 'it follows a decision in force' },
  'person-confirmed': { zh: '已向本人核实', en: 'the person confirmed it' },
  'another-meaning': { zh: '数据口径不同，并非错误', en: 'the column means something else; it is no error' },
} as const satisfies Readonly<Record<string, Bilingual>>;
export type UpheldCode = keyof typeof upheldCodes;

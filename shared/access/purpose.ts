import type { Bilingual } from '../catalog/feed.ts';

/** Why personal data is read: a reason code, or the number of the case it is read for. */
export type Purpose = string & { readonly __brand: 'Purpose' };

/** The reason codes taken beside case numbers. */
export const purposeCodes: Readonly<Record<string, Bilingual>> = {
  'desk-check': { zh: '案头比对', en: 'desk check' },
  visit: { zh: '入户核查', en: 'visit' },
  review: { zh: '审核', en: 'review' },
  handling: { zh: '转办办理', en: 'handling a referral' },
  supervision: { zh: '督办', en: 'supervision' },
  correction: { zh: '数据更正', en: 'data correction' },
  enquiry: { zh: '群众咨询信访', en: 'enquiry or petition' },
  audit: { zh: '审计', en: 'audit' },
};

/** `C-` and 4 to 40 letters, digits or hyphens, holding no run of digits long enough to be an identity number. */
const CASE_NUMBER = /^C-(?!.*\d{15})[0-9A-Za-z-]{4,40}$/;

/** A purpose in words; an unknown code, of an earlier version, as it is. */
export function purposeTitle(purpose: string): Bilingual {
  if (CASE_NUMBER.test(purpose)) return { zh: `办件 ${purpose}`, en: `case ${purpose}` };
  return (Object.hasOwn(purposeCodes, purpose) ? purposeCodes[purpose] : undefined) ?? { zh: purpose, en: purpose };
}

/** Reads a purpose; undefined for anything that is neither a reason code nor a case number. */
export function parsePurpose(text: string): Purpose | undefined {
  return Object.hasOwn(purposeCodes, text) || CASE_NUMBER.test(text) ? (text as Purpose) : undefined;
}

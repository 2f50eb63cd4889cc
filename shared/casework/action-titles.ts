import type { Bilingual } from '../catalog/feed.ts';
import type { CaseActionName } from './actions.ts';

/** What is done to a case, in words. */
export const actionTitles: Readonly<Record<CaseActionName, Bilingual>> = {
  'answer-proposal': { zh: '答复办结建议', en: 'answer a proposed closure' },
  claim: { zh: '认领', en: 'take it in hand' },
  assign: { zh: '指派', en: 'give it to a worker' },
  'return-to-pool': { zh: '退回待分派', en: 'give it back to the pool' },
  'record-visit': { zh: '登记入户核查', en: 'record a visit' },
  'choose-visit': { zh: '选定以哪次入户为准', en: 'choose which visit counts' },
  decide: { zh: '作出决定', en: 'decide' },
  'file-papers': { zh: '补齐手续', en: 'file the papers' },
  'add-referral': { zh: '增加转办', en: 'ask one more department' },
  'answer-referral': { zh: '答复转办', en: 'answer a referral' },
  supply: { zh: '补充部门所需材料', en: 'supply what a department asked for' },
  'recall-referral': { zh: '撤回转办', en: 'recall a referral' },
  'record-aid': { zh: '登记已给予的救助', en: 'record help given' },
  'give-consent': { zh: '登记家庭同意', en: 'record the family’s consent' },
  'pause-clock': { zh: '暂停计时', en: 'let a clock stand still' },
  'resume-clock': { zh: '恢复计时', en: 'let a clock run on' },
  'raise-grade': { zh: '提高紧急程度', en: 'raise the grade' },
  'record-check': { zh: '登记核对报告', en: 'record the economic-status check' },
  'sign-commitment': { zh: '签署告知承诺', en: 'sign the commitment' },
  'correct-declaration': { zh: '更正申报', en: 'correct what was declared' },
  'look-again': { zh: '回访', en: 'look again after help' },
  close: { zh: '办结', en: 'close' },
  attach: { zh: '上传附件', en: 'upload an attachment' },
  comment: { zh: '补充说明', en: 'add a comment' },
};

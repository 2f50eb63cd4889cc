import type { Bilingual } from '../../shared/catalog/feed.ts';

/** A body to begin with; `<uuid>` and `<now>` in it stand for a fresh id and the moment of sending. */
export interface BodyExample {
  readonly title: Bilingual;
  readonly body: object;
}

/** Bodies of the actions an ordinary case takes, from the claim to the close, by the name of the step. */
export const actionExamples: Readonly<Record<string, BodyExample>> = {
  claim: { title: { zh: '认领', en: 'Claim' }, body: { action: 'claim' } },
  visit: {
    title: { zh: '入户：情况属实，建议转办', en: 'Visit: true, a referral is proposed' },
    body: {
      action: 'record-visit',
      visit: {
        id: '<uuid>',
        means: 'home',
        visitedAt: '<now>',
        investigators: ['甲', '乙'],
        truth: 'T1',
        needs: ['medical'],
        proposed: ['A8'],
        notes: '情况属实',
        baseVersion: 1,
      },
    },
  },
  'visit-no-need': {
    title: { zh: '入户：无需救助（三项即可）', en: 'Visit: no need (three answers)' },
    body: {
      action: 'record-visit',
      visit: {
        id: '<uuid>',
        means: 'home',
        visitedAt: '<now>',
        investigators: ['甲'],
        truth: 'T1',
        proposed: ['A0'],
        baseVersion: 1,
      },
    },
  },
  refer: {
    title: { zh: '审核：转医保部门办理', en: 'Decide: refer to medical insurance' },
    body: {
      action: 'decide',
      kind: 'help',
      actions: ['A8'],
      referrals: [{ measure: 'medical-aid', department: 'medical-insurance', ask: '请核实并办理医疗救助' }],
    },
  },
  'no-need': {
    title: { zh: '审核：无需救助，办结', en: 'Decide: no need, close' },
    body: { action: 'decide', kind: 'no-need', actions: ['A0'], outcome: 'not-in-need' },
  },
  'data-wrong': {
    title: {
      zh: '审核：数据错误（不写 wrongRows 时列出预警依据的数据行）',
      en: 'Decide: the data are wrong (without wrongRows the rows of evidence are offered)',
    },
    body: { action: 'decide', kind: 'data-wrong', outcome: 'data-wrong', note: '票据与数据不符' },
  },
  'look-again': {
    title: { zh: '回访：已帮扶，办结', en: 'Follow-up: helped, close' },
    body: { action: 'look-again', outcome: 'helped-new' },
  },
  comment: { title: { zh: '备注', en: 'Comment' }, body: { action: 'comment', note: '已电话联系' } },
};

/** Bodies a department answers a referral with. */
export const answerExamples: Readonly<Record<string, BodyExample>> = {
  done: {
    title: { zh: '已办结（金额为分）', en: 'Done (the amount in fen)' },
    body: { kind: 'done', amount: 260_000, rhythm: 'once' },
  },
  accept: { title: { zh: '已受理', en: 'Accepted' }, body: { kind: 'accept' } },
  'ask-more': { title: { zh: '需补充材料', en: 'More is needed' }, body: { kind: 'ask-more', note: '请补充出院小结' } },
};

/** Bodies a department answers a correction notice with. */
export const correctionExamples: Readonly<Record<string, BodyExample>> = {
  upheld: { title: { zh: '核对无误', en: 'The row is right' }, body: { kind: 'upheld', reason: 'as-in-papers' } },
  corrected: {
    title: { zh: '已更正（填写更正文件编号）', en: 'Corrected (name the file that corrects it)' },
    body: { kind: 'corrected', file: '000000000000000000000000' },
  },
  'unknown-row': { title: { zh: '本部门无此数据', en: 'No such row' }, body: { kind: 'unknown-row' } },
  'passed-on': {
    title: { zh: '已转来源单位（仍待最后答复）', en: 'Passed on (the last word is still owed)' },
    body: { kind: 'passed-on', to: 'hospital' },
  },
};

/** Findings of audit to begin with. */
export const findingExamples: Readonly<Record<string, BodyExample>> = {
  feed: {
    title: { zh: '数据迟报（由部门答复）', en: 'Data late (the department answers)' },
    body: {
      subject: { kind: 'feed', id: 'medical-insurance/inpatient-settlement' },
      code: 'data-late',
      text: '三月数据迟报两周',
      due: '2024-05-31',
      area: '411122',
    },
  },
};

/** Reports to ask for. */
export const reportExamples: Readonly<Record<string, BodyExample>> = {
  ledger: {
    title: { zh: '核查台账，一个月，表格', en: 'Visit ledger of a month, as a workbook' },
    body: { report: 'visit-ledger', from: '2024-03-01', to: '2024-03-31', format: 'xlsx' },
  },
  exchange: {
    title: { zh: '数据交换台账，CSV（GB18030）', en: 'Data-exchange ledger, CSV in GB18030' },
    body: { report: 'data-exchange-ledger', from: '2024-03-01', to: '2024-03-31', format: 'csv', encoding: 'gb18030' },
  },
  sample: {
    title: { zh: '抽样清单（审计）', en: 'Sampling list (audit)' },
    body: { report: 'sampling-list', from: '2024-01-01', to: '2024-03-31', format: 'json', seed: '2024-1', sample: 30 },
  },
};

/** Closing a month. */
export const closingExamples: Readonly<Record<string, BodyExample>> = {
  own: { title: { zh: '本人辖区', en: 'Of all your area' }, body: {} },
  county: { title: { zh: '某县', en: 'Of a county' }, body: { area: '411122' } },
};

/** What may be said to a finding. */
export const findingStepExamples: Readonly<Record<string, BodyExample>> = {
  answer: { title: { zh: '答复整改', en: 'What was done' }, body: { act: 'answer', text: '已补报，并改为每日报送' } },
  close: { title: { zh: '销号', en: 'Close' }, body: { act: 'close' } },
  reopen: { title: { zh: '重开', en: 'Open again' }, body: { act: 'reopen', text: '抽查仍有迟报' } },
};

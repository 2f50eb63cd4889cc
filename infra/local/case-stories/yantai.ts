import { caseFamilyFiles, printedLastMonth } from '../demo-county/case-families.ts';
import { onlyCase, type Story, visitOf } from './story.ts';

const COUNTY = '370611';
const STREET = '370611001';
const COMMUNITY = '370611001006';

/** The seven matters handled together: one form, one set of papers, one notice, one answer (新黄河, 烟台“一件事”). */
const MATTERS = [
  { measure: 'rigid-expenditure-recognition', department: 'civil-affairs', ask: '按刚性支出困难家庭认定。' },
  { measure: 'temporary-aid', department: 'civil-affairs', ask: '支出型临时救助。' },
  { measure: 'medical-aid', department: 'medical-insurance', ask: '认定后按规定给予医疗救助。' },
  { measure: 'paid-enrolment', department: 'medical-insurance', ask: '明年起资助参保。' },
  { measure: 'education-aid', department: 'education', ask: '初中在读，困难学生资助。' },
  { measure: 'charity-match', department: 'charity', ask: '大病慈善项目对接。' },
  { measure: 'service-care', department: 'civil-affairs', ask: '社工跟进陪护和心理支持。' },
] as const;

/** In no register yet: eleven settlements of over 90,000 yuan of his own, a child at school (新黄河). */
export const yantai: Story = {
  id: 'yantai-self-paid-ninety-thousand',
  title: {
    zh: '山东烟台：未在册家庭，11个月自付医疗费9万余元',
    en: 'Yantai, Shandong: in no register, over 90,000 yuan of medical bills in eleven months',
  },
  county: COUNTY,
  begins: '2024-01-15 09:00',
  async play(office, tell) {
    await office.employ(
      { id: 'linna', name: '林娜', role: 'coordinator', area: COMMUNITY },
      { id: 'gaofei', name: '高飞', role: 'caseworker', area: STREET },
      { id: 'minzheng', name: '民政经办', role: 'handler', area: COUNTY, departments: ['civil-affairs'] },
      { id: 'yibao', name: '医保经办', role: 'handler', area: COUNTY, departments: ['medical-insurance'] },
      { id: 'jiaoyu', name: '教育经办', role: 'handler', area: COUNTY, departments: ['education'] },
      { id: 'cishan', name: '慈善总会', role: 'handler', area: COUNTY, departments: ['charity'] },
    );
    await office.drop(caseFamilyFiles('yantai', printedLastMonth.yantai));
    let found = await onlyCase(office);
    await tell(
      'warned',
      {
        zh: '近12个月自付9万余元，红色预警；该户不在任何名册。两个工作日内入户。',
        en: 'Over 90,000 yuan of bills in 12 months: a red warning for a family in no register. A visit within two working days.',
      },
      found,
    );

    await office.until('2024-01-16 11:30');
    found = await office.act(
      'linna',
      found.id,
      visitOf({
        id: 3706,
        visitedAt: '2024-01-16 10:00',
        investigators: ['林娜', '高飞'],
        truth: 'T1',
        needs: ['medical', 'living', 'education'],
        proposed: ['A5', 'A6', 'A8', 'A9', 'A10'],
        notes: '户主化疗中，已借款六万元；孩子八年级。',
        baseVersion: found.version,
      }),
    );
    await tell(
      'visited',
      {
        zh: '入户属实：户主化疗中，借款六万元，孩子上初中。',
        en: 'It is true: under chemotherapy, 60,000 borrowed, a child at school.',
      },
      found,
    );

    await office.until('2024-01-16 15:00');
    await office.lodge('gaofei', found, {
      channel: 'caseworker',
      needs: ['medical', 'living', 'education'],
      measures: MATTERS.map(({ measure }) => measure),
      statement: '经办人代为申请：一张表单、一套材料、一次告知。',
      urgent: false,
    });
    found = await office.act('gaofei', found.id, { action: 'give-consent' });
    await tell(
      'applied',
      {
        zh: '高飞代为申请，一张表单办七件事；共享数据已有的不再要。家庭同意对接慈善。',
        en: 'The caseworker applies for them: one form for seven matters, nothing asked that is shared already. They consent to a charity.',
      },
      found,
    );

    await office.until('2024-01-17 09:00');
    found = await office.act('gaofei', found.id, {
      action: 'decide',
      kind: 'help',
      actions: ['A5', 'A6', 'A8', 'A9', 'A10'],
      referrals: MATTERS.map((matter) => ({ ...matter })),
    });
    await tell('referred', { zh: '七件事同时转给四个部门和慈善总会。', en: 'All seven go out at once.' }, found);

    const handlers = ['minzheng', 'minzheng', 'yibao', 'yibao', 'jiaoyu', 'cishan', 'minzheng'];
    await office.until('2024-01-18 16:00');
    for (const [index, user] of handlers.entries()) {
      found = await office.act(user, found.id, { action: 'answer-referral', referral: `R${index + 1}`, kind: 'accept' });
    }
    await tell('accepted', { zh: '全部受理。', en: 'All are accepted.' }, found);

    await office.until('2024-02-01 10:00');
    const sums = [undefined, 5_000_00, 21_600_00, 380_00, 1_250_00, 10_000_00, undefined];
    for (const [index, user] of handlers.entries()) {
      const amount = sums[index];
      found = await office.act(user, found.id, {
        action: 'answer-referral',
        referral: `R${index + 1}`,
        kind: 'done',
        ...(amount === undefined ? {} : { amount, rhythm: 'once' }),
      });
    }
    await tell(
      'done',
      {
        zh: '七件事全部办结，一次反馈。社工继续跟进。',
        en: 'All seven are done and told in one answer. The social worker goes on.',
      },
      found,
    );

    await office.until('2024-03-04 09:30');
    found = await office.act('gaofei', found.id, {
      action: 'look-again',
      outcome: 'helped-new',
      note: '社工每周探访，治疗费用可承受。',
    });
    await tell(
      'closed',
      { zh: '回访：治疗费用可承受，办结。', en: 'Looked at again: the treatment can be paid for. Closed.' },
      found,
    );
  },
};

import { caseFamilyFiles, caseFamilyPeople, printedLastMonth } from '../demo-county/case-families.ts';
import { onlyCase, type Story, visitOf } from './story.ts';

const COUNTY = '371621';
const TOWNSHIP = '371621103';
const VILLAGE = '371621103221';

/** On the allowance; the head disabled by a stroke and fit for light work, two daughters at university (人民日报, 新黄河). */
export const shandong: Story = {
  id: 'shandong-stroke-light-work',
  title: {
    zh: '山东惠民：低保户，户主脑血栓后遗症，两个女儿上大学',
    en: 'Huimin, Shandong: on the allowance, the head after a stroke, two daughters at university',
  },
  county: COUNTY,
  begins: '2024-11-15 09:00',
  async play(office, tell) {
    await office.employ(
      { id: 'chenjing', name: '陈静', role: 'coordinator', area: VILLAGE },
      { id: 'sunlei', name: '孙磊', role: 'caseworker', area: TOWNSHIP },
      { id: 'renshe', name: '人社经办', role: 'handler', area: COUNTY, departments: ['human-resources'] },
      { id: 'jiaoyu', name: '教育经办', role: 'handler', area: COUNTY, departments: ['education'] },
    );
    const [head] = caseFamilyPeople('shandong', printedLastMonth.shandong);
    await office.drop(caseFamilyFiles('shandong', printedLastMonth.shandong));
    let found = await onlyCase(office);
    const person = head === undefined ? undefined : office.personOf(head.identityNumber);
    await tell(
      'warned',
      {
        zh: '病、残、学三项支出叠加，系统预警；该户已享受低保。派给村协理员陈静。',
        en: 'Illness, disability and schooling together: a warning, for a household on the allowance already. The village coordinator gets the visit.',
      },
      found,
    );

    await office.until('2024-11-19 10:40');
    found = await office.act(
      'chenjing',
      found.id,
      visitOf({
        id: 3701,
        visitedAt: '2024-11-19 09:30',
        investigators: ['陈静', '孙磊'],
        truth: 'T1',
        needs: ['employment', 'education'],
        proposed: ['A11', 'A8'],
        members: [{ person, present: true, workAbility: 'light', work: 'none' }],
        notes: '户主能做轻活，愿意就近上岗；两个女儿学费靠助学贷款。',
        baseVersion: found.version,
      }),
    );
    await tell(
      'visited',
      {
        zh: '入户核实：户主能做轻活，愿意上岗；女儿学费有困难。',
        en: 'At home: he can do light work and wants to; the tuition is hard.',
      },
      found,
    );

    await office.until('2024-11-21 09:00');
    found = await office.act('sunlei', found.id, {
      action: 'decide',
      kind: 'help',
      actions: ['A11', 'A8'],
      referrals: [
        { measure: 'public-welfare-job', department: 'human-resources', person, ask: '肢体二级残疾，适合保洁等轻便公益岗位。' },
        { measure: 'education-aid', department: 'education', ask: '两名在读本科女儿申请助学金。' },
      ],
    });
    await tell(
      'referred',
      { zh: '镇里转办：人社（公益岗）、教育（助学）。', en: 'The township asks two departments: work and education aid.' },
      found,
    );

    await office.until('2024-11-25 11:00');
    found = await office.act('renshe', found.id, { action: 'answer-referral', referral: 'R1', kind: 'accept' });
    found = await office.act('jiaoyu', found.id, { action: 'answer-referral', referral: 'R2', kind: 'accept' });
    await tell('accepted', { zh: '两部门均已受理。', en: 'Both departments accept.' }, found);

    await office.until('2024-12-05 16:00');
    found = await office.act('renshe', found.id, {
      action: 'answer-referral',
      referral: 'R1',
      kind: 'done',
      amount: 836_00,
      rhythm: 'monthly',
      note: '保洁岗，12月起上岗。',
    });
    await tell(
      'working',
      { zh: '人社反馈：保洁公益岗上岗，每月836元。', en: 'Work: a cleaning job at 836 yuan a month.' },
      found,
    );
    await office.until('2024-12-10 10:00');
    found = await office.act('jiaoyu', found.id, {
      action: 'answer-referral',
      referral: 'R2',
      kind: 'done',
      amount: 6_000_00,
      rhythm: 'once',
    });
    await tell(
      'studying',
      { zh: '教育反馈：助学金6000元已发放。转入跟踪回访。', en: 'Education: aid of 6,000 yuan is paid. On to the follow-up.' },
      found,
    );

    await office.until('2025-03-11 09:30');
    found = await office.act('sunlei', found.id, { action: 'look-again', outcome: 'helped-new', note: '在岗，女儿正常就读。' });
    await tell(
      'closed',
      { zh: '三个月后回访：在岗、在读，办结。', en: 'Three months later he works and they study. Closed.' },
      found,
    );
  },
};

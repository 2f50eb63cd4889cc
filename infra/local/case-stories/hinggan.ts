import type { Period } from '../../../shared/calendar/period.ts';
import type { PlainDate } from '../../../shared/calendar/plain-date.ts';
import { caseFamilyFiles, caseFamilyPeople, printedLastMonth } from '../demo-county/case-families.ts';
import { settlementFile, stayOf } from '../demo-county/case-files.ts';
import { settlementColumns, settlementTable } from '../demo-county/settlements.ts';
import { type CountyFile, yuan } from '../demo-county/table.ts';
import { onlyCase, type Story, visitOf } from './story.ts';

const COUNTY = '152201';
const STREET = '152201003';
const COMMUNITY = '152201003004';

/** The next settlements of the chemotherapy, one a month. */
export function chemotherapyFile(month: Period, self: number): CountyFile {
  const [head] = caseFamilyPeople('hinggan', printedLastMonth.hinggan);
  if (head === undefined) throw new Error('the family has no head');
  const stay = stayOf({ name: head.name, number: head.identityNumber, birth: '1980-01-01' as PlainDate }, COUNTY, {
    number: `XA${month.replace('-', '')}0071`,
    hospital: '吉林大学第一医院',
    settled: `${month}-22` as PlainDate,
    days: 5,
    late: 2,
    code: 'C50.900',
    diagnosis: '乳腺恶性肿瘤',
    total: Math.round(self / 0.4),
    self,
    outOfArea: true,
  });
  return settlementFile(
    `medical-insurance/inpatient-settlement/${month}/乌兰浩特异地住院${month}.csv`,
    '异地住院结算',
    settlementTable([stay], yuan, ''),
    settlementColumns.totals,
  );
}

/** On the urban allowance; bills from outside the province pass 30,000 yuan in twelve months (内蒙古日报). */
export const hinggan: Story = {
  id: 'hinggan-rigid-spending',
  title: {
    zh: '内蒙古乌兰浩特：城市低保家庭，12个月刚性支出超3万元',
    en: 'Ulanhot, Inner Mongolia: on the urban allowance, over 30,000 yuan of rigid spending in 12 months',
  },
  county: COUNTY,
  begins: '2024-07-15 09:00',
  async play(office, tell) {
    await office.employ(
      { id: 'narisu', name: '娜日苏', role: 'coordinator', area: COMMUNITY },
      { id: 'baoqiang', name: '包强', role: 'caseworker', area: STREET },
      { id: 'fulian', name: '妇联经办', role: 'handler', area: COUNTY, departments: ['womens-federation'] },
      { id: 'minzheng', name: '民政经办', role: 'handler', area: COUNTY, departments: ['civil-affairs'] },
    );
    await office.drop(caseFamilyFiles('hinggan', printedLastMonth.hinggan));
    let found = await onlyCase(office);
    await tell(
      'warned',
      {
        zh: '异地结算迟到数月，合计30126.80元，超过3万元：城市低保家庭预警。',
        en: 'Bills from outside the province, months late, come to 30,126.80 yuan, above 30,000: a warning for a household on the urban allowance.',
      },
      found,
    );

    await office.until('2024-07-17 16:00');
    found = await office.act(
      'narisu',
      found.id,
      visitOf({
        id: 1522,
        visitedAt: '2024-07-17 15:10',
        investigators: ['娜日苏', '包强'],
        truth: 'T1',
        needs: ['medical'],
        proposed: ['A8'],
        notes: '四月确诊乳腺癌，正在化疗；女儿脊柱侧弯术后。',
        baseVersion: found.version,
      }),
    );
    await tell('visited', { zh: '入户属实，正在化疗。', en: 'It is true; she is under chemotherapy.' }, found);

    await office.until('2024-07-19 10:00');
    const [head] = caseFamilyPeople('hinggan', printedLastMonth.hinggan);
    const person = head === undefined ? undefined : office.personOf(head.identityNumber);
    found = await office.act('baoqiang', found.id, {
      action: 'decide',
      kind: 'help',
      actions: ['A8'],
      aids: [{ measure: 'consolation-money', department: 'civil-affairs', amount: 7_000_00, rhythm: 'once', date: '2024-07-19' }],
      referrals: [
        { measure: 'urban-hardship-recognition', department: 'civil-affairs', ask: '按城镇事实困难人员认定。' },
        { measure: 'two-cancer-aid', department: 'womens-federation', person, ask: '“两癌”救助。' },
      ],
    });
    await tell(
      'helped',
      {
        zh: '发放慰问金7000元；转民政认定城镇事实困难人员，转妇联“两癌”救助。',
        en: 'Consolation money of 7,000 yuan; civil affairs is asked to recognise urban hardship, the women’s federation for cancer aid.',
      },
      found,
    );

    await office.until('2024-07-23 09:30');
    found = await office.act('minzheng', found.id, { action: 'answer-referral', referral: 'R1', kind: 'done' });
    found = await office.act('fulian', found.id, { action: 'answer-referral', referral: 'R2', kind: 'accept' });
    await tell(
      'accepted',
      { zh: '认定办结；妇联受理，办理中。', en: 'Recognised; the women’s federation accepts and is at it.' },
      found,
    );

    await office.until('2024-08-08 09:00');
    await office.drop([chemotherapyFile('2024-07' as Period, 412_260)]);
    found = await office.caseOf(found.household);
    await tell(
      'increment',
      {
        zh: '新的化疗结算到了：并入同一办件，不另起预警。',
        en: 'The next chemotherapy bill: it joins the same case; there is no second warning.',
      },
      found,
    );

    await office.until('2024-08-09 15:00');
    found = await office.act('fulian', found.id, {
      action: 'answer-referral',
      referral: 'R2',
      kind: 'done',
      amount: 10_000_00,
      rhythm: 'once',
    });
    await tell('done', { zh: '妇联“两癌”救助10000元到账。', en: 'Cancer aid of 10,000 yuan is paid.' }, found);

    await office.until('2024-11-08 09:30');
    found = await office.act('baoqiang', found.id, { action: 'look-again', outcome: 'helped-new', note: '化疗结束，定期复查。' });
    await tell('closed', { zh: '回访：化疗结束，办结。', en: 'Looked at again: the chemotherapy is over. Closed.' }, found);
  },
};

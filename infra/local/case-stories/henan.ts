import { caseFamilyFiles, printedLastMonth } from '../demo-county/case-families.ts';
import { onlyCase, type Story, visitOf } from './story.ts';

const COUNTY = '411122';
const TOWNSHIP = '411122104';
const VILLAGE = '411122104215';

/** A near-poor household; the mother's heart failure cost over 30,000 yuan of its own within a month (河南日报). */
export const henan: Story = {
  id: 'henan-heart-failure',
  title: {
    zh: '河南临颍：低保边缘家庭，老人心力衰竭',
    en: 'Linying, Henan: a near-poor household, the mother with heart failure',
  },
  county: COUNTY,
  begins: '2024-01-15 09:00',
  async play(office, tell) {
    await office.employ(
      { id: 'wangfang', name: '王芳', role: 'coordinator', area: VILLAGE },
      { id: 'liqiang', name: '李强', role: 'caseworker', area: TOWNSHIP },
      { id: 'zhaomin', name: '赵敏', role: 'supervisor', area: COUNTY },
    );
    await office.drop(caseFamilyFiles('henan', printedLastMonth.henan));
    let found = await onlyCase(office);
    await tell(
      'warned',
      {
        zh: '各部门报送上月数据，老人四次住院自付超过5000元，系统预警；案头比对未见异常，派给村协理员王芳。',
        en: 'The departments send last month’s files; four bills pass 5,000 yuan and the platform warns. Nothing against it at the desk; the village coordinator gets the visit.',
      },
      found,
    );

    await office.until('2024-01-17 15:00');
    found = await office.act(
      'wangfang',
      found.id,
      visitOf({
        id: 4101,
        visitedAt: '2024-01-17 14:20',
        investigators: ['王芳', '李强'],
        truth: 'T1',
        needs: ['medical', 'living'],
        proposed: ['A6'],
        notes: '老人仍在服药，儿媳超市打工，儿子外出务工，住院欠亲戚两万元。',
        baseVersion: found.version,
      }),
    );
    await tell(
      'visited',
      { zh: '王芳和李强入户：情况属实，建议临时救助。', en: 'Two people visit: it is true; they propose temporary aid.' },
      found,
    );

    await office.until('2024-01-19 10:00');
    found = await office.act('liqiang', found.id, {
      action: 'decide',
      kind: 'help',
      actions: ['A6'],
      aids: [{ measure: 'temporary-aid', department: 'civil-affairs', amount: 5_040_00, rhythm: 'once', date: '2024-01-19' }],
      note: '支出型临时救助；低保边缘政策继续享受，老人病情如不见好转，按单人户申请低保。',
    });
    await tell(
      'helped',
      {
        zh: '镇里审核：给予临时救助5040元，低保边缘政策不变，三个月后回访老人。',
        en: 'The township grants 5,040 yuan of temporary aid; the near-poor policies go on; the mother is looked after again in three months.',
      },
      found,
    );

    await office.until('2024-04-19 09:30');
    found = await office.caseOf(found.household);
    await tell(
      'looked-again',
      {
        zh: '回访日到，系统再次评估该户，请镇里回访。',
        en: 'The follow-up is due; the platform assesses the household again and asks the township to look.',
      },
      found,
    );
    found = await office.act('liqiang', found.id, {
      action: 'look-again',
      outcome: 'temporary-aid',
      note: '老人病情平稳，暂不需要按单人户申请。',
    });
    await tell(
      'closed',
      { zh: '李强回访，病情平稳，办结。', en: 'The caseworker looks again: her state is stable. Closed.' },
      found,
    );
  },
};

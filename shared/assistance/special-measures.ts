import { yuanText } from '../scoring/value-text.ts';
import { disabilityText, LOW_INCOME, livesIn, needed, notInService, recognised, severelyDisabled } from './conditions.ts';
import { type Condition, decidedLocally, type Measure, no, unknown, yes } from './measure.ts';
import { entitledYears, newbornEntitlement } from './newborns.ts';
import { ownedBy } from './owners.ts';
import { memberText } from './situation.ts';

/** Special aid 专项救助: medical, education, housing, disaster; and what everybody of a kind is entitled to. */

const hasMedicalCosts: Condition = ({ spending }, member) => {
  const who = memberText(member);
  if (member.selfPaid > 0)
    return yes(
      `${who.zh}12个月医疗自付${yuanText(member.selfPaid)}元`,
      `the ${who.en} paid ${yuanText(member.selfPaid)} yuan in 12 months`,
    );
  if (spending.known) return no(`${who.zh}12个月内无医疗自付`, `the ${who.en} had no medical costs in 12 months`);
  return unknown(
    ['医疗结算数据缺失', 'settlement data are missing'],
    ['核实近12个月医疗费用', 'find out about medical costs of 12 months'],
  );
};

/** Beside the recognised layers: whoever illness made poor 因病致贫重病患者, found together with rigid expenditure. */
const medicalAidGroup: Condition = (situation, member) => {
  if (situation.category !== 'none') return recognised(...LOW_INCOME)(situation, member);
  if (member.selfPaid >= situation.parameters.heavySelfPaid) {
    return unknown(
      [
        '该户尚未认定，但自付费用较高，可能属因病致贫重病患者',
        'not yet recognised, but costs are heavy: perhaps made poor by illness',
      ],
      [
        '与刚性支出困难认定一并核实家庭收入和财产',
        'find out income and property together with the rigid-expenditure recognition',
      ],
    );
  }
  return recognised(...LOW_INCOME)(situation, member);
};

const insuredAsResident: Condition = (_, member) => {
  const who = memberText(member);
  if (member.insured === 'employee') return no(`${who.zh}参加职工医保`, `the ${who.en} is insured as an employee`);
  return yes(`${who.zh}应参加居民医保`, `the ${who.en} is to be insured as a resident`);
};

const notPaidForThisYear: Condition = ({ chain, asOf }, member) => {
  const year = asOf.slice(0, 4);
  const paid = chain.lines.find(
    ({ kind, measure, person, date }) =>
      kind === 'given' && measure === 'paid-enrolment' && person === member.person && date.startsWith(year),
  );
  return paid === undefined
    ? yes(`${year}年未见资助参保`, `not paid for in ${year}`)
    : no(`${paid.date}已资助参保`, `paid for on ${paid.date}`);
};

/** Jiangxi: by birth and enrolment alone, whatever the household has. */
const entitledNewborn: Condition = ({ area, asOf }, member) => {
  if (member.born === undefined) return no('没有出生医学证明记录', 'no birth certificate on record');
  const years = entitledYears(member.born, area);
  const year = Number(asOf.slice(0, 4));
  if (years.length === 0)
    return no(
      `${member.born}出生，早于${newbornEntitlement.bornFrom}`,
      `born on ${member.born}, before ${newbornEntitlement.bornFrom}`,
    );
  if (!years.includes(year))
    return no(`资助年度为${years.join('、')}年，已届满`, `paid for in ${years.join(', ')}, which is over`);
  return yes(
    `${member.born}出生，${years.join('、')}年个人缴费由财政负担`,
    `born on ${member.born}: the contribution of ${years.join(', ')} is paid by the state`,
  );
};

const notEnrolled: Condition = (_, { insured }) => {
  if (insured === null) return yes('最新参保名单中没有该新生儿', 'the child is not on the latest enrolment list');
  if (insured === undefined)
    return unknown(
      ['参保名单未更新', 'the enrolment list is late'],
      ['核实是否已参保', 'find out whether the child is enrolled'],
    );
  return no('该新生儿已参保', 'the child is enrolled');
};

const atSchool: Condition = (_, member) => {
  const who = memberText(member);
  if (typeof member.stage === 'string' || member.told.studying === true)
    return yes(`${who.zh}在读`, `the ${who.en} is at school`);
  if (member.stage === null && member.told.studying === undefined) return no(`${who.zh}不在读`, `the ${who.en} is not at school`);
  return member.told.studying === false
    ? no(`${who.zh}不在读`, `the ${who.en} is not at school`)
    : unknown(
        ['学籍数据缺失', 'enrolment data are missing'],
        ['核实是否在读及学段', 'find out whether at school, and the stage'],
      );
};

const dangerousHouse: Condition = ({ house }) => {
  if (house === 'C' || house === 'D') return yes(`房屋鉴定为${house}级，尚未改造`, `house appraised ${house}, not rebuilt`);
  if (house === undefined)
    return unknown(
      ['房屋鉴定数据缺失', 'appraisal data are missing'],
      ['入户查看房屋，必要时申请鉴定', 'look at the house; ask for an appraisal if needed'],
    );
  return no(
    house === null ? '无危房鉴定记录' : `房屋鉴定为${house}级`,
    house === null ? 'no dangerous house on record' : `house appraised ${house}`,
  );
};

export const specialMeasures: readonly Measure[] = [
  {
    id: 'medical-aid',
    title: { zh: '医疗救助', en: 'Medical aid' },
    ...ownedBy('medical-insurance'),
    kind: 'special',
    action: 'A8',
    needs: ['medical'],
    for: 'person',
    conditions: [hasMedicalCosts, medicalAidGroup],
    amount: () =>
      decidedLocally(
        'once',
        '政策范围内个人负担费用×救助比例，年度限额内按类别分档',
        'costs borne within the policy × share by category, within the yearly limit',
      ),
    papers: ['application', 'identity', 'medical-bills', 'diagnosis', 'low-income'],
    source: { ref: '国办发〔2023〕39号四（二）；社会救助暂行办法第五章', evidence: 'A' },
  },
  {
    id: 'paid-enrolment',
    title: { zh: '资助参保', en: 'Enrolment paid for' },
    ...ownedBy('medical-insurance'),
    kind: 'special',
    action: 'A8',
    needs: ['medical'],
    for: 'person',
    conditions: [
      recognised('minimum-living-allowance', 'destitute-support', 'near-poor', 'falling-back-monitored'),
      insuredAsResident,
      notPaidForThisYear,
    ],
    amount: () =>
      decidedLocally(
        'yearly',
        '特困全额、其他按当地定额资助个人缴费',
        'in full for the destitute, otherwise the local fixed share',
      ),
    papers: ['identity', 'low-income'],
    source: { ref: '社会救助暂行办法第五章；国办发〔2023〕39号四（二）', evidence: 'A' },
  },
  {
    id: 'newborn-enrolment',
    title: { zh: '新生儿参保（个人缴费由财政负担）', en: 'Enrolment of newborns at the cost of the state' },
    ...ownedBy('medical-insurance'),
    kind: 'entitlement',
    action: 'A8',
    needs: ['other'],
    for: 'person',
    area: newbornEntitlement.area,
    about: ({ born, age }) => born !== undefined || age <= newbornEntitlement.years,
    nobody: { zh: '没有新生儿', en: 'no newborn' },
    conditions: [entitledNewborn, notEnrolled],
    amount: (_, { born }) => {
      const years = born === undefined ? [] : entitledYears(born, newbornEntitlement.area);
      return decidedLocally(
        'yearly',
        `${years.length > 0 ? `${years.join('、')}年` : '3个自然年（含出生当年）'}居民医保个人缴费全额`,
        `the resident’s contribution in full, ${years.length > 0 ? years.join(', ') : 'three calendar years counting that of the birth'}`,
      );
    },
    papers: ['birth-certificate', 'identity'],
    source: { ref: 'seed-000', evidence: 'B' },
  },
  {
    id: 'education-aid',
    title: { zh: '教育救助（助学金、减免、助学贷款、勤工助学）', en: 'Education aid (grants, waivers, loans, work-study)' },
    ...ownedBy('education'),
    kind: 'special',
    action: 'A8',
    needs: ['education'],
    for: 'person',
    about: ({ stage, told, age }) =>
      typeof stage === 'string' || told.studying === true || (stage === undefined && age >= 3 && age <= 24),
    nobody: { zh: '没有在读成员', en: 'nobody at school' },
    conditions: [atSchool, recognised(...LOW_INCOME)],
    amount: (_, { stage }) =>
      decidedLocally(
        'yearly',
        `按学段资助标准${typeof stage === 'string' ? `（${stageWords[stage]?.zh ?? ''}）` : ''}`,
        `by the standard of the school stage${typeof stage === 'string' ? ` (${stage})` : ''}`,
      ),
    papers: ['identity', 'low-income', 'enrolment', 'tuition-receipts'],
    source: { ref: '社会救助暂行办法第六章', evidence: 'A' },
  },
  {
    id: 'dilapidated-housing-renovation',
    title: { zh: '农村危房改造', en: 'Rebuilding of dangerous rural houses' },
    ...ownedBy('housing'),
    kind: 'special',
    action: 'A8',
    needs: ['housing', 'disaster'],
    for: 'household',
    conditions: [livesIn('rural'), dangerousHouse, recognised(...LOW_INCOME)],
    amount: ({ house }) =>
      decidedLocally(
        'once',
        `按${house === 'D' ? 'D级重建' : 'C级修缮'}补助标准`,
        `by the standard for ${house === 'D' ? 'rebuilding (D)' : 'repair (C)'}`,
      ),
    papers: ['application', 'identity', 'low-income', 'house-appraisal'],
    source: { ref: '社会救助暂行办法第七章；国办发〔2023〕39号四', evidence: 'A' },
  },
  {
    id: 'public-rental-housing',
    title: { zh: '公租房或租赁补贴', en: 'Public rental housing or rent subsidy' },
    ...ownedBy('housing'),
    kind: 'special',
    action: 'A8',
    needs: ['housing'],
    for: 'household',
    conditions: [
      livesIn('urban'),
      recognised(...LOW_INCOME),
      (situation) =>
        situation.needs.includes('housing')
          ? yes('核查反映住房困难', 'housing trouble was found')
          : unknown(
              ['住房状况未知', 'housing is unknown'],
              ['核实是否有自有住房、人均面积', 'find out about an own home and floor space a head'],
            ),
    ],
    amount: () =>
      decidedLocally('monthly', '实物配租，或按保障面积×每平方米补贴标准', 'a flat, or floor space × subsidy per square metre'),
    papers: ['application', 'authorisation', 'identity', 'low-income'],
    source: { ref: '社会救助暂行办法第七章', evidence: 'A' },
  },
  {
    id: 'disaster-relief',
    title: { zh: '受灾人员救助', en: 'Disaster relief' },
    ...ownedBy('emergency-management'),
    kind: 'emergency',
    action: 'A8',
    needs: ['disaster', 'housing', 'living'],
    for: 'household',
    conditions: [
      ({ disaster, needs }) => {
        if (typeof disaster === 'string') return yes(`${disaster}受灾`, `struck by a disaster on ${disaster}`);
        if (needs.includes('disaster'))
          return unknown(
            ['核查反映受灾', 'a visit found a disaster'],
            ['报应急管理部门核定损失', 'have emergency management establish the loss'],
          );
        return disaster === null
          ? no('12个月内无受灾记录', 'no disaster on record in 12 months')
          : no('未反映受灾', 'no disaster was told of');
      },
    ],
    amount: () =>
      decidedLocally(
        'once',
        '按灾种、房屋损坏等级和过渡期生活救助标准',
        'by kind of disaster, damage to the house, and the standard of the time after',
      ),
    papers: ['identity', 'disaster', 'account'],
    source: { ref: '社会救助暂行办法第四章；自然灾害救助条例', evidence: 'A' },
  },
  {
    id: 'disability-living-allowance',
    title: { zh: '困难残疾人生活补贴', en: 'Living allowance of disabled people in hardship' },
    ...ownedBy('civil-affairs'),
    kind: 'special',
    action: 'A10',
    needs: ['disability', 'living'],
    for: 'person',
    about: ({ disability }) => disability !== null,
    nobody: { zh: '没有持证残疾成员', en: 'nobody with a disability certificate' },
    conditions: [
      holdsCertificate,
      recognised('minimum-living-allowance', 'near-poor'),
      notInService('disability-living-allowance', ['困难残疾人生活补贴', 'the living allowance']),
    ],
    amount: () => decidedLocally('monthly', '按当地困难残疾人生活补贴标准', 'by the local standard'),
    papers: ['identity', 'disability', 'low-income'],
    source: { ref: '国发〔2015〕52号（两补）', evidence: 'K' },
  },
  {
    id: 'disability-care-allowance',
    title: { zh: '重度残疾人护理补贴', en: 'Care allowance of severely disabled people' },
    ...ownedBy('civil-affairs'),
    kind: 'special',
    action: 'A10',
    needs: ['disability', 'care'],
    for: 'person',
    about: ({ disability }) => disability !== null,
    nobody: { zh: '没有持证残疾成员', en: 'nobody with a disability certificate' },
    conditions: [
      holdsCertificate,
      (_, member) => {
        const [zh, en] = disabilityText(member);
        if (severelyDisabled(member) === true) return yes(zh, en);
        return severelyDisabled(member) === false
          ? no(`${zh}，非重度`, `${en}, not severe`)
          : unknown(['残疾等级未知', 'the level is unknown'], ['核实残疾等级', 'find out the level']);
      },
      notInService('disability-care-allowance', ['重度残疾人护理补贴', 'the care allowance']),
    ],
    amount: () => decidedLocally('monthly', '按当地重度残疾人护理补贴标准', 'by the local standard'),
    papers: ['identity', 'disability'],
    source: { ref: '国发〔2015〕52号（两补）', evidence: 'K' },
  },
  {
    id: 'rehabilitation',
    title: { zh: '残疾康复、辅具和无障碍改造', en: 'Rehabilitation, aids and barrier-free alterations' },
    ...ownedBy('disabled-persons-federation'),
    kind: 'special',
    action: 'A8',
    needs: ['disability'],
    for: 'person',
    about: ({ disability }) => disability !== null,
    nobody: { zh: '没有持证残疾成员', en: 'nobody with a disability certificate' },
    conditions: [
      holdsCertificate,
      (situation, member) => {
        const wanted = needed('disability', 'care')(situation, member);
        return wanted.is === 'no'
          ? unknown(
              ['未反映康复需求', 'no such wish was told of'],
              ['入户了解康复、辅具和无障碍改造需求', 'ask about it at the visit'],
            )
          : wanted;
      },
    ],
    amount: () =>
      decidedLocally('once', '按康复救助项目、辅具目录和改造方案', 'by project, list of aids, and plan of the alterations'),
    papers: ['identity', 'disability'],
    source: { ref: '国办发〔2023〕39号四', evidence: 'A-' },
  },
];

const stageWords: Readonly<Record<string, { readonly zh: string }>> = {
  kindergarten: { zh: '学前' },
  primary: { zh: '小学' },
  junior: { zh: '初中' },
  senior: { zh: '高中' },
  vocational: { zh: '中职' },
  college: { zh: '专科' },
  undergraduate: { zh: '本科' },
  postgraduate: { zh: '研究生' },
};

function holdsCertificate(...[, member]: Parameters<Condition>): ReturnType<Condition> {
  const who = memberText(member);
  const [zh, en] = disabilityText(member);
  if (member.disability === undefined)
    return unknown(
      ['残疾人证数据缺失', 'certificate data are missing'],
      ['核实是否持有残疾人证', 'find out about a certificate'],
    );
  return member.disability === null
    ? no(`${who.zh}未持残疾人证`, `the ${who.en} has no certificate`)
    : yes(`${who.zh}：${zh}`, `the ${who.en}: ${en}`);
}

import {
  disabilityText,
  isWorking,
  LOW_INCOME,
  notInService,
  recognised,
  rigidSpending,
  severelyDisabled,
} from './conditions.ts';
import { type Condition, decidedLocally, type Measure, no, unknown, yes } from './measure.ts';
import { ownedBy } from './owners.ts';
import { memberText, type SituatedMember } from './situation.ts';

/** Work, services, charity and the rest. */

/** Below the age of retirement for ordinary work; the ages rise month by month since 2025, so these are the lower bounds [K]. */
const RETIRES = { male: 60, female: 50 } as const;

const ofWorkingAge = ({ age, sex, stage }: SituatedMember): boolean =>
  age >= 16 && age < RETIRES[sex] && typeof stage !== 'string';

const withoutWork: Condition = (_, member) => {
  const who = memberText(member);
  if (isWorking(member) && member.told.work !== 'farming') return no(`${who.zh}已就业`, `the ${who.en} has work`);
  if (member.told.work !== undefined || member.employed === null) return yes(`${who.zh}未就业`, `the ${who.en} has no job`);
  return unknown(['就业登记数据缺失', 'employment data are missing'], ['核实是否就业', 'find out about a job']);
};

/** Light posts that suit a class of disability; the local list of posts decides. [I] */
const suitedPosts: Readonly<Record<string, readonly [zh: string, en: string]>> = {
  visual: ['电话接听、按摩', 'telephone work, massage'],
  hearing: ['保洁、整理', 'cleaning, sorting'],
  speech: ['保洁、整理', 'cleaning, sorting'],
  limb: ['轻便保洁、值守、信息登记', 'light cleaning, keeping watch, keeping registers'],
  intellectual: ['在他人带领下的保洁', 'cleaning under guidance'],
  mental: ['病情稳定时的保洁、绿化', 'cleaning or gardening while stable'],
};

/** The job has to suit ability, age and disability: ability is what a visit or assessment says, a level alone decides nothing. */
const ableToWork: Condition = (_, member) => {
  const who = memberText(member);
  const { workAbility } = member.told;
  const [disabledZh, disabledEn] = disabilityText(member);
  const posts = member.disability === null || member.disability === undefined ? undefined : suitedPosts[member.disability.class];
  const suited = posts === undefined ? ['', ''] : [`，适合${posts[0]}等岗位`, `; suited: ${posts[1]}`];
  if (workAbility === 'none') return no(`${who.zh}无劳动能力`, `the ${who.en} is unable to work`);
  if (workAbility === 'light') {
    return yes(
      `${who.zh}${disabledZh}，可从事轻体力劳动${suited[0]}`,
      `the ${who.en} (${disabledEn}) can do light work${suited[1]}`,
    );
  }
  if (workAbility === 'full') return yes(`${who.zh}有劳动能力`, `the ${who.en} is able to work`);
  if (severelyDisabled(member) === true) {
    return unknown(
      [`${who.zh}${disabledZh}，劳动能力未评估`, `the ${who.en} (${disabledEn}); ability to work was not assessed`],
      [`评估能否从事轻体力劳动${suited[0]}`, `assess whether light work is possible${suited[1]}`],
    );
  }
  return unknown(
    [`${who.zh}劳动能力未知`, `ability of the ${who.en} is unknown`],
    ['核实劳动能力和就业意愿', 'find out about ability and wish to work'],
  );
};

/** 就业困难人员: disabled, registered as jobless, or of a household on the allowance. */
const hardToPlace: Condition = (situation, member) => {
  const who = memberText(member);
  if (typeof member.disability === 'object' && member.disability !== null)
    return yes(`${who.zh}持残疾人证`, `the ${who.en} has a disability certificate`);
  if (typeof member.jobless === 'string')
    return yes(`${who.zh}${member.jobless}登记失业`, `the ${who.en} registered as jobless on ${member.jobless}`);
  if (situation.category === 'minimum-living-allowance')
    return yes('低保家庭有劳动能力未就业成员', 'a household on the allowance with a member able and without work');
  if (member.jobless === undefined || situation.needs.includes('employment')) {
    return unknown(
      ['是否属就业困难人员未知', 'it is unknown whether they count as hard to place'],
      ['核实失业登记及是否连续失业一年以上', 'find out about registration and a year out of work'],
    );
  }
  return no(`${who.zh}不属于就业困难人员`, `the ${who.en} does not count as hard to place`);
};

const registeredJobless: Condition = (_, member) => {
  const who = memberText(member);
  if (typeof member.jobless === 'string')
    return yes(`${who.zh}${member.jobless}登记失业`, `the ${who.en} registered as jobless on ${member.jobless}`);
  if (member.told.work === 'none')
    return unknown(
      [`${who.zh}无工作，未见失业登记`, `the ${who.en} has no work and is not registered`],
      ['先办理失业登记', 'register first'],
    );
  return member.jobless === null
    ? no(`${who.zh}未登记失业`, `the ${who.en} is not registered as jobless`)
    : unknown(['失业登记数据缺失', 'data are missing'], ['核实是否登记失业', 'find out about registration']);
};

/** Lives alone or with nobody to look after them. */
const inNeedOfCare: Condition = ({ members }, member) => {
  const who = memberText(member);
  const carers = members.filter(
    ({ person, age, told }) => person !== member.person && age >= 18 && age < 60 && told.work !== 'migrant',
  );
  if (carers.length === 0)
    return yes(`${who.zh}身边无可照料的成年人`, `nobody grown up is with the ${who.en} to look after them`);
  if (severelyDisabled(member) === true || member.told.graveIllness === true)
    return yes(`${who.zh}重残或重病，需要照料支持`, `the ${who.en} is severely disabled or gravely ill: care needs support`);
  return unknown(
    [`${who.zh}有共同生活的成年人`, `adults live with the ${who.en}`],
    ['入户了解自理能力和照料情况', 'look at self-care and care at the visit'],
  );
};

const TWO_CANCERS = /乳腺.*(恶性|癌)|(宫颈|子宫颈).*(恶性|癌)|乳癌/;

const hasTwoCancers: Condition = (_, member) => {
  const { illnesses, graveIllness } = member.told;
  if (illnesses?.some((illness) => TWO_CANCERS.test(illness)) === true)
    return yes('患乳腺癌或宫颈癌', 'breast or cervical cancer');
  if (illnesses !== undefined && illnesses.length > 0) return no('所患疾病不属于“两癌”', 'the illness is neither of the two');
  if (graveIllness === true || member.selfPaid > 0) {
    return unknown(
      ['有就医支出，病种未读取', 'there are medical costs; the diagnosis was not read'],
      ['核实是否患乳腺癌或宫颈癌', 'find out whether it is breast or cervical cancer'],
    );
  }
  return no('未见患病就医', 'no illness is seen');
};

/** Given where grave illness or heavy spending meets a household in the net. */
const heavilyBurdened: Condition = (situation) => {
  const spent = rigidSpending(situation);
  if (spent >= situation.parameters.heavySelfPaid || situation.members.some(({ told }) => told.graveIllness === true)) {
    return yes('重病或刚性支出较大', 'grave illness or heavy spending');
  }
  return situation.spending.known
    ? no('刚性支出不大', 'spending is not heavy')
    : unknown(['支出数据不全', 'spending is not fully known'], ['核实近12个月刚性支出', 'find out the spending of 12 months']);
};

const anyTrouble: Condition = (situation) =>
  situation.needs.length > 0
    ? yes('预警或核查反映困难', 'a warning or visit found trouble')
    : no('未反映困难', 'no trouble was found');

export const workAndCareMeasures: readonly Measure[] = [
  {
    id: 'public-welfare-job',
    title: { zh: '公益性岗位', en: 'Public-welfare job' },
    ...ownedBy('human-resources'),
    kind: 'special',
    action: 'A11',
    needs: ['employment', 'disability', 'living'],
    for: 'person',
    about: ofWorkingAge,
    nobody: { zh: '没有劳动年龄内的非在校成员', en: 'nobody of working age who is not at school' },
    conditions: [
      hardToPlace,
      withoutWork,
      ableToWork,
      notInService('public-welfare-job', ['公益性岗位', 'a public-welfare job']),
    ],
    amount: () => decidedLocally('monthly', '按当地公益性岗位补贴标准', 'by the local subsidy of such posts'),
    papers: ['application', 'identity', 'disability', 'no-job'],
    source: { ref: '社会救助暂行办法第四十二条、第四十三条', evidence: 'A' },
  },
  {
    id: 'employment-subsidy',
    title: { zh: '就业援助（培训、社保、创业贴息）', en: 'Help to find work (training, insurance, loans)' },
    ...ownedBy('human-resources'),
    kind: 'special',
    action: 'A8',
    needs: ['employment'],
    for: 'person',
    about: ofWorkingAge,
    nobody: { zh: '没有劳动年龄内的非在校成员', en: 'nobody of working age who is not at school' },
    conditions: [registeredJobless, withoutWork],
    amount: () => decidedLocally('once', '按培训、社保补贴和贴息的当地标准', 'by the local standards'),
    papers: ['identity', 'unemployment'],
    source: { ref: '社会救助暂行办法第八章', evidence: 'A' },
  },
  {
    id: 'service-care',
    title: { zh: '访视照料等服务类救助', en: 'Visits and care' },
    ...ownedBy('civil-affairs'),
    kind: 'service',
    action: 'A10',
    needs: ['care', 'disability'],
    for: 'person',
    about: (member) =>
      member.age >= 65 || member.age < 16 || severelyDisabled(member) === true || member.told.graveIllness === true,
    nobody: { zh: '没有老人、未成年人、重残或重病成员', en: 'nobody old, a minor, severely disabled or gravely ill' },
    conditions: [inNeedOfCare],
    amount: () => decidedLocally('monthly', '由政府购买服务，按服务清单', 'services bought by the county, by its list'),
    papers: ['identity'],
    source: { ref: '国办发〔2023〕39号四（服务类救助）', evidence: 'A' },
  },
  {
    id: 'psychological-support',
    title: { zh: '心理疏导和社工服务', en: 'Psychological support and social work' },
    ...ownedBy('civil-affairs'),
    kind: 'service',
    action: 'A10',
    needs: ['psychological', 'care'],
    for: 'household',
    conditions: [
      (situation) => {
        if (situation.needs.includes('psychological')) return yes('核查反映心理需求', 'a visit found the need');
        if (situation.needs.includes('medical') || situation.needs.includes('disaster'))
          return unknown(
            ['家庭遭遇重病或灾害', 'grave illness or a disaster struck the family'],
            ['入户了解是否需要心理疏导', 'ask at the visit'],
          );
        return no('未反映心理需求', 'no such need was found');
      },
    ],
    amount: () => decidedLocally('once', '由社工服务站提供', 'by the social-work station'),
    papers: [],
    source: { ref: '国办发〔2023〕39号四（服务类救助）', evidence: 'A' },
  },
  {
    id: 'charity-match',
    title: { zh: '慈善帮扶对接', en: 'Charity' },
    ...ownedBy('charity'),
    kind: 'charity',
    action: 'A9',
    needs: ['medical', 'education', 'living', 'disaster', 'disability'],
    for: 'household',
    conditions: [anyTrouble],
    amount: () =>
      decidedLocally('once', '按慈善项目条件；须先取得本人同意', 'by the conditions of the project; consent comes first'),
    papers: ['consent', 'medical-bills'],
    source: { ref: '国办发〔2023〕39号四（慈善）；seed-004', evidence: 'B' },
  },
  {
    id: 'two-cancer-aid',
    title: { zh: '低收入妇女“两癌”救助', en: 'Aid for women with breast or cervical cancer' },
    ...ownedBy('womens-federation'),
    kind: 'special',
    action: 'A8',
    needs: ['medical'],
    for: 'person',
    about: ({ sex, age }) => sex === 'female' && age >= 18,
    nobody: { zh: '没有成年女性成员', en: 'no grown-up woman' },
    conditions: [hasTwoCancers, recognised(...LOW_INCOME)],
    amount: () => decidedLocally('once', '按妇联“两癌”救助金标准', 'by the standard of the federation'),
    papers: ['identity', 'low-income', 'diagnosis'],
    source: { ref: 'seed-003', evidence: 'B' },
  },
  {
    id: 'consolation-money',
    title: { zh: '慰问金', en: 'Consolation money' },
    ...ownedBy('civil-affairs'),
    kind: 'other',
    action: 'A8',
    needs: ['medical', 'living', 'disaster'],
    for: 'household',
    conditions: [recognised(...LOW_INCOME), heavilyBurdened],
    amount: () => decidedLocally('once', '由当地按困难程度确定', 'set locally by the weight of the trouble'),
    papers: [],
    source: { ref: 'seed-003', evidence: 'B' },
  },
];

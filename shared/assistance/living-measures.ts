import { rapidReliefMost, temporaryAidMost } from '../casework/limits.ts';
import { yuanText } from '../scoring/value-text.ts';
import {
  disabilityText,
  incomeBelowStandard,
  isWorking,
  notAlready,
  recognised,
  rigidSpending,
  severelyDisabled,
  withinAssetLimit,
} from './conditions.ts';
import { type AmountOffered, type Condition, decidedLocally, emergencyAidIn, type Measure, no, unknown, yes } from './measure.ts';
import { ownedBy } from './owners.ts';
import { memberText, type Situation } from './situation.ts';

/** Basic living 基本生活救助 and emergency aid 急难救助. */

/** The gap to the standard, when both sides are known. */
function gap(situation: Situation, persons: number): AmountOffered {
  const { incomePerHead, parameters } = situation;
  const standard = parameters.livingStandard;
  const text = { zh: '月保障金＝（低保标准－人均月收入）×保障人数', en: 'a month: (standard − income a head) × persons' };
  if (incomePerHead === undefined || standard === undefined || incomePerHead >= standard) return { rhythm: 'monthly', text };
  return { rhythm: 'monthly', fen: (standard - incomePerHead) * persons, text };
}

/** 低保办法 §8 and the notice of 2022: alone out of a near-poor household, if severely disabled or gravely ill. */
const mayEnterAlone: Condition = (situation, member) => {
  const who = memberText(member);
  const [zh, en] = disabilityText(member);
  if (severelyDisabled(member) === true) return yes(`${who.zh}为${zh}`, `the ${who.en}: ${en}`);
  if (member.told.graveIllness === true) return yes(`${who.zh}患重大疾病`, `the ${who.en} is gravely ill`);
  if (member.selfPaid >= situation.parameters.heavySelfPaid && member.told.graveIllness === undefined) {
    return unknown(
      [
        `${who.zh}12个月自付${yuanText(member.selfPaid)}元，病情较重`,
        `the ${who.en} paid ${yuanText(member.selfPaid)} yuan in 12 months: a heavy illness`,
      ],
      [
        '病情如不见好转，核实是否属当地规定的重病病种，属于的可按单人户纳入',
        'if it does not improve, find out whether it is on the local list of grave illnesses; if so, enter alone',
      ],
    );
  }
  if (member.disability === undefined) {
    return unknown(
      ['残疾情况数据缺失', 'disability data are missing'],
      ['核实是否持有残疾人证及等级', 'find out about a disability certificate and its level'],
    );
  }
  return no(`${who.zh}非重度残疾，也未见重病`, `the ${who.en} is neither severely disabled nor gravely ill`);
};

/** The near-poor, and adults severely disabled and without work whatever their household. */
const aloneOutOf: Condition = (situation, member) => {
  const { category } = situation;
  if (category === 'near-poor') return yes('该户是低保边缘家庭', 'the household is near-poor');
  if (category === 'minimum-living-allowance' || category === 'destitute-support')
    return no('该户已整户保障', 'the whole household is covered already');
  if (severelyDisabled(member) === true && member.age >= 18 && !isWorking(member)) {
    return yes('成年无业重度残疾人，可提出单人申请', 'an adult severely disabled and without work may apply alone');
  }
  if (category === 'none' || category === 'rigid-expenditure' || category === 'falling-back-monitored') {
    return unknown(
      ['单人户要从低保边缘家庭中纳入', 'entering alone is for near-poor households'],
      ['先核算是否符合低保边缘', 'find out first whether the household is near-poor'],
    );
  }
  return no('该户不属于低保边缘家庭', 'the household is not near-poor');
};

const unableToWork: Condition = (_, member) => {
  const who = memberText(member);
  if (isWorking(member)) return no(`${who.zh}有工作`, `the ${who.en} works`);
  if (member.age >= 60 || member.age < 16) return yes(`${who.zh}属老年人或未成年人`, `the ${who.en} is old or a minor`);
  if (member.disability === undefined)
    return unknown(['残疾情况数据缺失', 'disability data are missing'], ['核实劳动能力', 'find out about ability to work']);
  // 特困办法 §5: intellectual and mental 1-3, limb 1-2, visual 1.
  const { disability } = member;
  const unable =
    disability !== null &&
    ((['intellectual', 'mental'].includes(disability.class) && disability.level <= 3) ||
      (disability.class === 'limb' && disability.level <= 2) ||
      (disability.class === 'visual' && disability.level === 1));
  if (!unable || member.told.workAbility === 'light' || member.told.workAbility === 'full')
    return no(`${who.zh}有劳动能力`, `the ${who.en} is able to work`);
  return yes(
    `${who.zh}无劳动能力（${disabilityText(member)[0]}）`,
    `the ${who.en} is unable to work (${disabilityText(member)[1]})`,
  );
};

const withoutSupporter: Condition = ({ members }, member) => {
  const able = members.filter(
    (one) => one.person !== member.person && one.age >= 18 && one.age < 60 && severelyDisabled(one) !== true,
  );
  if (able.length > 0)
    return no('有共同生活的成年家庭成员，可履行赡养、抚养、扶养义务', 'adults live with them who can and must support them');
  return unknown(
    ['是否有法定义务人及其能力未知', 'whether somebody must by law support them is unknown'],
    [
      '核实有无生活来源、法定赡养抚养扶养义务人及其履行能力',
      'find out about sources of living and about who must by law support them, and can',
    ],
  );
};

/** Something befell them, or spending cannot be borne. */
const inTrouble: Condition = (situation) => {
  const spent = rigidSpending(situation);
  if (typeof situation.disaster === 'string')
    return yes(`${situation.disaster}受灾（急难型）`, `struck by a disaster on ${situation.disaster} (emergency)`);
  if (spent >= situation.parameters.heavySelfPaid) {
    return yes(
      `12个月医疗、教育自付${yuanText(spent)}元（支出型）`,
      `medical and education spending of 12 months ${yuanText(spent)} yuan (expenditure)`,
    );
  }
  const open = situation.needs.filter((need) => ['living', 'medical', 'education', 'employment', 'disaster'].includes(need));
  return open.length > 0
    ? yes('预警或核查反映基本生活遇到困难', 'a warning or visit found that basic living is in trouble')
    : no('未见突发事件或刚性支出', 'no sudden event and no rigid spending');
};

/** 急难: the aid that comes before the papers. */
const urgentNow: Condition = ({ urgent, disaster, asOf }) => {
  if (typeof disaster === 'string' && disaster >= `${asOf.slice(0, 7)}-01`)
    return yes('当月受灾', 'struck by a disaster this month');
  return urgent
    ? yes('紧急预警：可先行救助，5日内补齐手续', 'urgent: help comes first, papers within 5 days')
    : no('未见须立即救助的急难情形', 'nothing that has to be helped at once');
};

const withinYearlyTimes: Condition = ({ chain, asOf, parameters }) => {
  const year = asOf.slice(0, 4);
  const given = emergencyAidIn(year, chain.lines);
  const most = parameters.temporaryTimes;
  if (given.length < most)
    return yes(
      `${year}年已给予${given.length}次，每年不超过${most}次`,
      `given ${given.length} times in ${year}; at most ${most} a year`,
    );
  return unknown(
    [
      `${year}年已给予${given.length}次，达到每年${most}次的次数`,
      `given ${given.length} times in ${year}; at most ${most} a year`,
    ],
    ['再次给予须写明理由，可提请县级一事一议', 'to give more needs a written reason; put it before the county conference'],
  );
};

const temporaryAmount = (situation: Situation): AmountOffered => {
  const { members, area, asOf, parameters } = situation;
  const most = temporaryAidMost(parameters.all, { area, on: asOf }, { persons: members.length });
  return {
    rhythm: 'once',
    ...(most === undefined ? {} : { upTo: most }),
    text: {
      zh: '按困难类型和程度：救助金＝月低保标准×救助月数×人数，一年内不超过当地限额',
      en: 'by kind and weight of the trouble: monthly standard × months × persons, within the local limit of the year',
    },
  };
};

const rapidAmount = ({ parameters, area, asOf }: Situation): AmountOffered => {
  const most = rapidReliefMost(parameters.all, { area, on: asOf });
  return {
    rhythm: 'once',
    ...(most === undefined ? {} : { upTo: most }),
    text: {
      zh: '不超过当地1个月低保标准，3天内办结，不作经济状况核对',
      en: 'at most one month of the local standard, within 3 days, no means check',
    },
  };
};

export const livingMeasures: readonly Measure[] = [
  {
    id: 'small-rapid-relief',
    title: { zh: '小额快救', en: 'Small rapid relief' },
    ...ownedBy('civil-affairs'),
    kind: 'emergency',
    action: 'A7',
    needs: ['living', 'disaster', 'medical'],
    for: 'household',
    conditions: [urgentNow],
    amount: rapidAmount,
    papers: ['identity', 'account'],
    source: { ref: '小额快救国家意见（2026年1月）', evidence: 'B' },
  },
  {
    id: 'temporary-aid',
    title: { zh: '临时救助（急难型、支出型）', en: 'Temporary aid (emergency or expenditure)' },
    ...ownedBy('civil-affairs'),
    kind: 'emergency',
    action: 'A6',
    needs: ['living', 'medical', 'education', 'disaster', 'employment'],
    for: 'household',
    conditions: [inTrouble, withinYearlyTimes],
    amount: temporaryAmount,
    papers: ['application', 'identity', 'medical-bills', 'tuition-receipts', 'account'],
    source: { ref: '社会救助暂行办法第九章', evidence: 'A' },
  },
  {
    id: 'minimum-living-allowance',
    title: { zh: '最低生活保障（整户）', en: 'Minimum living allowance, whole household' },
    ...ownedBy('civil-affairs'),
    kind: 'living',
    action: 'A2',
    needs: ['living'],
    for: 'household',
    conditions: [notAlready('minimum-living-allowance', 'destitute-support'), incomeBelowStandard, withinAssetLimit],
    amount: (situation) => gap(situation, situation.members.length),
    papers: ['application', 'authorisation', 'identity', 'medical-bills', 'disability', 'account'],
    source: { ref: '最低生活保障审核确认办法第八条至第二十二条', evidence: 'A' },
  },
  {
    id: 'minimum-living-allowance-single',
    title: { zh: '最低生活保障（单人户）', en: 'Minimum living allowance, single person' },
    ...ownedBy('civil-affairs'),
    kind: 'living',
    action: 'A2',
    needs: ['living', 'medical', 'disability'],
    for: 'person',
    conditions: [aloneOutOf, mayEnterAlone],
    amount: ({ parameters }) => ({
      rhythm: 'monthly',
      ...(parameters.livingStandard === undefined ? {} : { upTo: parameters.livingStandard }),
      text: {
        zh: '不超过1人月低保标准，按当地单人户规定发放',
        en: 'at most the monthly standard of one person, by the local rule for single entry',
      },
    }),
    papers: ['application', 'authorisation', 'identity', 'disability', 'diagnosis', 'account'],
    source: { ref: '最低生活保障审核确认办法第八条；扩围通知一（一）', evidence: 'A' },
  },
  {
    id: 'allowance-increase',
    title: { zh: '低保提标调档', en: 'Raising the allowance' },
    ...ownedBy('civil-affairs'),
    kind: 'living',
    action: 'A13',
    needs: ['living', 'medical', 'disability'],
    for: 'household',
    conditions: [
      recognised('minimum-living-allowance'),
      (situation) =>
        situation.needs.length > 0
          ? unknown(
              ['该户新增支出或成员情况变化', 'spending rose or members changed'],
              [
                '重新核算人均月收入，核实是否增发重病重残等分类补助',
                'work out the income a head anew, and additions for grave illness or disability',
              ],
            )
          : no('未见情况变化', 'nothing shows a change'),
    ],
    amount: () =>
      decidedLocally('monthly', '按重新核算的人均补差和分类施保标准', 'by the gap worked out anew and the local additions'),
    papers: ['authorisation', 'medical-bills', 'disability'],
    source: { ref: '最低生活保障审核确认办法第三十一条', evidence: 'A' },
  },
  {
    id: 'destitute-support',
    title: { zh: '特困人员救助供养', en: 'Destitute support' },
    ...ownedBy('civil-affairs'),
    kind: 'living',
    action: 'A3',
    needs: ['living', 'care'],
    for: 'person',
    about: ({ age, disability }) => age >= 60 || age < 16 || (typeof disability === 'object' && disability !== null),
    nobody: { zh: '没有老年、残疾或未满16周岁的成员', en: 'nobody old, disabled or below 16' },
    conditions: [notAlready('destitute-support'), unableToWork, withoutSupporter],
    amount: () =>
      decidedLocally('monthly', '按当地特困人员基本生活标准和照料护理标准', 'by the local standards of living and of care'),
    papers: ['application', 'authorisation', 'identity', 'disability'],
    source: { ref: '特困人员认定办法第四条、第五条', evidence: 'A' },
  },
];

import { yuanText } from '../scoring/value-text.ts';
import { livesIn, notAlready, recognised, rigidSpending, withinAssetLimit } from './conditions.ts';
import { type Condition, decidedLocally, type Measure, no, unknown, yes } from './measure.ts';
import { ownedBy } from './owners.ts';

/** Recognition 身份认定: gives nothing by itself and opens special aid. Recognition is not published, only help given is (31号). */

const nearPoorIncome: Condition = (situation) => {
  const { incomePerHead, parameters } = situation;
  const standard = parameters.livingStandard;
  if (incomePerHead === undefined || standard === undefined) {
    return unknown(
      ['人均月收入或当地低保标准未知', 'income a head or the local standard is unknown'],
      ['核算共同生活家庭成员人均月收入', 'work out the monthly income a head'],
    );
  }
  const line = Math.round(standard * parameters.nearPoorStandards);
  const income = yuanText(incomePerHead);
  if (incomePerHead < standard)
    return no(
      `人均月收入${income}元，低于低保标准，应申请低保`,
      `income a head ${income} yuan is below the standard: apply for the allowance`,
    );
  return incomePerHead < line
    ? yes(
        `人均月收入${income}元，低于${yuanText(line)}元（低保标准${parameters.nearPoorStandards}倍）`,
        `income a head ${income} yuan, below ${yuanText(line)} (${parameters.nearPoorStandards} times the standard)`,
      )
    : no(`人均月收入${income}元，不低于${yuanText(line)}元`, `income a head ${income} yuan, not below ${yuanText(line)}`);
};

/** 刚性办法 §4: spending of 12 months over income of 12 months above the local ratio. */
const rigidRatio: Condition = (situation) => {
  const { incomePerHead, members, parameters, spending } = situation;
  const spent = rigidSpending(situation);
  const percent = `${Math.round(parameters.rigidRatio * 1000) / 10}%`;
  if (incomePerHead !== undefined && members.length > 0) {
    const income = incomePerHead * 12 * members.length;
    const share = income === 0 ? '' : `${Math.round((spent / income) * 1000) / 10}%`;
    if (spent > income * parameters.rigidRatio) {
      return yes(
        `12个月刚性支出${yuanText(spent)}元，占家庭收入${share || '（无收入）'}，超过${percent}`,
        `rigid spending of 12 months ${yuanText(spent)} yuan, ${share || 'with no income'} of income, above ${percent}`,
      );
    }
    if (spending.known) {
      return no(
        `12个月刚性支出${yuanText(spent)}元，占家庭收入${share}，未超过${percent}`,
        `rigid spending of 12 months ${yuanText(spent)} yuan, ${share} of income, not above ${percent}`,
      );
    }
  }
  if (spent === 0 && spending.known) return no('12个月内无医疗、教育刚性支出', 'no medical or education spending in 12 months');
  const line = Math.round(spent / parameters.rigidRatio);
  return unknown(
    [
      `12个月刚性支出已知${yuanText(spent)}元，家庭收入未知`,
      `rigid spending known so far ${yuanText(spent)} yuan; income is unknown`,
    ],
    [
      `核算家庭年收入：低于${yuanText(line)}元即符合支出收入比`,
      `work out the yearly income: below ${yuanText(line)} yuan the ratio holds`,
    ],
  );
};

const belowDisposableIncome: Condition = ({ incomePerHead, parameters }) => {
  const line = parameters.disposableIncome;
  if (incomePerHead === undefined || line === undefined) {
    return unknown(
      ['人均收入或上年度人均可支配收入未知', 'income a head or the local disposable income is unknown'],
      [
        '确认人均年收入低于上年度当地人均可支配收入',
        'make sure that yearly income a head is below the local disposable income of last year',
      ],
    );
  }
  const income = incomePerHead * 12;
  return income < line
    ? yes(
        `人均年收入${yuanText(income)}元，低于当地人均可支配收入`,
        `yearly income a head ${yuanText(income)} yuan, below the local disposable income`,
      )
    : no(
        `人均年收入${yuanText(income)}元，不低于当地人均可支配收入`,
        `yearly income a head ${yuanText(income)} yuan, not below the local disposable income`,
      );
};

export const recognitionMeasures: readonly Measure[] = [
  {
    id: 'near-poor-recognition',
    title: { zh: '低保边缘家庭认定', en: 'Recognition as near-poor household' },
    ...ownedBy('civil-affairs'),
    kind: 'recognition',
    action: 'A4',
    needs: ['living', 'medical', 'education'],
    for: 'household',
    conditions: [notAlready('minimum-living-allowance', 'destitute-support', 'near-poor'), nearPoorIncome, withinAssetLimit],
    amount: () => decidedLocally('yearly', '身份认定，按规定享受专项救助', 'recognition: opens special aid'),
    papers: ['application', 'authorisation', 'identity', 'medical-bills'],
    source: { ref: '国办发〔2023〕39号；最低生活保障审核确认办法第八条', evidence: 'A' },
  },
  {
    id: 'rigid-expenditure-recognition',
    title: { zh: '刚性支出困难家庭认定', en: 'Recognition as rigid-expenditure household' },
    ...ownedBy('civil-affairs'),
    kind: 'recognition',
    action: 'A5',
    needs: ['medical', 'education', 'disability'],
    for: 'household',
    conditions: [
      notAlready('minimum-living-allowance', 'destitute-support', 'near-poor', 'rigid-expenditure'),
      rigidRatio,
      belowDisposableIncome,
      withinAssetLimit,
    ],
    amount: () =>
      decidedLocally(
        'yearly',
        '身份认定，有效期不超过12个月，按规定享受专项救助',
        'recognition for at most 12 months: opens special aid',
      ),
    papers: ['application', 'authorisation', 'identity', 'medical-bills', 'tuition-receipts'],
    source: { ref: '刚性支出困难家庭认定办法（民发〔2024〕57号）第四条、第五条', evidence: 'A' },
  },
  {
    id: 'falling-back-monitoring',
    title: { zh: '防止返贫监测对象识别', en: 'Monitoring against falling back' },
    ...ownedBy('agriculture'),
    kind: 'recognition',
    action: 'A8',
    needs: ['living', 'medical', 'housing', 'disaster', 'education'],
    for: 'household',
    conditions: [
      livesIn('rural'),
      notAlready('minimum-living-allowance', 'destitute-support', 'falling-back-monitored'),
      (situation) =>
        situation.needs.length > 0
          ? unknown(
              ['有返贫致贫风险', 'at risk of falling back'],
              [
                '核算年人均纯收入是否低于本省监测线，或属突发严重困难户',
                'work out net income a head against the province’s line, or sudden severe trouble',
              ],
            )
          : no('未见返贫致贫风险', 'no risk is seen'),
    ],
    amount: () => decidedLocally('yearly', '纳入监测，按风险类型落实帮扶', 'monitored; help by the kind of risk'),
    papers: ['authorisation', 'identity'],
    source: { ref: '国办发〔2023〕39号', evidence: 'A' },
  },
  {
    id: 'urban-hardship-recognition',
    title: { zh: '城镇事实困难人员认定', en: 'Recognition as urban hardship' },
    ...ownedBy('civil-affairs'),
    kind: 'recognition',
    action: 'A5',
    needs: ['medical', 'education'],
    for: 'household',
    area: '1522',
    conditions: [
      recognised('minimum-living-allowance'),
      livesIn('urban'),
      (situation) => {
        const spent = rigidSpending(situation);
        const line = situation.parameters.urbanHardship;
        if (spent > line)
          return yes(
            `12个月刚性支出${yuanText(spent)}元，超过${yuanText(line)}元`,
            `rigid spending of 12 months ${yuanText(spent)} yuan, above ${yuanText(line)}`,
          );
        if (situation.spending.known)
          return no(
            `12个月刚性支出${yuanText(spent)}元，未超过${yuanText(line)}元`,
            `rigid spending of 12 months ${yuanText(spent)} yuan, not above ${yuanText(line)}`,
          );
        return unknown(
          [
            `12个月刚性支出已知${yuanText(spent)}元，数据不全`,
            `rigid spending known so far ${yuanText(spent)} yuan; data are missing`,
          ],
          ['补齐医疗、教育支出票据（含异地就医）', 'gather medical and education receipts, those of other places too'],
        );
      },
    ],
    amount: () => decidedLocally('yearly', '身份认定，按盟市规定叠加帮扶', 'recognition; help by the rules of the league'),
    papers: ['medical-bills', 'tuition-receipts'],
    source: { ref: 'seed-003', evidence: 'B' },
  },
];

import { type NeedCode, needCodes } from '../casework/codes.ts';
import type { HouseholdCategory } from '../registry/household.ts';
import { categoryTitle } from '../registry/household-category.ts';
import { yuanText } from '../scoring/value-text.ts';
import { feedsOfMeasure, paidAs } from './aid-feeds.ts';
import { linesInService } from './guard.ts';
import { type Condition, type ConditionAnswer, no, unknown, yes } from './measure.ts';
import { memberText, type SituatedMember, type Situation } from './situation.ts';

/** Conditions that many measures share. Each answers with the figures it rests on, in both languages. */

/** Layers whose members may have special help 专项救助 by recognition alone. */
export const LOW_INCOME: readonly HouseholdCategory[] = [
  'minimum-living-allowance',
  'destitute-support',
  'near-poor',
  'rigid-expenditure',
  'falling-back-monitored',
  'other-hardship',
];

/** Not a household of these layers: nobody is given what they have. */
export function notAlready(...categories: readonly HouseholdCategory[]): Condition {
  return ({ category }) => {
    const { zh, en } = categoryTitle[category];
    return categories.includes(category)
      ? no(`该户已是${zh}，不重复办理`, `the household is ${en} already`)
      : yes(`该户现为${zh}`, `the household is ${en}`);
  };
}

/** A household of one of these layers. One that is in no register yet, with a reason open, may become one. */
export function recognised(...categories: readonly HouseholdCategory[]): Condition {
  return ({ category, needs }) => {
    const { zh, en } = categoryTitle[category];
    if (categories.includes(category)) return yes(`该户是${zh}`, `the household is ${en}`);
    if (category === 'none' && needs.length > 0) {
      return unknown(
        [`该户尚未认定为${namesOf(categories, 'zh')}`, `the household is not yet recognised as ${namesOf(categories, 'en')}`],
        ['先办理身份认定，认定后即可享受', 'have it recognised first; then it applies'],
      );
    }
    return no(
      `该户是${zh}，此项只给${namesOf(categories, 'zh')}`,
      `the household is ${en}; this is for ${namesOf(categories, 'en')}`,
    );
  };
}

function namesOf(categories: readonly HouseholdCategory[], language: 'zh' | 'en'): string {
  return categories.map((category) => categoryTitle[category][language]).join(language === 'zh' ? '、' : ', ');
}

/** Not in service already. Where no department tells of the measure by file, it has to be asked. */
export function notInService(measure: string, title: readonly [zh: string, en: string]): Condition {
  return ({ chain, asOf, known }, { person }) => {
    const lines = linesInService(chain, asOf).filter(
      (line) => paidAs(line.measure) === paidAs(measure) && (line.person === undefined || line.person === person),
    );
    const [line] = lines;
    if (line !== undefined) return no(`${title[0]}自${line.date}起正在享受`, `${title[1]} is in service since ${line.date}`);
    if (feedsOfMeasure(measure).some(known)) return yes(`未享受${title[0]}`, `${title[1]} is not in service`);
    return unknown(
      [`没有${title[0]}的最新发放数据`, `no recent data say who gets ${title[1]}`],
      [`核对是否已享受${title[0]}`, `find out whether ${title[1]} is in service already`],
    );
  };
}

/** One of these needs is open: from the warning's reasons, or from what a visit or application said. */
export function needed(...needs: readonly NeedCode[]): Condition {
  return (situation) => {
    const open = situation.needs.filter((need) => needs.includes(need));
    return open.length > 0
      ? yes(
          `预警或核查反映${open.map((need) => needCodes[need].zh).join('、')}困难`,
          `${open.map((need) => needCodes[need].en).join(', ')} trouble was found`,
        )
      : no('预警和核查未反映此类困难', 'neither warning nor visit found such trouble');
  };
}

/** Property within the local limit. Unknown until the economic-status check. */
export const withinAssetLimit: Condition = ({ assets }) => {
  if (assets === 'within') return yes('家庭财产符合当地规定', 'property is within the local limit');
  if (assets === 'over') return no('家庭财产超过当地规定', 'property is over the local limit');
  return unknown(
    ['家庭财产状况未知', 'property is unknown'],
    ['经授权核对家庭经济状况', 'have the economic status checked, with authorisation'],
  );
};

/** Out of the household's own area of town or country. */
export function livesIn(residence: 'urban' | 'rural'): Condition {
  const word = { urban: ['城镇', 'urban'], rural: ['农村', 'rural'] } as const;
  return (situation) => {
    const found = situation.residence;
    if (found === undefined)
      return unknown(
        ['城乡属性未知', 'it is unknown whether the household is urban or rural'],
        ['确认城乡属性', 'find out which'],
      );
    return found === residence
      ? yes(`${word[residence][0]}家庭`, `${word[residence][1]} household`)
      : no(
          `该户为${word[found][0]}家庭，此项只给${word[residence][0]}家庭`,
          `the household is ${word[found][1]}; this is for ${word[residence][1]} ones`,
        );
  };
}

/** Severely disabled in law: levels 1 and 2, and level 3 where intellectual or mental (低保办法 §8). Null: not disabled so. */
export function severelyDisabled({ disability }: SituatedMember): boolean | undefined {
  if (disability === undefined) return undefined;
  if (disability === null) return false;
  return disability.level <= 2 || (disability.level === 3 && ['intellectual', 'mental', 'multiple'].includes(disability.class));
}

const disabilityWords: Readonly<Record<string, readonly [zh: string, en: string]>> = {
  visual: ['视力', 'visual'],
  hearing: ['听力', 'hearing'],
  speech: ['言语', 'speech'],
  limb: ['肢体', 'limb'],
  intellectual: ['智力', 'intellectual'],
  mental: ['精神', 'mental'],
  multiple: ['多重', 'multiple'],
};

export function disabilityText({ disability }: SituatedMember): readonly [zh: string, en: string] {
  if (disability === null || disability === undefined) return ['无残疾', 'no disability'];
  const [zh, en] = disabilityWords[disability.class] ?? ['', 'some'];
  return [`${zh}残疾${'一二三四'[disability.level - 1] ?? ''}级`, `${en} disability level ${disability.level}`];
}

/** Income a head below the local standard, and for whole households on record the signs for and against it. */
export const incomeBelowStandard: Condition = (situation) => {
  const { incomePerHead, category, parameters } = situation;
  const standard = parameters.livingStandard;
  if (incomePerHead !== undefined && standard !== undefined) {
    const [income, line] = [yuanText(incomePerHead), yuanText(standard)];
    return incomePerHead < standard
      ? yes(`人均月收入${income}元，低于低保标准${line}元`, `income a head ${income} yuan, below the standard of ${line}`)
      : no(`人均月收入${income}元，不低于低保标准${line}元`, `income a head ${income} yuan, not below the standard of ${line}`);
  }
  if (category === 'near-poor' || category === 'rigid-expenditure') return incomeOfRecognised(situation);
  return unknown(
    ['人均月收入或当地低保标准未知', 'income a head or the local standard is unknown'],
    ['核算共同生活家庭成员人均月收入', 'work out the monthly income a head'],
  );
};

/** Whoever was recognised as near-poor had an income above the standard then: it must have fallen since to count as below. */
function incomeOfRecognised(situation: Situation): ConditionAnswer {
  const { zh, en } = categoryTitle[situation.category];
  const fallen = situation.members.filter(({ jobless, told }) => typeof jobless === 'string' || told.work === 'none');
  const working = situation.members.filter(isWorking);
  if (working.length > 0 && !fallen.some(({ jobless }) => typeof jobless === 'string')) {
    return no(
      `有劳动力且在业（${working.map((member) => memberText(member).zh).join('、')}），认定为${zh}时人均收入已高于低保标准，未见收入下降`,
      `there is labour at work (${working.map((member) => memberText(member).en).join(', ')}), income a head was above the standard when it was recognised as ${en}, and nothing shows that it fell`,
    );
  }
  return unknown(
    [
      `认定为${zh}时人均收入高于低保标准，${fallen.length > 0 ? '有成员失业，收入可能下降' : '现在收入未知'}`,
      `income a head was above the standard when it was recognised as ${en}; ${fallen.length > 0 ? 'a member lost work, so it may have fallen' : 'what it is now is unknown'}`,
    ],
    [
      '重新核算人均月收入；低于低保标准的可由边缘转为低保',
      'work out the income a head anew; below the standard the household moves up',
    ],
  );
}

/** Earning by what was told, else by registration. */
export function isWorking({ age, told, employed, stage }: SituatedMember): boolean {
  if (told.work !== undefined) return told.work !== 'none';
  return age >= 16 && typeof employed === 'string' && typeof stage !== 'string';
}

/** Spending of 12 months for which no receipt has to be shown: medical, and education. */
export function rigidSpending({ spending }: Situation): number {
  return spending.medical + spending.education;
}

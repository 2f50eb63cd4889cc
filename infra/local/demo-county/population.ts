import type { Period } from '../../../shared/calendar/period.ts';
import { periodEnd } from '../../../shared/calendar/period.ts';
import { ageOn, monthLength, type PlainDate, plainDate } from '../../../shared/calendar/plain-date.ts';
import { identityNumberOf } from './identity.ts';
import { type Random, randomOf } from './random.ts';

/** An invented person. `relation` is the word of the police register. */
export interface Person {
  readonly name: string;
  readonly number: string;
  readonly birth: PlainDate;
  readonly sex: 'male' | 'female';
  readonly relation: string;
  readonly household: Household;
}

/** People of one hukou: one address, one police 户号. */
export interface Household {
  readonly index: number;
  /** 12-digit code of village or neighbourhood. */
  readonly village: string;
  readonly urban: boolean;
  readonly hukouNumber: string;
  /** How much likelier misfortune is here than elsewhere: troubles come together, which is what points add up. */
  readonly strain: number;
  readonly members: Person[];
}

/** The invented county as of the last day of its last data month. */
export interface County {
  readonly seed: number;
  readonly area: string;
  readonly months: readonly Period[];
  readonly lastDay: PlainDate;
  readonly households: readonly Household[];
  readonly people: readonly Person[];
}

const SURNAMES = [
  ...'王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文',
];
const MALE = [...'伟强磊军洋勇杰涛明超刚平辉鹏华飞鑫波斌宇浩凯健俊帆帅旭宁龙林志国建文海东峰山亮成康德福祥庆春'];
const FEMALE = [...'芳娜敏静丽艳娟霞秀兰英华慧巧美莉桂娥玲芬燕彩春菊凤洁梅琳素云莲真环雪荣爱妹香月莺媛瑞凡佳嘉琼勤珍'];
/** Characters that only four bytes of GB18030 hold: they show at once where a two-byte table was used. */
const RARE = ['䶮', '㛃', '䴗', '𬭎'];

function nameOf(random: Random, surname: string, sex: 'male' | 'female'): string {
  const given = sex === 'male' ? MALE : FEMALE;
  const last = random.chance(0.002) ? random.pick(RARE) : random.pick(given);
  return surname + random.pick(given) + last;
}

/** Places people: townships of the county, villages of a township. */
function villagesOf(area: string, random: Random): readonly { readonly code: string; readonly urban: boolean }[] {
  const villages: { code: string; urban: boolean }[] = [];
  for (let township = 0; township < 14; township++) {
    const urban = township < 3;
    const townshipCode = urban ? String(township + 1).padStart(3, '0') : String(97 + township);
    const count = random.int(10, 32);
    for (let village = 0; village < count; village++) {
      villages.push({ code: `${area}${townshipCode}${String((urban ? 1 : 201) + village).padStart(3, '0')}`, urban });
    }
  }
  return villages;
}

class Births {
  readonly #area: string;
  readonly #lastYear: number;
  readonly #lastMonth: number;
  readonly #taken = new Map<string, number>();
  readonly #random: Random;

  constructor(area: string, lastDay: PlainDate, random: Random) {
    this.#area = area;
    this.#lastYear = Number(lastDay.slice(0, 4));
    this.#lastMonth = Number(lastDay.slice(5, 7));
    this.#random = random;
  }

  /** A birth that makes the person `age` on the last day (give or take a month), and a number nobody else has. */
  take(age: number, sex: 'male' | 'female'): { birth: PlainDate; number: string } {
    for (;;) {
      const back = age * 12 + this.#random.int(0, 11) + 1;
      const index = this.#lastYear * 12 + this.#lastMonth - 1 - back;
      const year = Math.floor(index / 12);
      const month = (index % 12) + 1;
      const birth = plainDate(year, month, this.#random.int(1, monthLength(year, month)));
      if (birth === undefined) throw new RangeError(`no person can be ${age} years old in the demo county`);
      const area = this.#random.chance(0.06)
        ? this.#random.pick(['411102', '411103', '411104', '410105', '340402', '420106'])
        : this.#area;
      const slot = `${area}${birth}${sex}`;
      const taken = this.#taken.get(slot) ?? 0;
      if (taken >= 499) continue;
      this.#taken.set(slot, taken + 1);
      return { birth, number: identityNumberOf(area, birth, taken * 2 + (sex === 'male' ? 1 : 2)) };
    }
  }
}

type Shape = readonly { readonly relation: string; readonly sex: 'male' | 'female'; readonly age: number }[];

function child(random: Random, age: number): Shape[number] {
  const sex = random.chance(0.52) ? 'male' : 'female';
  return { relation: sex === 'male' ? '子' : '女', sex, age };
}

function shapeOf(random: Random): Shape {
  const kind = random.next();
  if (kind < 0.2) return [{ relation: '户主', sex: random.chance(0.55) ? 'male' : 'female', age: random.int(60, 89) }];
  if (kind < 0.42) {
    const age = random.int(58, 84);
    return [
      { relation: '户主', sex: 'male', age },
      { relation: '妻', sex: 'female', age: age - random.int(-2, 4) },
    ];
  }
  if (kind < 0.57) {
    const age = random.int(26, 57);
    return [
      { relation: '户主', sex: 'male', age },
      { relation: '妻', sex: 'female', age: Math.max(22, age - random.int(-2, 4)) },
    ];
  }
  const parentAge = random.int(27, 52);
  const children = Array.from({ length: random.chance(0.45) ? 2 : 1 }, (_, rank) =>
    child(random, Math.max(0, parentAge - random.int(22, 29) - rank * random.int(2, 5))),
  );
  if (kind < 0.62) return [{ relation: '户主', sex: random.chance(0.4) ? 'male' : 'female', age: parentAge }, ...children];
  const couple: Shape = [
    { relation: '户主', sex: 'male', age: parentAge },
    { relation: '妻', sex: 'female', age: Math.max(24, parentAge - random.int(-2, 4)) },
  ];
  if (kind < 0.9) return [...couple, ...children];
  const elder = parentAge + random.int(22, 30);
  const elders: Shape = [
    { relation: '父亲', sex: 'male', age: Math.min(93, elder) },
    { relation: '母亲', sex: 'female', age: Math.min(92, elder - random.int(-1, 3)) },
  ];
  return [...couple, ...children, ...(random.chance(0.5) ? elders : elders.slice(1))];
}

/** Invents households and people of a county. The same seed and size give the same people. */
export function inventCounty(options: {
  readonly seed: number;
  readonly area: string;
  readonly households: number;
  readonly months: readonly Period[];
}): County {
  const months = [...options.months].sort();
  const last = months.at(-1);
  if (last === undefined) throw new RangeError('the demo county needs at least one data month');
  const lastDay = periodEnd(last);
  const random = randomOf(options.seed, 'population');
  const villages = villagesOf(options.area, random);
  const births = new Births(options.area, lastDay, random);
  const households: Household[] = [];
  const people: Person[] = [];
  for (let index = 0; index < options.households; index++) {
    const village = random.pick(villages);
    const household: Household = {
      index,
      village: village.code,
      urban: village.urban,
      hukouNumber: `${options.area}${String(100_000 + index).padStart(9, '0')}`,
      strain: random.chance(0.05) ? 6 : 1,
      members: [],
    };
    const surname = random.pick(SURNAMES);
    for (const { relation, sex, age } of shapeOf(random)) {
      const own = relation === '妻' || relation === '母亲' ? random.pick(SURNAMES) : surname;
      const person: Person = { name: nameOf(random, own, sex), ...births.take(age, sex), sex, relation, household };
      household.members.push(person);
      people.push(person);
    }
    households.push(household);
  }
  return { seed: options.seed, area: options.area, months, lastDay, households, people };
}

/** Completed years of a person on the county's last day. */
export function ageIn(county: County, person: Person): number {
  return ageOn(person.birth, county.lastDay);
}

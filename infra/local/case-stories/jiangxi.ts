import type { PlainDate } from '../../../shared/calendar/plain-date.ts';
import { gbFile } from '../demo-county/case-files.ts';
import { identityNumberOf } from '../demo-county/identity.ts';
import type { CountyFile } from '../demo-county/table.ts';
import { onlyCase, type Story, visitOf } from './story.ts';

const COUNTY = '360602';
const STREET = '360602001';
const COMMUNITY = '360602001003';

/** A newborn of the county. */
export interface Newborn {
  readonly name: string;
  readonly number: string;
  readonly born: PlainDate;
}

export function newborn(name: string, born: string, sequence: number): Newborn {
  return { name, born: born as PlainDate, number: identityNumberOf(COUNTY, born as PlainDate, sequence) };
}

/** Birth certificates of a month, as the health department sends them. */
export function birthsFile(month: string, children: readonly Newborn[]): CountyFile {
  return gbFile(
    `health/birth-certificate/${month}/月湖出生证明.csv`,
    '出生医学证明签发名单',
    ['新生儿姓名', '新生儿身份证号', '出生日期', '出生医学证明编号', '母亲户籍地区划'],
    children.map(({ name, number, born }, rank) => [name, number, born, `X36${month.replace('-', '')}00${rank}`, COMMUNITY]),
  );
}

/** Everybody enrolled at the end of a month. */
export function enrolmentFile(month: string, people: readonly Pick<Newborn, 'name' | 'number'>[]): CountyFile {
  return gbFile(
    `medical-insurance/enrolment/${month}/月湖参保名单.csv`,
    '城乡居民参保登记',
    ['姓名', '身份证号', '险种', '参保年度', '参保地区划代码'],
    people.map(({ name, number }) => [name, number, '居民', month.slice(0, 4), COMMUNITY]),
  );
}

const child = newborn('周安安', '2024-03-12', 18);
/** Somebody enrolled all along, so that the list is a list. */
const neighbour = { name: '桂美兰', number: identityNumberOf(COUNTY, '1962-07-08' as PlainDate, 42) };

/** A child born in Jiangxi whose enrolment the state pays for; the task closes itself when the list shows the child. */
export const jiangxi: Story = {
  id: 'jiangxi-newborn',
  title: { zh: '江西月湖：新生儿应参保未参保', en: 'Yuehu, Jiangxi: a newborn to be enrolled' },
  county: COUNTY,
  begins: '2024-04-15 09:00',
  async play(office, tell) {
    await office.employ(
      { id: 'xiaoli', name: '肖丽', role: 'coordinator', area: COMMUNITY },
      { id: 'zhangwei', name: '章伟', role: 'caseworker', area: STREET },
    );
    await office.drop([enrolmentFile('2024-03', [neighbour]), birthsFile('2024-03', [child])]);
    let found = await onlyCase(office);
    await tell(
      'found',
      {
        zh: '出生名单里有周安安，参保名单里没有：生成一项政策落实任务（不是困难预警），派给社区协理员肖丽。',
        en: 'A child on the list of births is not on the list of the insured: a task, and no hardship, for the coordinator.',
      },
      found,
    );

    await office.until('2024-04-17 16:00');
    found = await office.act(
      'xiaoli',
      found.id,
      visitOf({
        id: 3606,
        visitedAt: '2024-04-17 15:30',
        means: 'telephone',
        investigators: ['肖丽'],
        truth: 'T1',
        proposed: ['A1'],
        notes: '已告知父母：2024、2025、2026年个人缴费由财政承担，手机上十分钟可办。',
        baseVersion: found.version,
      }),
    );
    await tell(
      'told',
      {
        zh: '肖丽电话告知父母：三个自然年免个人缴费，请办参保。',
        en: 'She tells the parents: three calendar years free of contribution; please enrol.',
      },
      found,
    );

    await office.until('2024-05-08 09:00');
    await office.drop([enrolmentFile('2024-04', [neighbour, child])]);
    found = await office.caseOf(found.household);
    await tell(
      'enrolled',
      {
        zh: '四月参保名单出现周安安：任务自动办结，无需再跑。',
        en: 'The April list shows the child: the task closes by itself.',
      },
      found,
    );
  },
};

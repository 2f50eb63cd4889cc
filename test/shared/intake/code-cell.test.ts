import { describe, expect, it } from 'vitest';
import { catalog } from '../../../shared/catalog/index.ts';
import { codes, flags, wordBesideCode } from '../../../shared/intake/code-cell.ts';
import { errorsOf, person, readFile } from './read-file.ts';

/** The parser of a field that holds one of a list of codes. */
function parserOf(id: string, name: string) {
  const type = [...catalog.values()].find((feed) => feed.id === id)?.fields.find((field) => field.name === name)?.type;
  if (type?.kind !== 'code') throw new Error(`no codes in ${id} ${name}`);
  return codes(type.values);
}

const CERTIFICATE = 'disabled-persons-federation/disability-certificate';
const REGISTER = 'civil-affairs/low-income-register';
const HOUSING = 'housing/dilapidated-housing';

describe('a code with the word for it in one cell', () => {
  it.each([
    ['1-视力残疾', '视力残疾'],
    ['01户主', '户主'],
    ['(2)听力', '听力'],
    ['三级(3)', '三级'],
    ['低保|02', '低保'],
    ['视力残疾', undefined],
    ['01', undefined],
    ['3级', '级'],
  ])('%s', (key, word) => {
    expect(wordBesideCode(key)).toBe(word);
  });

  it.each([
    [CERTIFICATE, 'disabilityClass', '1-视力残疾', 'visual'],
    // The department numbers its list in its own way.
    [CERTIFICATE, 'disabilityClass', '2-视力残疾', 'visual'],
    [REGISTER, 'category', '02 农村低保户', 'minimum-living-allowance'],
    [REGISTER, 'category', '特困人员（分散供养）', 'destitute-support'],
    [REGISTER, 'relation', '10配偶', 'spouse'],
    [HOUSING, 'dangerLevel', 'C级(局部危险)', 'C'],
    [HOUSING, 'dangerLevel', 'D级（整栋危房）', 'D'],
  ])('%s %s: %s', (feed, name, cell, code) => {
    expect(parserOf(feed, name)(cell)).toBe(code);
  });

  it.each([
    [CERTIFICATE, 'disabilityClass', '视力、听力'],
    [REGISTER, 'category', '低保（已退出）'],
    [REGISTER, 'category', '99-退休'],
    [HOUSING, 'dangerLevel', 'C级(整栋危险)'],
    [REGISTER, 'relation', '10同乡'],
  ])('is refused where the parts do not agree or one of them is unknown: %s %s: %s', (feed, name, cell) => {
    expect(parserOf(feed, name)(cell)).toMatchObject({ code: 'UNKNOWN_CODE' });
  });

  it('says yes or no too', () => {
    expect([flags()('1-是'), flags()('否(0)'), flags()('0是')]).toEqual([true, false, true]);
  });
});

describe('words that departments put together', () => {
  it.each([
    [REGISTER, 'category', ['城市低保对象', '农村低保户', '低保人员', '单人保'], 'minimum-living-allowance'],
    [REGISTER, 'category', ['城市特困供养人员', '集中供养特困人员', '特困家庭'], 'destitute-support'],
    [REGISTER, 'category', ['低保边缘人员', '边缘户'], 'near-poor'],
    [REGISTER, 'category', ['刚性支出困难对象', '支出型困难户'], 'rigid-expenditure'],
    [REGISTER, 'category', ['边缘易致贫', '脱贫不稳定户'], 'falling-back-monitored'],
    [REGISTER, 'relation', ['之妻', '户主之妻', '户主的配偶'], 'spouse'],
    [REGISTER, 'relation', ['户主之子', '户主女儿', '之女'], 'child'],
    [CERTIFICATE, 'disabilityClass', ['精神障碍', '精神残疾人'], 'mental'],
    [HOUSING, 'dangerLevel', ['D级危险房屋', 'Dsu级'], 'D'],
    ['education/enrolment', 'stage', ['高中阶段', '普通高中教育', '高中生'], 'senior'],
    ['medical-insurance/enrolment', 'scheme', ['城乡居民基本医疗', '居民医疗保险'], 'resident'],
  ])('%s %s %j', (feed, name, cells, code) => {
    expect(cells.map((cell) => parserOf(feed, name)(cell))).toEqual(cells.map(() => code));
  });
});

describe('levels', () => {
  it.each([
    ['1', 1],
    ['2级', 2],
    ['三级', 3],
    ['肆级', 4],
    ['Ⅱ级', 2],
    ['IV', 4],
    ['残疾一级', 1],
    ['一级残疾', 1],
    ['3-三级', 3],
    ['三级(03)', 3],
  ])('%s', async (cell, level) => {
    const outcome = await readFile(`姓名,身份证号,残疾类别,残疾等级\n张三,${person(1)},肢体,${cell}\n`, { feed: CERTIFICATE });
    expect(errorsOf(outcome)).toEqual([]);
    expect(outcome.rows[0]?.fact.fields['disabilityLevel']).toBe(level);
  });

  it('are refused where they are none', async () => {
    const rows = ['五级', 'V级', '重度', '1-4'].map((cell, n) => `张三,${person(n + 1)},肢体,${cell}`).join('\n');
    const outcome = await readFile(`姓名,身份证号,残疾类别,残疾等级\n${rows}\n`, { feed: CERTIFICATE });
    expect(outcome.result).toMatchObject({ rows: { accepted: 0, rejected: 4 } });
  });
});

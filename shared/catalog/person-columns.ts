import { identityNumber, personName } from './columns.ts';
import type { FieldSpec } from './feed.ts';

/** What follows the word for whose number it is: 参保人证件号码. */
const NUMBERS = [
  ...['身份证号', '身份证号码', '身份证', '身份证件号', '身份证件号码', '证件号', '证件号码', '有效证件号码', '公民身份号码'],
  ...['公民身份证号', '公民身份证号码', '居民身份证号', '居民身份证号码', '身份号码'],
];

/** Words for the person a row is about that any department may use. */
const ANYBODY = ['本人', '人员', '成员', '家庭成员', '个人', '对象'];

function without(taken: readonly string[], names: readonly string[]): readonly string[] {
  return [...new Set(names)].filter((name) => !taken.includes(name));
}

/** The number of the person a row is about, in a feed that has words of its own for that person, such as 患者. */
export function numberOf(words: readonly string[], more: readonly string[] = []): FieldSpec {
  const usual = [identityNumber.title.zh, ...identityNumber.aliases];
  const own = [...ANYBODY, ...words].flatMap((word) => NUMBERS.map((number) => `${word}${number}`));
  return { ...identityNumber, aliases: [...identityNumber.aliases, ...without(usual, [...more, ...own])] };
}

/** The name of the person a row is about; `alone` are words that head the column of names also by themselves. */
export function nameOf(words: readonly string[], alone: readonly string[] = []): FieldSpec {
  const usual = [personName.title.zh, ...personName.aliases];
  const own = [...ANYBODY, ...words].flatMap((word) => [`${word}姓名`, `${word}名称`, `${word}名字`]);
  return { ...personName, aliases: [...personName.aliases, ...without(usual, [...alone, ...own])] };
}

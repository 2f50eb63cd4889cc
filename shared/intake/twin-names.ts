import type { FieldType } from '../catalog/feed.ts';

/** Endings that departments put one for the other: 结算日期 is 结算时间, 医保结算单号 is 医保结算编号. The longest first. */
type Endings = readonly string[];

const DAYS: Endings = ['年月日', '年月', '日期', '时间', '日'];
const SUMS: Endings = ['金额', '额'];
const FEES: Endings = ['费用', '费'];
const NUMBERS: Endings = [
  ...['流水编号', '单据编号', '流水号', '序列号', '单据号', '单编号', '清单号'],
  ...['单号', '编号', '号码', '号', 'id'],
];
const CODES: Endings = ['编码', '代码'];
const KINDS: Endings = ['类别', '类型', '种类'];
const LEVELS: Endings = ['等级', '级别'];
const STATES: Endings = ['状态', '状况'];
const MARKS: Endings = ['标志', '标识', '标记'];
/** Put behind a name without saying more. */
const NAMED: Endings = ['名称', '全称'];

/** A shorter stem says too little by itself: 户 of 户号, 金 of 金额. */
const STEM = 2;

/**
 * Other names that a column of the name may have, for what it holds: the same words with another ending of the same sense. Which of
 * them may be used where several fields have a claim is for the caller to say.
 */
export function twinsOf(name: string, kind: FieldType['kind']): readonly string[] {
  switch (kind) {
    case 'date':
      return exchanged(name, DAYS);
    case 'money':
      return moneyTwins(name);
    case 'text':
      return textTwins(name);
    case 'area':
      return endsWith(name, CODES) ? exchanged(name, CODES) : CODES.map((ending) => name + ending);
    case 'code':
      return [KINDS, LEVELS, STATES].flatMap((endings) => exchanged(name, endings));
    case 'flag':
      return exchanged(name, MARKS);
    case 'identity':
    case 'name':
    case 'month':
    case 'integer':
      return [];
  }
}

function moneyTwins(name: string): readonly string[] {
  if (endsWith(name, SUMS)) return exchanged(name, SUMS);
  return [...exchanged(name, FEES), ...[...SUMS, '费用'].map((ending) => name + ending)];
}

function textTwins(name: string): readonly string[] {
  for (const endings of [NUMBERS, CODES, KINDS]) if (endsWith(name, endings)) return exchanged(name, endings);
  return endsWith(name, NAMED) ? exchanged(name, NAMED) : NAMED.map((ending) => name + ending);
}

function endsWith(name: string, endings: Endings): boolean {
  return endings.some((ending) => name.endsWith(ending));
}

/** The name with each of the endings in place of its own. */
function exchanged(name: string, endings: Endings): readonly string[] {
  const own = endings.find((ending) => name.endsWith(ending) && name.length >= ending.length + STEM);
  if (own === undefined) return [];
  const stem = name.slice(0, -own.length);
  return endings.filter((ending) => ending !== own).map((ending) => stem + ending);
}

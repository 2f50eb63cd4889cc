import { fold, statesNothing } from './cell-text.ts';
import { Fault } from './fault.ts';
import { type CellParser, remembered } from './remembered-cells.ts';

const CODE_FIRST = /^[([]?\d{1,6}[)\]]?[-_.:|/#、,]*(\p{Script=Han}.*)$/u;
const CODE_LAST = /^(\p{Script=Han}.*?)[-_.:|/#、,([]*\d{1,6}[)\]]?$/u;

/**
 * The word that stands in a folded cell with the code a department has for it, as systems export what was chosen from a list:
 * `1-视力残疾`, `01户主`, `三级(3)`. Every department numbers its lists in its own way, so the word counts.
 */
export function wordBesideCode(key: string): string | undefined {
  return (CODE_FIRST.exec(key) ?? CODE_LAST.exec(key))?.[1];
}

const PARTS = /[()[\]、,/|_:;#-]+/;

/** What all parts of a folded cell come to, such as `C级(局部危房)`; undefined when one of them is unknown or says otherwise. */
function agreed(key: string, byName: ReadonlyMap<string, string>): string | undefined {
  const [first, ...others] = key.split(PARTS).filter((part) => part !== '');
  const code = byName.get(first ?? '');
  return others.every((part) => byName.get(part) === code) ? code : undefined;
}

/** Reads one of a closed list of codes, under any of its spellings. */
export function codes(values: Readonly<Record<string, readonly string[]>>): CellParser {
  const byName = new Map<string, string>();
  for (const [canonical, spellings] of Object.entries(values)) {
    for (const name of [canonical, ...spellings]) {
      const key = fold(name).toLowerCase();
      if (!byName.has(key)) byName.set(key, canonical);
    }
  }
  const allowed = Object.entries(values).map(([canonical, spellings]) => spellings[0] ?? canonical);
  const unknown = new Fault(
    'UNKNOWN_CODE',
    `不在允许的取值之内；可填：${allowed.join('、')}`,
    `not one of the allowed values: ${Object.keys(values).join(', ')}`,
  );
  return remembered((text) => {
    const key = fold(text).toLowerCase();
    const code = byName.get(key) ?? byName.get(key.replace(/\.0+$/, ''));
    if (code !== undefined) return code;
    if (statesNothing(key)) return undefined;
    return byName.get(wordBesideCode(key) ?? '') ?? agreed(key, byName) ?? unknown;
  });
}

const YES = new Set([
  '是',
  '1',
  'y',
  'yes',
  'true',
  't',
  '√',
  '✓',
  '有',
  '已',
  '冲销',
  '已冲销',
  '退费',
  '已退费',
  '冲正',
  '红冲',
  '退款',
  '已资助',
  '全额资助',
  '定额资助',
  '部分资助',
]);
const NO = new Set([
  '否',
  '0',
  'n',
  'no',
  'false',
  'f',
  '×',
  'x',
  '无',
  '未',
  '正常',
  '非冲销',
  '未冲销',
  '未退费',
  '不是',
  '有效',
  '正常结算',
  '未资助',
  '不资助',
]);

/** Reads yes or no. */
export function flags(): CellParser {
  const unknown = new Fault('UNKNOWN_CODE', '不是“是/否”；可填：是、否、1、0', 'not a yes or no; allowed: 是, 否, 1, 0');
  return remembered((text) => {
    const key = fold(text).toLowerCase().replace(/\.0+$/, '');
    if (YES.has(key)) return true;
    if (NO.has(key)) return false;
    if (statesNothing(key)) return undefined;
    const word = wordBesideCode(key) ?? '';
    return YES.has(word) ? true : NO.has(word) ? false : unknown;
  });
}

import type { FeedSpec } from '../catalog/feed.ts';
import { trimCell } from './cell-text.ts';
import { BY_GROUP, type Candidate, type ColumnName, foldName, type Heading } from './column-name.ts';
import { Fault } from './fault.ts';

/** Whose number it is goes without saying only in names like these; `成员身份证号` says it. */
const BARE_NUMBER = /^(居民|公民|有效)?(身份|证件|证照)/;
/** People a row may name beside the one it is about. */
const OTHERS =
  /^(户主|户代表|监护人|法定监护人|家长|父亲|母亲|父母|配偶|申请人|申报人|代办人|代理人|委托人|经办人|联系人|负责人|收款人|开户人|领款人|班主任|法定代表人|村干部|协理员)$/;
/** Columns that may stand between a name and the number that belongs to it. */
const BETWEEN = /^(证件类型|证件种类|证件类别|性别|年龄)$/;

type Names = ReadonlyMap<string, ColumnName>;

/**
 * Tells the number of the person from those of others: a bare 身份证号 right beside 户主姓名 is the head's, in a table that
 * names its people in a column of their own. `names` are the feed's, folded.
 */
export function attributeNumbers(
  candidates: readonly Candidate[],
  headings: readonly Heading[],
  { identity, name }: FeedSpec['subject'],
  names: Names,
): readonly Candidate[] {
  if (!candidates.some((candidate) => candidate.field.name === name)) return candidates;
  return candidates.map((candidate) => {
    if (candidate.field.name !== identity || candidate.rank === BY_GROUP) return candidate;
    if (!BARE_NUMBER.test(foldName(candidate.header))) return candidate;
    const other = otherPersonBefore(candidate.index, headings, names);
    if (other === undefined) return candidate;
    const theirs = names.get(`${other.person}身份证号`);
    return theirs === undefined || theirs.field.name === identity
      ? { ...candidate, beside: other.header }
      : { ...candidate, ...theirs };
  });
}

/** The person named left of a column, when the feed knows that name as nobody the row is about. */
function otherPersonBefore(
  column: number,
  headings: readonly Heading[],
  names: Names,
): { readonly person: string; readonly header: string } | undefined {
  for (let at = column - 1; at >= 0; at -= 1) {
    const header = headings[at]?.text ?? '';
    const name = foldName(header);
    if (BETWEEN.test(name)) continue;
    const person = name.replace(/(姓名|名字|名称)$/, '');
    return OTHERS.test(person) && !names.has(name) ? { person, header: trimCell(header) } : undefined;
  }
  return undefined;
}

/** The only number of the table stands beside somebody's name whom the row need not be about. */
export function unclearPerson({ index, header, beside = '' }: Candidate): Fault {
  return new Fault(
    'UNCLEAR_PERSON',
    `第${index + 1}列“${header}”紧跟在“${beside}”之后，无法判断是谁的号码；请在列名中写明，如“本人身份证号”“户主身份证号”“监护人身份证号”，本人的号码必填`,
    `column ${index + 1} "${header}" follows "${beside}", so it cannot be told whose number it is; say so in its name, such as 本人身份证号 (the person's own, which is required), 户主身份证号 or 监护人身份证号`,
  );
}

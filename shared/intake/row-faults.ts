import type { FeedSpec, FieldSpec } from '../catalog/feed.ts';
import { Fault } from './fault.ts';
import type { CellProblem, SourceRecord } from './source-record.ts';

/** What is wrong with a row; `column` is null when it is about the whole row. */
export interface RowFault {
  readonly column: string | null;
  readonly fault: Fault;
}

/** A required cell states nothing. */
export function missingValue(field: FieldSpec): Fault {
  if (field.type.kind === 'identity') {
    return new Fault('ID_MISSING', '身份证号码为空，请补填18位号码', 'the identity number is empty; give all 18 characters');
  }
  return new Fault('MISSING_VALUE', `${field.title.zh}为空，此项必填`, `${field.title.en} is empty but required`);
}

/** Below zero in a row that takes nothing back. */
export function negativeMoney(): Fault {
  return new Fault(
    'MONEY_NEGATIVE',
    '金额为负数；如为冲销或退费，请在冲销标志列填“是”并填原单号，否则请改为正数',
    'the amount is negative; mark the row as a reversal and name the original, or give a positive amount',
  );
}

/** Bytes that are no characters in the file's encoding. */
export function badCharacters(): Fault {
  return new Fault(
    'BAD_ENCODING',
    '含有无法识别的字符（乱码），可能是传输中断或编码转换出错；请从原系统重新导出（建议 UTF-8）',
    'characters could not be decoded, perhaps a broken transfer or conversion; export again, best as UTF-8',
  );
}

/** Filled cells beyond the last column of the header. */
export function tooManyCells(width: number): Fault {
  return new Fault(
    'TOO_MANY_CELLS',
    `本行的单元格多于表头的${width}列，可能某一格内含有未加引号的分隔符而错列；请检查后重报`,
    `the row has more cells than the ${width} columns of the header; perhaps a delimiter inside a cell is not quoted`,
  );
}

/** Names of places where their codes should be, in so many rows: they were taken as if they said nothing of the area. */
export function placedByName(rows: number): Fault {
  return new Fault(
    'AREA_NAMED',
    `本列写的是地名而不是行政区划代码（自本行起共${rows}行）；各行均已接收，地区暂按身份证号码前六位推定，与实际居住地可能不符。请改填6位、9位或12位区划代码后重新报送`,
    `the column has names of places where area codes are expected (${rows} rows from this one on); the rows were taken, and people are placed by the first six digits of their identity numbers, which may not be where they live. Give codes of 6, 9 or 12 digits and send again`,
  );
}

/** The same key stated twice in one file with different contents; `first` is where it stood first. */
export function duplicateKey(feed: FeedSpec, first: { readonly row: number; readonly sheet?: string }): Fault {
  const names = feed.naturalKey.map((name) => feed.fields.find((field) => field.name === name)?.title ?? { zh: name, en: name });
  const zh = ['身份证号', ...names.map((title) => title.zh)].join('、');
  const en = ['person', ...names.map((title) => title.en)].join(', ');
  return new Fault(
    'DUPLICATE_KEY',
    `与${first.sheet === undefined ? '' : `工作表“${first.sheet}”`}第${first.row}行的${zh}相同而内容不同，无法判断以哪行为准；请只保留正确的一行`,
    `same ${en} as row ${first.row}${first.sheet === undefined ? '' : ` of sheet "${first.sheet}"`} but different contents; keep only the right one`,
  );
}

const BROKEN: Readonly<Record<NonNullable<SourceRecord['broken']>, Fault>> = {
  UNCLOSED_QUOTE: new Fault(
    'UNCLOSED_QUOTE',
    '本行的引号没有配对，无法分列；请补上或删除多余的双引号',
    'a quotation mark in this row has no partner, so it cannot be cut into cells; add or delete one',
  ),
  ROW_TOO_LONG: new Fault(
    'ROW_TOO_LONG',
    '本行超过100万个字符，未读取；请检查换行是否丢失',
    'the row has more than a million characters and was not read; check whether line breaks were lost',
  ),
  ROW_CUT_OFF: new Fault(
    'ROW_CUT_OFF',
    '最后一行不完整，文件可能在传输中被截断；请重新导出并核对行数',
    'the last row is incomplete; the file was perhaps cut off on its way, so export it again and compare the number of rows',
  ),
  NOT_JSON: new Fault(
    'NOT_JSON',
    '本行不是一个完整的 JSON 对象；应如 {"姓名":"…","身份证号码":"…"}，占一行，引号和逗号齐全',
    'the line is no whole JSON object; expected one like {"姓名":"…","身份证号码":"…"} on one line, with all quotes and commas',
  ),
};

/** A row that could not be cut into cells. */
export function brokenRow(kind: NonNullable<SourceRecord['broken']>): Fault {
  return BROKEN[kind];
}

/** A cell whose content a spreadsheet cannot give. */
export function problemOf(problem: CellProblem | 'formula', field: FieldSpec): Fault {
  switch (problem) {
    case 'formula':
      return new Fault(
        'FORMULA',
        '单元格是公式而不是数值；请选中该列“复制—选择性粘贴—数值”后重报',
        'the cell holds a formula, not a value; paste the column as values and send again',
      );
    case 'formula-without-value':
      return new Fault(
        'FORMULA_WITHOUT_VALUE',
        '单元格是公式且没有保存计算结果；请用表格软件打开并保存一次，或粘贴为数值后重报',
        'the cell holds a formula without a stored result; open and save the file once, or paste as values',
      );
    case 'cell-error':
      return new Fault(
        'CELL_ERROR',
        '单元格是错误值（如 #N/A、#REF!）；请改正后重报',
        'the cell holds an error value such as #N/A; correct it and send again',
      );
    case 'nested-value':
      return new Fault(
        'NESTED_VALUE',
        '值是对象或列表；应为文本、数字或 true/false',
        'the value is an object or a list; expected a text, a number or true/false',
      );
    case 'number-too-long':
      if (field.type.kind === 'identity') {
        return new Fault(
          'ID_PRECISION_LOST',
          '身份证号码按数字保存，15位以后已丢失，无法恢复；请将该列设为“文本”格式后从原系统重新导出',
          'the identity number was kept as a number and digits after the 15th are lost; export the column again as text',
        );
      }
      return new Fault(
        'NUMBER_PRECISION_LOST',
        '数字超过15位，表格软件已丢失后几位；请将该列设为“文本”格式后从原系统重新导出',
        'the number has more than 15 digits and the last ones are lost; export the column again as text',
      );
  }
}

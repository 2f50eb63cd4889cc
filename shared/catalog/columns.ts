import type { FieldSpec, FieldType } from './feed.ts';

/** Columns that most departments send under the same names, and short ways to write the others. */

interface ColumnOptions {
  readonly required?: true;
  readonly sensitive?: true;
}

function column(
  name: string,
  zh: string,
  en: string,
  type: FieldType,
  aliases: readonly string[],
  options: ColumnOptions,
): FieldSpec {
  return {
    name,
    title: { zh, en },
    type,
    aliases,
    required: options.required === true,
    ...(options.sensitive === true ? { sensitive: true } : {}),
  };
}

/** The person the row is about. Without it a row says nothing about anybody, so it is always required. */
export const identityNumber: FieldSpec = column(
  'identityNumber',
  '身份证号',
  'identity number',
  { kind: 'identity' },
  [
    '身份证号码',
    '身份证',
    '证件号码',
    '证件号',
    '公民身份号码',
    '公民身份证号码',
    '公民身份证号',
    '居民身份证号',
    '居民身份证号码',
    '身份证件号码',
    '身份证件号',
    '有效证件号码',
    '有效身份证件号码',
    '本人身份证号',
    '人员身份证号',
    '身份号码',
    '身份证编号',
    '身份证编码',
    '身份证代码',
    '居民身份证',
    '公民身份证',
    '二代身份证号',
    '二代身份证号码',
    '第二代身份证号码',
    '证照号码',
    '成员身份证号',
    '成员身份证号码',
    '成员证件号码',
    '家庭成员身份证号',
    '家庭成员身份证号码',
    '证件编号',
    '社会保障号码',
    '社会保障号',
    ...['certno', 'sfzh', 'sfzhm', 'sfzjh', 'zjhm', 'gmsfhm', 'idcard', 'id_card'],
  ],
  { required: true },
);

/** Goes to the identity vault only; a query result without names is still usable, so it is not required. */
export const personName: FieldSpec = column(
  'name',
  '姓名',
  'name',
  { kind: 'name' },
  ['人员姓名', '人员名称', '本人姓名', '公民姓名', '个人姓名', '名字', '对象姓名', '成员姓名', '家庭成员姓名', 'psn_name', 'xm'],
  {},
);

/** The area code a row places the person in; `more` are the names a single department uses beside the usual ones. */
export function areaColumn(more: readonly string[]): FieldSpec {
  return column(
    'area',
    '行政区划代码',
    'area code',
    { kind: 'area' },
    [
      '区划代码',
      '行政区划',
      '区划',
      '所属区划',
      '所属行政区划',
      '地区代码',
      '区域代码',
      '区县代码',
      '村代码',
      '村社区代码',
      '村(社区)代码',
      '村(居)代码',
      '村居代码',
      '村级代码',
      '乡镇代码',
      '统计用区划代码',
      '户籍所在区划',
      '户籍区划',
      '户籍地行政区划',
      '省市县区代码',
      ...more,
    ],
    {},
  );
}

/** Free text of at most `maxLength` characters. */
export function textColumn(
  name: string,
  zh: string,
  en: string,
  maxLength: number,
  aliases: readonly string[],
  options: ColumnOptions = {},
): FieldSpec {
  return column(name, zh, en, { kind: 'text', maxLength }, aliases, options);
}

/** One of a closed list of canonical codes with the spellings departments use. */
export function codeColumn(
  name: string,
  zh: string,
  en: string,
  values: Readonly<Record<string, readonly string[]>>,
  aliases: readonly string[],
  options: ColumnOptions = {},
): FieldSpec {
  return column(name, zh, en, { kind: 'code', values }, aliases, options);
}

/** A calendar date. */
export function dateColumn(
  name: string,
  zh: string,
  en: string,
  aliases: readonly string[],
  options: ColumnOptions = {},
): FieldSpec {
  return column(name, zh, en, { kind: 'date' }, aliases, options);
}

/** Money that cannot be below zero; a bare number is yuan. */
export function moneyColumn(
  name: string,
  zh: string,
  en: string,
  aliases: readonly string[],
  options: ColumnOptions = {},
): FieldSpec {
  return column(name, zh, en, { kind: 'money', unit: 'yuan', negative: false }, aliases, options);
}

/** Money in feeds with reversals, where departments send the taken-back sum with a minus; a bare number is yuan. */
export function signedMoneyColumn(
  name: string,
  zh: string,
  en: string,
  aliases: readonly string[],
  options: ColumnOptions = {},
): FieldSpec {
  return column(name, zh, en, { kind: 'money', unit: 'yuan', negative: true }, aliases, options);
}

/** A whole number within bounds. */
export function integerColumn(
  name: string,
  zh: string,
  en: string,
  bounds: { readonly min: number; readonly max: number },
  aliases: readonly string[],
  options: ColumnOptions = {},
): FieldSpec {
  return column(name, zh, en, { kind: 'integer', ...bounds }, aliases, options);
}

/** Every word of the first list with each of the endings behind it, none twice. */
export function spelled(words: readonly string[], endings: readonly string[]): readonly string[] {
  return [...new Set(words.flatMap((word) => endings.map((ending) => word + ending)))];
}

/** Yes or no. */
export function flagColumn(
  name: string,
  zh: string,
  en: string,
  aliases: readonly string[],
  options: ColumnOptions = {},
): FieldSpec {
  return column(name, zh, en, { kind: 'flag' }, aliases, options);
}

/** Marks a row that takes an earlier settlement or payment back (冲销, 退费). */
export const reversalFlag: FieldSpec = flagColumn('reversal', '冲销标志', 'reversal', [
  '是否冲销',
  '冲销',
  '退费标志',
  '是否退费',
  '退费',
  '红冲标志',
  '冲红标志',
  '冲正标志',
  '撤销标志',
  '退款标志',
  '是否退款',
  '退费结算标志',
  '冲正',
  '是否冲正',
  '红冲',
  '是否红冲',
]);

/** Household number as departments head it; the police 户号 and the civil-affairs number are different numbers. */
export function householdNumberColumn(zh: string, en: string, aliases: readonly string[]): FieldSpec {
  return textColumn('householdNumber', zh, en, 40, aliases, { required: true });
}

/** Urban or rural. */
export const residenceColumn: FieldSpec = codeColumn(
  'residence',
  '城乡类别',
  'urban or rural',
  {
    urban: [
      ...spelled(['城市', '城镇', '城区', '市区', '非农业', '非农'], ['', '户口', '居民', '家庭户', '家庭户口']),
      ...['城', '居民户口', '1', '10'],
    ],
    rural: [...spelled(['农村', '乡村', '农业'], ['', '户口', '居民', '家庭户', '家庭户口']), '农', '村', '农户', '2', '20'],
  },
  ['城乡', '城乡属性', '城乡标志', '城乡分类', '户口性质', '户籍性质', '户口类别', '户籍类型', '户别'],
);

/** Words of kin, also as said of the head: 之妻, 户主之妻, 户主妻子. */
function kinOfHead(words: readonly string[]): readonly string[] {
  const kin = words.filter((word) => /^\p{Script=Han}{1,3}$/u.test(word));
  return [...new Set([...words, ...['之', '户主', '户主之', '户主的'].flatMap((head) => kin.map((word) => head + word))])];
}

/**
 * Relation to the head, GB/T 4761 two-digit codes and the words for them. One-digit codes other than 0 are left out:
 * a spreadsheet turns the head's `02` into `2`, which the one-digit list reads as a son.
 */
export const relationColumn: FieldSpec = codeColumn(
  'relation',
  '与户主关系',
  'relation to head',
  {
    head: ['户主', '本人', '户主本人', '本人或户主', '申请人', '户代表', '0', '00', '01', '02'],
    spouse: kinOfHead(['配偶', '妻', '妻子', '夫', '丈夫', '爱人', '10', '11', '12']),
    child: kinOfHead([
      ...['子', '女', '子女', '儿子', '女儿', '独生子', '独生女', '长子', '次子', '二子', '三子', '四子', '五子', '六子'],
      ...['长女', '次女', '二女', '三女', '四女', '五女', '六女', '养子', '养女', '继子', '继女', '养子或继子', '养女或继女'],
      ...['其他儿子', '其他女儿', '20', '21', '22', '23', '24', '25', '26', '27', '29'],
      ...['30', '31', '32', '33', '34', '35', '36', '37', '39'],
    ]),
    'child-in-law': kinOfHead(['女婿', '儿媳', '儿媳妇', '媳妇', '28', '38']),
    grandchild: kinOfHead([
      ...['孙', '孙子', '孙女', '外孙', '外孙子', '外孙女', '孙子女', '外孙子女', '曾孙', '曾孙子', '曾孙女', '孙媳妇', '孙女婿'],
      ...[
        '孙媳妇或外孙媳妇',
        '孙女婿或外孙女婿',
        '孙子、孙女或外孙子、外孙女',
        '40',
        '41',
        '42',
        '43',
        '44',
        '45',
        '46',
        '47',
        '48',
        '49',
      ],
    ]),
    parent: kinOfHead([
      ...['父', '母', '父亲', '母亲', '父母', '公公', '婆婆', '岳父', '岳母', '继父', '继母', '养父', '养母', '公婆', '岳父母'],
      ...['继父或养父', '继母或养母', '50', '51', '52', '53', '54', '55', '56', '57', '58', '59'],
    ]),
    grandparent: kinOfHead([
      ...[
        '祖父',
        '祖母',
        '外祖父',
        '外祖母',
        '爷爷',
        '奶奶',
        '姥爷',
        '姥姥',
        '外公',
        '外婆',
        '祖父母',
        '外祖父母',
        '曾祖父',
        '曾祖母',
      ],
      ...['60', '61', '62', '63', '64', '65', '66', '67', '68', '69'],
    ]),
    sibling: kinOfHead([
      ...['兄', '弟', '姐', '妹', '哥哥', '弟弟', '姐姐', '妹妹', '兄弟', '姐妹', '姊妹', '兄弟姐妹', '兄、弟、姐、妹'],
      ...['嫂', '嫂子', '弟媳', '姐夫', '妹夫', '70', '71', '72', '73', '74', '75', '76', '77', '78', '79'],
    ]),
    other: [
      ...[
        '其他',
        '其它',
        '其他亲属',
        '非亲属',
        '其他非亲属',
        '侄子',
        '侄女',
        '外甥',
        '外甥女',
        '伯父',
        '叔父',
        '姑姑',
        '舅舅',
        '保姆',
      ],
      ...['80', '81', '82', '83', '84', '85', '86', '87', '88', '89', '90', '91', '92', '93', '94', '95', '96', '97', '98', '99'],
    ],
  },
  [
    '户主关系',
    '与户主的关系',
    '与申请人关系',
    '家庭关系',
    '关系',
    '成员关系',
    '与户主之关系',
    '同户主关系',
    '亲属关系',
    '与户主或申请人关系',
  ],
);

/** Behind the word for a stage: 高中阶段, 本科生. */
const STAGE = ['', '教育', '阶段', '阶段教育', '生'];

/** School stage, as the education department names it. */
export const stageColumn: FieldSpec = codeColumn(
  'stage',
  '学段',
  'school stage',
  {
    kindergarten: ['幼儿园', '学前', '学前教育', '幼儿', '幼儿教育', '学龄前'],
    primary: [...spelled(['小学', '普通小学'], STAGE), '完小'],
    junior: spelled(['初中', '初级中学', '普通初中'], STAGE),
    senior: spelled(['高中', '普通高中', '高级中学', '普高'], STAGE),
    vocational: [
      ...spelled(['中职', '中等职业', '中专', '职高', '职业高中', '技校'], STAGE),
      ...['中等职业学校', '中等专业学校', '中等职业技术学校', '职业中学', '技工学校', '五年制高职'],
    ],
    college: [...spelled(['大专', '专科', '高职', '高职高专', '普通专科', '大学专科', '高等职业'], STAGE), '高职(专科)'],
    undergraduate: [...spelled(['本科', '大学本科', '普通本科'], STAGE), '大学', '大学生'],
    postgraduate: spelled(['研究生', '硕士', '博士', '硕士研究生', '博士研究生'], STAGE),
  },
  [
    '教育阶段',
    '就读学段',
    '就读阶段',
    '在读阶段',
    '学历层次',
    '培养层次',
    '办学层次',
    '在读学段',
    '就学阶段',
    '学校类别',
    '学校类型',
  ],
);

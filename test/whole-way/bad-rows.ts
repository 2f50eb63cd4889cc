import { oldIdentityNumber, withWrongCheckDigit } from '../builders/identity.ts';
import { workbook } from '../shared/intake/make-workbook.ts';
import { gbk } from './department-desk.ts';
import { type BadInput, bill, cellsOf, DATE, HEADER, ID, lines, number, PLACE, SELF } from './far-county.ts';

function cutInside(text: string, before: string): Buffer {
  const bytes = gbk(text);
  const at = bytes.indexOf(gbk(before));
  return Buffer.concat([bytes.subarray(0, at + 1), bytes.subarray(at + 2)]);
}

function cutAfter(text: string, before: string): Buffer {
  const bytes = gbk(text);
  return bytes.subarray(0, bytes.indexOf(gbk(before)) + 1);
}

/** Files of which some rows are bad, or that merely look it. */
export const badRows: readonly BadInput[] = [
  {
    what: 'GBK with half a character missing in the middle',
    path: `${PLACE}/middle.csv`,
    content: cutInside(lines(HEADER, bill(11), bill(12), bill(13)), '周某12'),
    status: 'partly',
    encoding: 'gb18030',
    rows: [3, 2, 0, 1],
    errors: [[3, '人员姓名', 'BAD_ENCODING']],
  },
  {
    what: 'GBK cut off inside the last character',
    path: `${PLACE}/end.csv`,
    content: cutAfter(lines(HEADER, bill(14), bill(15), bill(16)), '周某16'),
    status: 'partly',
    encoding: 'gb18030',
    rows: [3, 2, 0, 1],
    errors: [[4, null, 'ROW_CUT_OFF']],
  },
  {
    what: 'formulas in text',
    path: `${PLACE}/formula.csv`,
    content: lines(HEADER, bill(21, { 5: '=SUM(F2:F9)' }), bill(22, { 1: `="${number(22)}"` }), bill(23, { 2: '=1+1' })),
    status: 'partly',
    rows: [3, 1, 0, 2],
    errors: [
      [2, SELF, 'FORMULA'],
      [4, '人员姓名', 'FORMULA'],
    ],
  },
  {
    what: 'formulas in a workbook, with and without their result',
    path: `${PLACE}/formula.xlsx`,
    content: workbook([
      {
        rows:
          cellsOf(1, HEADER, {}) +
          cellsOf(2, bill(24), { 5: '<f>600+1</f><v>601</v>' }) +
          cellsOf(3, bill(25), { 5: '<f>SUM(F2)</f>' }) +
          cellsOf(4, bill(26), { 1: '<v>6.2052119680517E+17</v>' }),
      },
    ]),
    status: 'partly',
    encoding: 'xlsx',
    selfPaid: 60_100,
    rows: [3, 1, 0, 2],
    errors: [
      [3, SELF, 'FORMULA_WITHOUT_VALUE'],
      [4, ID, 'ID_PRECISION_LOST'],
    ],
  },
  {
    what: 'the header again below, as on the next page',
    path: `${PLACE}/pages.csv`,
    content: lines(HEADER, bill(31), HEADER, bill(32), '合计,,,,6000.00,2401.00,'),
    status: 'accepted',
    rows: [2, 2, 0, 0],
    selfPaid: 240_100,
  },
  {
    what: 'a natural key twice, once with the same and once with other content',
    path: `${PLACE}/keys.csv`,
    content: lines(HEADER, bill(41), bill(41), bill(42), bill(42, { 5: '999' }), bill(43)),
    status: 'partly',
    rows: [5, 3, 1, 1],
    selfPaid: 360_150,
    errors: [[5, null, 'DUPLICATE_KEY']],
  },
  {
    what: 'money with letters, in words and with a fraction of a fen',
    path: `${PLACE}/letters.csv`,
    content: lines(
      HEADER,
      bill(51, { 5: '12OO.5' }),
      bill(52, { 5: '一千二百元' }),
      bill(53, { 5: '"1,200.50"' }),
      bill(54, { 5: '0.001' }),
      bill(55, { 5: '￥１２００．５０元' }),
      bill(56, { 4: '88888888888888', 5: '1' }),
    ),
    status: 'partly',
    rows: [6, 2, 0, 4],
    selfPaid: 240_100,
    errors: [
      [2, SELF, 'MONEY_NOT_A_NUMBER'],
      [3, SELF, 'MONEY_NOT_A_NUMBER'],
      [5, SELF, 'MONEY_TOO_PRECISE'],
      [7, '医疗费用总额(元)', 'MONEY_TOO_LARGE'],
    ],
  },
  {
    what: 'a negative share of a positive bill, and a share larger than the bill',
    path: `${PLACE}/shares.csv`,
    content: lines(HEADER, bill(57, { 5: '-500' }), bill(58, { 5: '3500' }), bill(59)),
    status: 'partly',
    rows: [3, 1, 0, 2],
    errors: [
      [2, SELF, 'MONEY_NEGATIVE'],
      [3, SELF, 'PARTS_EXCEED_WHOLE'],
    ],
  },
  {
    what: 'a quotation mark never closed',
    path: `${PLACE}/quote.csv`,
    content: lines(HEADER, bill(61), bill(62, { 2: '"周某' }), bill(63), bill(64)),
    status: 'partly',
    rows: [4, 3, 0, 1],
    errors: [[3, null, 'UNCLOSED_QUOTE']],
  },
  {
    what: 'a NUL byte in a cell',
    path: `${PLACE}/nul.csv`,
    content: lines(HEADER, bill(71), bill(72, { 2: '周\0某' }), bill(73)),
    status: 'partly',
    rows: [3, 2, 0, 1],
    errors: [[3, '人员姓名', 'BAD_ENCODING']],
  },
  {
    what: 'cells shifted by a comma that nobody quoted, and a row that ends early',
    path: `${PLACE}/shifted.csv`,
    content: lines(HEADER, bill(74, { 2: '周,某' }), bill(75), `JS76,${number(76)},周某`),
    status: 'partly',
    rows: [3, 1, 0, 2],
    errors: [
      [2, '参保地行政区划', 'BAD_AREA'],
      [2, DATE, 'BAD_DATE'],
      [2, '医疗费用总额(元)', 'MONEY_NOT_A_NUMBER'],
      [2, null, 'TOO_MANY_CELLS'],
      [4, DATE, 'MISSING_VALUE'],
      [4, SELF, 'MISSING_VALUE'],
    ],
  },
  {
    what: 'line ends of old computers',
    path: `${PLACE}/cr.csv`,
    content: [HEADER, bill(81), bill(82), ''].join('\r'),
    status: 'accepted',
    rows: [2, 2, 0, 0],
  },
  {
    what: 'no line break at the end',
    path: `${PLACE}/nobreak.csv`,
    content: [HEADER, bill(83), bill(84)].join('\n'),
    status: 'accepted',
    rows: [2, 2, 0, 0],
  },
  {
    what: 'UTF-8 with a byte-order mark',
    path: `${PLACE}/bom.csv`,
    content: `\ufeff${lines(HEADER, bill(85))}`,
    status: 'accepted',
    encoding: 'utf-8',
  },
  {
    what: 'UTF-16 as spreadsheets save "Unicode text"',
    path: `${PLACE}/u16.txt`,
    content: Buffer.from(`\ufeff${lines(HEADER, bill(86)).replaceAll(',', '\t')}`, 'utf16le'),
    status: 'accepted',
    encoding: 'utf-16le',
  },
  {
    what: 'UTF-16 the other way round',
    path: `${PLACE}/u16be.csv`,
    content: Buffer.from(`\ufeff${lines(HEADER, bill(87), bill(88, { 5: 'x' }))}`, 'utf16le').swap16(),
    status: 'partly',
    encoding: 'utf-16be',
    rows: [2, 1, 0, 1],
    errors: [[3, SELF, 'MONEY_NOT_A_NUMBER']],
  },
  {
    what: 'GBK behind the mark of UTF-8',
    path: `${PLACE}/bomgbk.csv`,
    content: Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), gbk(lines(HEADER, bill(89)))]),
    status: 'accepted',
    encoding: 'gb18030',
  },
  {
    what: 'a header in two levels whose group has the unit',
    path: `${PLACE}/levels.csv`,
    content: lines(
      '人员信息,,,结算信息,,费用（万元）,',
      `${ID},姓名,参保地行政区划,结算流水号,结算日期,医疗费总额,个人自付金额`,
      `${number(91)},周某,620521,JS91,2024-03-02,0.3,0.1`,
    ),
    status: 'accepted',
    selfPaid: 100_000,
  },
  {
    what: '万元 in the column name',
    path: `${PLACE}/wan.csv`,
    content: lines(HEADER.replaceAll('(元)', '（万元）'), bill(92, { 4: '0.30', 5: '0.12005' })),
    status: 'accepted',
    selfPaid: 120_050,
  },
  {
    what: 'a title and a line 单位：万元 above the header',
    path: `${PLACE}/wanline.csv`,
    content: gbk(
      lines(
        '某县2024年3月住院结算明细表,,,,,,',
        ',,,,,,单位：万元',
        HEADER.replaceAll('(元)', ''),
        bill(93, { 4: '0.30', 5: '0.12005' }),
      ),
    ),
    status: 'accepted',
    encoding: 'gb18030',
    selfPaid: 120_050,
  },
  {
    what: 'identity numbers in every dress, and those that cannot be saved',
    path: `${PLACE}/numbers.csv`,
    content: lines(
      HEADER,
      bill(101, { 1: oldIdentityNumber(number(101)) ?? '' }),
      bill(102, { 1: number(102).toLowerCase() }),
      bill(103, { 1: number(103).replace(/[0-9X]/g, (c) => String.fromCharCode(c.charCodeAt(0) + 0xfee0)) }),
      bill(104, { 1: `'${number(104)}` }),
      bill(105, { 1: ` ${number(105)}\t` }),
      bill(106, { 1: '6.20521E+17' }),
      bill(107, { 1: `${number(107).slice(0, 15)}000` }),
      bill(108, { 1: `${number(108).slice(0, 6)}********${number(108).slice(14)}` }),
      bill(109, { 1: withWrongCheckDigit(number(109)) }),
      bill(110, { 1: '' }),
      bill(111, { 1: '甘军字第0011号' }),
    ),
    status: 'partly',
    rows: [11, 5, 0, 6],
    errors: [
      [7, ID, 'ID_SCIENTIFIC'],
      [8, ID, 'ID_PRECISION_LOST'],
      [9, ID, 'ID_MASKED'],
      [10, ID, 'ID_CHECK_DIGIT'],
      [11, ID, 'ID_MISSING'],
      [12, ID, 'ID_NOT_A_NUMBER'],
    ],
  },
  {
    what: 'dates in every dress, and those that are none',
    path: `${PLACE}/dates.csv`,
    content: lines(
      HEADER,
      bill(121, { 3: '45356' }),
      bill(122, { 3: '2024年3月5日' }),
      bill(123, { 3: '20240305' }),
      bill(124, { 3: '2024-03-05 12:30:11' }),
      bill(125, { 3: '2024-05-01' }),
      bill(126, { 3: '03/05/2024' }),
      bill(127, { 3: '2024-02-30' }),
      bill(128, { 3: '' }),
      bill(129, { 3: '1960-01-01' }),
    ),
    status: 'partly',
    rows: [9, 4, 0, 5],
    errors: [
      [6, DATE, 'DATE_IN_FUTURE'],
      [7, DATE, 'BAD_DATE'],
      [8, DATE, 'BAD_DATE'],
      [9, DATE, 'MISSING_VALUE'],
      [10, DATE, 'BEFORE_BIRTH'],
    ],
  },
  {
    what: 'a file name with blanks, Chinese and quotes',
    path: `${PLACE}/三月 "住院" 结算's.csv`,
    content: lines(HEADER, bill(141)),
    status: 'accepted',
    rows: [1, 1, 0, 0],
  },
  {
    what: 'every row wrong',
    path: `${PLACE}/none.csv`,
    content: lines(HEADER, bill(142, { 5: '?' }), bill(143, { 1: '0' })),
    status: 'refused',
    rows: [2, 0, 0, 2],
    errors: [
      [2, SELF, 'MONEY_NOT_A_NUMBER'],
      [3, ID, 'ID_LENGTH'],
    ],
  },
  {
    what: 'deaths before birth and after they were registered',
    path: 'public-security/death-registration/2024-03/死亡.csv',
    content: lines(
      '公民身份号码,姓名,死亡时间,注销时间',
      `${number(211)},周某,1960-01-01,2024-03-01`,
      `${number(212)},周某,2024-03-05,2024-03-01`,
      `${number(213)},周某,2024-03-05,2024-03-09`,
    ),
    status: 'partly',
    rows: [3, 1, 0, 2],
    errors: [
      [2, '死亡时间', 'BEFORE_BIRTH'],
      [3, '死亡时间', 'DATE_ORDER'],
    ],
  },
  {
    what: 'a level below one and one that does not exist',
    path: 'disabled-persons-federation/disability-certificate/2024-03/证.csv',
    content: lines(
      `${ID},姓名,残疾类别,残疾等级,发证日期`,
      `${number(221)},周某,肢体,二级,2020-01-01`,
      `${number(222)},周某,肢体,-1,2020-01-01`,
      `${number(223)},周某,肢体,五级,2020-01-01`,
    ),
    status: 'partly',
    rows: [3, 1, 0, 2],
    errors: [
      [3, '残疾等级', 'OUT_OF_RANGE'],
      [4, '残疾等级', 'OUT_OF_RANGE'],
    ],
  },
  {
    what: 'a year below zero',
    path: 'medical-insurance/enrolment/2024-03/参保.csv',
    content: lines(
      `${ID},姓名,参保险种,参保年度,个人缴费金额（元）`,
      `${number(224)},周某,城乡居民,-2024,380`,
      `${number(225)},周某,城乡居民,2024,-380`,
      `${number(226)},周某,城乡居民,2024,380`,
    ),
    status: 'partly',
    rows: [3, 1, 0, 2],
    errors: [
      [2, '参保年度', 'OUT_OF_RANGE'],
      [3, '个人缴费金额（元）', 'MONEY_NEGATIVE'],
    ],
  },
  {
    what: 'a person in two households, a household with no head, a class nobody knows',
    path: 'civil-affairs/low-income-register/2024-03/名册.csv',
    content: lines(
      '户编号,身份证件号码,姓名,与户主关系,救助类别,享受起始年月',
      `D1,${number(231)},周某,户主,低保,2024-01`,
      `D1,${number(232)},周某,妻,低保,2024-01`,
      `D2,${number(232)},周某,户主,低保,2024-02`,
      `D3,${number(233)},周某,子,低保边缘家庭,202401`,
      `D4,${number(234)},周某,户主,贫困,2024-01`,
    ),
    status: 'partly',
    rows: [5, 4, 0, 1],
    errors: [[6, '救助类别', 'UNKNOWN_CODE']],
  },
];

import { describe, expect, it } from 'vitest';
import { unitOfLines } from '../../../shared/intake/column-unit.ts';
import { errorsOf, type Outcome, person, readFile, refusalOf } from './read-file.ts';

const REGISTER = 'civil-affairs/low-income-register';
const INPATIENT = 'medical-insurance/inpatient-settlement';
const head = person(1);
const wife = person(2);
const son = person(3);
const lines = (...texts: string[]): string => `${texts.join('\n')}\n`;
const saidOf = ({ result }: Outcome): string => result.errors.map(({ message }) => message.zh).join('');
const numbersOf = ({ rows }: Outcome): readonly string[] => rows.map(({ number }) => number);

describe('the words of a department for the person of a row', () => {
  it.each([
    ['medical-insurance/inpatient-settlement', '患者姓名,患者身份证号,结算日期,个人自付', '2024-03-01,100'],
    ['medical-insurance/outpatient-chronic-settlement', '参保人姓名,参保人证件号码,费用结算时间,个人自付', '2024-03-01,100'],
    ['medical-insurance/enrolment', '参保人员姓名,参保人员身份证号码,险种', '居民医保'],
    ['disabled-persons-federation/disability-certificate', '残疾人姓名,残疾人身份证号,残疾类别,残疾等级', '肢体,一级'],
    ['education/tuition-payment', '学生姓名,学生公民身份号码,学费,缴纳时间', '5000,2024-03-01'],
    ['human-resources/unemployment-registration', '失业人员姓名,失业人员身份证号,失业登记时间', '2024-03-01'],
    ['human-resources/employment-registration', '职工姓名,职工身份证号,入职时间', '2024-03-01'],
    ['emergency-management/disaster-relief', '受灾户户主姓名,受灾户户主身份证号,灾种,日期', '火灾,2024-03-01'],
    ['housing/dilapidated-housing', '户主,户主公民身份号码,鉴定等级,鉴定时间', 'D级,2024-03-01'],
    ['public-security/death-registration', '死亡人员名称,死亡人员证件号码,身故时间', '2024-03-01'],
    ['medical-insurance/medical-aid-payment', '户主姓名,户主身份证号,患者姓名,患者身份证号,救助金额,发放时间', undefined],
  ])('%s: %s', async (feed, header, cells) => {
    const data = cells === undefined ? `张三,${head},李四,${wife},500,2024-03-01` : `李四,${wife},${cells}`;
    const outcome = await readFile(lines(header, data), { feed });
    expect(outcome.result.outcome === 'read' && outcome.result.ignored).toEqual(
      cells === undefined ? ['户主姓名', '户主身份证号'] : [],
    );
    expect(numbersOf(outcome)).toEqual([wife]);
    expect(outcome.rows.map(({ name }) => name)).toEqual(['李四']);
  });
});

describe('the identity number', () => {
  it.each([
    '证件号码（身份证）',
    '身份证号码(公民身份号码)',
    '身份证(户口簿)号码',
    '身份证号（18位）',
    '第二代身份证号码',
    '居民身份证',
  ])('is found under %s', async (heading) => {
    const outcome = await readFile(lines(`姓名,${heading},死亡日期`, `张三,${head},2024-03-01`), {
      feed: 'public-security/death-registration',
    });
    expect(numbersOf(outcome)).toEqual([head]);
  });
});

describe('whose number a column holds', () => {
  it('takes a bare 身份证号 beside 户主姓名 for the head’s when members have a column of their own', async () => {
    const outcome = await readFile(
      lines(
        '低保证号,户主姓名,身份证号,成员姓名,成员身份证号,与户主关系,类别',
        `H1,张三,${head},李四,${wife},妻,低保`,
        `H1,张三,${head},张小,${son},子,低保`,
      ),
      { feed: REGISTER },
    );
    expect(numbersOf(outcome)).toEqual([wife, son]);
    expect(outcome.rows.map(({ name }) => name)).toEqual(['李四', '张小']);
    expect(outcome.rows.every(({ fact }) => typeof fact.fields['headIdentityNumber'] === 'string')).toBe(true);
  });

  it('takes it for the person’s own in a list of heads, where nobody else is named', async () => {
    const outcome = await readFile(lines('低保证号,户主姓名,身份证号,类别', `H1,张三,${head},低保`), { feed: REGISTER });
    expect(numbersOf(outcome)).toEqual([head]);
  });

  it('refuses a file whose only number stands beside the name of somebody else, and asks whose it is', async () => {
    const outcome = await readFile(
      lines('学校,学段,学生姓名,监护人姓名,证件类型,证件号码', `县一中,高中,张小,张三,身份证,${head}`),
      { feed: 'education/enrolment' },
    );
    expect(refusalOf(outcome)).toBe('UNCLEAR_PERSON');
    expect(saidOf(outcome)).toMatch(/^第6列“证件号码”紧跟在“监护人姓名”之后，无法判断是谁的号码；请在列名中写明/);
  });

  it('knows the household’s head as the person where the feed is about heads', async () => {
    const outcome = await readFile(lines('户主姓名,身份证号,灾种,受灾时间', `张三,${head},洪涝,2024-03-12`), {
      feed: 'emergency-management/disaster-relief',
    });
    expect(numbersOf(outcome)).toEqual([head]);
  });
});

describe('the unit of money', () => {
  const inWan = { totals: { selfPaid: 650_000 }, rows: { read: 1, accepted: 1, rejected: 0 } };

  it.each([
    ['a row of its own under the header', ['姓名,身份证号,结算日期,结算单号,个人自付', ',,,,(万元)']],
    ['a title', ['住院结算（金额：万元）,,,,', '姓名,身份证号,结算日期,结算单号,个人自付']],
    ['the end of the column name', ['姓名,身份证号,结算日期,结算单号,个人自付万元']],
    ['the column name after a blank', ['姓名,身份证号,结算日期,结算单号,个人自付 单位:万元']],
  ])('is taken from %s', async (_, header) => {
    const outcome = await readFile(lines(...header, `张三,${head},2024-03-05,S1,0.65`), { feed: INPATIENT });
    expect(outcome.result).toMatchObject(inWan);
  });

  it.each([
    ['金额单位：万元 人数单位：人', 6],
    ['单位：人、万元', 6],
    ['单位：万元人民币', 6],
    ['货币单位：人民币（万元）', 6],
    ['单位：万', 6],
    ['以万元为单位', 6],
    ['说明：本表金额以万元计', 6],
    ['（万元）', 6],
    ['单位：仟元', 5],
    ['填报单位：元氏县民政局', undefined],
    ['填报单位：分宜县医保局', undefined],
    ['填报单位：元氏县民政局 单位：万元', 6],
    ['单位：户、人、元', 2],
  ])('of the line %j is %j', (line, scale) => {
    expect(unitOfLines([['', '', line]])).toBe(scale);
    expect(unitOfLines([[line, '', '']])).toBe(scale);
  });

  it('holds for every amount, wherever above the table the line stands', async () => {
    const outcome = await readFile(
      lines(
        ',,,,,金额单位：万元 人数单位：人',
        '姓名,身份证号,结算日期,结算单号,个人自付,总费用',
        `张三,${head},2024-03-05,S1,0.65,1`,
      ),
      { feed: INPATIENT },
    );
    expect(outcome.result).toMatchObject({ totals: { selfPaid: 650_000, totalCost: 1_000_000 } });
  });

  it('stays with a column that is known by its group and its own words together', async () => {
    const outcome = await readFile(
      lines('姓名,身份证号,户编号,类别,低保,', ',,,,金额(万元),起始日期', `张三,${head},H1,低保,0.0829,2023-01-01`),
      { feed: REGISTER },
    );
    expect(outcome.result).toMatchObject({ totals: { monthlyAmount: 82_900 } });
  });

  it('is not guessed when a column states it row by row', async () => {
    const outcome = await readFile(
      lines('姓名,身份证号,结算日期,结算单号,个人自付,计量单位', `张三,${head},2024-03-05,S1,0.65,万元`),
      { feed: INPATIENT },
    );
    expect(refusalOf(outcome)).toBe('UNKNOWN_UNIT');
    expect(saidOf(outcome)).toContain('另写在“计量单位”列中');
  });

  it('takes a first row that states an amount of money for data, not for units', async () => {
    const outcome = await readFile(lines('姓名,身份证号,结算日期,结算单号,个人自付', `张三,${head},2024-03-05,S1,650元`), {
      feed: INPATIENT,
    });
    expect(outcome.result).toMatchObject({ totals: { selfPaid: 65_000 } });
  });
});

describe('which of several columns holds what the person bears', () => {
  it('takes the total of own share and what is not insured before either of them', async () => {
    const outcome = await readFile(
      lines(
        '姓名,身份证号,结算日期,结算单号,总费用,个人自付,个人自费,个人负担总额,现金支付',
        `张三,${head},2024-03-05,S1,10000,3000,2500,5500,5000`,
      ),
      { feed: INPATIENT },
    );
    expect(outcome.result).toMatchObject({ columns: { 个人负担总额: 'selfPaid' }, totals: { selfPaid: 550_000 } });
  });

  it.each([
    ['both parts where no total stands beside them', '个人自付,个人自费,现金支付', '3000,2500.5,5000', 550_050],
    ['the part that is filled', '个人自付,个人自费,现金支付', '3000,,5000', 300_000],
    ['parts in units of their own', '自付金额(元),自费金额(万元),统筹支付', '3000,0.25,1', 550_000],
    ['the total alone, whatever it is called', '个人自付,个人自费,个人负担', '3000,2500,5500', 550_000],
    ['the total before its one part', '个人自付,个人负担金额,统筹支付', '3000,5500,1', 550_000],
    ['what is not insured where nothing else is stated', '个人自费,统筹支付,大病支付', '2500,1,1', 250_000],
    ['parts of a settlement taken back', '个人自付,个人自费,冲销标志', '-3000,-2500,是', -550_000],
  ])('counts %s', async (_, columns, amounts, fen) => {
    const outcome = await readFile(lines(`姓名,身份证号,结算日期,结算单号,${columns}`, `张三,${head},2024-03-05,S1,${amounts}`), {
      feed: INPATIENT,
    });
    expect(outcome.rows.map(({ fact }) => fact.fields['selfPaid'])).toEqual([fen]);
    expect(outcome.result).toMatchObject({ totals: { selfPaid: fen } });
  });

  it('tells which part of a sum is wrong, and which columns were added up', async () => {
    const header = '姓名,身份证号,结算日期,结算单号,个人自付,个人自费,总费用';
    const outcome = await readFile(
      lines(
        header,
        `张三,${head},2024-03-05,S1,3000,两千,10000`,
        `张三,${head},2024-03-05,S2,,,10000`,
        `张三,${head},2024-03-05,S3,6000,5000,10000`,
        `张三,${head},2024-03-05,S4,6000,4000,10000`,
      ),
      { feed: INPATIENT },
    );
    expect(errorsOf(outcome)).toEqual([
      '2:个人自费:MONEY_NOT_A_NUMBER',
      '3:个人自付:MISSING_VALUE',
      '4:个人自付:PARTS_EXCEED_WHOLE',
    ]);
    expect(outcome.result).toMatchObject({
      columns: { 个人自付: 'selfPaid', 个人自费: 'selfPaid' },
      ignored: [],
      totals: { selfPaid: 1_000_000 },
    });
  });

  it('adds up parts that stand under one group', async () => {
    const outcome = await readFile(
      lines('姓名,身份证号,结算日期,结算单号,个人,', ',,,,自付,自费', `张三,${head},2024-03-05,S1,3000,2500`),
      { feed: INPATIENT },
    );
    expect(outcome.result).toMatchObject({ totals: { selfPaid: 550_000 } });
  });

  it('reads the field names of the national medical-insurance platform', async () => {
    const outcome = await readFile(
      lines(
        'psn_name,certno,setl_id,setl_time,medfee_sumamt,hifp_pay,maf_pay,psn_part_amt,psn_cash_pay',
        `张三,${head},S1,2024-03-05 10:00:00,10000,4000,500,5500,5400`,
      ),
      { feed: INPATIENT },
    );
    expect(outcome.result).toMatchObject({
      totals: { totalCost: 1_000_000, fundPaid: 400_000, aidPaid: 50_000, selfPaid: 550_000 },
    });
  });
});

describe('a header of several rows', () => {
  it('tells columns of the same name apart by the groups they stand under', async () => {
    const outcome = await readFile(
      lines(
        '户主信息,,家庭成员信息,,,低保证号,类别,户月金额(元)',
        '姓名,身份证号,姓名,身份证号,与户主关系,,,',
        `张三,${head},张三,${head},本人,H1,低保,829`,
        `张三,${head},李四,${wife},妻,H1,低保,829`,
      ),
      { feed: REGISTER },
    );
    expect(numbersOf(outcome)).toEqual([head, wife]);
    expect(outcome.rows[1]).toMatchObject({ name: '李四', fact: { fields: { relation: 'spouse', monthlyAmount: 82_900 } } });
  });

  it('still refuses two columns of one name when nothing tells them apart, and says how to', async () => {
    const outcome = await readFile(lines('姓名,身份证号,身份证号,户编号,类别', `张三,${head},${wife},H1,低保`), {
      feed: REGISTER,
    });
    expect(refusalOf(outcome)).toBe('DUPLICATE_COLUMN');
    expect(saidOf(outcome)).toContain('写明各是谁的');
  });

  it('reads three rows, with the unit stated in the uppermost, and knows them again on the next page', async () => {
    const header = ['姓名,身份证号码,住院情况,,费用情况(万元),', ',,基本情况,,金额,', ',,结算单号,结算日期,总费用,个人自付'];
    const outcome = await readFile(
      lines('住院结算表', ...header, `张三,${head},S1,2024-03-05,1.2,0.65`, ...header, `李四,${wife},S2,2024-03-06,2,1`),
      { feed: INPATIENT },
    );
    expect(outcome.result).toMatchObject({
      rows: { read: 2, accepted: 2, rejected: 0 },
      totals: { totalCost: 3_200_000, selfPaid: 1_650_000 },
    });
    expect(errorsOf(outcome)).toEqual([]);
  });

  it('takes no line of titles into the header, nor the first row of data', async () => {
    const outcome = await readFile(
      lines('某县医保局,,,,', '单位：元,,,,', '姓名,身份证号,结算日期,结算单号,个人自付', `结算单号,${head},2024-03-05,S1,600`),
      { feed: INPATIENT },
    );
    expect(outcome.rows.map(({ name, fact }) => [name, fact.row])).toEqual([['结算单号', 4]]);
  });
});

import { describe, expect, it } from 'vitest';
import type { PlainDate } from '../../../shared/calendar/plain-date.ts';
import { identityNumberOf } from '../../builders/identity.ts';
import { textRow, workbook } from './make-workbook.ts';
import { errorsOf, type Outcome, person, readFile, refusalOf } from './read-file.ts';

const FEED = { feed: 'disabled-persons-federation/disability-certificate' };
const lines = (...texts: string[]): string => `${texts.join('\n')}\n`;
const factsOf = ({ rows }: Outcome) =>
  rows.map(({ number, fact: { fields } }) => [number, fields['disabilityClass'], fields['disabilityLevel']]);
const child = identityNumberOf('410225', '2015-06-01' as PlainDate, 3);
const withX = Array.from({ length: 40 }, (_, n) => person(n + 1)).find((number) => number.endsWith('X')) ?? '';

describe('the number of a disability certificate', () => {
  it('tells person, class and level where the file has no columns of them', async () => {
    const outcome = await readFile(
      lines(
        '姓名,残疾人证号,发证日期',
        `张三,${person(1)}42,2020-05-01`,
        `李四,${person(2)}71B1,2020-05-01`,
        `张小,${child}64,2021-05-01`,
      ),
      FEED,
    );
    expect(factsOf(outcome)).toEqual([
      [person(1), 'limb', 2],
      [person(2), 'multiple', 1],
      [child, 'mental', 4],
    ]);
    expect(outcome.result).toMatchObject({
      rows: { read: 3, accepted: 3 },
      columns: { 残疾人证号: 'identityNumber、disabilityClass、disabilityLevel' },
      ignored: [],
    });
  });

  it('is read as departments write it: blanks, full width, a small x, an apostrophe, as a formula, issued again', async () => {
    const wide = `${person(1)}11`.replace(/\d/g, (digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0));
    const outcome = await readFile(
      lines(
        '姓名,残疾证号',
        `张三,${wide}`,
        `李四,${withX.toLowerCase()}33b2`,
        `王五,'${person(50)}44`,
        `赵六,="${person(51)}21"`,
        `孙七, ${person(52)} 5 2\t`,
        `周八,${person(53)}52(补发)`,
      ),
      FEED,
    );
    expect(errorsOf(outcome)).toEqual([]);
    expect(factsOf(outcome)).toEqual([
      [person(1), 'visual', 1],
      [withX, 'speech', 3],
      [person(50), 'limb', 4],
      [person(51), 'hearing', 1],
      [person(52), 'intellectual', 2],
      [person(53), 'intellectual', 2],
    ]);
  });

  it('is refused with what it should be, and with what became of it where that can be told', async () => {
    const wrong = `${person(1).slice(0, 17)}${person(1).endsWith('0') ? '1' : '0'}`;
    const outcome = await readFile(
      lines(
        '姓名,残疾人证号',
        `甲,${person(2)}4`,
        `乙,${person(2)}82`,
        `丙,${person(2)}45`,
        `丁,${wrong}42`,
        '戊,41022519********1242',
        '己,4.10225E+19',
        '庚,',
        '辛,豫军F000123',
      ),
      FEED,
    );
    expect(errorsOf(outcome)).toEqual([
      '2:残疾人证号:NUMBER_FORM',
      '3:残疾人证号:NUMBER_FORM',
      '4:残疾人证号:NUMBER_FORM',
      '5:残疾人证号:ID_CHECK_DIGIT',
      '6:残疾人证号:ID_MASKED',
      '7:残疾人证号:ID_SCIENTIFIC',
      '8:残疾人证号:ID_MISSING',
      '9:残疾人证号:NUMBER_FORM',
    ]);
    expect(outcome.rejected[0]?.errors[0]?.message.zh).toMatch(/^残疾人证号应为20位：18位身份证号码，加残疾类别/);
  });

  it('asks for class and level when it is the identity number alone, and takes them from their columns', async () => {
    const alone = await readFile(lines('姓名,残疾人证号', `张三,${person(1)}`), FEED);
    expect(errorsOf(alone)).toEqual(['2:残疾人证号:MISSING_VALUE', '2:残疾人证号:MISSING_VALUE']);
    const beside = await readFile(lines('姓名,残疾人证号,残疾类别,残疾等级', `张三,${person(1)},肢体,二级`), FEED);
    expect(factsOf(beside)).toEqual([[person(1), 'limb', 2]]);
  });

  it('fills what is left empty in the columns of its fields, and must not be somebody else’s', async () => {
    const outcome = await readFile(
      lines(
        '姓名,身份证号,残疾人证号,残疾类别,残疾等级',
        `甲,${person(1)},${person(1)}42,肢体,二级`,
        `乙,,${person(2)}42,,`,
        `丙,${person(3)},${person(4)}42,肢体,二级`,
        `己,${person(7)},豫残12345,肢体,二级`,
        `庚,${person(8)},,肢体,二级`,
      ),
      FEED,
    );
    expect(factsOf(outcome).map(([number]) => number)).toEqual([1, 2, 7, 8].map(person));
    expect(errorsOf(outcome)).toEqual(['4:残疾人证号:NUMBER_CONTRADICTS']);
    expect(outcome.rejected[0]?.errors[0]?.message.zh).toContain('残疾人证号中的身份证号与该列所填不一致');
    expect(outcome.result).not.toHaveProperty('notes');
  });

  it('grows old when somebody is assessed again: the columns of class and level count, and the receipt remarks on it', async () => {
    const outcome = await readFile(
      lines(
        '姓名,身份证号,残疾人证号,残疾类别,残疾等级',
        `丁,${person(5)},${person(5)}42,肢体,一级`,
        `戊,${person(6)},${person(6)}42,视力,二级`,
      ),
      FEED,
    );
    expect(factsOf(outcome)).toEqual([
      [person(5), 'limb', 1],
      [person(6), 'visual', 2],
    ]);
    expect(outcome.result).toMatchObject({
      rows: { accepted: 2, rejected: 0 },
      noteCount: 2,
      notes: [
        {
          row: 2,
          column: '残疾等级',
          code: 'NUMBER_DIFFERS',
          message: { zh: '残疾人证号中的残疾等级与该列所填不一致，已按该列接收；请核对证件，有误的更正后重新报送' },
        },
        { row: 3, column: '残疾类别', code: 'NUMBER_DIFFERS' },
      ],
    });
  });

  it('says that digits were lost when a workbook kept it as a number', async () => {
    const rows = `${textRow(1, ['姓名', '残疾人证号'])}<row r="2"><c r="A2" t="inlineStr"><is><t>张三</t></is></c><c r="B2"><v>41022519800102001542</v></c></row>`;
    const outcome = await readFile(workbook([{ rows }]), { ...FEED, name: 'a.xlsx' });
    expect(errorsOf(outcome)).toContain('2:残疾人证号:ID_PRECISION_LOST');
  });

  it('is no column of other feeds', async () => {
    expect(refusalOf(await readFile(lines('姓名,残疾人证号,结算日期,个人自付', `张三,${person(1)}42,2024-03-01,1`)))).toBe(
      'MISSING_COLUMNS',
    );
  });
});

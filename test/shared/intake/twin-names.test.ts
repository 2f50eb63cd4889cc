import { describe, expect, it } from 'vitest';
import { catalog } from '../../../shared/catalog/index.ts';
import { namesOf } from '../../../shared/intake/column-name.ts';
import { twinsOf } from '../../../shared/intake/twin-names.ts';
import { person, readFile } from './read-file.ts';

describe('names that say the same with another ending', () => {
  it.each([
    ['结算日期', 'date', ['结算年月日', '结算年月', '结算时间', '结算日']],
    ['个人自付', 'money', ['个人自付金额', '个人自付额', '个人自付费用']],
    ['资助金额', 'money', ['资助额']],
    ['住宿费', 'money', ['住宿费用', '住宿费金额', '住宿费额', '住宿费费用']],
    ['就诊医院', 'text', ['就诊医院名称', '就诊医院全称']],
    ['单位名称', 'text', ['单位全称']],
    ['疾病编码', 'text', ['疾病代码']],
    ['残疾等级', 'code', ['残疾级别']],
    ['退费标志', 'flag', ['退费标识', '退费标记']],
  ] as const)('%s', (name, kind, twins) => {
    expect(twinsOf(name, kind)).toEqual(twins);
  });

  it('knows a number by any word for a number', () => {
    expect(twinsOf('医保结算单号', 'text')).toEqual(expect.arrayContaining(['医保结算编号', '医保结算号', '医保结算流水号']));
  });

  it.each([
    ['户号', 'text'],
    ['日期', 'date'],
  ] as const)('leaves %s alone, of which nothing is left without its ending', (name, kind) => {
    expect(twinsOf(name, kind).filter((twin) => twin.length < 3)).toEqual([]);
  });

  it('leaves names and identity numbers to the words for whose they are', () => {
    expect([...twinsOf('证件号码', 'identity'), ...twinsOf('姓名', 'name')]).toEqual([]);
  });
});

describe('twins in a feed', () => {
  const feed = (id: string) => {
    const found = [...catalog.values()].find((one) => one.id === id);
    if (found === undefined) throw new Error(`no feed ${id}`);
    return found;
  };
  const inpatient = feed('medical-insurance/inpatient-settlement');

  it.each([...catalog.values()].map((one) => [one.id, one] as const))('%s: listed names stay with their fields', (_, one) => {
    const names = namesOf(one);
    for (const field of one.fields) {
      for (const name of [field.title.zh, ...field.aliases]) {
        const folded = name.normalize('NFKC').toLowerCase();
        expect([name, names.get(folded)?.field.name]).toEqual([name, field.name]);
      }
    }
  });

  it('gives a twin that two fields could have to neither', () => {
    const [first, second] = [
      { ...inpatient.fields[0], name: 'paid', type: { kind: 'date' }, title: { zh: '缴费日期', en: 'paid on' }, aliases: [] },
      { ...inpatient.fields[0], name: 'due', type: { kind: 'date' }, title: { zh: '缴费时间', en: 'due on' }, aliases: [] },
    ] as const;
    const names = namesOf({ ...inpatient, fields: [first, second] as unknown as typeof inpatient.fields });
    expect([names.get('缴费日期')?.field.name, names.get('缴费时间')?.field.name, names.get('缴费日')]).toEqual([
      'paid',
      'due',
      undefined,
    ]);
  });

  it('reads a settlement under other endings than the listed ones', async () => {
    const header = '姓名,身份证号,医保结算编号,就诊医院名称,入院年月日,结算日,医疗总费用额,个人自付额(万元)';
    const outcome = await readFile(`${header}\n张三,${person(1)},ZY001,县医院,2024-03-01,2024-03-09,20000,1.5\n`, {
      feed: inpatient.id,
    });
    expect(outcome.result).toMatchObject({ outcome: 'read', ignored: [], rows: { accepted: 1 } });
    expect(outcome.rows[0]?.fact).toMatchObject({
      from: '2024-03-09',
      fields: {
        settlementNumber: 'ZY001',
        hospital: '县医院',
        admittedOn: '2024-03-01',
        totalCost: 2_000_000,
        selfPaid: 1_500_000,
      },
    });
  });

  it('takes a listed name before a twin, and a twin next to the name it comes from', async () => {
    const header = '姓名,身份证号,住院号,医保结算编号,结算日期,结算日,个人自付';
    const outcome = await readFile(`${header}\n张三,${person(1)},H9,ZY001,2024-03-09,2024-04-09,100\n`, { feed: inpatient.id });
    expect(outcome.rows[0]?.fact).toMatchObject({ from: '2024-03-09', fields: { settlementNumber: 'ZY001' } });
  });
});

import { type Period, periodStart } from '../../../shared/calendar/period.ts';
import { addDays, addMonths, monthLength, type PlainDate } from '../../../shared/calendar/plain-date.ts';
import type { Shares } from './options.ts';
import { ageIn, type County, type Person } from './population.ts';
import { type Random, randomOf } from './random.ts';
import { reversalOf, type Settlement, settlementColumns, settlementTable } from './settlements.ts';
import { type CountyFile, csvBytes, dirty, type Table, wanYuan, yuan } from './table.ts';

const HOSPITALS = [
  '县人民医院',
  '县中医院',
  '县妇幼保健院',
  '市中心医院',
  '繁城镇卫生院',
  '城关镇卫生院',
  '省人民医院',
  '市第二人民医院',
];
const ORDINARY: readonly (readonly [string, string])[] = [
  ['J18.900', '肺炎'],
  ['I10.x00', '原发性高血压'],
  ['M51.202', '腰椎间盘突出'],
  ['K35.800', '急性阑尾炎'],
  ['H25.900', '老年性白内障'],
  ['S52.500', '桡骨远端骨折'],
  ['E11.900', '2型糖尿病'],
  ['K80.100', '胆囊结石伴胆囊炎'],
];
const GRAVE: readonly (readonly [string, string])[] = [
  ['I50.900', '心力衰竭'],
  ['C34.900', '肺恶性肿瘤'],
  ['I63.900', '脑梗死'],
  ['N18.500', '慢性肾脏病5期'],
  ['C50.900', '乳腺恶性肿瘤'],
  ['I21.900', '急性心肌梗死'],
  ['C16.900', '胃恶性肿瘤'],
  ['D61.900', '再生障碍性贫血'],
];
const CHRONIC = ['高血压', '糖尿病', '冠心病', '脑血管病后遗症', '慢性阻塞性肺病', '类风湿关节炎', '慢性肾功能不全'];

/** Events reach back so far before the first data month, so that twelve-month windows are full. */
const HISTORY_MONTHS = 11;

/** Day in a month, at random, as text. */
export function dayIn(month: Period, random: Random): PlainDate {
  const length = monthLength(Number(month.slice(0, 4)), Number(month.slice(5, 7)));
  return `${month}-${String(random.int(1, length)).padStart(2, '0')}` as PlainDate;
}

/** The months before the first data month whose events come with its files, oldest first. */
export function historyOf(county: County): readonly Period[] {
  const [first] = county.months;
  if (first === undefined) return [];
  return Array.from(
    { length: HISTORY_MONTHS },
    (_, index) => addMonths(periodStart(first), index - HISTORY_MONTHS).slice(0, 7) as Period,
  );
}

/** The data month whose file carries an event of `month`. */
function fileMonth(county: County, month: string): Period | undefined {
  const [first] = county.months;
  if (first !== undefined && month <= first) return first;
  return county.months.find((candidate) => candidate >= month);
}

/** Divides a bill of which the person bears `self` fen. */
function bill(self: number, random: Random): Pick<Settlement, 'total' | 'fund' | 'major' | 'aid' | 'account' | 'self'> {
  const total = Math.round(self / (0.24 + random.next() * 0.3));
  const covered = total - self;
  const major = self > 800_000 ? Math.round(covered * 0.2) : 0;
  const aid = random.chance(0.15) ? Math.round(covered * 0.08) : 0;
  const account = random.chance(0.3) ? Math.min(20_000, Math.round(covered * 0.05)) : 0;
  return { total, fund: covered - major - aid - account, major, aid, account, self };
}

/** A stay to be made up. */
interface StayAsked {
  readonly person: Person;
  readonly month: Period;
  /** What the person bears, fen. */
  readonly self: number;
  /** With an illness that is grave, else with an ordinary one. */
  readonly grave: boolean;
  /** Of its settlement. */
  readonly number: string;
}

function stay(county: County, { person, month, self, grave, number }: StayAsked, random: Random): Settlement {
  const settled = dayIn(month, random);
  const days = random.int(3, grave ? 24 : 10);
  const discharged = addDays(settled, random.chance(0.8) ? 0 : -random.int(1, 6));
  const admitted = addDays(discharged, -days);
  const [code, diagnosis] = random.pick(grave ? GRAVE : ORDINARY);
  const outOfArea = grave && random.chance(0.3);
  return {
    name: person.name,
    identity: person.number,
    area: county.area,
    number,
    hospital: outOfArea ? '省肿瘤医院' : random.pick(HOSPITALS),
    visit: random.chance(0.9) ? '普通住院' : '外伤住院',
    admitted: admitted < person.birth ? settled : admitted,
    discharged: discharged < person.birth ? settled : discharged,
    settled,
    code,
    diagnosis,
    ...bill(self, random),
    outOfArea,
    reverses: '',
  };
}

/** All stays of twelve months and of the data months, in the order of the people. */
function staysOf(county: County, shares: Shares): Settlement[] {
  const random = randomOf(county.seed, 'inpatient');
  const months = [...historyOf(county), ...county.months];
  const stays: Settlement[] = [];
  const add = (asked: Omit<StayAsked, 'number'>): void => {
    const { person, month } = asked;
    if (periodStart(month) < person.birth) return;
    const number = `ZY${month.replace('-', '')}${String(stays.length).padStart(7, '0')}`;
    stays.push(stay(county, { ...asked, number }, random));
  };
  for (const person of county.people) {
    const age = ageIn(county, person);
    const weight = age >= 60 ? 2 : age <= 3 ? 1.5 : 0.7;
    if (random.chance(shares.graveIllness * weight * Math.sqrt(person.household.strain))) {
      const count = random.int(1, 4);
      const sum = random.fen(5_200, 68_000);
      const first = random.int(0, months.length - 1);
      for (let turn = 0; turn < count; turn++) {
        const month = months[Math.min(months.length - 1, first + turn)];
        if (month !== undefined) add({ person, month, self: Math.round(sum / count), grave: true });
      }
    } else if (random.chance(shares.hospital * weight)) {
      add({ person, month: random.pick(months), self: random.fen(180, 2_900), grave: false });
    }
  }
  return stays;
}

/** A stay of the first month that looks like trouble and is taken back in the last: its warning must go again. */
function mistakenStay(county: County): readonly Settlement[] {
  const [first] = county.months;
  const last = county.months.at(-1);
  const person = county.people.find((candidate) => ageIn(county, candidate) === 40);
  if (first === undefined || last === undefined || first === last || person === undefined) return [];
  const random = randomOf(county.seed, 'mistaken stay');
  const asked = { person, month: first, self: 1_268_000, grave: true, number: `ZY${first.replace('-', '')}9000001` };
  const wrong = stay(county, asked, random);
  return [wrong, reversalOf(wrong, dayIn(last, random))];
}

/** Inpatient files by data month, and the correction of the first month that is sent after the second month's file. */
export function inpatientFiles(county: County, shares: Shares): (month: Period) => CountyFile[] {
  const byMonth = new Map<Period, Settlement[]>(county.months.map((month) => [month, []]));
  const random = randomOf(county.seed, 'inpatient files');
  const put = (one: Settlement, late: number): void => {
    // What would come after the last data month has not been sent yet.
    const month = fileMonth(county, addMonths(one.settled, late).slice(0, 7));
    if (month !== undefined) byMonth.get(month)?.push(one);
  };
  for (const one of staysOf(county, shares)) {
    put(one, one.outOfArea && random.chance(0.4) ? 1 : 0);
    if (random.chance(0.015)) put(reversalOf(one, addMonths(one.settled, 1)), 0);
  }
  const planted = mistakenStay(county);
  for (const one of planted) put(one, 0);
  const [first, second] = county.months;
  const corrected = (first === undefined ? [] : (byMonth.get(first) ?? [])).filter(
    (one) => one.settled.startsWith(first ?? '') && one.reverses === '',
  );
  return (month) => {
    const settlements = byMonth.get(month) ?? [];
    if (settlements.length === 0) return [];
    const unit = month === second ? '万元' : '元';
    const table = settlementTable(settlements, unit === '万元' ? wanYuan : yuan, unit === '万元' ? '(万元)' : '');
    const spared = new Set(table.rows.filter((row) => row[3]?.includes('9000001')));
    const rows = dirty(
      table.rows,
      settlementColumns,
      { bad: shares.badRows, repeated: shares.repeatedRows, disguised: 0.02 },
      random,
      spared,
    );
    const title = month === first ? `${month} 住院费用结算明细（含近12个月补传）` : `${month} 住院费用结算明细`;
    const files = [
      settlementFile({ month, name: `住院结算${month.replace('-', '')}.csv`, title, unit, table: { ...table, rows } }),
    ];
    if (month === second && first !== undefined && corrected.length > 0) {
      const again = corrected.slice(0, 5).map((one, rank) => {
        const self = rank === 0 ? one.self + 620_000 : Math.round(one.self * 0.9);
        return { ...one, self, total: one.total + self - one.self };
      });
      files.push(
        settlementFile({
          month: first,
          name: `住院结算${first.replace('-', '')}_更正.csv`,
          title: `${first} 住院费用结算明细（更正）`,
          unit: '元',
          table: settlementTable(again, yuan, ''),
        }),
      );
    }
    return files;
  };
}

interface SettlementSheet {
  readonly month: Period;
  readonly name: string;
  readonly title: string;
  /** Of its sums of money. */
  readonly unit: '元' | '万元';
  readonly table: Table;
}

/** A file of inpatient settlements, as the department of the county lays it out. */
function settlementFile({ month, name, title, unit, table }: SettlementSheet): CountyFile {
  return {
    path: `medical-insurance/inpatient-settlement/${month}/${name}`,
    bytes: csvBytes(table, {
      encoding: 'gb18030',
      titles: ['县医疗保障局数据共享交换表', title, `单位：${unit}`],
      totals: settlementColumns.totals,
      notes: ['注：本表数据仅用于低收入人口动态监测，请勿外传。'],
    }),
  };
}

/** Outpatient settlements: a few dozens of yuan each month for everybody with a chronic illness. */
export function outpatientFiles(county: County, shares: Shares): (month: Period) => CountyFile[] {
  const random = randomOf(county.seed, 'outpatient');
  const ill = county.people
    .filter((person) =>
      random.chance(shares.chronic * (ageIn(county, person) >= 60 ? 2.4 : ageIn(county, person) >= 40 ? 0.8 : 0.05)),
    )
    .map((person) => ({ person, disease: random.pick(CHRONIC), self: random.fen(18, 90) }));
  return (month) => {
    const months = month === county.months[0] ? [...historyOf(county), month] : [month];
    const headers = [
      '序号',
      '参保地区划代码',
      '姓名',
      '身份证号码',
      '结算流水号',
      '医院名称',
      '慢病病种',
      '结算日期',
      '总金额',
      '医保报销',
      '救助支付',
      '个人负担',
      '退费标志',
      '原结算流水号',
    ];
    const broken = month === county.months.at(-1) ? [brokenFile(county, month)] : [];
    const rows: string[][] = [];
    for (const one of months) {
      for (const [rank, { person, disease, self }] of ill.entries()) {
        if (random.chance(0.1)) continue;
        const paid = Math.round(self * (0.7 + random.next() * 0.6));
        const total = Math.round(paid / 0.38);
        const number = `MT${one.replace('-', '')}${String(rank).padStart(6, '0')}`;
        const day = dayIn(one, random).replaceAll('-', '/');
        const row = [
          String(rows.length + 1),
          county.area,
          person.name,
          person.number,
          number,
          random.pick(HOSPITALS),
          disease,
          day,
        ];
        rows.push([...row, yuan(total), yuan(total - paid), '0.00', yuan(paid), '0', '']);
        if (random.chance(0.004))
          rows.push([
            ...row.with(0, String(rows.length + 1)),
            yuan(-total),
            yuan(paid - total),
            '0.00',
            yuan(-paid),
            '1',
            number,
          ]);
      }
    }
    if (rows.length === 0) return broken;
    const table = {
      headers,
      rows: dirty(
        rows,
        { identity: 3, date: 7, money: 11 },
        { bad: shares.badRows, repeated: shares.repeatedRows, disguised: 0.01 },
        random,
      ),
    };
    const bytes = csvBytes(table, {
      encoding: 'gb18030',
      titles: [`门诊慢特病结算明细 ${month}`, '金额单位：元'],
      totals: [8, 9, 10, 11],
    });
    const files: CountyFile[] = [
      { path: `medical-insurance/outpatient-chronic-settlement/${month}/门诊慢特病${month.replace('-', '')}.csv`, bytes },
    ];
    return [...files, ...broken];
  };
}

/** An export that broke off: bytes that are no text and no table, under the name of one. */
function brokenFile(county: County, month: Period): CountyFile {
  const random = randomOf(county.seed, 'broken file');
  const bytes = Uint8Array.from({ length: 4_096 }, (_, index) => (index % 7 === 0 ? 0 : random.int(0, 255)));
  return { path: `medical-insurance/outpatient-chronic-settlement/${month}/导出失败_${month.replace('-', '')}.csv`, bytes };
}

/** Complete monthly list of who is insured. Some of the poor have their contribution paid; a few people are in no list. */
export function medicalEnrolmentFiles(county: County, shares: Shares): (month: Period) => CountyFile[] {
  const random = randomOf(county.seed, 'medical enrolment');
  const insured = county.people
    .filter(() => random.chance(0.965))
    .map((person) => ({ person, employee: ageIn(county, person) >= 18 && random.chance(0.16), subsidised: random.chance(0.1) }));
  const dirt = { bad: shares.badRows / 5, repeated: shares.repeatedRows / 4, disguised: 0.003 };
  return (month) => {
    const year = month.slice(0, 4);
    const rows: string[][] = [];
    for (const { person, employee, subsidised } of insured) {
      if (person.birth > `${month}-31`) continue;
      const from = person.birth > `${year}-01-01` ? person.birth : `${year}-01-01`;
      rows.push([
        person.name,
        person.number,
        employee ? '城镇职工' : '城乡居民',
        year,
        from,
        subsidised && !employee ? '是' : '否',
        employee ? '' : subsidised ? '0' : '380',
        county.area,
      ]);
    }
    if (rows.length === 0) return [];
    const headers = ['姓名', '身份证号', '参保险种', '参保年度', '参保日期', '是否资助参保', '个人缴费金额', '医保区划代码'];
    const table = { headers, rows: dirty(rows, { identity: 1, date: 4, money: 6 }, dirt, random) };
    return [
      {
        path: `medical-insurance/enrolment/${month}/参保登记${month.replace('-', '')}.csv`,
        bytes: csvBytes(table, { encoding: 'gb18030' }),
      },
    ];
  };
}

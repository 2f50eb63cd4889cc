import type { PlainDate } from '../calendar/plain-date.ts';
import type { Bilingual, EvidenceMark } from '../catalog/feed.ts';
import { yuanText } from '../scoring/value-text.ts';
import type { TimeLimit } from './case.ts';
import { defaultAmounts, defaultLights, defaultLimits } from './limit-defaults.ts';
import { type AmountRow, type CaseworkParameters, type Dated, unitOfAmount } from './parameters.ts';

/** One parameter as people read it. */
export interface ParameterLine {
  /** What it sets: `visit`, `lights`, `township-approval`, `holiday`. */
  readonly name: string;
  readonly source?: string;
  readonly grade?: string;
  /** Area code prefix; empty for everywhere. */
  readonly area: string;
  readonly from: PlainDate;
  readonly value: Bilingual;
  readonly basis: Bilingual;
  /** Absent for an area's own rule. */
  readonly evidence?: EvidenceMark;
}

const units: Readonly<Record<TimeLimit['unit'], readonly [zh: string, en: string]>> = {
  'working-days': ['个工作日', 'working days'],
  'calendar-days': ['天', 'days'],
  hours: ['小时', 'hours'],
};

function limitText({ amount, unit }: TimeLimit): Bilingual {
  const [zh, en] = units[unit];
  return { zh: `${amount}${zh}`, en: `${amount} ${en}` };
}

function amountText({ name, value }: AmountRow): Bilingual {
  if (unitOfAmount(name) === 'fen') return { zh: `${yuanText(value)}元`, en: `${yuanText(value)} yuan` };
  return { zh: String(value), en: String(value) };
}

function line({ area, from, basis: { evidence, ...basis } }: Dated, name: string, value: Bilingual): ParameterLine {
  return { name, area, from, value, basis, ...(evidence === undefined ? {} : { evidence }) };
}

/**
 * Every parameter there is, defaults first: what the API and the reader page show, so that nobody has to ask where a limit
 * comes from.
 */
export function limitsTable(parameters: CaseworkParameters): readonly ParameterLine[] {
  return [
    ...[...defaultLimits, ...parameters.limits].map((row) => ({
      ...line(row, row.step, limitText(row.limit)),
      ...(row.source === undefined ? {} : { source: row.source }),
      ...(row.grade === undefined ? {} : { grade: row.grade }),
    })),
    ...[...defaultLights, ...parameters.lights].map((row) => {
      const { yellow, county, reminderDays } = row.lights;
      return line(row, 'lights', {
        zh: `${yellow}%黄灯，100%红灯，${county}%报县，此后每${reminderDays}天提醒`,
        en: `yellow at ${yellow} %, red at 100 %, county at ${county} %, then a reminder every ${reminderDays} days`,
      });
    }),
    ...[...defaultAmounts, ...parameters.amounts].map((row) => line(row, row.name, amountText(row))),
    ...parameters.days.map(({ area, date, working, announcedOn, source }) =>
      line({ area, from: announcedOn, basis: { zh: source, en: source } }, 'holiday', {
        zh: `${date}${working ? '上班' : '放假'}`,
        en: `${date} ${working ? 'is worked' : 'is off'}`,
      }),
    ),
  ];
}

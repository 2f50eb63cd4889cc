import { type Period, parsePeriod } from '../../../shared/calendar/period.ts';
import { hinggan, yantai } from './case-city-families.ts';
import type { CaseFiles } from './case-files.ts';
import { henan, shandong } from './case-register-families.ts';
import type { PlantedPerson } from './generate.ts';
import type { CountyFile } from './table.ts';

/** The four families of the agreed cases that departments told of by files from the start. */
export type CaseFamily = 'henan' | 'shandong' | 'yantai' | 'hinggan';

/** The last data month of each family as it was printed: pass it as `lastMonth` to get the original dates. */
export const printedLastMonth: Readonly<Record<CaseFamily, Period>> = {
  henan: '2023-12' as Period,
  shandong: '2024-10' as Period,
  yantai: '2023-12' as Period,
  hinggan: '2024-06' as Period,
};

const CASES: Readonly<Record<CaseFamily, (last: Period) => CaseFiles>> = { henan, shandong, yantai, hinggan };

function lastMonthOf(lastMonth: string): Period {
  const month = parsePeriod(lastMonth);
  if (month === undefined || month.length !== 7) throw new RangeError('the last data month of a family must be written YYYY-MM');
  return month;
}

/**
 * The files of one family as the departments of its area would send them, amounts, ages and classes as printed and every
 * date counted back from `lastMonth`. Throws RangeError when that is no month.
 */
export function caseFamilyFiles(family: CaseFamily, lastMonth: Period): readonly CountyFile[] {
  return CASES[family](lastMonthOf(lastMonth)).files;
}

/** The names and numbers these files contain; the first is the head, a neighbour comes last. All of them are invented. */
export function caseFamilyPeople(family: CaseFamily, lastMonth: Period): readonly PlantedPerson[] {
  return CASES[family](lastMonthOf(lastMonth)).people.map(({ name, number }) => ({ name, identityNumber: number }));
}

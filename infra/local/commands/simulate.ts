import { monthBefore, monthOf, type Period, parsePeriod, periodStart } from '../../../shared/calendar/period.ts';
import { addMonths, dateInChina } from '../../../shared/calendar/plain-date.ts';
import type { Clock } from '../../../shared/ports/clock.ts';
import { type CaseFamily, caseFamilyFiles } from '../demo-county/case-families.ts';
import { generateCounty } from '../demo-county/generate.ts';
import { writeCounty } from '../demo-county/write-county.ts';
import { makeOutFolder } from '../make-folder.ts';
import { type CommonOptions, textOption, UsageError, wholeNumber } from '../options.ts';
import { print } from '../print.ts';

/** The seed of the demo county: the same families on every machine. */
export const DEMO_SEED = 20_240_101;
export const DEMO_HOUSEHOLDS = 2_000;
const DEMO_COUNTY = '411122';
const FAMILIES: readonly CaseFamily[] = ['henan', 'shandong', 'yantai', 'hinggan'];

export const SIMULATE_OPTIONS = {
  out: { type: 'string' },
  seed: { type: 'string' },
  households: { type: 'string' },
  months: { type: 'string' },
  until: { type: 'string' },
} as const;

/** The last `count` whole months before today, oldest first. */
export function monthsUntil(last: Period, count: number): Period[] {
  return Array.from({ length: count }, (_, index) => monthOf(addMonths(periodStart(last), index + 1 - count)));
}

/** The last whole month of a clock. */
export function lastWholeMonth(clock: Clock): Period {
  return monthBefore(dateInChina(clock.now()));
}

/** Every file of a demo county and of the four families whose cases the feeds can carry. */
export function* demoFiles(seed: number, households: number, months: readonly Period[]) {
  yield* generateCounty({ seed, households, months, area: DEMO_COUNTY });
  const last = months.at(-1);
  if (last !== undefined) for (const family of FAMILIES) yield* caseFamilyFiles(family, last);
}

/** Writes the files of an invented county into a folder, as departments would drop them. */
export async function simulate(clock: Clock, options: CommonOptions): Promise<boolean> {
  const out = textOption(options, 'out') ?? options.args[0];
  if (out === undefined) throw new UsageError('写到哪里？ / where to? aidwatch simulate --out <folder>');
  const untilText = textOption(options, 'until');
  const until = untilText === undefined ? lastWholeMonth(clock) : parsePeriod(untilText);
  if (until === undefined || until.length !== 7)
    throw new UsageError(`--until ${untilText}：应为年月，如 2024-03 / expected a month`);
  const months = monthsUntil(until, wholeNumber(options, 'months', 3, 1, 36));
  const seed = wholeNumber(options, 'seed', DEMO_SEED, 0, 2 ** 31 - 1);
  const households = wholeNumber(options, 'households', DEMO_HOUSEHOLDS, 1, 2_000_000);
  makeOutFolder(out);
  const written = await writeCounty(out, demoFiles(seed, households, months));
  if (options.json) print(JSON.stringify({ ...written, seed, households, months }));
  else print(`${written.files} 个文件，${written.bytes} 字节，数据期 ${months.join('、')} / ${written.files} files written`);
  return true;
}

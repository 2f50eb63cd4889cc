import { monthBefore, monthOf, type Period, parsePeriod, periodStart } from '../../../shared/calendar/period.ts';
import { addMonths, dateInChina } from '../../../shared/calendar/plain-date.ts';
import type { Clock } from '../../../shared/ports/clock.ts';
import type { Command } from '../command.ts';
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

const USUAL_MONTHS = 3;

/** The command `simulate`. */
export const SIMULATE: Command = {
  usage: 'simulate --out <folder>',
  purpose: '生成虚构县的文件 / make the files of an invented county',
  options: {
    out: { type: 'string', value: 'FOLDER', about: '写到哪里 / where to' },
    seed: {
      type: 'string',
      value: 'N',
      about: `随机种子，同种子得同样的文件，缺省 ${DEMO_SEED} / seed: the same files for the same; ${DEMO_SEED} unless given`,
    },
    households: {
      type: 'string',
      value: 'N',
      about: `户数，缺省 ${DEMO_HOUSEHOLDS} / households; ${DEMO_HOUSEHOLDS} unless given`,
    },
    months: { type: 'string', value: 'N', about: `月数，缺省 ${USUAL_MONTHS} / months; ${USUAL_MONTHS} unless given` },
    until: { type: 'string', value: 'YYYY-MM', about: '最后一个月，缺省上月 / the last month; the one before this unless given' },
  },
  runAlone: simulate,
};

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
async function simulate(options: CommonOptions, clock: Clock): Promise<boolean> {
  const out = textOption(options, 'out');
  if (out === undefined) throw new UsageError('写到哪里？ / where to? aidwatch simulate --out <folder>');
  const untilText = textOption(options, 'until');
  const until = untilText === undefined ? lastWholeMonth(clock) : parsePeriod(untilText);
  if (until === undefined || until.length !== 7)
    throw new UsageError(`--until ${untilText}：应为年月，如 2024-03 / expected a month`);
  const months = monthsUntil(until, wholeNumber(options, 'months', USUAL_MONTHS, 1, 36));
  const seed = wholeNumber(options, 'seed', DEMO_SEED, 0, 2 ** 31 - 1);
  const households = wholeNumber(options, 'households', DEMO_HOUSEHOLDS, 1, 2_000_000);
  makeOutFolder(out);
  const written = await writeCounty(out, demoFiles(seed, households, months));
  if (options.json) print(JSON.stringify({ ...written, seed, households, months }));
  else print(`${written.files} 个文件，${written.bytes} 字节，数据期 ${months.join('、')} / ${written.files} files written`);
  return true;
}

import { readNewbornEnrolment } from '../../../shared/assistance/read-newborn-enrolment.ts';
import { dateInChina, type PlainDate } from '../../../shared/calendar/plain-date.ts';
import { areaOption, type CommonOptions, dateOption } from '../options.ts';
import type { Platform } from '../platform.ts';
import { print } from '../print.ts';
import { readingOf } from '../reading.ts';

export const NEWBORNS_OPTIONS = { area: { type: 'string' }, from: { type: 'string' }, to: { type: 'string' } } as const;

/** Digits of a county's code. */
const COUNTY = 6;

/** The share of newborns enrolled in medical insurance, county by county; of this year unless a stretch is given. */
export async function newborns(platform: Platform, options: CommonOptions): Promise<boolean> {
  const today = dateInChina(platform.clock.now());
  const lines = await readNewbornEnrolment(
    { ...readingOf(platform), registry: platform.stores.households },
    {
      area: areaOption(options) ?? '',
      from: dateOption(options, 'from') ?? (`${today.slice(0, 4)}-01-01` as PlainDate),
      to: dateOption(options, 'to') ?? today,
      areaDigits: COUNTY,
    },
  );
  for (const line of lines) {
    if (options.json) print(JSON.stringify(line));
    else {
      const { area, born, enrolled, notEnrolled, open, share } = line;
      const percent = share === null ? '—' : `${(share * 100).toFixed(1)}%`;
      print(
        `${area}  出生 ${born}  已参保 ${enrolled}  未参保 ${notEnrolled}  待核 ${open}  参保率 ${percent} / enrolled ${percent}`,
      );
    }
  }
  if (lines.length === 0 && !options.json) print('该时段没有出生医学证明 / no birth certificates of this stretch');
  return true;
}

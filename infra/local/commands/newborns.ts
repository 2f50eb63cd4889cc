import { readNewbornEnrolment } from '../../../shared/assistance/read-newborn-enrolment.ts';
import { dateInChina } from '../../../shared/calendar/plain-date.ts';
import type { Command } from '../command.ts';
import { AREA_OPTION, areaOption, type CommonOptions, stretchThisYear, YEAR_OPTIONS } from '../options.ts';
import type { Platform } from '../platform.ts';
import { print } from '../print.ts';
import { readingOf } from '../reading.ts';

/** The command `newborns`. */
export const NEWBORNS: Command = {
  usage: 'newborns',
  purpose: '新生儿参保率，按县 / share of newborns enrolled, by county',
  options: { ...AREA_OPTION, ...YEAR_OPTIONS },
  run: newborns,
};

/** Digits of a county's code. */
const COUNTY = 6;

/** The share of newborns enrolled in medical insurance, county by county; of this year unless a stretch is given. */
async function newborns(platform: Platform, options: CommonOptions): Promise<boolean> {
  const today = dateInChina(platform.clock.now());
  const lines = await readNewbornEnrolment(
    { ...readingOf(platform), registry: platform.stores.households },
    {
      area: areaOption(options) ?? '',
      ...stretchThisYear(options, today),
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

import { parsePeriod } from '../../../shared/calendar/period.ts';
import { closedPeriods, closePeriod } from '../../../shared/reports/close-period.ts';
import { ACTING_OPTIONS, actorAccess } from '../acting.ts';
import type { Command } from '../command.ts';
import { AREA_OPTION, areaOption, type CommonOptions, UsageError } from '../options.ts';
import type { Platform } from '../platform.ts';
import { print } from '../print.ts';
import { READING_OPTIONS } from '../reading.ts';
import { reportingOf } from '../reports.ts';
import { archiveAll } from '../work.ts';

/** The command `period`. */
export const PERIOD: Command = {
  usage: 'period list|close <YYYY-MM> --as ACCOUNT',
  purpose: '关账：此后报表不再变动，迟到的列为调整 / close a month, later events show as adjustments',
  options: { ...READING_OPTIONS, ...ACTING_OPTIONS, ...AREA_OPTION },
  words: 2,
  run: period,
};

/** `period close`: a person closes a month, so that its reports stay as they are. `period list`: what was closed. */
async function period(platform: Platform, options: CommonOptions): Promise<boolean> {
  const [what, text] = options.args;
  // Nothing is written out here.
  const { stores, casework } = platform;
  const reporting = reportingOf(platform, { write: () => Promise.reject(new Error('periods have no files')) });
  const deps = { ...reporting, periods: stores.periods, pause: casework.pause };
  await archiveAll(platform);
  if (what === 'list' && text === undefined) {
    const closed = await closedPeriods(deps);
    if (closed.length === 0 && !options.json) print('还没有关过账的月份 / no month has been closed');
    for (const one of closed) {
      print(
        options.json
          ? JSON.stringify(one)
          : `${one.period}  ${one.area || '全部 / all'}  截至事件 / up to event ${one.upTo}  ${one.by}  ${one.at}`,
      );
    }
    return true;
  }
  const month = parsePeriod(text ?? '');
  const area = areaOption(options);
  if (what === 'close' && text !== undefined && month === undefined) {
    throw new UsageError(`${text}：应为年月，如 2024-03 / expected a month such as 2024-03`);
  }
  if (what !== 'close' || month === undefined) throw new UsageError(`用法 / usage: aidwatch ${PERIOD.usage}`);
  const access = await actorAccess(platform, options, month);
  const { kind, closing } = await closePeriod(deps, access, { period: month, ...(area === undefined ? undefined : { area }) });
  // Known to the next report at once.
  await archiveAll(platform);
  if (options.json) print(JSON.stringify({ kind, closing }));
  else {
    const said = kind === 'closed' ? '已关账 / closed' : '此前已关账 / closed before';
    print(`${month} ${said}：截至事件 / up to event ${closing.upTo}，${closing.by}，${closing.at}`);
  }
  return true;
}

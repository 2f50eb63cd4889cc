import { type HouseholdReadView, whoLooked } from '../../../shared/access/household-reads.ts';
import { dateInChina } from '../../../shared/calendar/plain-date.ts';
import { findHouseholdOf } from '../../../shared/registry/find-household.ts';
import { officeOf, readerAccess } from '../acting.ts';
import { type CommonOptions, dateOption, UsageError } from '../options.ts';
import { pagesOf } from '../pages.ts';
import type { Platform } from '../platform.ts';
import { print } from '../print.ts';
import { chinaTime } from './print-case.ts';

const PAGE = 200;

/**
 * `audit reads <household>`: everybody who was shown a household, newest first, by its id or a member's identity number; with
 * `--json` a line of JSON each (`HouseholdReadView`). Asking is itself recorded.
 */
export async function auditReads(platform: Platform, options: CommonOptions): Promise<boolean> {
  const reference = options.args[1];
  if (reference === undefined) throw new UsageError('哪一户？ / which household? aidwatch audit reads <id|身份证号>');
  const office = officeOf(platform);
  const access = await readerAccess(platform, options);
  const household = await findHouseholdOf(office, reference, dateInChina(office.clock.now()));
  if (household === undefined) throw new UsageError('没有这一户，请核对户编号或18位身份证号码 / no such household');
  const [from, to] = [dateOption(options, 'from'), dateOption(options, 'to')];
  const query = { limit: PAGE, ...(from && { from }), ...(to && { to }) };
  let count = 0;
  for await (const { reads } of pagesOf(access, (one, at) => whoLooked(office, one, household, { ...query, ...at }))) {
    for (const read of reads) print(options.json ? JSON.stringify(read) : lineOf(read));
    count += reads.length;
  }
  if (!options.json)
    print(count === 0 ? '无人查询过这一户 / nobody looked at this household' : `共 ${count} 次 / ${count} times`);
  return true;
}

function lineOf({ at, by, roles, departments, actionTitle, purposeTitle, households, event }: HouseholdReadView): string {
  const who = [...roles.map(({ title }) => title.zh), ...departments].join('、');
  const among = households === 1 ? '' : `（同屏 ${households} 户）`;
  return `${chinaTime(at)}  ${by}${who === '' ? '' : `（${who}）`}  ${actionTitle.zh}${among}  事由：${purposeTitle.zh}  ${event}`;
}

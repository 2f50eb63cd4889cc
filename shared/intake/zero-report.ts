import type { FeedSpec } from '../catalog/feed.ts';
import { isProvince } from '../registry/identity-number.ts';
import { fold } from './cell-text.ts';
import { Fault } from './fault.ts';

const STATEMENT = /零(报告|申报|报送)/;
const AREA_CODE = /(?<!\d)(\d{6})(?:\d{3}){0,2}(?!\d)/g;
/** Cities without counties, whose own code stands where a county's does: 东莞, 中山, 儋州, 嘉峪关. */
const CITIES_WITHOUT_COUNTIES = new Set(['441900', '442000', '460400', '620200']);

/** True for a row by which a department states that it has nothing to report (零报告). */
export function statesZeroReport(cells: readonly string[]): boolean {
  return cells.some((cell) => STATEMENT.test(fold(cell)));
}

/** The counties (six digits) named in rows that state a zero report: by their own codes or by those of places in them. */
export function countiesReportingZero(rows: Iterable<readonly string[]>): ReadonlySet<string> {
  const counties = new Set<string>();
  for (const cells of rows) {
    if (!statesZeroReport(cells)) continue;
    for (const [, county = ''] of cells.join(' ').normalize('NFKC').matchAll(AREA_CODE))
      if (isCounty(county)) counties.add(county);
  }
  return counties;
}

function isCounty(code: string): boolean {
  return isProvince(Number(code.slice(0, 2))) && (!code.endsWith('00') || CITIES_WITHOUT_COUNTIES.has(code));
}

/**
 * Why a table without data rows is no delivery; undefined when it is one. It has to be said in the table itself: a botched
 * export looks just as empty, and the same bytes under another name would be taken for a repeat. An empty complete list would
 * end everybody's place on it.
 */
export function faultOfNoRows(feed: FeedSpec, counties: ReadonlySet<string>): Fault | undefined {
  if (feed.kind === 'snapshot') {
    return new Fault(
      'EMPTY_LIST',
      '全量名册没有数据行，不接受零报告：空名册会使所有在册人员的状态终止。请核对导出结果后重新报送',
      'a complete list holds no rows, and a zero report is not taken for it: an empty list would end everybody on it; check the export and send it again',
    );
  }
  if (counties.size > 0) return undefined;
  return new Fault(
    'NO_ROWS',
    '表头之下没有数据行。如本期确无数据，请在表中加一行“零报告”并写明县级行政区划代码（如：零报告 411122）后重新报送',
    'there is no data below the header; if there is nothing to report, add a row saying 零报告 with the code of the county, such as 零报告 411122, and send the file again',
  );
}

import type { Catalog } from '../catalog/feed.ts';
import { caseLedgers } from './case-ledgers.ts';
import { dataReports } from './data-reports.ts';
import type { ReportSpec } from './report.ts';

/** Every report, by id. */
export function reportsOf(catalog: Catalog): ReadonlyMap<string, ReportSpec> {
  return new Map([...caseLedgers, ...dataReports(catalog)].map((report) => [report.id, report]));
}

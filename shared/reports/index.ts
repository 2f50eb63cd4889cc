import { type Catalog, departmentOf } from '../catalog/feed.ts';
import { auditReports } from './audit-reports.ts';
import { caseLedgers } from './case-ledgers.ts';
import { dataReports } from './data-reports.ts';
import { helpReports } from './help-reports.ts';
import type { ReportSpec, Words } from './report.ts';

/** Every report, by id. */
export function reportsOf(catalog: Catalog): ReadonlyMap<string, ReportSpec> {
  const specs = [...catalog.values()];
  const feeds: Words = Object.fromEntries(specs.map(({ id, title }) => [id, title]));
  const departments: Words = Object.fromEntries(specs.map(({ id, departmentTitle }) => [departmentOf(id), departmentTitle]));
  return new Map(
    [
      ...caseLedgers,
      ...helpReports(departments, feeds),
      ...dataReports(departments, feeds),
      ...auditReports(departments, feeds),
    ].map((report) => [report.id, report]),
  );
}

import type { Bilingual } from '../catalog/feed.ts';
import type { ColumnKind, ReportColumn } from './report.ts';

type Words = Readonly<Record<string, Bilingual>>;

/** A column of a report: `column('opened_on', 'date', '开启日期', 'opened on')`. */
export function column(name: string, kind: ColumnKind, zh: string, en: string, words?: Words): ReportColumn {
  return { name, kind, title: { zh, en }, ...(words === undefined ? undefined : { words }) };
}

/** A count of people or households. */
export function people(name: string, zh: string, en: string): ReportColumn {
  return { ...column(name, 'count', zh, en), countsPeople: true };
}

/** A figure computed from counts of people. */
export function derived(name: string, zh: string, en: string): ReportColumn {
  return { ...column(name, 'number', zh, en), derived: true };
}

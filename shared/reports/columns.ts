import type { Bilingual } from '../catalog/feed.ts';
import type { ColumnKind, ReportColumn } from './report.ts';

type Words = Readonly<Record<string, Bilingual>>;

/** A column of a report: `column('opened_on', 'date', '开启日期', 'opened on')`. */
export function column(name: string, kind: ColumnKind, zh: string, en: string, words?: Words): ReportColumn {
  return { name, kind, title: { zh, en }, ...(words === undefined ? undefined : { words }) };
}

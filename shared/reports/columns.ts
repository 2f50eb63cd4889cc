import { categoryTitle } from '../registry/household-category.ts';
import type { ColumnKind, ReportColumn, Words } from './report.ts';

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

/** Grades by their usual names; packs may call theirs otherwise, and then the id stands. */
export const gradeWords: Words = {
  urgent: { zh: '紧急', en: 'urgent' },
  general: { zh: '一般', en: 'general' },
};

/** What most ledgers say of the case and household of a row. */
export const caseId = column('case_id', 'id', '办件编号', 'case');
export const household = column('household', 'id', '家庭编号', 'household');
export const area = column('area', 'text', '区划', 'area');
export const category = column('category', 'code', '对象类别', 'category', categoryTitle);
export const grade = column('grade', 'code', '等级', 'grade', gradeWords);

import type { PlainDate } from '../calendar/plain-date.ts';
import type { FeedSpec } from '../catalog/feed.ts';
import type { FactValue } from '../facts/fact.ts';
import { Fault } from './fault.ts';
import type { MappedColumn } from './header.ts';

/** Runs one check of the feed over the values of a row, which stand in the order of the columns. */
export type RowCheckRun = (
  values: readonly (FactValue | undefined)[],
  birth: PlainDate | undefined,
) => { readonly column: string; readonly fault: Fault } | undefined;

/** The feed's checks that the columns of this file allow; a check on a column that is not there cannot fail. */
export function checksOf(feed: FeedSpec, columns: readonly MappedColumn[]): readonly RowCheckRun[] {
  const placeOf = (name: string): number => columns.findIndex((column) => column.field.name === name);
  return feed.checks.flatMap((check): RowCheckRun[] => {
    if (check.kind === 'order') return order(columns, placeOf(check.earlier), placeOf(check.later));
    if (check.kind === 'not-before-birth') return notBeforeBirth(columns, placeOf(check.field));
    return within(columns, check.parts.map(placeOf), placeOf(check.whole));
  });
}

function order(columns: readonly MappedColumn[], earlierAt: number, laterAt: number): RowCheckRun[] {
  const earlier = columns[earlierAt];
  const later = columns[laterAt];
  if (!earlier || !later) return [];
  const fault = new Fault(
    'DATE_ORDER',
    `${earlier.field.title.zh}晚于${later.field.title.zh}；请核对两个日期`,
    `${earlier.field.title.en} is after ${later.field.title.en}; check both dates`,
  );
  return [
    (values) => {
      const a = values[earlierAt];
      const b = values[laterAt];
      return a !== undefined && b !== undefined && a > b ? { column: earlier.header, fault } : undefined;
    },
  ];
}

function notBeforeBirth(columns: readonly MappedColumn[], at: number): RowCheckRun[] {
  const column = columns[at];
  if (!column) return [];
  const fault = new Fault(
    'BEFORE_BIRTH',
    `${column.field.title.zh}早于本人出生日期（按身份证号码）；请核对日期和号码`,
    `${column.field.title.en} is before the person's birth (by the identity number); check date and number`,
  );
  return [
    (values, birth) => {
      const value = values[at];
      return value !== undefined && birth !== undefined && value < birth ? { column: column.header, fault } : undefined;
    },
  ];
}

function within(columns: readonly MappedColumn[], partsAt: readonly number[], wholeAt: number): RowCheckRun[] {
  const whole = columns[wholeAt];
  const parts = partsAt.flatMap((at) => columns[at] ?? []);
  const first = parts[0];
  if (!whole || !first) return [];
  const fault = new Fault(
    'PARTS_EXCEED_WHOLE',
    `${parts.map((part) => part.field.title.zh).join('与')}大于${whole.field.title.zh}；请核对金额和单位`,
    `${parts.map((part) => part.field.title.en).join(' plus ')} is more than ${whole.field.title.en}; check amounts and units`,
  );
  return [
    (values) => {
      const total = values[wholeAt];
      if (typeof total !== 'number') return undefined;
      let sum = 0;
      for (const at of partsAt) {
        const part = values[at];
        if (typeof part === 'number') sum += part;
      }
      // Amounts of a row taken back are negative, so the comparison is of sizes.
      return Math.abs(sum) > Math.abs(total) ? { column: first.header, fault } : undefined;
    },
  ];
}

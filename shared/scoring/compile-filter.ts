import type { FieldSpec } from '../catalog/feed.ts';
import type { Fact, FactValue } from '../facts/fact.ts';
import { NO, type RowFilter, type Truth, UNKNOWN, YES } from './compiled.ts';
import type { Filter, Scalar } from './pack.ts';

/** Called with the path below the filter and what is wrong there. */
export type Report = (path: string, code: 'pack-unknown-field' | 'pack-wrong-type', zh: string, en: string) => void;

const FILTERABLE = new Set(['text', 'code', 'date', 'month', 'money', 'integer', 'flag', 'area']);

/** Kleene's AND over answers made one by one: one "no" settles it. */
export function allOf<T>(tests: readonly ((it: T) => Truth)[]): (it: T) => Truth {
  return (it) => {
    let answer: Truth = YES;
    for (const test of tests) {
      const truth = test(it);
      if (truth === NO) return NO;
      if (truth === UNKNOWN) answer = UNKNOWN;
    }
    return answer;
  };
}

/** Kleene's OR: one "yes" settles it. */
export function anyOf<T>(tests: readonly ((it: T) => Truth)[]): (it: T) => Truth {
  return (it) => {
    let answer: Truth = NO;
    for (const test of tests) {
      const truth = test(it);
      if (truth === YES) return YES;
      if (truth === UNKNOWN) answer = UNKNOWN;
    }
    return answer;
  };
}

/** Kleene's NOT: unknown stays unknown. */
export function notOf<T>(test: (it: T) => Truth): (it: T) => Truth {
  return (it) => {
    const truth = test(it);
    return truth === UNKNOWN ? UNKNOWN : truth === YES ? NO : YES;
  };
}

/** Array.includes, written out: a list here has a handful of values and is asked for every row. */
function among(allowed: readonly FactValue[], value: FactValue): boolean {
  for (let i = 0; i < allowed.length; i++) if (allowed[i] === value) return true;
  return false;
}

function expected(spec: FieldSpec, value: Scalar): string | undefined {
  switch (spec.type.kind) {
    case 'money':
    case 'integer':
      return typeof value === 'number' ? undefined : 'number';
    case 'flag':
      return typeof value === 'boolean' ? undefined : 'true | false';
    case 'code':
      return typeof value === 'string' && Object.hasOwn(spec.type.values, value)
        ? undefined
        : Object.keys(spec.type.values).join(' | ');
    case 'identity':
    case 'name':
    case 'text':
    case 'date':
    case 'month':
    case 'area':
      return typeof value === 'string' ? undefined : 'text';
  }
}

/**
 * Compiles a row filter against the feeds it will meet. `fieldsNamed` gives the column descriptions of a name in those feeds;
 * sealed columns (sensitive) cannot be asked, because a pack must never need the data key.
 */
export function compileFilter(
  filter: Filter,
  path: string,
  fieldsNamed: (name: string) => readonly FieldSpec[],
  report: Report,
): RowFilter {
  if ('all' in filter) return allOf(filter.all.map((part, i) => compileFilter(part, `${path}.all.${i}`, fieldsNamed, report)));
  if ('any' in filter) return anyOf(filter.any.map((part, i) => compileFilter(part, `${path}.any.${i}`, fieldsNamed, report)));
  if ('not' in filter) return notOf(compileFilter(filter.not, `${path}.not`, fieldsNamed, report));

  const specs = fieldsNamed(filter.field);
  const spec = specs[0];
  if (spec === undefined || spec.sensitive === true || !FILTERABLE.has(spec.type.kind)) {
    report(
      `${path}.field`,
      'pack-unknown-field',
      `这些数据类别没有可供规则使用的字段 ${filter.field}`,
      `these feeds have no field ${filter.field} that rules may use`,
    );
    return () => UNKNOWN;
  }
  const given = [filter.equals, filter.gte, filter.lte, ...(filter.in ?? [])].filter((value) => value !== undefined);
  for (const value of given) {
    const wanted = expected(spec, value);
    if (wanted !== undefined) {
      report(
        path,
        'pack-wrong-type',
        `字段 ${filter.field} 的比较值 ${String(value)} 不对，应为 ${wanted}`,
        `field ${filter.field} cannot be compared with ${String(value)}; expected ${wanted}`,
      );
    }
  }
  const stored = (value: Scalar): FactValue =>
    spec.type.kind === 'money' && typeof value === 'number' ? Math.round(value * 100) : value;
  const allowed = [...(filter.in ?? []), ...(filter.equals === undefined ? [] : [filter.equals])].map(stored);
  const low = filter.gte === undefined ? undefined : stored(filter.gte);
  const high = filter.lte === undefined ? undefined : stored(filter.lte);
  const absent: Truth = filter.absent === undefined ? UNKNOWN : filter.absent ? YES : NO;
  const name = filter.field;
  return (fields: Fact['fields']): Truth => {
    const value = fields[name];
    if (value === undefined) return absent;
    if (allowed.length > 0 && !among(allowed, value)) return NO;
    if (low !== undefined && value < low) return NO;
    if (high !== undefined && value > high) return NO;
    return YES;
  };
}

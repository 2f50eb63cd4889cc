import { describe, expect, it } from 'vitest';
import type { PlainDate } from '../../../shared/calendar/plain-date.ts';
import { missingParameters } from '../../../shared/casework/missing-parameters.ts';
import { DEFAULTS_ONLY } from '../../../shared/casework/parameters.ts';
import { parseParameters } from '../../../shared/casework/parameters-file.ts';

const ON = '2026-03-01' as PlainDate;
const row = (area: string, name = 'living-standard-month', from = '2026-01-01') => ({
  area,
  name,
  from,
  value: 700,
  basis: '某县民政局〔2026〕1号',
});
const missing = (amounts: readonly object[], ...counties: readonly string[]) =>
  missingParameters(parseParameters({ amounts }, 'parameters.json'), counties, ON).map(({ name, area }) => [name, area]);

describe('local standards that nobody may guess', () => {
  it('are missing in each county until they are entered', () => {
    expect(missingParameters(DEFAULTS_ONLY, ['411122', '370611'], ON).map(({ name, area }) => [name, area])).toEqual([
      ['living-standard-month', '411122'],
      ['disposable-income-year', '411122'],
      ['living-standard-month', '370611'],
      ['disposable-income-year', '370611'],
    ]);
  });

  it('are entered for a county by a row of the county, of its province or for everywhere', () => {
    const income = row('*', 'disposable-income-year');
    expect(missing([row('411122'), row('37'), income], '411122', '370611', '152201')).toEqual([
      ['living-standard-month', '152201'],
    ]);
  });

  it('are not entered yet by a row that begins later', () => {
    expect(missing([row('411122', 'living-standard-month', '2026-07-01'), row('*', 'disposable-income-year')], '411122')).toEqual(
      [['living-standard-month', '411122']],
    );
  });

  it('come with what stays unknown, and with a row that the parameters file takes once the figure is in it', () => {
    const [standard] = missingParameters(DEFAULTS_ONLY, ['411122'], ON);
    expect(standard?.without.zh).toContain('未知');
    const shown = /\{.*?\}/.exec(standard?.enter.zh ?? '')?.[0] ?? '';
    const entered = JSON.parse(shown.replace('金额（元）', '510')) as object;
    expect(missing([entered], '411122')).toEqual([['disposable-income-year', '411122']]);
  });
});

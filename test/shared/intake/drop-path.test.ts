import { describe, expect, it } from 'vitest';
import type { PlainDate } from '../../../shared/calendar/plain-date.ts';
import { catalog } from '../../../shared/catalog/index.ts';
import { parseDropPath } from '../../../shared/intake/drop-path.ts';

const read = (path: string) => parseDropPath(path, catalog, '2024-05-01' as PlainDate);

describe('parseDropPath', () => {
  it.each([
    ['medical-insurance/inpatient-settlement/2024-03/住院 结算.csv', '2024-03'],
    ['medical-insurance/inpatient-settlement/2024-03-15/a.XLSX', '2024-03-15'],
    ['medical-insurance/inpatient-settlement/2024-05/a.txt', '2024-05'],
    ['medical-insurance/inpatient-settlement/2024-05/a.jsonl', '2024-05'],
  ])('takes %s', (path, period) => {
    expect(read(path)).toMatchObject({ feed: 'medical-insurance/inpatient-settlement', period });
  });

  it.each([
    ['a.csv', 'UNKNOWN_PATH'],
    ['medical-insurance/inpatient-settlement/a.csv', 'UNKNOWN_PATH'],
    ['medical-insurance/inpatient-settlement/2024-03/more/a.csv', 'UNKNOWN_PATH'],
    ['medical-insurance/inpatient/2024-03/a.csv', 'UNKNOWN_FEED'],
    ['医保/住院结算/2024-03/a.csv', 'UNKNOWN_FEED'],
    ['medical-insurance/inpatient-settlement/2024-13/a.csv', 'BAD_PERIOD'],
    ['medical-insurance/inpatient-settlement/202403/a.csv', 'BAD_PERIOD'],
    ['medical-insurance/inpatient-settlement/2024-06/a.csv', 'PERIOD_IN_FUTURE'],
    ['medical-insurance/inpatient-settlement/2024-03/a.xls', 'UNKNOWN_EXTENSION'],
    ['medical-insurance/inpatient-settlement/2024-03/a', 'UNKNOWN_EXTENSION'],
    ['medical-insurance/inpatient-settlement/2024-03/a.zip', 'UNKNOWN_EXTENSION'],
  ])('refuses %s as %s', (path, code) => {
    expect(read(path)).toMatchObject({ code, row: null, column: null });
  });

  it('names the nearest feed and hints at the clock', () => {
    expect(read('medical-insurence/inpatient-setlement/2024-03/a.csv')).toMatchObject({
      message: { zh: expect.stringContaining('medical-insurance/inpatient-settlement'), en: expect.stringContaining('nearest') },
    });
    expect(read('medical-insurance/inpatient-settlement/2024-06/a.csv')).toMatchObject({
      message: { zh: expect.stringContaining('时钟'), en: expect.stringContaining('clock') },
    });
  });
});

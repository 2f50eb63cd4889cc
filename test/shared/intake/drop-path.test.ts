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

  it('names no feed as nearest when none is anything like the folders', () => {
    const refused = read('home/wang/2024-03/a.csv');
    expect(refused).toMatchObject({ code: 'UNKNOWN_FEED', message: { zh: expect.not.stringContaining('最接近') } });
  });

  it.each([
    ['202403', '2024-03'],
    ['2024-3', '2024-03'],
    ['2024年3月', '2024-03'],
    ['２０２４.3', '2024-03'],
    ['20240305', '2024-03-05'],
    ['2024年3月5日', '2024-03-05'],
  ])('says how the period %s is to be written', (folder, period) => {
    expect(read(`medical-insurance/inpatient-settlement/${folder}/a.csv`)).toMatchObject({
      code: 'BAD_PERIOD',
      message: { zh: `数据期“${folder}”无法识别；请将文件夹名改为 ${period}` },
    });
  });

  it.each([
    ['a.xls', '另存为 .xlsx'],
    ['a.et', '另存为 .xlsx'],
    ['a', '没有扩展名'],
    ['a.zip', '先解压'],
  ])('says what to do with %s', (name, advice) => {
    expect(read(`medical-insurance/inpatient-settlement/2024-03/${name}`)).toMatchObject({
      message: { zh: expect.stringContaining(advice) },
    });
  });

  it('names the nearest feed and hints at the clock', () => {
    expect(read('medical-insurence/inpatient-setlement/2024-03/a.csv')).toMatchObject({
      message: { zh: expect.stringContaining('medical-insurance/inpatient-settlement'), en: expect.stringContaining('nearest') },
    });
    expect(read('医保局/住院结算/2024-03/a.csv')).toMatchObject({
      message: { zh: expect.stringContaining('最接近的是 medical-insurance/inpatient-settlement（医保 住院结算）') },
    });
    expect(read('medical-insurance/inpatient-settlement/2024-06/a.csv')).toMatchObject({
      message: { zh: expect.stringContaining('时钟'), en: expect.stringContaining('clock') },
    });
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { epochDay, fromEpochDay } from '../../../shared/calendar/plain-date.ts';
import { dateReader } from '../../../shared/intake/date-cell.ts';

describe('dateReader', () => {
  const read = dateReader();

  it.each([
    '20240105',
    '2024-1-5',
    '2024-01-05',
    '2024/01/05',
    '2024.1.5',
    '2024年1月5日',
    '２０２４年１月５日',
    '2024-01-05 13:45:10',
    '2024-01-05T13:45:10.000+08:00',
    '2024/1/5 9:05',
    '20240105134510',
    '45296',
    '45296.57',
    '2024 年 1 月 5 日',
    '2024年1月5日 星期五',
    '2024年1月5日13时',
    '2024/1/5 下午 3:20:00',
    '2024-01-05 03:20:00 PM',
    '二〇二四年一月五日',
    '二○二四年一月五日',
    '二零二四年一月五日',
    '2024年01月05号',
    '2024，1，5',
    '2024、1、5',
    '2024 1 5',
    '2024–01–05',
    '2024—01—05',
    '2024.01.05.',
    String.raw`2024\1\5`,
    '2024。1。5',
  ])('reads %j as 5 January 2024', (text) => {
    expect(read(text)).toBe('2024-01-05');
  });

  it.each([
    ['二〇二四年十月十日', '2024-10-10'],
    ['二〇二四年十二月三十一日', '2024-12-31'],
    ['二〇二四年十一月二十日', '2024-11-20'],
    ['一九四九年九月十九日', '1949-09-19'],
    ['二〇二四年三月', '2024-03'],
    ['二〇二四年十三月一日', undefined],
    ['二〇二四年', undefined],
  ])('reads %j, spelled out, as %j', (text, date) => {
    expect(read(text)).toBe(date);
  });

  it.each([
    ['2024-01-04T16:00:00.000Z', '2024-01-05'],
    ['2024-01-04T16:00:00.000+0000', '2024-01-05'],
    ['2023-12-31T16:00:00Z', '2024-01-01'],
    ['2024-01-05T15:59:59Z', '2024-01-05'],
    ['2024-01-05T00:00:00.000Z', '2024-01-05'],
    ['2024-01-05T00:00:00+08:00', '2024-01-05'],
    ['2024-01-05 10:05:33 +0800', '2024-01-05'],
    ['2024-01-04T20:00:00-05:00', '2024-01-05'],
  ])('reads %j as the day it then is in China, %j', (text, date) => {
    expect(read(text)).toBe(date);
  });

  it.each([
    ['2024 3', '2024-03'],
    ['2024 1 1', '2024-01-01'],
    ['2024 11', '2024-11'],
  ])('reads %j with the blanks as the signs between its numbers, as %j', (text, date) => {
    expect(read(text)).toBe(date);
  });

  it.each(['202401', '2024-01', '2024/1', '2024年1月', '2024.01', '2024年1月份', '2024 年 1 月', '二〇二四年一月份'])(
    'reads %j as a month',
    (text) => {
      expect(read(text)).toBe('2024-01');
    },
  );

  it.each([
    '',
    '  ',
    '0000-00-00',
    '0001-01-01 00:00:00',
    '2999-12-31',
    '1900-01-01',
    '1900/1/1',
    '长期',
    '――',
    '不详',
    '无固定期限',
    '9999-12-31',
    '/',
    '无',
    '0',
  ])('takes %j as nothing stated', (text) => {
    expect(read(text)).toBe('');
  });

  it.each([
    '2024-02-30',
    '2024-13-01',
    '5/1/2024',
    '民国113年',
    '240105',
    'abc',
    '2024',
    '2024-01-05-06',
    '2024-01-05 13',
    '2024-01-05（补）',
  ])('refuses %j', (text) => {
    expect(read(text)).toBeUndefined();
  });

  it('gives back every day in every spelling', () => {
    fc.assert(
      fc.property(fc.integer({ min: epochDay('1930-01-01' as never), max: epochDay('2100-12-31' as never) }), (day) => {
        const date = fromEpochDay(day);
        const [y = '', m = '', d = ''] = date.split('-');
        for (const text of [
          date,
          `${y}${m}${d}`,
          `${y}/${Number(m)}/${Number(d)}`,
          `${y}年${Number(m)}月${Number(d)}日`,
          `${y}.${m}.${d} 00:00:00`,
          String(day + 25_569),
        ]) {
          expect(dateReader()(text)).toBe(date);
        }
      }),
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Fault } from '../../../shared/intake/fault.ts';
import { moneyScale, parseMoney } from '../../../shared/intake/money.ts';

function fen(text: string, scale: 0 | 2 | 5 | 6 = 2): number | string | undefined {
  const value = parseMoney(text, scale);
  return value instanceof Fault ? value.code : value;
}

describe('parseMoney', () => {
  it.each([
    ['5000', 500_000],
    ['5000.1', 500_010],
    ['5000.10', 500_010],
    ['0.07', 7],
    ['.5', 50],
    ['1,234.50', 123_450],
    ['¥1,234.50', 123_450],
    ['￥1234.5元', 123_450],
    ['１２３４．５０', 123_450],
    ['1.2万', 1_200_000],
    ['1.2万元', 1_200_000],
    ['-12.50', -1_250],
    ['(12.50)', -1_250],
    ['（12.50）', -1_250],
    ['12.5000', 1_250],
    ['1 234.50', 123_450],
    ['0', 0],
    ['-0', 0],
    ['12.', 1_200],
  ])('reads %j as %d fen', (text, expected) => {
    expect(fen(text)).toBe(expected);
  });

  it('takes bare numbers in the unit of the column', () => {
    expect(fen('1.23456', 6)).toBe(1_234_560);
    expect(fen('1.2', 5)).toBe(120_000);
    expect(fen('1234', 0)).toBe(1_234);
  });

  it.each(['', ' ', '-', '--', '无', 'NULL'])('takes %j as nothing stated, which is not zero', (text) => {
    expect(fen(text)).toBeUndefined();
  });

  it.each([
    ['abc', 'MONEY_NOT_A_NUMBER'],
    ['12O0', 'MONEY_NOT_A_NUMBER'],
    ['1,23.50', 'MONEY_NOT_A_NUMBER'],
    ['1.2.3', 'MONEY_NOT_A_NUMBER'],
    ['约5000', 'MONEY_NOT_A_NUMBER'],
    ['5000美元', 'MONEY_NOT_A_NUMBER'],
    ['0,500', 'MONEY_NOT_A_NUMBER'],
    ['100\n200', 'MONEY_NOT_A_NUMBER'],
    ['100.50\r\n200', 'MONEY_NOT_A_NUMBER'],
    ['１００\n２００', 'MONEY_NOT_A_NUMBER'],
    ['10 20', 'MONEY_NOT_A_NUMBER'],
    ['1.2E+05', 'MONEY_NOT_A_NUMBER'],
    ['12.345', 'MONEY_TOO_PRECISE'],
    ['1000000000.01', 'MONEY_TOO_LARGE'],
    ['99999999999999999999', 'MONEY_TOO_LARGE'],
  ])('refuses %j as %s', (text, code) => {
    expect(fen(text)).toBe(code);
  });

  it('says of scientific notation that digits may be lost', () => {
    expect((parseMoney('1.23E+05', 2) as Fault).message.zh).toContain('科学计数法');
  });

  it('gives back every amount of fen however it is dressed', () => {
    fc.assert(
      fc.property(fc.integer({ min: -100_000_000_000, max: 100_000_000_000 }), (amount) => {
        const digits = String(Math.abs(amount)).padStart(3, '0');
        const whole = digits.slice(0, -2);
        const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
        const sign = amount < 0 ? '-' : '';
        const wan = `${digits.padStart(7, '0').slice(0, -6)}.${digits.padStart(7, '0').slice(-6)}`;
        expect(fen(`${sign}${whole}.${digits.slice(-2)}`)).toBe(amount);
        expect(fen(`${sign}¥${grouped}.${digits.slice(-2)}`)).toBe(amount);
        expect(fen(`${sign}${wan}`, 6)).toBe(amount);
        expect(fen(`${sign}${wan}万元`)).toBe(amount);
      }),
    );
  });
});

describe('moneyScale', () => {
  it.each([
    ['元', 2],
    ['人民币元', 2],
    ['万元', 6],
    ['千元', 5],
    ['分', 0],
  ])('knows %s', (word, scale) => {
    expect(moneyScale(word)).toBe(scale);
  });

  it.each(['美元', '人', ''])('does not take %j for a unit of yuan', (word) => {
    expect(moneyScale(word)).toBeUndefined();
  });
});

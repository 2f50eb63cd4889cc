import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PlainDate } from '../../../shared/calendar/plain-date.ts';
import { checkCharacter, maskIdentityNumbers, parseIdentityNumber } from '../../../shared/registry/identity-number.ts';

const TODAY = '2024-05-01' as PlainDate;

function codeOf(raw: string): string {
  const parsed = parseIdentityNumber(raw, TODAY);
  return parsed.ok ? 'ok' : parsed.code;
}

describe('parseIdentityNumber', () => {
  it.each(['11010519491231002X', '440524188001010014', '34052419800101001X'])(
    'takes the printed example %s of the standard',
    (number) => {
      expect(parseIdentityNumber(number, TODAY)).toMatchObject({ ok: true, number });
    },
  );

  it('gives birth, sex and the area of first registration', () => {
    expect(parseIdentityNumber('34052419800101001X')).toEqual({
      ok: true,
      number: '34052419800101001X',
      birth: '1980-01-01',
      sex: 'male',
      origin: '340524',
    });
    expect(parseIdentityNumber('11010519491231002X')).toMatchObject({ sex: 'female' });
  });

  it.each([
    ['lower-case x', '34052419800101001x'],
    ['full-width digits', '３４０５２４１９８００１０１００１Ｘ'],
    ['blanks', ' 340524 19800101 001X '],
    ['no-break and zero-width blanks', '340524\u00a019800101\u200b001X\ufeff'],
    ['a leading apostrophe', "'34052419800101001X"],
    ['the ="…" form', '="34052419800101001X"'],
    ['the times sign in the place of X', '34052419800101001×'],
    ['a Cyrillic letter in the place of X', '34052419800101001х'],
    ['a Greek letter in the place of X', '34052419800101001Χ'],
  ])('takes %s', (_, raw) => {
    expect(parseIdentityNumber(raw, TODAY)).toMatchObject({ ok: true, number: '34052419800101001X' });
  });

  it('makes 18 characters of 15 with the century 19 and a check digit', () => {
    expect(parseIdentityNumber('110105491231002', TODAY)).toMatchObject({ ok: true, number: '11010519491231002X' });
  });

  it.each([
    ['', 'ID_MISSING'],
    ['111111111111111', 'ID_MISSING'],
    ['3.71E+17', 'ID_SCIENTIFIC'],
    ['3.71402199001011E+17', 'ID_SCIENTIFIC'],
    ['371402199001011000', 'ID_PRECISION_LOST'],
    ['3714**********1234', 'ID_MASKED'],
    ['3714XXXXXXXXXX1234', 'ID_MASKED'],
    ['340524198013010011', 'ID_BIRTH'],
    ['340524198002300018', 'ID_BIRTH'],
    ['340524180001010014', 'ID_BIRTH'],
    ['340524202501010014', 'ID_BIRTH_IN_FUTURE'],
    ['340524198001010011', 'ID_CHECK_DIGIT'],
    ['994052198001010011', 'ID_ORIGIN'],
    ['34052419800101001', 'ID_LENGTH'],
    ['34052419800101001X12', 'ID_NOT_A_NUMBER'],
    ['34052419800101001212', 'ID_LENGTH'],
    ['H12345678', 'ID_NOT_A_NUMBER'],
    ['户口待办', 'ID_NOT_A_NUMBER'],
    ['无', 'ID_MISSING'],
    ['——', 'ID_MISSING'],
    ['USA110080010112', 'ID_FOREIGNER'],
    ['911840198503051237', 'ID_FOREIGNER'],
  ])('refuses %j as %s', (raw, code) => {
    expect(codeOf(raw)).toBe(code);
  });

  it('does not repeat the number in its messages', () => {
    const parsed = parseIdentityNumber('340524198001010011', TODAY);
    expect(JSON.stringify(parsed)).not.toMatch(/\d{6,}/);
  });

  it('notices any single changed digit', () => {
    const digits = fc.record({
      day: fc.integer({ min: 1, max: 28 }),
      serial: fc.integer({ min: 0, max: 999 }),
      at: fc.integer({ min: 0, max: 16 }),
      by: fc.integer({ min: 1, max: 9 }),
    });
    fc.assert(
      fc.property(digits, ({ day, serial, at, by }) => {
        const first17 = `3405241980${'01'}${String(day).padStart(2, '0')}${String(serial).padStart(3, '0')}`;
        const good = first17 + checkCharacter(first17);
        const digit = (Number(good[at]) + by) % 10;
        const bad = `${good.slice(0, at)}${digit}${good.slice(at + 1)}`;
        return codeOf(good) === 'ok' && codeOf(bad) !== 'ok';
      }),
    );
  });
});

describe('maskIdentityNumbers', () => {
  it.each([
    ['患者34052419800101001X已出院', '患者****已出院'],
    ['残疾证34052419800101001X44', '残疾证****44'],
    ['３４０５２４１９８００１０１００１Ｘ', '****'],
    ['旧号110105491231002', '旧号****'],
  ])('masks the number inside %j', (text, masked) => {
    expect(maskIdentityNumbers(text)).toBe(masked);
  });

  it.each(['JS20240000012345678901', '县人民医院', '13900000000', '6228480402564890018'])('leaves %j alone', (text) => {
    expect(maskIdentityNumbers(text)).toBe(text);
  });
});

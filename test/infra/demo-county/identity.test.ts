import { describe, expect, it } from 'vitest';
import type { PlainDate } from '../../../shared/calendar/plain-date.ts';
import { identityNumberOf, oldIdentityNumber, withWrongCheckDigit } from '../../builders/identity.ts';

describe('identityNumberOf', () => {
  it('gives the check characters printed in the standard and its examples', () => {
    expect(identityNumberOf('110105', '1949-12-31' as PlainDate, 2)).toBe('11010519491231002X');
    expect(identityNumberOf('440524', '1880-01-01' as PlainDate, 1)).toBe('440524188001010014');
    expect(identityNumberOf('340524', '1980-01-01' as PlainDate, 1)).toBe('34052419800101001X');
  });

  it('uses the county of a village code', () => {
    expect(identityNumberOf('411122104215', '1980-01-01' as PlainDate, 1).slice(0, 6)).toBe('411122');
  });
});

describe('oldIdentityNumber', () => {
  it('drops the century and the check character', () => {
    expect(oldIdentityNumber('11010519491231002X')).toBe('110105491231002');
  });

  it('has no form for births outside the 1900s', () => {
    expect(oldIdentityNumber('411122200503120019')).toBeUndefined();
  });
});

describe('withWrongCheckDigit', () => {
  it('changes the last character only', () => {
    for (const number of ['11010519491231002X', '440524188001010014', '411122199001010017']) {
      const wrong = withWrongCheckDigit(number);
      expect(wrong.slice(0, 17)).toBe(number.slice(0, 17));
      expect(wrong).not.toBe(number);
    }
  });
});

import { describe, expect, it } from 'vitest';
import { discloseBirth, discloseFields, discloseIdentity, maskName, maskNumber } from '../../../shared/access/masking.ts';
import { parsePurpose } from '../../../shared/access/purpose.ts';
import type { PlainDate } from '../../../shared/calendar/plain-date.ts';
import { type FeedSpec, feedId } from '../../../shared/catalog/feed.ts';
import { identityNumberOf } from '../../builders/identity.ts';

const feed: FeedSpec = {
  id: feedId('medical-insurance', 'test'),
  title: { zh: '测试', en: 'test' },
  departmentTitle: { zh: '医保局', en: 'medical insurance' },
  kind: 'event',
  uses: ['entry'],
  fields: [
    {
      name: 'selfPaid',
      title: { zh: '自付', en: 'self-paid' },
      type: { kind: 'money', unit: 'yuan', negative: false },
      aliases: [],
      required: true,
    },
    {
      name: 'diagnosisName',
      title: { zh: '诊断', en: 'diagnosis' },
      type: { kind: 'text', maxLength: 50 },
      aliases: [],
      required: false,
      sensitive: true,
    },
  ],
  subject: { identity: 'identityNumber', name: 'name' },
  naturalKey: [],
  dates: {},
  checks: [],
  cadence: 'monthly',
  dueDay: 10,
  legalBasis: { text: 'test', evidence: 'I' },
};

describe('masking', () => {
  it('shows only the first character of a name, whatever its length', () => {
    expect(['张三', '张三丰', '欧阳娜娜', '𠮷田', ' 李 ', ''].map(maskName)).toEqual(['张*', '张*', '欧*', '𠮷*', '李*', '']);
  });

  it('shows the first and last four of an identity number', () => {
    expect(maskNumber('37140219700101123X')).toBe('3714**********123X');
  });

  it('shows nothing of a number it does not recognise', () => {
    expect(maskNumber('371402700101123')).toBe('******************');
  });

  it('never shows a whole number', () => {
    const identity = { name: '张三', number: '37140219700101123X' };
    expect(discloseIdentity(identity, { names: 'full', numbers: 'masked', births: 'full', sensitive: true })).toEqual({
      name: '张三',
      number: '3714**********123X',
    });
    expect(discloseIdentity(identity, { names: 'masked', numbers: 'none', births: 'year', sensitive: false })).toEqual({
      name: '张*',
      number: null,
    });
  });

  it('shows the year of birth only where the date would point at a person', () => {
    expect(discloseBirth('1970-01-01', { names: 'full', numbers: 'none', births: 'year', sensitive: false })).toBe('1970');
  });

  it('leaves out sensitive and unknown fields for a role that may not see them', () => {
    const fields = { selfPaid: 500000, diagnosisName: '心力衰竭', stranger: 'x' };
    const role = { names: 'full', numbers: 'none', births: 'year' } as const;
    expect(discloseFields(feed, fields, { ...role, sensitive: false })).toEqual({ selfPaid: 500000 });
    expect(discloseFields(undefined, fields, { ...role, sensitive: false })).toEqual({});
    expect(discloseFields(feed, fields, { ...role, sensitive: true })).toEqual(fields);
  });
});

describe('numbers built from identity numbers', () => {
  const number = identityNumberOf('371402', '1970-01-01' as PlainDate, 123);
  it('are masked inside any text, for every role', () => {
    const fields = { settlementNumber: `ZY${number}-01`, longer: `2024${number}`, receipt: '123456789012345678' };
    expect(discloseFields(feed, fields, { names: 'full', numbers: 'masked', births: 'full', sensitive: true })).toEqual({
      settlementNumber: `ZY3714**********${number.slice(14)}-01`,
      longer: `20243714**********${number.slice(14)}`,
      receipt: '123456789012345678',
    });
  });
});

describe('parsePurpose', () => {
  it('takes reason codes and case numbers', () => {
    expect(['visit', 'audit', 'C-2024-000123'].map(parsePurpose)).toEqual(['visit', 'audit', 'C-2024-000123']);
  });

  it.each(['', 'curious', 'toString', 'C-1', 'C-411122197001011234', `C-${'a'.repeat(41)}`, '入户核查'])(
    'refuses "%s"',
    (text) => {
      expect(parsePurpose(text)).toBeUndefined();
    },
  );
});

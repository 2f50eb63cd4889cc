import { describe, expect, it } from 'vitest';
import type { PlainDate } from '../../../shared/calendar/plain-date.ts';
import { CaseAction } from '../../../shared/casework/actions.ts';
import { writtenText } from '../../../shared/casework/written-text.ts';
import { identityNumberOf } from '../../builders/identity.ts';

const NUMBER = identityNumberOf('411122', '1956-08-19' as PlainDate, 2);
const OTHER_CHECK = NUMBER.endsWith('1') ? '2' : '1';

/** From a character of ASCII to its full-width form. */
const FULL_WIDTH = 0xfee0;

describe('words that people write', () => {
  it.each([
    [`张桂兰，身份证${NUMBER}，已住院`, `张桂兰，身份证4111**********${NUMBER.slice(14)}，已住院`],
    ['号码 411122560819002 的老证', '号码 **** 的老证'],
    [`号码${[...NUMBER].map((digit) => String.fromCodePoint(digit.charCodeAt(0) + FULL_WIDTH)).join('')}`, '号码****'],
    [
      `${NUMBER.slice(0, 17)}${OTHER_CHECK} 不是证件号码，13800000000 是电话`,
      `${NUMBER.slice(0, 17)}${OTHER_CHECK} 不是证件号码，13800000000 是电话`,
    ],
  ])('hold no identity number, whoever typed it: %s', (text, kept) => {
    expect(writtenText(100).parse(text)).toBe(kept);
  });

  it('are so in every action on a case', () => {
    const note = `户主 ${NUMBER}`;
    expect(JSON.stringify(CaseAction.parse({ action: 'comment', note }))).not.toContain(NUMBER);
    const visit = {
      id: '6f1c0c3e-9a52-4f0e-8f0a-2f6c1d9b7a11',
      means: 'home',
      visitedAt: '2024-04-01T02:00:00.000Z',
      investigators: [NUMBER],
      truth: 'T1',
      proposed: ['A0'],
      baseVersion: 1,
      notes: note,
    };
    expect(JSON.stringify(CaseAction.parse({ action: 'record-visit', visit }))).not.toContain(NUMBER);
  });

  it('leave the id of somebody to whom a case is given as it is', () => {
    expect(CaseAction.parse({ action: 'assign', to: NUMBER })).toMatchObject({ to: NUMBER });
  });
});

import { describe, expect, it } from 'vitest';
import type { PlainDate } from '../../../shared/calendar/plain-date.ts';
import { catalog } from '../../../shared/catalog/index.ts';
import { foldFacts } from '../../../shared/facts/fold.ts';
import { areaOf, type Placing, placingsOf } from '../../../shared/registry/household-area.ts';
import { factChunk, factRow, feedId, fileSequence, personKey } from '../../builders/facts.ts';

const TODAY = '2024-04-20' as PlainDate;
const LUONING = '410328104201';
const YIYANG = '410327002005';

/** A row that places somebody, of the n-th file. */
function placing(feed: string, area: string, n: number, more: Partial<Placing> = {}): Placing {
  return { feed: feedId(feed), seq: fileSequence(n), person: personKey(1), area, ...more };
}
const declared = (area: string, n: number, to?: string) =>
  placing('civil-affairs/low-income-register', area, n, to === undefined ? {} : { to: to as PlainDate });
const registered = (area: string, n: number, to?: string) =>
  placing('public-security/household-registration', area, n, to === undefined ? {} : { to: to as PlainDate });
const bill = (area: string, n: number) => placing('medical-insurance/inpatient-settlement', area, n);

function area(...placings: readonly Placing[]): string {
  expect(areaOf(placings.toReversed(), catalog, TODAY)).toBe(areaOf(placings, catalog, TODAY));
  return areaOf(placings, catalog, TODAY);
}

describe('where a household lives', () => {
  it('is where it is declared, whatever the police register and later bills say', () => {
    expect(area(declared(LUONING, 1), registered(YIYANG, 2), bill(YIYANG, 3))).toBe(LUONING);
    expect(area(declared(LUONING, 1, '2024-12-31'), registered(YIYANG, 2))).toBe(LUONING);
  });

  it('is where the police register has it once the declaration has ended: it may have moved since', () => {
    expect(area(declared(LUONING, 3, '2022-12-31'), registered(YIYANG, 1))).toBe(YIYANG);
    expect(area(declared(LUONING, 3, TODAY), registered(YIYANG, 1))).toBe(LUONING);
    expect(area(registered(LUONING, 3, '2024-03-31'), registered(YIYANG, 1))).toBe(YIYANG);
  });

  it('stays in the village of the ended declaration when only bills, which name the county, came since', () => {
    expect(area(declared(LUONING, 1, '2023-12-31'), bill('410328', 9))).toBe(LUONING);
  });

  it('is the village that a row names, whichever comes last, when others name its county or its town', () => {
    const school = (code: string, n: number) => placing('education/enrolment', code, n);
    expect(area(school(LUONING, 1), bill('410328', 2))).toBe(LUONING);
    expect(area(bill('410328', 1), school(LUONING, 2))).toBe(LUONING);
    expect(area(school(LUONING, 1), bill('410328104', 2), bill('410328', 3))).toBe(LUONING);
    expect(area(school(LUONING, 1), bill('410327', 2))).toBe('410327');
    expect(area(registered('410328', 2), bill(LUONING, 3))).toBe('410328');
  });

  it('is where the latest file declares it again, when a file in between had it elsewhere', () => {
    expect(area({ ...declared(LUONING, 1), saidAgain: fileSequence(3) }, declared(YIYANG, 2))).toBe(LUONING);
  });

  it('stays where a bill was that has been taken back, when nothing else says where', () => {
    const stated = factChunk({ rows: [factRow({ area: LUONING })] });
    const back = factChunk({ seq: fileSequence(2), rows: [factRow({ area: LUONING, reversal: true, content: 'back' })] });
    const guessed = factChunk({
      feed: feedId('human-resources/unemployment-registration'),
      seq: fileSequence(3),
      rows: [factRow({ area: '410327', areaAssumed: true })],
    });
    const placings = (...chunks: (typeof stated)[]) => placingsOf(foldFacts(chunks, catalog), chunks);
    expect(foldFacts([stated, back], catalog)).toEqual([]);
    expect(area(...placings(stated, back))).toBe(LUONING);
    expect(area(...placings(stated, back, guessed))).toBe(LUONING);
    expect(area(...placings(stated, back, { ...guessed, rows: [factRow({ area: YIYANG })] }))).toBe(YIYANG);
  });

  it('is the same when what had ended has been deleted', () => {
    const mark = { on: '2024-04-01' as PlainDate, before: '2019-04-01' as PlainDate, certificate: 'D1' };
    const deleted = { firstRow: 2, keys: ['k'], under: [mark], place: { area: LUONING, seq: fileSequence(9) } };
    const chunk = factChunk({ feed: feedId('civil-affairs/low-income-register'), rows: [], deleted });
    const entry = factChunk({ feed: feedId('public-security/household-registration'), rows: [factRow({ area: YIYANG })] });
    const placings = placingsOf(foldFacts([chunk, entry], catalog), [chunk, entry]);
    expect(area(...placings)).toBe(YIYANG);
    expect(area(...placingsOf([], [chunk]))).toBe(LUONING);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays } from '../../../shared/calendar/plain-date.ts';
import type { FeedId } from '../../../shared/catalog/feed.ts';
import type { Coverage } from '../../../shared/facts/coverage.ts';
import type { Fact } from '../../../shared/facts/fact.ts';
import { assess } from '../../../shared/scoring/assess.ts';
import type { Assessment } from '../../../shared/scoring/assessment.ts';
import type { CompiledPack } from '../../../shared/scoring/compile.ts';
import {
  AS_OF,
  CHRONIC,
  coverageUpTo,
  DISABILITY,
  DISASTER,
  ENROLMENT,
  entryPacks,
  fact,
  HOUSING,
  household,
  INPATIENT,
  MOTHER,
  member,
  SON,
  TUITION,
  UNEMPLOYMENT,
} from './household-builder.ts';

const packs = entryPacks();
const COVERAGE = coverageUpTo(AS_OF);

const amount = fc.integer({ min: 1, max: 6_000_000 });
const stage = fc.constantFrom('primary', 'junior', 'senior', 'undergraduate');
const fields: readonly [string, fc.Arbitrary<Record<string, string | number>>][] = [
  [INPATIENT, fc.record({ selfPaid: amount })],
  [CHRONIC, fc.record({ selfPaid: amount })],
  [TUITION, fc.record({ tuition: amount, lodging: amount, aidAmount: amount })],
  [
    DISABILITY,
    fc.record({ disabilityLevel: fc.integer({ min: 1, max: 4 }), certificateStatus: fc.constantFrom('valid', 'cancelled') }),
  ],
  [DISASTER, fc.record({ lossAmount: amount, houseDamage: fc.constantFrom('collapsed', 'general') })],
  [HOUSING, fc.record({ dangerLevel: fc.constantFrom('A', 'B', 'C', 'D') })],
  [UNEMPLOYMENT, fc.record({ monthlyBenefit: amount })],
  // Only the latest list: who is on an older one is the subject of its own test.
  [ENROLMENT, fc.record({ stage })],
];

const anyFact: fc.Arbitrary<Fact> = fc
  .tuple(
    fc.constantFrom(...fields),
    fc.integer({ min: 0, max: 500 }),
    fc.constantFrom(MOTHER, SON),
    fc.integer({ min: 2, max: 9_999 }),
  )
  .chain(([[feed, value], ago, person, row]) =>
    value.map((it) =>
      feed === ENROLMENT
        ? fact(feed, '2024-03-31', it, { person, row, period: '2024-03' })
        : fact(feed, addDays(AS_OF, -ago), it, { person, row }),
    ),
  );
const someFacts = fc.array(anyFact, { maxLength: 8 });
// Drawn by name, so that a counterexample names the pack instead of printing it.
const anyPack = fc.constantFrom(...packs.keys());
/** Without a residence known, no pack that asks for one is certain of anything. */
const residence = fc.constantFrom<Readonly<Record<string, string>>>({ residence: 'urban' }, { residence: 'rural' }, {});
const members = residence.map((attributes) => [
  member(MOTHER, '1953-06-01', { attributes }),
  member(SON, '1976-02-01', { head: true, relation: 'head' }),
]);
const category = fc.constantFrom('none' as const, 'near-poor' as const, 'minimum-living-allowance' as const);

function packOf(name: string): CompiledPack {
  const pack = packs.get(name);
  if (pack === undefined) throw new Error(`no pack ${name}`);
  return pack;
}

function rankOf(grade: Assessment['grade']): number {
  return grade === null ? Number.POSITIVE_INFINITY : grade.rank;
}

function without(coverage: Coverage, feeds: readonly string[]): Coverage {
  return new Map([...coverage].filter(([feed]) => !feeds.includes(feed)));
}

describe('assessing', () => {
  it('gives the same bytes for the same household whatever the order of its facts', () => {
    fc.assert(
      fc.property(anyPack, category, members, someFacts, fc.infiniteStream(fc.nat()), (pack, of, people, facts, keys) => {
        const shuffled = facts
          .map((it) => ({ it, key: keys.next().value ?? 0 }))
          .sort((a, b) => a.key - b.key)
          .map(({ it }) => it);
        const first = assess(packOf(pack), household(facts, { category: of, members: people, coverage: COVERAGE }));
        // A stranger in between must leave nothing behind in the working memory.
        assess(packOf(pack), household([fact(INPATIENT, '2024-03-01', { selfPaid: 7_777_777 })], { coverage: new Map() }));
        const second = assess(packOf(pack), household(shuffled, { category: of, members: people, coverage: COVERAGE }));
        expect(JSON.stringify(second)).toBe(JSON.stringify(first));
      }),
    );
  });

  it('never gives fewer points or a lower grade for one more fact', () => {
    fc.assert(
      fc.property(anyPack, category, members, someFacts, anyFact, (pack, of, people, facts, more) => {
        const before = assess(packOf(pack), household(facts, { category: of, members: people, coverage: COVERAGE }));
        const after = assess(packOf(pack), household([...facts, more], { category: of, members: people, coverage: COVERAGE }));
        expect(after.points.low).toBeGreaterThanOrEqual(before.points.low);
        expect(after.points.high).toBeGreaterThanOrEqual(before.points.high);
        expect(rankOf(after.grade)).toBeLessThanOrEqual(rankOf(before.grade));
      }),
    );
  });

  it('only widens the interval and never lowers the grade when a feed goes missing', () => {
    fc.assert(
      fc.property(
        anyPack,
        category,
        members,
        someFacts,
        fc.subarray(fields.map(([feed]) => feed)),
        (pack, of, people, facts, gone) => {
          const whole = assess(packOf(pack), household(facts, { category: of, members: people, coverage: COVERAGE }));
          const partly = assess(
            packOf(pack),
            household(facts, { category: of, members: people, coverage: without(COVERAGE, gone) }),
          );
          expect(partly.points.low).toBeLessThanOrEqual(whole.points.low);
          expect(partly.points.high).toBeGreaterThanOrEqual(whole.points.high);
          expect(rankOf(partly.grade)).toBeLessThanOrEqual(rankOf(whole.grade));
          expect(rankOf(partly.possibleGrade)).toBeLessThanOrEqual(rankOf(whole.possibleGrade));
          expect(partly.completeness).toBeLessThanOrEqual(whole.completeness);
          partly.results.forEach((result, i) => {
            const known = whole.results[i];
            expect(result.points.low).toBeLessThanOrEqual(known?.points.low ?? 0);
            expect(result.points.high).toBeGreaterThanOrEqual(known?.points.high ?? 0);
            if (result.result === 'unknown' && known?.result !== 'unknown') expect(result.missing.length).toBeGreaterThan(0);
          });
        },
      ),
    );
  });

  it('adds the points of its results, and backs every hit with rows of the household', () => {
    fc.assert(
      fc.property(anyPack, someFacts, fc.boolean(), (pack, facts, fresh) => {
        const coverage = fresh ? COVERAGE : without(COVERAGE, [INPATIENT, HOUSING] satisfies string[] as FeedId[]);
        const answer = assess(packOf(pack), household(facts, { coverage }));
        expect(answer.points.low).toBe(answer.results.reduce((sum, it) => sum + it.points.low, 0));
        expect(answer.points.high).toBe(answer.results.reduce((sum, it) => sum + it.points.high, 0));
        for (const result of answer.results) {
          if (result.result === 'hit') expect(result.evidence.length).toBeGreaterThan(0);
          if (result.unit === 'fen' && result.evidence.length > 0) {
            expect(result.evidence.every((it) => facts.some((one) => one.file === it.file && one.row === it.row))).toBe(true);
          }
          const dates = result.evidence.map((it) => it.date);
          expect(dates).toEqual(dates.toSorted());
        }
      }),
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays } from '../../../shared/calendar/plain-date.ts';
import type { Fact } from '../../../shared/facts/fact.ts';
import { assess } from '../../../shared/scoring/assess.ts';
import type { Assessment, IndicatorResult } from '../../../shared/scoring/assessment.ts';
import { explainAssessment } from '../../../shared/scoring/explain.ts';
import {
  AS_OF,
  CHRONIC,
  coverageUpTo,
  DISASTER,
  entryPacks,
  fact,
  HOUSING,
  household,
  INPATIENT,
  MOTHER,
  member,
  SON,
  TUITION,
} from './household-builder.ts';

const packs = entryPacks();
const COVERAGE = coverageUpTo(AS_OF);

/** Sums near the lines as well as far from them. */
const amount = fc.oneof(fc.integer({ min: 1, max: 6_000_000 }), fc.constantFrom(499_999, 500_000, 500_001, 1_000_000, 3_000_000));
const feeds: readonly [string, fc.Arbitrary<Fact['fields']>][] = [
  [INPATIENT, fc.record({ selfPaid: amount })],
  [CHRONIC, fc.record({ selfPaid: amount })],
  [TUITION, fc.record({ tuition: amount, lodging: amount, aidAmount: amount })],
  [DISASTER, fc.record({ lossAmount: amount, reliefAmount: amount, houseDamage: fc.constantFrom('collapsed', 'general') })],
  [HOUSING, fc.record({ dangerLevel: fc.constantFrom('A', 'C', 'D') })],
];
const facts = fc
  .array(fc.tuple(fc.constantFrom(...feeds), fc.integer({ min: 0, max: 400 }), fc.constantFrom(MOTHER, SON)), { maxLength: 6 })
  .chain((drawn) =>
    fc.tuple(
      ...drawn.map(([[feed, fields], ago, person], i) =>
        fields.map((it) => fact(feed, addDays(AS_OF, -ago), it, { person, row: i + 2 })),
      ),
    ),
  );
const anyPack = fc.constantFrom(...packs.keys());
const category = fc.constantFrom('none' as const, 'minimum-living-allowance' as const);

function answer(pack: string, of: typeof category extends fc.Arbitrary<infer C> ? C : never, all: readonly Fact[]) {
  const compiled = packs.get(pack);
  if (compiled === undefined) throw new Error(`no pack ${pack}`);
  const members = [
    member(MOTHER, '1953-06-01', { attributes: { residence: 'urban' } }),
    member(SON, '1976-02-01', { head: true }),
  ];
  const assessment = assess(compiled, household([...all], { category: of, members, coverage: COVERAGE }));
  return { compiled, assessment, changes: explainAssessment(compiled, assessment).changes.map(({ zh }) => zh) };
}

function resultOf(assessment: Assessment, id: string): IndicatorResult {
  const result = assessment.results.find(({ indicator }) => indicator === id);
  if (result === undefined) throw new Error(`no result ${id}`);
  return result;
}

/** The fen that a sentence names. */
function fenIn(text: string): number {
  return Math.round(Number((/([\d,]+\.\d\d)元/.exec(text)?.[1] ?? '').replaceAll(',', '')) * 100);
}

const COUNTED: Readonly<Record<string, string>> = { [TUITION]: 'tuition', [DISASTER]: 'lossAmount' };

/** One more of what the result rests on, of the same person and day, for the day may be over in which it counts; or less of it. */
function more(result: IndicatorResult, fen: number): Fact {
  const [row] = result.evidence;
  if (row === undefined) throw new Error(`${result.indicator} rests on nothing`);
  const changes = fen < 0 ? { cameBack: 'of-unnamed' as const } : {};
  return fact(row.feed, row.date, { [COUNTED[row.feed] ?? 'selfPaid']: fen }, { person: row.person, row: 900, ...changes });
}

describe('what an explanation says', () => {
  it('names sums and counts that its rows come to', () => {
    fc.assert(
      fc.property(anyPack, category, facts, (pack, of, all) => {
        for (const { value, unit, evidence } of answer(pack, of, all).assessment.results) {
          if (value === null || evidence.length === 0) continue;
          if (unit === 'fen') expect(evidence.reduce((sum, row) => sum + (row.amount ?? 0), 0)).toBe(value);
          if (unit === 'count') expect(evidence).toHaveLength(value);
        }
      }),
    );
  });

  it('is right about the refund that takes a trigger back, to the fen', () => {
    fc.assert(
      fc.property(anyPack, category, facts, (pack, of, all) => {
        const { compiled, assessment, changes } = answer(pack, of, all);
        for (const { id, title } of compiled.pack.indicators) {
          const text = changes.find((it) => it.startsWith(`${title.zh}如因退费`));
          if (text === undefined) continue;
          const result = resultOf(assessment, id);
          const less = (fen: number) => resultOf(answer(pack, of, [...all, more(result, -fen)]).assessment, id).trigger;
          expect(less(fenIn(text)), text).toBeUndefined();
          if (fenIn(text) > 1) expect(less(fenIn(text) - 1), text).toBeDefined();
        }
      }),
    );
  });

  it('is right about what one more bill would do, to the fen', () => {
    fc.assert(
      fc.property(anyPack, category, facts, (pack, of, all) => {
        const { compiled, assessment, changes } = answer(pack, of, all);
        for (const { id, title, measure } of compiled.pack.indicators) {
          const text = changes.find((it) => it.startsWith(`${title.zh}再增加`) && it.includes('元'));
          if (text === undefined) continue;
          const result = resultOf(assessment, id);
          const fen = fenIn(text);
          // The highest bill grows by being higher itself.
          const whole = 'max' in measure ? (result.value ?? 0) : 0;
          const grown = (by: number) => resultOf(answer(pack, of, [...all, more(result, whole + by)]).assessment, id);
          const points = /计(\d+)分/.exec(text)?.[1];
          if (points === undefined) {
            expect(grown(fen).trigger, text).toBeDefined();
            expect(grown(fen - 1).trigger, text).toBe(result.trigger);
          } else {
            expect(grown(fen).points.low, text).toBe(Number(points));
            expect(grown(fen - 1).points.low, text).toBe(result.points.low);
          }
        }
      }),
    );
  });
});

import { describe, expect, it } from 'vitest';
import type { PersonKey } from '../../../shared/facts/fact.ts';
import { assess } from '../../../shared/scoring/assess.ts';
import type { Assessment } from '../../../shared/scoring/assessment.ts';
import { decideWarning } from '../../../shared/warnings/decide-warning.ts';
import type { Standing, Warning } from '../../../shared/warnings/warning.ts';
import { instant } from '../../builders/facts.ts';
import { standing } from '../../builders/standings.ts';
import { coverageUpTo, day, fact, household, MOTHER, member, resultOf, shippedCompiled } from './household-builder.ts';

const jiangxi = shippedCompiled('jiangxi-newborn-enrolment');
const BIRTH = 'health/birth-certificate';
const ENROLLED = 'medical-insurance/enrolment';
const CHILD = '2c'.repeat(16) as PersonKey;

const enrolled = (person: PersonKey, month: string) =>
  fact(ENROLLED, `${month}-28`, { scheme: 'resident' }, { person, period: month });

/** Mother and a child born on a day, with a birth certificate; the mother is insured. */
function family(born: string, asOf: string, more: Parameters<typeof household>[0] = [], except: readonly string[] = []) {
  const on = day(asOf);
  const month = coverageMonth(asOf);
  return household([fact(BIRTH, born, { bornOn: born }, { person: CHILD, row: 2 }), enrolled(MOTHER, month), ...more], {
    area: '360602001',
    asOf: on,
    members: [member(MOTHER, '1996-05-02', { head: true, relation: 'head' }), member(CHILD, born, { relation: 'child' })],
    coverage: coverageUpTo(on, except),
  });
}

function coverageMonth(asOf: string): string {
  const [year, month] = [Number(asOf.slice(0, 4)), Number(asOf.slice(5, 7))];
  return month === 1 ? `${year - 1}-12` : `${year}-${String(month - 1).padStart(2, '0')}`;
}

function result(assessment: Assessment) {
  return resultOf(assessment, 'newborn-not-enrolled');
}

describe('a newborn in Jiangxi', () => {
  it('born on 2024-01-01 and on no enrolment list is a task, with the birth certificate as its evidence', () => {
    const answer = assess(jiangxi, family('2024-01-01', '2024-03-12'));
    expect(answer.family).toBe('entitlement');
    expect(answer.grade).toMatchObject({ id: 'task', rank: 3 });
    expect(result(answer).evidence.map(({ feed, person }) => [feed, person])).toEqual([[BIRTH, CHILD]]);
  });

  it('born on 2023-12-31 is none', () => {
    const answer = assess(jiangxi, family('2023-12-31', '2024-03-12'));
    expect([answer.grade, answer.possibleGrade]).toEqual([null, null]);
    expect(result(answer).excluded).toBe(true);
  });

  it('has until the end of the third calendar year counting that of the birth', () => {
    expect(assess(jiangxi, family('2024-12-31', '2026-12-31')).grade?.id).toBe('task');
    expect(assess(jiangxi, family('2024-01-01', '2026-12-31')).grade?.id).toBe('task');
    expect(assess(jiangxi, family('2024-12-31', '2027-01-01')).possibleGrade).toBeNull();
  });

  it('on the latest list is no task', () => {
    const answer = assess(jiangxi, family('2024-01-20', '2024-03-12', [enrolled(CHILD, '2024-02')]));
    expect([answer.grade, answer.possibleGrade]).toEqual([null, null]);
  });

  it('is left open while the enrolment list is late', () => {
    const answer = assess(jiangxi, family('2024-01-20', '2024-03-12', [], [ENROLLED]));
    expect([answer.grade, answer.possibleGrade?.id]).toEqual([null, 'task']);
    expect(result(answer)).toMatchObject({ result: 'unknown', missing: [ENROLLED] });
  });

  it('is left open while the latest list is of a time before the birth', () => {
    const answer = assess(jiangxi, family('2024-03-05', '2024-03-12'));
    expect([answer.grade, answer.possibleGrade?.id]).toEqual([null, 'task']);
    expect(assess(jiangxi, family('2024-03-05', '2024-04-12')).grade?.id).toBe('task');
  });

  it('is told apart from a brother who is insured', () => {
    const brother = '3d'.repeat(16) as PersonKey;
    const input = family('2024-01-20', '2024-03-12', [
      fact(BIRTH, '2024-01-20', { bornOn: '2024-01-20' }, { person: brother }),
      enrolled(brother, '2024-02'),
    ]);
    const twins = { ...input, members: [...input.members, member(brother, '2024-01-20', { relation: 'child' })] };
    expect(assess(jiangxi, twins).grade?.id).toBe('task');
  });
});

describe('the task of enrolling a newborn', () => {
  const opening = assess(jiangxi, family('2024-01-20', '2024-03-12'));
  const opened = decideWarning(undefined, { now: opening, backThen: undefined, emptied: undefined }, instant())
    ?.warning as Warning;
  const open: Standing = standing(1, 1, { family: 'entitlement', warning: opened });
  const decide = (now: Assessment, backThen: Assessment = opening) =>
    decideWarning(open, { now, backThen, emptied: undefined }, instant(9));

  it('is opened once and stays while nothing changes', () => {
    expect(opened).toMatchObject({ family: 'entitlement', status: 'open', grade: { id: 'task' } });
    expect(decide(assess(jiangxi, family('2024-01-20', '2024-04-12')))).toBeUndefined();
  });

  it('closes itself when the next list shows the child', () => {
    const now = assess(jiangxi, family('2024-01-20', '2024-04-12', [enrolled(CHILD, '2024-03')]));
    const decision = decide(now);
    expect(decision).toMatchObject({
      change: 'withdrawn',
      warning: { id: opened.id, status: 'withdrawn', withdrawal: 'entitlement-delivered' },
    });
    expect(decision?.warning.reasons).toEqual(now.results);
  });

  it('stays open while the next list is late', () => {
    expect(decide(assess(jiangxi, family('2024-01-20', '2024-05-12', [], [ENROLLED])))).toBeUndefined();
  });

  it('is not called delivered when the years are over, nor when the birth turns out to be of 2023', () => {
    expect(decide(assess(jiangxi, family('2024-01-20', '2027-01-04')))?.warning.withdrawal).toBe('entitlement-lapsed');
    const corrected = (asOf: string) => assess(jiangxi, family('2023-12-31', asOf));
    expect(decide(corrected('2024-04-12'), corrected('2024-03-12'))?.warning.withdrawal).toBe('reason-taken-back');
  });

  it('comes back under its id when a later list has lost the child', () => {
    const delivered = decide(assess(jiangxi, family('2024-01-20', '2024-04-12', [enrolled(CHILD, '2024-03')])));
    const closed: Standing = { ...open, warning: delivered?.warning as Warning };
    const lost = assess(jiangxi, family('2024-01-20', '2024-05-12', [enrolled(CHILD, '2024-03')]));
    expect(decideWarning(closed, { now: lost, backThen: undefined, emptied: undefined }, instant(20))).toMatchObject({
      change: 'reopened',
      warning: { id: opened.id, status: 'open' },
    });
  });
});

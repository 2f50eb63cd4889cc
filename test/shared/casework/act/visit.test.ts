import { describe, expect, it } from 'vitest';
import { act } from '../../../../shared/casework/act.ts';
import { acted, action, change, refusal, visitForm } from '../../../builders/acting.ts';
import { by, testRules } from '../../../builders/case-rules.ts';
import { aCase } from '../../../builders/cases.ts';
import { URGENT } from '../../../builders/standings.ts';

const visited = (form: Readonly<Record<string, unknown>> = {}, found = aCase(1)) =>
  acted(found, visitForm(form), by(['coordinator']));

describe('recording a visit', () => {
  it('takes a visit without need with three answers: truth, means, no help needed', () => {
    const found = visited({ truth: 'T1', means: 'telephone', proposed: ['A0'], investigators: ['王芳'] });
    expect(found.stage).toBe('review');
    expect(found.visits[0]).toMatchObject({ truth: 'T1', means: 'telephone', proposed: ['A0'], by: 'coordinator-1', round: 0 });
  });

  it('stops the visit clock and starts the one of the review', () => {
    const clocks = [testRules.clocks.start('visit', aCase(1), by(['coordinator']).now)];
    const found = visited({}, aCase(1, { clocks }));
    expect(found.clocks.map(({ step, stoppedAt }) => [step, stoppedAt !== undefined])).toEqual([
      ['visit', true],
      ['review', false],
    ]);
  });

  it('hands the case of a village coordinator on to the pool of the township', () => {
    const at = by(['coordinator']).now;
    const assignment = { user: 'coordinator-1', level: 'village', area: '410102001203', at, by: 'system' } as const;
    const found = visited({}, aCase(1, { area: '410102001203', assignment }));
    expect(found.assignment).toEqual({ level: 'township', area: '410102001', at, by: 'system' });
  });

  it.each(['T3', 'T4', 'T5', 'T6'])('refuses a finding of %s with help, naming both codes', (truth) => {
    const told = refusal(aCase(1), visitForm({ truth, proposed: ['A6'] }), by(['coordinator']));
    expect(told.code).toBe('truth-contradicts');
    expect(told.text.zh).toContain(truth);
    expect(told.text.zh).toContain('A6');
    expect(told.text.en).toContain(`${truth} (`);
  });

  it.each([
    [
      ['A0', 'A2'],
      ['A0', 'A2'],
    ],
    [
      ['A11', 'A0'],
      ['A0', 'A11'],
    ],
    [
      ['A13', 'A14'],
      ['A13', 'A14'],
    ],
  ])('refuses actions that exclude each other: %s', (proposed, named) => {
    const told = refusal(aCase(1), visitForm({ proposed }), by(['coordinator']));
    expect(told.code).toBe('codes-contradict');
    for (const code of named) expect(told.text.zh).toContain(code);
  });

  it('takes a finding of wrong data with a stop of payment to be checked', () => {
    expect(visited({ truth: 'T4', proposed: ['A14'] }).stage).toBe('review');
  });

  it.each(['A2', 'A3', 'A4', 'A5'])('wants two investigators for the recognition %s', (code) => {
    const told = refusal(aCase(1), visitForm({ proposed: [code], investigators: ['王芳', ' 王 芳'] }), by(['coordinator']));
    expect(told).toMatchObject({ code: 'two-investigators', text: { zh: expect.stringContaining('第十六条') } });
    expect(visited({ proposed: [code] }).stage).toBe('review');
  });

  it('wants to know what is proposed when the finding is true', () => {
    expect(refusal(aCase(1), visitForm({ proposed: [] }), by(['coordinator'])).code).toBe('proposal-of-visit-missing');
    expect(visited({ truth: 'T7', proposed: [] }).stage).toBe('review');
  });

  it.each(['0000-01-01T00:00:00Z', '1970-01-01T00:03:00Z', '2024-02-20T09:00:00Z'])(
    'refuses a visit dated long before its case, as by a phone that lost its time: %s',
    (visitedAt) => {
      const told = refusal(aCase(1), visitForm({ visitedAt }), by(['coordinator']));
      expect(told).toMatchObject({
        code: 'visit-before-case',
        text: { zh: expect.stringContaining('手机时间'), en: expect.stringContaining('2024-04-01') },
      });
    },
  );

  it('takes a visit made in the weeks before its case: who found the family in need may report it afterwards', () => {
    expect(visited({ visitedAt: '2024-03-15T09:00:00Z' }).visits).toHaveLength(1);
  });

  it('takes as many days before its case as the area says', () => {
    const rules = { ...testRules, daysBeforeCase: () => 10 };
    const early = visitForm({ visitedAt: '2024-03-15T09:00:00Z' });
    const told = refusal(aCase(1), early, by(['coordinator'], { rules }));
    expect(told).toMatchObject({ code: 'visit-before-case', text: { zh: expect.stringContaining('早10天以上') } });
  });

  it('refuses a visit that lies in the future, but not one a phone’s clock is minutes ahead of', () => {
    expect(refusal(aCase(1), visitForm({ visitedAt: '2024-04-02T09:00:00Z' }), by(['coordinator'])).code).toBe(
      'visit-from-the-future',
    );
    expect(visited({ visitedAt: '2024-04-01T12:05:00Z' }).visits).toHaveLength(1);
  });

  it('raises the grade when the visit found it more urgent', () => {
    expect(visited({ raisesGrade: true }).grade).toEqual(URGENT);
  });

  it('takes a visit sent twice as one', () => {
    const form = visitForm();
    const once = acted(aCase(1), form, by(['coordinator']));
    expect(act(once, action(form), by(['coordinator'])).kind).toBe('already');
  });

  it('keeps both of two visits that contradict each other, and marks each', () => {
    const first = visited({ truth: 'T1' });
    const both = acted(first, visitForm({ truth: 'T5', proposed: ['A0'] }), by(['coordinator'], { id: 'other' }));
    const [one, two] = both.visits;
    expect(one?.conflictsWith).toEqual([two?.id]);
    expect(two?.conflictsWith).toEqual([one?.id]);
    expect(both.stage).toBe('review');
  });

  it('keeps a visit for a closed case, marked late, and moves nothing', () => {
    const closed = acted(visited(), { action: 'close', outcome: 'not-in-need' }, by(['caseworker']));
    const made = change(closed, visitForm({ truth: 'T5', proposed: ['A0'] }), by(['coordinator']));
    expect(made.case.stage).toBe('closed');
    expect(made.case.outcome).toEqual(closed.outcome);
    expect(made.case.visits.at(-1)).toMatchObject({ late: true });
    expect(made.case.visits[0]?.conflictsWith).toBeUndefined();
    expect(made.case.history.at(-1)).toMatchObject({ what: 'record-visit', codes: { late: true } });
  });

  it('keeps a visit that comes in while departments work, without moving the case', () => {
    const found = visited({}, aCase(1, { stage: 'referral' }));
    expect([found.stage, found.visits.length]).toEqual(['referral', 1]);
  });
});

describe('choosing between visits', () => {
  const first = visited({ truth: 'T1' });
  const both = acted(first, visitForm({ truth: 'T5', proposed: ['A0'] }), by(['coordinator'], { id: 'other' }));
  const [one] = both.visits;
  const noNeed = { action: 'decide', kind: 'no-need', outcome: 'moved' };

  it('comes before any decision but calling a conference', () => {
    expect(refusal(both, noNeed, by(['caseworker'])).code).toBe('choose-visit-first');
    expect(refusal(both, { action: 'close', outcome: 'moved' }, by(['caseworker'])).code).toBe('choose-visit-first');
    expect(acted(both, { action: 'decide', kind: 'conference' }, by(['caseworker'])).stage).toBe('conference');
  });

  it('lets the decision follow and keeps both visits', () => {
    const chosen = acted(both, { action: 'choose-visit', visit: one?.id, note: '两人再次入户核实' }, by(['caseworker']));
    expect(chosen.visits.map(({ chosen: choice }) => choice?.by)).toEqual(['caseworker-1', undefined]);
    expect(acted(chosen, noNeed, by(['caseworker'])).stage).toBe('closed');
  });

  it('must be made again when another visit contradicts the one chosen', () => {
    const chosen = acted(both, { action: 'choose-visit', visit: one?.id, note: '核实' }, by(['caseworker']));
    const later = by(['coordinator'], {
      now: new Date(Date.parse(chosen.changedAt) + 60_000).toISOString() as typeof chosen.changedAt,
    });
    const third = acted(chosen, visitForm({ truth: 'T6', proposed: ['A0'] }), later);
    expect(refusal(third, noNeed, by(['caseworker'])).code).toBe('choose-visit-first');
  });

  it('is refused where visits agree or the visit is not of this round', () => {
    const asked = { action: 'choose-visit', visit: first.visits[0]?.id, note: '核实' };
    expect(refusal(first, asked, by(['caseworker'])).code).toBe('visits-agree');
    expect(refusal(both, { ...asked, visit: crypto.randomUUID() }, by(['caseworker'])).code).toBe('no-such-visit');
  });
});

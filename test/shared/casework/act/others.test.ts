import { describe, expect, it } from 'vitest';
import type { Instant, PlainDate } from '../../../../shared/calendar/plain-date.ts';
import { act } from '../../../../shared/casework/act.ts';
import { SentAction } from '../../../../shared/casework/actions.ts';
import type { Case } from '../../../../shared/casework/case.ts';
import { acted, action, change, refusal, visitForm, withPaper } from '../../../builders/acting.ts';
import { by, plainClocks } from '../../../builders/case-rules.ts';
import { aCase, referral, staffMember } from '../../../builders/cases.ts';
import { instant } from '../../../builders/facts.ts';
import { URGENT } from '../../../builders/standings.ts';

const held = (user: string) =>
  aCase(1, { assignment: { user, level: 'village', area: '410102001203', at: instant(), by: 'system' } });
const clocked = (changes: Partial<Case> = {}) =>
  aCase(1, { clocks: [plainClocks.start('visit', aCase(1), instant())], ...changes });

describe('assigning', () => {
  it('lets a worker claim a case from the pool, once', () => {
    const found = acted(aCase(1), { action: 'claim' }, by(['coordinator']));
    expect(found.assignment).toMatchObject({ user: 'coordinator-1', level: 'village' });
    expect(act(found, action({ action: 'claim' }), by(['coordinator'])).kind).toBe('already');
  });

  it('keeps two people from one case, saying since when it is taken', () => {
    expect(refusal(held('王芳'), { action: 'claim' }, by(['coordinator']))).toMatchObject({
      code: 'worker-has-it',
      text: { zh: expect.stringContaining('2024-04-01'), en: expect.stringContaining('2024-04-01') },
    });
  });

  it('wants a reason to take it from somebody, and none the first time', () => {
    const assignee = staffMember('li');
    const asked = { action: 'assign', to: 'li' };
    expect(acted(aCase(1), asked, by(['caseworker'], { assignee })).assignment).toMatchObject({ user: 'li', level: 'village' });
    expect(refusal(held('wang'), asked, by(['caseworker'], { assignee })).code).toBe('reason-missing');
    const found = acted(held('wang'), { ...asked, reason: 'absence' }, by(['caseworker'], { assignee }));
    expect(found.assignment).toMatchObject({ user: 'li', reason: 'absence', by: 'caseworker-1' });
  });

  it('gives to nobody the directory does not have for the case', () => {
    expect(refusal(aCase(1), { action: 'assign', to: 'nobody' }, by(['caseworker'])).code).toBe('no-such-worker');
  });

  it('returns to the pool of the township; a coordinator only what they have', () => {
    const back = { action: 'return-to-pool', reason: 'conflict-of-interest' };
    expect(acted(held('coordinator-1'), back, by(['coordinator'])).assignment).toEqual({
      level: 'township',
      area: '410102001',
      at: instant(),
      by: 'coordinator-1',
      reason: 'conflict-of-interest',
    });
    expect(refusal(held('another'), back, by(['coordinator'])).code).toBe('not-your-case');
  });
});

describe('giving a case to somebody who is away', () => {
  it('is refused with until when, and who covers', () => {
    const absences = [{ from: '2024-03-25' as PlainDate, to: '2024-04-03' as PlainDate, cover: 'wu' }];
    const context = by(['caseworker'], { assignee: staffMember('li', { absences }) });
    expect(refusal(aCase(1), { action: 'assign', to: 'li' }, context)).toMatchObject({
      code: 'worker-away',
      text: { zh: '此人请假至 2024-04-03，由 wu 代班。请改派给在岗人员。', en: expect.stringContaining('wu covers') },
    });
    const back = { ...context, now: '2024-04-03T16:00:00.000Z' as Instant };
    expect(acted(aCase(1), { action: 'assign', to: 'li' }, back).assignment?.user).toBe('li');
  });
});

describe('a request key', () => {
  const context = by(['caseworker']);

  it('is of one action: other words under it are refused, since answered as done already they would be lost', () => {
    const found = acted(aCase(1), { action: 'comment', note: '已电话联系' }, context);
    expect(refusal(found, { action: 'comment', note: '约定周五入户' }, context).code).toBe('request-key-reused');
    expect(act(found, action({ action: 'comment', note: '已电话联系' }), context).kind).toBe('already');
  });

  it('is of one visit and one decision: another finding or choice under it is refused', () => {
    const visited = acted(aCase(1), visitForm({ truth: 'T1' }), context);
    expect(refusal(visited, visitForm({ truth: 'T5', proposed: [] }), context).code).toBe('request-key-reused');
    const decider = by(['caseworker']);
    const closed = acted(visited, { action: 'decide', kind: 'no-need', outcome: 'policy-explained', actions: ['A1'] }, decider);
    const other = { action: 'decide', kind: 'no-need', outcome: 'not-in-need', actions: ['A1'] };
    expect(refusal(closed, other, decider).code).toBe('request-key-reused');
  });

  it('is of one assignment: another worker under it is refused', () => {
    const found = acted(aCase(1), { action: 'assign', to: 'li' }, { ...context, assignee: staffMember('li') });
    const other = { action: 'assign', to: 'wu', reason: 'workload' };
    expect(refusal(found, other, { ...context, assignee: staffMember('wu') }).code).toBe('request-key-reused');
  });
});

describe('dates people send', () => {
  it.each(['0000-01-01', '1999-12-31', '9999-12-31', '2024-02-30'])(
    'are days of the years the platform counts in: not %s',
    (date) => {
      const aid = { measure: 'temporary-aid', department: 'civil-affairs', amount: 500_00, rhythm: 'once', date };
      expect(SentAction.safeParse({ action: 'record-aid', aid }).success).toBe(false);
      expect(SentAction.safeParse({ action: 'decide', kind: 'observe', until: date }).success).toBe(false);
    },
  );
});

describe('proposals of the desk check', () => {
  const proposals = (['dead', 'refunded'] as const).map((code) => ({ code, text: { zh: '依据', en: 'because' }, evidence: [] }));
  const checked = aCase(1, { stage: 'desk-check', proposals });

  it('close the case when a person confirms one, with the outcome it stands for', () => {
    const found = acted(checked, { action: 'answer-proposal', index: 0, accepted: true }, by(['caseworker']));
    expect(found).toMatchObject({ stage: 'closed', outcome: { code: 'dead' } });
  });

  it('give way to the visit when every one is dismissed', () => {
    const one = acted(checked, { action: 'answer-proposal', index: 0, accepted: false }, by(['caseworker']));
    expect(one.stage).toBe('desk-check');
    expect(acted(one, { action: 'answer-proposal', index: 1, accepted: false }, by(['caseworker'])).stage).toBe('visit');
  });

  it('are answered once: the same again is done already, another answer is refused', () => {
    const one = acted(checked, { action: 'answer-proposal', index: 0, accepted: false }, by(['caseworker']));
    expect(act(one, action({ action: 'answer-proposal', index: 0, accepted: false }), by(['caseworker'])).kind).toBe('already');
    expect(refusal(one, { action: 'answer-proposal', index: 0, accepted: true }, by(['caseworker'])).code).toBe(
      'proposal-answered',
    );
    expect(refusal(one, { action: 'answer-proposal', index: 7, accepted: true }, by(['caseworker'])).code).toBe(
      'no-such-proposal',
    );
  });

  it('cannot close a case while departments work on it', () => {
    const asked = { action: 'answer-proposal', index: 0, accepted: true };
    expect(refusal({ ...checked, stage: 'referral' }, asked, by(['caseworker'])).code).toBe('not-in-this-stage');
  });
});

describe('clocks', () => {
  it('stand still for a coded reason and run on with what was left', () => {
    const paused = acted(clocked(), { action: 'pause-clock', step: 'visit', reason: 'in-hospital' }, by(['caseworker']));
    expect(paused.clocks[0]?.paused).toEqual({ at: instant(), reason: 'in-hospital' });
    const resume = { action: 'resume-clock', step: 'visit' };
    const resumed = acted(paused, resume, by(['caseworker'], { now: instant(1440) }));
    expect(resumed.clocks[0]).toMatchObject({ redAt: '2024-04-12T12:00:00.000Z' });
    expect(refusal(resumed, resume, by(['caseworker'])).code).toBe('clock-not-paused');
    expect(refusal(clocked(), { action: 'pause-clock', step: 'papers', reason: 'disaster' }, by(['caseworker']))).toMatchObject({
      code: 'no-such-clock',
      text: { zh: expect.stringContaining('正在计时（step、referral）：visit。') },
    });
  });

  it('are begun anew when the grade is raised, never to end later than before', () => {
    const found = acted(clocked(), { action: 'raise-grade', note: '断水断粮' }, by(['coordinator']));
    expect(found.grade).toEqual(URGENT);
    expect(found.clocks.map(({ redAt, stoppedAt }) => [redAt, stoppedAt])).toEqual([
      ['2024-04-11T12:00:00.000Z', instant()],
      ['2024-04-03T12:00:00.000Z', undefined],
    ]);
    const late = acted(clocked(), { action: 'raise-grade', note: '急' }, by(['coordinator'], { now: instant(9 * 1440) }));
    expect(late.clocks.map(({ redAt }) => redAt)).toEqual(['2024-04-11T12:00:00.000Z']);
  });
});

describe('an application', () => {
  const unsigned = aCase(1, {
    stage: 'review',
    source: 'application',
    application: { channel: 'cadre', needs: ['medical'], measures: ['minimum-living-allowance'], statement: '女儿患白血病' },
  });
  const { found: applied, paper: signature } = withPaper(unsigned, by(['coordinator']), 'c', 'signature');
  const waived = [{ code: 'income-proof', title: { zh: '收入证明', en: 'proof of income' } }];
  const sign = { action: 'sign-commitment', signature, waived, declared: { vehicles: 0, deposits: 12_000_00 } };

  it('takes the signed commitment with every proof it replaces', () => {
    const found = acted(applied, sign, by(['caseworker']));
    expect(found.application?.commitment).toMatchObject({ signature: 'c'.repeat(64), waived });
    expect(act(found, action(sign), by(['caseworker'])).kind).toBe('already');
    expect(refusal(aCase(1), sign, by(['caseworker'])).code).toBe('no-application');
    expect(refusal(unsigned, sign, by(['caseworker'])).code).toBe('no-such-attachment');
  });

  it('lets the family correct what it declared, compares the report again, and keeps what was said before', () => {
    const check = [{ item: 'deposits', found: { kind: 'value', value: 15_000_00 } }];
    const signed = acted(applied, sign, by(['caseworker']));
    const reported = acted(signed, { action: 'record-check', check }, by(['caseworker']));
    expect(reported.application?.check?.items[0]?.verdict).toBe('differs');
    const correction = { action: 'correct-declaration', declared: { deposits: 15_000_00, pension: 100_00 }, note: '记错了' };
    const found = acted(reported, correction, by(['coordinator']));
    expect(found.application?.check?.items[0]).toMatchObject({ declared: 15_000_00, verdict: 'same' });
    expect(found.application?.commitment?.declared).toEqual({ vehicles: 0, deposits: 15_000_00, pension: 100_00 });
    expect(found.application?.commitment?.corrections).toMatchObject([{ before: { deposits: 12_000_00, pension: null } }]);
    expect(act(found, action(correction), by(['coordinator'])).kind).toBe('already');
    expect(refusal(applied, correction, by(['coordinator'])).code).toBe('no-commitment');
  });

  it('leaves what was declared with the report alone when the family corrects another item', () => {
    const check = [
      { item: 'deposits', found: { kind: 'value', value: 15_000_00 } },
      { item: 'members', declared: 3, found: { kind: 'value', value: 3 } },
    ];
    const reported = acted(acted(applied, sign, by(['caseworker'])), { action: 'record-check', check }, by(['caseworker']));
    const found = acted(reported, { action: 'correct-declaration', declared: { deposits: 15_000_00 } }, by(['coordinator']));
    expect(found.application?.check?.items).toMatchObject([
      { item: 'deposits', declared: 15_000_00, verdict: 'same' },
      { item: 'members', declared: 3, verdict: 'same' },
    ]);
  });

  it('compares the report with what was declared item by item, and keeps no answer apart from no record', () => {
    const check = [
      { item: 'vehicles', found: { kind: 'no-record' } },
      { item: 'deposits', found: { kind: 'value', value: 15_000_00 } },
      { item: 'housing-fund', found: { kind: 'no-answer' } },
      { item: 'securities', found: { kind: 'no-record' } },
      { item: 'pension', found: { kind: 'value', value: 100_00 } },
      { item: 'members', declared: 3, found: { kind: 'value', value: 3 } },
    ];
    const found = acted(acted(applied, sign, by(['caseworker'])), { action: 'record-check', check }, by(['caseworker']));
    expect(found.application?.check?.items.map(({ item, declared, verdict }) => [item, declared, verdict])).toEqual([
      ['vehicles', 0, 'same'],
      ['deposits', 12_000_00, 'differs'],
      ['housing-fund', undefined, 'open'],
      ['securities', undefined, 'same'],
      ['pension', undefined, 'open'],
      ['members', 3, 'same'],
    ]);
    expect(found.stage).toBe('review');
  });
});

describe('the date and sum of help given', () => {
  const helping = aCase(1, { stage: 'follow-up' });
  const aid = { measure: 'temporary-aid', department: 'civil-affairs', amount: 500_00, rhythm: 'once', date: '2024-04-01' };
  const given = (changes: object) => ({ action: 'record-aid', aid: { ...aid, ...changes } });

  it('are today’s or of the weeks before its case: a day in another year would count in that year’s limits', () => {
    for (const date of ['2024-04-01', '2024-03-01'])
      expect(acted(helping, given({ date }), by(['caseworker'])).aids).toHaveLength(1);
    expect(refusal(helping, given({ date: '2024-04-02' }), by(['caseworker'])).code).toBe('aid-from-the-future');
    expect(refusal(helping, given({ date: '2024-02-29' }), by(['caseworker']))).toMatchObject({
      code: 'aid-before-case',
      text: { zh: expect.stringContaining('早31天以上') },
    });
  });

  it('may be of a month to come for what is paid each month', () => {
    const monthly = given({ measure: 'minimum-living-allowance', rhythm: 'monthly', date: '2024-05-01' });
    expect(acted(helping, monthly, by(['caseworker'])).aids).toHaveLength(1);
  });

  it('are not left out of emergency aid, whose limits are sums', () => {
    const told = refusal(helping, given({ amount: undefined }), by(['caseworker']));
    expect(told).toMatchObject({ code: 'amount-missing', text: { zh: expect.stringContaining('折价') } });
    const service = given({ measure: 'service-care', amount: undefined });
    expect(acted(helping, service, by(['caseworker'])).aids).toHaveLength(1);
  });
});

describe('looking again after help', () => {
  it('closes no hardship as an entitlement delivered', () => {
    const helped = aCase(1, { stage: 'follow-up' });
    const asked = { action: 'look-again', outcome: 'entitlement-delivered' };
    expect(refusal(helped, asked, by(['caseworker'])).code).toBe('outcome-unfit');
    expect(acted({ ...helped, source: 'entitlement' }, asked, by(['caseworker'])).stage).toBe('closed');
  });

  it('closes with an outcome or goes back to the township', () => {
    const helped = aCase(1, { stage: 'follow-up', referrals: [referral('R1', 'education', { status: 'done' })] });
    expect(acted(helped, { action: 'look-again', outcome: 'helped-new' }, by(['caseworker'])).outcome?.code).toBe('helped-new');
    expect(acted(helped, { action: 'look-again' }, by(['caseworker'])).stage).toBe('review');
  });
});

describe('closing', () => {
  it('stops every clock, and may be asked twice', () => {
    const found = acted(clocked({ stage: 'review' }), { action: 'close', outcome: 'refused' }, by(['caseworker']));
    expect(found.clocks.map(({ step, stoppedAt }) => [step, stoppedAt !== undefined])).toEqual([['visit', true]]);
    expect(act(found, action({ action: 'close', outcome: 'refused' }), by(['caseworker'])).kind).toBe('already');
  });

  it('leaves nothing to do but to comment', () => {
    const closed = acted(aCase(1, { stage: 'review' }), { action: 'close', outcome: 'moved' }, by(['caseworker']));
    const told = refusal(closed, { action: 'claim' }, by(['caseworker']));
    expect(told.code).toBe('case-closed');
    expect(told.possible.map((one) => one.action)).toEqual(['comment']);
    expect(acted(closed, { action: 'comment', note: '已电话告知' }, by(['caseworker'])).history.at(-1)?.note).toBe('已电话告知');
  });

  it('keeps outcomes for entitlements to entitlements', () => {
    const asked = { action: 'close', outcome: 'entitlement-delivered' };
    expect(refusal(aCase(1, { stage: 'review' }), asked, by(['caseworker'])).code).toBe('outcome-unfit');
    expect(acted(aCase(1, { stage: 'review', source: 'entitlement' }), asked, by(['caseworker'])).stage).toBe('closed');
  });
});

describe('an outcome that tells of help', () => {
  const outcomes = ['helped-new', 'temporary-aid', 'charity'] as const;

  it.each(outcomes)('%s is refused where no help is on record, and it is said how to record it', (outcome) => {
    const told = refusal(aCase(1, { stage: 'review' }), { action: 'close', outcome }, by(['caseworker']));
    expect(told.code).toBe('help-not-recorded');
    expect(told.text.zh).toContain('没有登记任何救助');
    const watched = aCase(1, { stage: 'follow-up', referrals: [referral('R1', 'education', { status: 'refused' })] });
    expect(refusal(watched, { action: 'look-again', outcome }, by(['caseworker'])).code).toBe('help-not-recorded');
  });

  it.each(outcomes)('%s is taken where a department has given a part', (outcome) => {
    const part = { id: 'k', at: instant(1), by: 'handler-1', kind: 'part-done' } as const;
    const helped = aCase(1, {
      stage: 'follow-up',
      referrals: [referral('R1', 'education', { status: 'recalled', answers: [part] })],
    });
    expect(acted(helped, { action: 'close', outcome }, by(['caseworker'])).outcome?.code).toBe(outcome);
  });
});

describe('the record of a case', () => {
  it('takes the same picture once', () => {
    const picture = { action: 'attach', id: 'd'.repeat(64), kind: 'photo', type: 'image/jpeg', size: 120_000 };
    const found = acted(aCase(1), picture, by(['coordinator']));
    expect(found.attachments).toHaveLength(1);
    expect(act(found, action(picture), by(['coordinator'])).kind).toBe('already');
  });

  it('takes no more comments when a store could not hold it', () => {
    const entry = {
      at: instant(),
      by: 'caseworker-1',
      what: 'comment',
      version: 1,
      stage: 'visit',
      note: '说'.repeat(2_000),
    } as const;
    const found = aCase(1, { history: Array.from({ length: 42 }, () => entry) });
    expect(refusal(found, { action: 'comment', note: '说' }, by(['caseworker'])).code).toBe('case-full');
  });

  it('tells in an event what was done by codes, never by words', () => {
    const made = change(aCase(1), { action: 'raise-grade', note: '断水断粮' }, by(['coordinator']));
    expect(made.events).toEqual([
      expect.objectContaining({
        type: 'case.acted',
        actor: 'coordinator-1',
        subject: { case: aCase(1).id, household: aCase(1).household },
        data: {
          action: 'raise-grade',
          area: aCase(1).area,
          before: 'general',
          category: 'none',
          from: 'visit',
          grade: 'urgent',
          to: 'visit',
        },
      }),
    ]);
    expect(made.case.history.at(-1)?.note).toBe('断水断粮');
  });
});

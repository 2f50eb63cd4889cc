import { describe, expect, it } from 'vitest';
import { MOST_OPEN_REFERRALS } from '../../../../shared/casework/act/referral.ts';
import { act } from '../../../../shared/casework/act.ts';
import type { Case } from '../../../../shared/casework/case.ts';
import { sendReferral } from '../../../../shared/casework/steps.ts';
import { acted, action, change, refusal } from '../../../builders/acting.ts';
import { by, testRules } from '../../../builders/case-rules.ts';
import { aCase, referral } from '../../../builders/cases.ts';
import { instant } from '../../../builders/facts.ts';

const MOVER = { now: instant(), rules: testRules };
const handler = (department = 'human-resources', now = instant()) =>
  by(['handler'], { now, actor: { id: `${department}-1`, roles: ['handler'], departments: [department] } });
const answer = (kind: string, more: Readonly<Record<string, unknown>> = {}) => ({
  action: 'answer-referral',
  referral: 'R1',
  kind,
  ...more,
});

/** Two departments asked; both were sent the referral and their clocks run. */
function asked(inbox = true): Case {
  const toSend = [
    referral('R1', 'human-resources', { status: 'to-send', measure: 'public-welfare-job' }),
    referral('R2', 'education', { status: 'to-send', measure: 'education-aid' }),
  ];
  return ['R1', 'R2'].reduce(
    (found, id) => sendReferral(found, id, inbox, MOVER)?.case ?? found,
    aCase(1, { stage: 'referral', referrals: toSend }),
  );
}

const clocksOf = (found: Case, id = 'R1') =>
  found.clocks
    .filter((clock) => clock.referral === id)
    .map((clock) => [clock.step, clock.stoppedAt === undefined ? 'runs' : 'stopped']);

describe('a measure or department that nobody knows', () => {
  const toRefer = aCase(1, { stage: 'follow-up' });
  const asking = (measure: string, department: string) => ({
    action: 'add-referral',
    referral: { measure, department, ask: '请办理' },
  });

  it('is refused with the names near it: a misspelt measure passes by the guard against double aid', () => {
    const told = refusal(toRefer, asking('temporay-aid', 'civil-affairs'), by(['caseworker']));
    expect(told.code).toBe('no-such-measure');
    expect(told.text.zh).toContain('是否指：temporary-aid（临时救助');
    expect(told.text.en).toContain('temporary-aid (');
    const aid = { measure: 'temporay-aid', department: 'civil-affairs', amount: 1, rhythm: 'once', date: '2024-04-01' };
    expect(refusal(toRefer, { action: 'record-aid', aid }, by(['caseworker'])).code).toBe('no-such-measure');
  });

  it('is refused with all departments: nobody would have it in their inbox', () => {
    const told = refusal(toRefer, asking('medical-aid', 'medical-insurence'), by(['caseworker']));
    expect(told.code).toBe('no-such-department');
    expect(told.text.zh).toContain('是否指：medical-insurance（医保）？');
    expect(told.text.zh).toContain('womens-federation');
  });

  it('is refused in a decision too, and nothing of the decision is kept', () => {
    const decision = { action: 'decide', kind: 'help', referrals: [asking('medcal-aid', 'medical-insurance').referral] };
    expect(refusal(aCase(1, { stage: 'review' }), decision, by(['caseworker'])).code).toBe('no-such-measure');
  });
});

describe('a department’s answers', () => {
  it('go from accepted over part done to done, on the clock to answer and then the clock to finish', () => {
    const accepted = acted(asked(), answer('accept'), handler());
    expect(clocksOf(accepted)).toEqual([
      ['referral-answer', 'stopped'],
      ['referral-finish', 'runs'],
    ]);
    const part = acted(accepted, answer('part-done', { amount: 400_00 }), handler());
    expect([part.referrals[0]?.status, part.stage]).toEqual(['part-done', 'referral']);
    const done = acted(part, answer('done', { amount: 836_00, rhythm: 'monthly' }), handler());
    expect(done.referrals[0]?.answers.map(({ kind, amount }) => [kind, amount])).toEqual([
      ['accept', undefined],
      ['part-done', 400_00],
      ['done', 836_00],
    ]);
    expect(clocksOf(done).every(([, state]) => state === 'stopped')).toBe(true);
  });

  it('end the stage with the last referral: then the follow-up begins', () => {
    const one = acted(asked(), answer('done'), handler());
    expect(one.stage).toBe('referral');
    const both = acted(one, { ...answer('refuse', { code: 'conditions-not-met' }), referral: 'R2' }, handler('education'));
    expect(both.stage).toBe('follow-up');
    expect(both.clocks.at(-1)).toMatchObject({ step: 'follow-up' });
  });

  it('refuse with a code only, and ask for more in words only', () => {
    expect(refusal(asked(), answer('refuse'), handler()).code).toBe('refusal-code-missing');
    expect(refusal(asked(), answer('ask-more'), handler()).code).toBe('note-missing');
  });

  it('come from that department alone', () => {
    expect(refusal(asked(), answer('accept'), handler('education')).code).toBe('not-your-department');
    expect(refusal(asked(), answer('accept'), by(['caseworker'])).code).toBe('not-your-role');
  });

  it('are shown to no other department, which is told so also when it says what was said before or under a key of its own', () => {
    const context = handler('education');
    const accepted = acted(acted(asked(), answer('accept'), handler()), { ...answer('accept'), referral: 'R2' }, context);
    expect(refusal(accepted, answer('accept'), handler('education')).code).toBe('not-your-department');
    expect(refusal(accepted, answer('accept'), context).code).toBe('not-your-department');
  });

  it('are not lost under a key that was used for the answer to another referral', () => {
    const everywhere = handler('*');
    const accepted = acted(asked(), answer('accept'), everywhere);
    expect(refusal(accepted, { ...answer('accept'), referral: 'R2' }, everywhere).code).toBe('request-key-reused');
    expect(act(accepted, action(answer('accept')), everywhere).kind).toBe('already');
  });

  it('given twice are done already: under the same key, or saying the same, also when the case has gone on', () => {
    const context = handler();
    const part = acted(asked(), answer('part-done', { amount: 100 }), context);
    expect(act(part, action(answer('part-done', { amount: 100 })), context).kind).toBe('already');
    const done = acted(part, answer('done'), handler());
    const all = acted(done, { ...answer('done'), referral: 'R2' }, handler('education'));
    expect(all.stage).toBe('follow-up');
    expect(act(all, action(answer('done')), handler()).kind).toBe('already');
  });

  it('of another sum, reason or question are no repeats: they would be lost in silence', () => {
    const context = handler();
    const done = acted(asked(), answer('done', { amount: 200_00, rhythm: 'once' }), context);
    expect(refusal(done, answer('done', { amount: 2_000_00, rhythm: 'once' }), context).code).toBe('request-key-reused');
    expect(refusal(done, answer('done', { amount: 2_000_00, rhythm: 'once' }), handler()).code).toBe('referral-ended');
    const refused = acted(asked(), answer('refuse', { code: 'not-our-duty' }), handler());
    expect(refusal(refused, answer('refuse', { code: 'already-served' }), handler()).code).toBe('referral-ended');
    const more = acted(asked(), answer('ask-more', { note: '请补发票' }), handler());
    const again = acted(more, answer('ask-more', { note: '另请补户口簿' }), handler());
    expect(again.referrals[0]?.answers.map(({ note }) => note)).toEqual(['请补发票', '另请补户口簿']);
  });

  it('that refuse without a reason are told every reason in words', () => {
    const { text } = refusal(asked(), answer('refuse'), handler());
    expect(text.zh).toContain('conditions-not-met 不符合政策条件');
    expect(text.en).toContain('not-our-duty (not the duty of this department)');
  });

  it('that contradict the end reached are refused, saying how it ended', () => {
    const done = acted(asked(), answer('done'), handler());
    expect(refusal(done, answer('refuse', { code: 'not-our-duty' }), handler())).toMatchObject({
      code: 'referral-ended',
      text: { zh: expect.stringContaining('已办结') },
    });
  });
});

describe('asking for more', () => {
  const more = acted(asked(), answer('ask-more', { note: '请补残疾证复印件' }), handler('human-resources', instant(60)));

  it('lets the department’s clock stand still until the township has supplied it', () => {
    expect(more.clocks.find((clock) => clock.referral === 'R1')?.paused).toEqual({ at: instant(60), reason: 'papers-awaited' });
    const supplied = acted(more, { action: 'supply', referral: 'R1', note: '已上传' }, by(['caseworker'], { now: instant(180) }));
    expect(supplied.referrals[0]?.status).toBe('sent');
    const [before, after] = [asked(), supplied].map(
      (found) => found.clocks.find((clock) => clock.referral === 'R1')?.redAt ?? '',
    );
    expect(Date.parse(after ?? '') - Date.parse(before ?? '')).toBe(120 * 60_000);
  });

  it('wakes the branch that waits, so that it counts by the clock as it is now', () => {
    const waiting = { ...asked(), waits: { 'referral:R1': 'token-1', 'referral:R2': 'token-2' } };
    const made = change(waiting, answer('ask-more', { note: '补材料' }), handler());
    expect(made.case.waits).toEqual({ 'referral:R2': 'token-2' });
    expect(made.messages.map(({ message }) => JSON.parse(message.body))).toEqual([
      { v: 1, kind: 'wake-run', case: waiting.id, run: 1, referral: 'R1', token: 'token-1' },
    ]);
  });

  it('is refused to be supplied when nothing was asked', () => {
    expect(refusal(asked(), { action: 'supply', referral: 'R2', note: '补' }, by(['caseworker'])).code).toBe('nothing-asked');
  });
});

describe('one referral more', () => {
  const open = (count: number) =>
    aCase(1, {
      stage: 'referral',
      referrals: Array.from({ length: count }, (_, n) => referral(`R${n + 1}`, 'education', { measure: `measure-${n}` })),
    });
  const more = {
    action: 'add-referral',
    referral: { measure: 'medical-aid', department: 'medical-insurance', ask: '请办理' },
  };

  it('is refused while as many are open as the workflow can follow: it would not be sent', () => {
    expect(MOST_OPEN_REFERRALS).toBe(40);
    expect(refusal(open(40), more, by(['caseworker']))).toMatchObject({
      code: 'too-many-referrals',
      text: { zh: expect.stringContaining('40') },
    });
    expect(acted(open(39), more, by(['caseworker'])).referrals).toHaveLength(40);
  });

  it('may follow once another has ended', () => {
    const found = open(40);
    const [first, ...others] = found.referrals;
    const ended = { ...found, referrals: first === undefined ? [] : [{ ...first, status: 'done' as const }, ...others] };
    expect(acted(ended, more, by(['caseworker'])).referrals).toHaveLength(41);
  });
});

describe('a department with nobody to take referrals in', () => {
  it('gets the referral, and the county is told at once and may answer for it', () => {
    const found = asked(false);
    expect(found.referrals[0]).toMatchObject({ status: 'sent', escalatedAt: instant(), escalatedFor: 'no-inbox' });
    expect(acted(found, answer('accept'), by(['supervisor'])).referrals[0]?.status).toBe('accepted');
    expect(refusal(asked(), answer('accept'), by(['supervisor'])).code).toBe('not-your-department');
  });
});

describe('recalling', () => {
  const recall = { action: 'recall-referral', referral: 'R1', code: 'family-withdraws' };

  it('ends the referral and its clocks, and may be sent twice', () => {
    const found = acted(asked(), recall, by(['caseworker']));
    expect(found.referrals[0]).toMatchObject({ status: 'recalled', recall: { code: 'family-withdraws', by: 'caseworker-1' } });
    expect(clocksOf(found)).toEqual([['referral-answer', 'stopped']]);
    expect(act(found, action(recall), by(['caseworker'])).kind).toBe('already');
  });

  it('leads to the follow-up when nothing else is asked', () => {
    const one = acted(asked(), recall, by(['caseworker']));
    expect(acted(one, { ...recall, referral: 'R2' }, by(['caseworker'])).stage).toBe('follow-up');
  });

  it('is too late once the department is done', () => {
    expect(refusal(acted(asked(), answer('done'), handler()), recall, by(['caseworker'])).code).toBe('referral-ended');
  });
});

describe('adding a referral', () => {
  const charity = { action: 'add-referral', referral: { measure: 'charity-match', department: 'charity', ask: '大病项目' } };
  const health = {
    action: 'add-referral',
    referral: { measure: 'medical-aid', department: 'medical-insurance', ask: '医疗救助' },
  };

  it('while others wait begins another run, which has a branch for it; the branches of the run before are woken', () => {
    const waiting = { ...asked(), waits: { 'referral:R1': 'token-1', 'referral:R2': 'token-2' } };
    const made = change(waiting, health, by(['caseworker']));
    expect(made.case.workflow).toEqual({ definition: 'test-definition', run: 2 });
    expect(made.case.waits).toEqual({});
    const told = made.messages.map(({ message }) => JSON.parse(message.body));
    expect(told.map(({ kind, run }) => [kind, run])).toEqual([
      ['wake-run', 1],
      ['wake-run', 1],
      ['start-run', 2],
    ]);
  });

  it('in the follow-up takes the case back to the departments, and while papers are awaited waits for them', () => {
    expect(acted(aCase(1, { stage: 'follow-up' }), health, by(['caseworker'])).stage).toBe('referral');
    expect(acted(aCase(1, { stage: 'papers' }), health, by(['caseworker'])).stage).toBe('papers');
  });

  it('to a charity wants the family’s consent, and the same of the same department is asked once', () => {
    expect(refusal(asked(), charity, by(['caseworker'])).code).toBe('consent-missing');
    const found = acted(asked(), health, by(['caseworker']));
    expect(refusal(found, health, by(['caseworker'])).code).toBe('referral-asked-twice');
  });
});

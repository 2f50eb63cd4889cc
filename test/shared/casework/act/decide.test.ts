import { describe, expect, it } from 'vitest';
import type { PlainDate } from '../../../../shared/calendar/plain-date.ts';
import type { RowsInQuestion } from '../../../../shared/corrections/locate-rows.ts';
import { acted, change, refusal, visitForm, withPaper } from '../../../builders/acting.ts';
import { by, testRules } from '../../../builders/case-rules.ts';
import { aCase } from '../../../builders/cases.ts';
import { feedId, fileId, personKey } from '../../../builders/facts.ts';
import { identityNumberOf } from '../../../builders/identity.ts';

const reviewed = (visit: Readonly<Record<string, unknown>> = {}) => acted(aCase(1), visitForm(visit), by(['coordinator']));
const decide = (asked: Readonly<Record<string, unknown>>) => ({ action: 'decide', ...asked });
const wrong = (asked: Readonly<Record<string, unknown>>) => decide({ kind: 'data-wrong', outcome: 'data-wrong', ...asked });
const job = { measure: 'public-welfare-job', department: 'human-resources', ask: '适合肢体二级、轻劳动的岗位' };
const study = { measure: 'education-aid', department: 'education', ask: '两名在读本科生资助' };
const relief = (amount: number) => ({
  measure: 'small-rapid-relief',
  department: 'civil-affairs',
  amount,
  rhythm: 'once',
  date: '2024-04-01',
});

describe('deciding that no help is needed or the data are wrong', () => {
  it('closes the case with the outcome chosen', () => {
    const found = acted(
      reviewed(),
      decide({ kind: 'no-need', outcome: 'policy-explained', actions: ['A1'] }),
      by(['caseworker']),
    );
    expect(found).toMatchObject({ stage: 'closed', outcome: { code: 'policy-explained', by: 'caseworker-1' } });
    expect(found.clocks.map(({ step, stoppedAt }) => [step, stoppedAt !== undefined])).toEqual([['review', true]]);
  });

  it('wants an outcome, and one that fits', () => {
    expect(refusal(reviewed(), decide({ kind: 'no-need' }), by(['caseworker']))).toMatchObject({
      code: 'outcome-missing',
      text: { zh: expect.stringContaining('无需救助') },
    });
    expect(refusal(reviewed(), decide({ kind: 'data-wrong', outcome: 'helped-new' }), by(['caseworker'])).code).toBe(
      'outcome-unfit',
    );
  });

  it('refuses help beside it', () => {
    const asked = { kind: 'no-need', outcome: 'not-in-need' };
    expect(refusal(reviewed(), decide({ ...asked, referrals: [job] }), by(['caseworker'])).code).toBe('decision-takes-no-help');
    expect(refusal(reviewed(), decide({ ...asked, actions: ['A2'] }), by(['caseworker'])).code).toBe('codes-contradict');
  });

  it('keeps which row was wrong; the event names file and row, never what was said of it', () => {
    const row = { file: fileId(1), row: 17, found: 'other-person', note: '登记的是同名的另一人' } as const;
    const located = { ...row, feed: feedId(), person: personKey(1), area: '410102001' };
    const rows: RowsInQuestion = { named: [{ found: true, row: located }], offered: [] };
    const made = change(reviewed(), wrong({ wrongRows: [row] }), by(['caseworker'], { rows }));
    expect(made.case.decisions[0]?.wrongRows).toEqual([located]);
    expect(made.events[0]?.data).toMatchObject({ wrongRows: `${fileId(1)}:17:other-person` });
    expect(JSON.stringify(made.events)).not.toContain('同名');
    expect(made.messages.map(({ message }) => JSON.parse(message.body))).toContainEqual({
      v: 1,
      kind: 'send-corrections',
      case: made.case.id,
    });
  });

  it('masks an identity number typed into the words for the department', () => {
    const row = {
      file: fileId(1),
      row: 17,
      found: 'other',
      note: `应为${identityNumberOf('411122', '1956-08-19' as PlainDate, 2)}`,
    } as const;
    const rows: RowsInQuestion = { named: [{ found: true, row: { ...row, feed: feedId(), person: personKey(1) } }], offered: [] };
    const made = change(reviewed(), wrong({ wrongRows: [row] }), by(['caseworker'], { rows }));
    expect(made.case.decisions[0]?.wrongRows?.[0]?.note).toMatch(/^应为4111\*{10}/);
  });

  it('asks which row is wrong while the warning rests on some, and offers them', () => {
    const rows: RowsInQuestion = { named: [], offered: [{ feed: feedId(), file: fileId(1), row: 4 }] };
    expect(refusal(reviewed(), wrong({}), by(['caseworker'], { rows }))).toMatchObject({
      code: 'wrong-rows-missing',
      text: { zh: expect.stringContaining(`medical-insurance/inpatient-settlement ${fileId(1)} #4`) },
    });
  });

  it('closes without a notice when nobody can say which row, or none is known', () => {
    const rows: RowsInQuestion = { named: [], offered: [{ feed: feedId(), file: fileId(1), row: 4 }] };
    for (const made of [
      change(reviewed(), wrong({ rowsUnknown: true }), by(['caseworker'], { rows })),
      change(reviewed(), wrong({}), by(['caseworker'], { rows: { named: [], offered: [] } })),
    ]) {
      expect(made.case.stage).toBe('closed');
      expect(made.messages.some(({ message }) => message.body.includes('send-corrections'))).toBe(false);
    }
  });

  it('refuses rows that tell nothing of this household, fields the feed does not have, and rows beside another decision', () => {
    const row = { file: fileId(1), row: 17, found: 'other' } as const;
    const lacking = (what: 'row' | 'field'): RowsInQuestion => ({
      named: [{ found: false, lacking: what, row: { ...row, field: 'colour' } }],
      offered: [],
    });
    const refused = (asked: object, rows?: RowsInQuestion) =>
      refusal(reviewed(), wrong({ wrongRows: [row], ...asked }), by(['caseworker'], rows === undefined ? {} : { rows })).code;
    expect(refused({}, lacking('row'))).toBe('no-such-row');
    expect(refused({}, lacking('field'))).toBe('no-such-field');
    expect(refused({})).toBe('no-such-row');
    expect(refused({ kind: 'no-need', outcome: 'not-in-need' }, lacking('row'))).toBe('wrong-rows-unfit');
  });
});

describe('deciding to help', () => {
  it('makes a referral for each thing asked, to be sent by the workflow', () => {
    const found = acted(
      reviewed(),
      decide({ kind: 'help', actions: ['A11', 'A8'], referrals: [job, study] }),
      by(['caseworker']),
    );
    expect(found.stage).toBe('referral');
    expect(found.referrals.map(({ id, department, status }) => [id, department, status])).toEqual([
      ['R1', 'human-resources', 'to-send'],
      ['R2', 'education', 'to-send'],
    ]);
  });

  it('goes to the follow-up when the township has helped by itself', () => {
    const aid = { measure: 'temporary-aid', department: 'civil-affairs', amount: 5_040_00, rhythm: 'once', date: '2024-04-01' };
    const found = acted(reviewed(), decide({ kind: 'help', actions: ['A6'], aids: [aid] }), by(['caseworker']));
    expect(found.stage).toBe('follow-up');
    expect(found.aids).toEqual([{ ...aid, id: 'A1', by: 'caseworker-1', event: found.warnings[0] }]);
  });

  it('names something to do, and is no help when no help is needed', () => {
    expect(refusal(reviewed(), decide({ kind: 'help' }), by(['caseworker'])).code).toBe('help-names-nothing');
    expect(refusal(reviewed(), decide({ kind: 'help', actions: ['A0'], referrals: [job] }), by(['caseworker'])).code).toBe(
      'codes-contradict',
    );
  });

  it('does not ask the same of the same department twice', () => {
    expect(refusal(reviewed(), decide({ kind: 'help', referrals: [job, job] }), by(['caseworker'])).code).toBe(
      'referral-asked-twice',
    );
  });

  it('recognises nobody on a visit by one person alone', () => {
    const alone = reviewed({ investigators: ['王芳'] });
    const asked = decide({ kind: 'help', actions: ['A2'], referrals: [job] });
    expect(refusal(alone, asked, by(['caseworker'])).code).toBe('two-investigators');
    const again = acted(alone, visitForm({ proposed: ['A2'] }), by(['coordinator']));
    expect(acted(again, asked, by(['caseworker'])).stage).toBe('referral');
  });

  it('recognises nobody on a telephone call, by however many', () => {
    const called = { means: 'telephone', investigators: ['王芳', '李强'] };
    const proposing = visitForm({ ...called, proposed: ['A2'] });
    expect(refusal(aCase(1), proposing, by(['coordinator'])).code).toBe('two-investigators');
    const asked = decide({ kind: 'help', actions: ['A2'], referrals: [job] });
    expect(refusal(reviewed(called), asked, by(['caseworker'])).code).toBe('two-investigators');
  });

  it('sends nothing to a charity before the family agreed', () => {
    const asked = decide({ kind: 'help', referrals: [{ measure: 'charity-match', department: 'charity', ask: '大病救助项目' }] });
    expect(refusal(reviewed(), asked, by(['caseworker'])).code).toBe('consent-missing');
    const { found, paper } = withPaper(reviewed(), by(['caseworker']), 'a', 'consent');
    expect(refusal(reviewed(), { action: 'give-consent', paper }, by(['caseworker']))).toMatchObject({
      code: 'no-such-attachment',
      text: { zh: expect.stringContaining('请先上传'), en: expect.stringContaining('upload the file first') },
    });
    const agreed = acted(found, { action: 'give-consent', paper }, by(['caseworker']));
    expect(acted(agreed, asked, by(['caseworker'])).stage).toBe('referral');
  });
});

describe('helping first', () => {
  it('records the small rapid relief at once and waits for the papers, holding back the referrals', () => {
    const found = acted(
      reviewed(),
      decide({ kind: 'urgent', actions: ['A7'], aids: [relief(700_00)], referrals: [job] }),
      by(['caseworker']),
    );
    expect(found.stage).toBe('papers');
    expect(found.aids[0]?.amount).toBe(700_00);
    expect(found.clocks.at(-1)).toMatchObject({ step: 'papers' });
    const { found: uploaded, paper } = withPaper(found, by(['caseworker']));
    const missing = { action: 'file-papers', papers: [paper, 'b'.repeat(64)] };
    expect(refusal(uploaded, missing, by(['caseworker'])).code).toBe('no-such-attachment');
    const filed = acted(uploaded, { action: 'file-papers', papers: [paper] }, by(['caseworker']));
    expect([filed.stage, filed.referrals[0]?.status]).toEqual(['referral', 'to-send']);
  });

  it('goes to the follow-up after the papers when nothing else is asked', () => {
    const helped = acted(reviewed(), decide({ kind: 'urgent', aids: [relief(100_00)] }), by(['caseworker']));
    const { found, paper } = withPaper(helped, by(['caseworker']));
    expect(acted(found, { action: 'file-papers', papers: [paper] }, by(['caseworker'])).stage).toBe('follow-up');
  });

  it('refuses more than one month of the local standard, by one fen and over several sums', () => {
    expect(refusal(reviewed(), decide({ kind: 'urgent', aids: [relief(700_01)] }), by(['caseworker']))).toMatchObject({
      code: 'over-rapid-relief',
      text: { zh: expect.stringContaining('700.00 元') },
    });
    const asked = decide({ kind: 'urgent', aids: [relief(400_00), relief(400_00)] });
    expect(refusal(reviewed(), asked, by(['caseworker'])).code).toBe('over-rapid-relief');
  });

  it('does not take an unknown local standard for zero', () => {
    const context = by(['caseworker'], { rules: { ...testRules, rapidReliefLimit: () => undefined } });
    expect(acted(reviewed(), decide({ kind: 'urgent', aids: [relief(700_01)] }), context).stage).toBe('papers');
  });

  it('is refused without saying what was given', () => {
    expect(refusal(reviewed(), decide({ kind: 'urgent' }), by(['caseworker'])).code).toBe('rapid-relief-missing');
  });
});

describe('what a township may grant', () => {
  const rules = { ...testRules, townshipApproval: () => 3_000_00 };
  const aid = (amount: number, measure = 'temporary-aid') => ({ ...relief(amount), measure });
  const township = () => by(['caseworker'], { rules });

  it('ends at the limit of the area, over all temporary aid of the case', () => {
    const asked = decide({ kind: 'help', aids: [aid(3_000_00)] });
    const granted = acted(reviewed(), asked, township());
    expect(granted.aids).toMatchObject([{ amount: 3_000_00 }]);
    expect(refusal(granted, { action: 'record-aid', aid: aid(1) }, township())).toMatchObject({
      code: 'over-township-approval',
      text: { zh: expect.stringContaining('3,000.01') },
    });
    expect(refusal(reviewed(), decide({ kind: 'help', aids: [aid(3_000_01)] }), township()).code).toBe('over-township-approval');
  });

  it('is no matter of other help', () => {
    const asked = decide({ kind: 'help', aids: [aid(5_000_00, 'consolation-money')] });
    expect(acted(reviewed(), asked, township()).aids).toHaveLength(1);
  });

  it('does not bind the county, nor the township that writes down what the county decided', () => {
    const county = () => by(['supervisor'], { rules });
    const conferred = acted(reviewed(), decide({ kind: 'conference' }), township());
    const decided = acted(conferred, decide({ kind: 'help', aids: [aid(8_000_00)] }), county());
    expect(acted(decided, { action: 'record-aid', aid: aid(500_00, 'small-rapid-relief') }, township()).aids).toHaveLength(2);
  });

  it('is no limit where no rule names one', () => {
    const asked = decide({ kind: 'help', aids: [aid(9_000_00)] });
    expect(acted(reviewed(), asked, by(['caseworker'])).aids).toHaveLength(1);
  });
});

describe('the double-aid guard', () => {
  const aid = { measure: 'temporary-aid', department: 'civil-affairs', amount: 3_000_00, rhythm: 'once', date: '2024-04-01' };
  const reason = { zh: '今年已救助两次。', en: 'Helped twice this year.' };

  it('refuses with its own words', () => {
    const context = by(['caseworker'], { guard: [{ verdict: 'refuses', reason }] });
    expect(refusal(reviewed(), decide({ kind: 'help', aids: [aid] }), context)).toMatchObject({
      code: 'guard-refuses',
      text: reason,
    });
  });

  it('warns, and lets a worker go on who says why', () => {
    const context = by(['caseworker'], { guard: [{ verdict: 'warns', reason }] });
    expect(refusal(reviewed(), decide({ kind: 'help', aids: [aid] }), context).code).toBe('guard-warns');
    const found = acted(reviewed(), decide({ kind: 'help', aids: [{ ...aid, guardOverride: '另一事由' }] }), context);
    expect(found.aids[0]?.guardOverride).toBe('另一事由');
  });
});

describe('the county conference', () => {
  const conferred = acted(reviewed(), decide({ kind: 'conference' }), by(['caseworker']));

  it('takes the case to the pool of the county', () => {
    expect(conferred).toMatchObject({ stage: 'conference', assignment: { level: 'county', area: '410102' } });
  });

  it('leaves the decision to the supervisor, with the same choices but another conference', () => {
    const asked = decide({ kind: 'help', referrals: [job] });
    expect(refusal(conferred, asked, by(['caseworker'])).code).toBe('county-decides');
    expect(refusal(conferred, { action: 'close', outcome: 'moved' }, by(['caseworker'])).code).toBe('county-decides');

    expect(refusal(conferred, decide({ kind: 'conference' }), by(['supervisor'])).code).toBe('in-conference-already');
    const found = acted(conferred, asked, by(['supervisor']));
    expect(found).toMatchObject({ stage: 'referral', assignment: { level: 'township', area: '410102001' } });
    expect(found.decisions.map(({ level, kind }) => [level, kind])).toEqual([
      ['township', 'conference'],
      ['county', 'help'],
    ]);
  });
});

describe('watching on', () => {
  it('waits in the follow-up until the end of the day named', () => {
    const found = acted(reviewed(), decide({ kind: 'observe', actions: ['A15'], until: '2024-07-01' }), by(['caseworker']));
    expect(found.stage).toBe('follow-up');
    expect(found.clocks.at(-1)).toMatchObject({ step: 'follow-up', redAt: '2024-07-01T16:00:00.000Z' });
  });

  it('ends when the household is to be looked at again at the latest, and says on which day that is', () => {
    const rules = { ...testRules, watchUntil: () => '2025-04-01' as PlainDate };
    const until = (day: string) => decide({ kind: 'observe', until: day });
    expect(acted(reviewed(), until('2025-04-01'), by(['caseworker'], { rules })).stage).toBe('follow-up');
    expect(refusal(reviewed(), until('2025-04-02'), by(['caseworker'], { rules }))).toMatchObject({
      code: 'until-too-late',
      text: { zh: expect.stringContaining('最长到 2025-04-01'), en: expect.stringContaining('2025-04-01 at most') },
    });
  });

  it('wants a day to come', () => {
    expect(refusal(reviewed(), decide({ kind: 'observe' }), by(['caseworker'])).code).toBe('until-missing');
    expect(refusal(reviewed(), decide({ kind: 'observe', until: '2024-04-01' }), by(['caseworker'])).code).toBe('until-missing');
  });
});

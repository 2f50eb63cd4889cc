import { describe, expect, it } from 'vitest';
import type { Case } from '../../../shared/casework/case.ts';
import { type ApplicationForm, takeApplication, takeWarning, type WarningNews } from '../../../shared/casework/open-case.ts';
import { moveTo } from '../../../shared/casework/stage-moves.ts';
import type { CaseChange } from '../../../shared/ports/case-store.ts';
import type { Warning } from '../../../shared/warnings/warning.ts';
import { acted } from '../../builders/acting.ts';
import { by, testRules } from '../../builders/case-rules.ts';
import { aCase, caseId, referral } from '../../builders/cases.ts';
import { instant } from '../../builders/facts.ts';
import { GENERAL, householdId, URGENT, warning } from '../../builders/standings.ts';

const at = (minutes = 0) => ({ now: instant(minutes), rules: testRules });
const news = (version: number, changes: Partial<Warning> = {}, more: Partial<WarningNews> = {}): WarningNews => ({
  warning: warning(1, { changedAt: instant(version), ...changes }),
  version,
  change: 'opened',
  ...more,
});
const made = (change: CaseChange | undefined): Case => {
  if (change === undefined) throw new Error('nothing was changed');
  return change.case;
};
const open = made(takeWarning(undefined, news(1), at()));
const closed = acted({ ...open, stage: 'review' }, { action: 'close', outcome: 'not-in-need' }, by(['caseworker']));

describe('a warning', () => {
  it('opens a case, asks for its first run and leaves it in the pool of the township', () => {
    const change = takeWarning(undefined, news(1), at());
    expect(change?.case).toMatchObject({
      id: caseId(1),
      version: 1,
      source: 'warning',
      stage: 'opened',
      grade: GENERAL,
      warnings: [warning(1).id],
      assignment: { level: 'township', area: '410102001' },
      workflow: { definition: 'test-definition', run: 1 },
    });
    expect(change?.past).toBeUndefined();
    expect(change?.messages.map(({ message }) => JSON.parse(message.body))).toEqual([
      { v: 1, kind: 'start-run', case: caseId(1), run: 1 },
    ]);
    expect(change?.events.map(({ type, data }) => [type, data['source'], data['grade']])).toEqual([
      ['case.opened', 'warning', 'general'],
    ]);
  });

  it('that changes joins the open case: one household, one task', () => {
    const change = takeWarning(open, news(2, { grade: URGENT, points: { low: 110, high: 120 } }, { change: 'raised' }), at(1));
    expect(change?.case).toMatchObject({ id: open.id, version: 2, grade: URGENT, stage: 'opened' });
    expect(change?.case.increments.map(({ change: what, version }) => [what, version])).toEqual([
      ['opened', 1],
      ['raised', 2],
    ]);
    expect(change?.events.map(({ type }) => type)).toEqual(['case.joined']);
  });

  it('of another family joins the same case', () => {
    const reject = { ...news(1), warning: warning(1, { id: 'W-other' as Warning['id'], family: 'reject' }) };
    expect(made(takeWarning(open, reject, at(1))).warnings).toEqual([warning(1).id, 'W-other']);
  });

  it('told twice, late or by an older version changes nothing', () => {
    const merged = made(takeWarning(open, news(5), at(1)));
    expect(takeWarning(merged, news(5), at(2))).toBeUndefined();
    expect(takeWarning(merged, news(3), at(2))).toBeUndefined();
    expect(takeWarning(merged, { ...news(5), version: 9 }, at(2))).toBeUndefined();
  });

  it('shortens the clock when it becomes more urgent', () => {
    const visit = moveTo(open, 'visit', at());
    const raised = made(takeWarning(visit, news(2, { grade: URGENT }, { change: 'raised' }), at(1)));
    expect(raised.clocks.filter(({ stoppedAt }) => stoppedAt === undefined)).toMatchObject([
      { redAt: '2024-04-03T12:01:00.000Z' },
    ]);
  });

  it('does not lower the grade a case had', () => {
    const urgent = { ...open, grade: URGENT };
    expect(made(takeWarning(urgent, news(2, {}, { change: 'lowered' }), at(1))).grade).toEqual(URGENT);
  });

  it('follows a family that moved: the case waits in the pool of the new area', () => {
    const visit: Case = {
      ...open,
      stage: 'visit',
      assignment: { user: 'li', level: 'village', area: '410102001203', at: instant(), by: 'system' },
    };
    const moved = made(takeWarning(visit, news(2, { area: '410105002001' }, { change: 'merged' }), at(1)));
    expect(moved).toMatchObject({ area: '410105002001', assignment: { level: 'township', area: '410105002' } });
    const stays = made(takeWarning(visit, news(2, { area: '410102001205' }, { change: 'merged' }), at(1)));
    expect(stays.assignment?.user).toBe('li');
  });

  it('that is news after a closed case opens the next one, and the closed one gives way', () => {
    const change = takeWarning(closed, { ...news(8), warning: warning(1, { id: 'W-next' as Warning['id'] }) }, at(9));
    expect(change).toMatchObject({ case: { id: caseId(1, 2), version: 1, stage: 'opened' }, past: closed });
  });

  it('that was handled, or that the closed case knew, opens none', () => {
    expect(takeWarning(closed, news(8, { status: 'handled' }), at(9))).toBeUndefined();
    expect(takeWarning(closed, news(1), at(9))).toBeUndefined();
  });

  it('still open with news the closed case never heard of opens the next', () => {
    expect(made(takeWarning(closed, news(4, {}, { change: 'merged' }), at(9))).id).toBe(caseId(1, 2));
  });
});

describe('a warning withdrawn', () => {
  const withdrawn = (withdrawal: Warning['withdrawal'], more: Partial<WarningNews> = {}) =>
    news(2, { status: 'withdrawn', withdrawal }, { change: 'withdrawn', ...more });

  it('because the reason was taken back proposes closing; a person confirms', () => {
    const found = made(takeWarning({ ...open, stage: 'visit' }, withdrawn('reason-taken-back'), at(1)));
    expect(found).toMatchObject({ stage: 'visit', proposals: [{ code: 'reason-taken-back', evidence: [{ row: 4 }] }] });
    const confirmed = acted(found, { action: 'answer-proposal', index: 0, accepted: true }, by(['caseworker']));
    expect(confirmed.outcome?.code).toBe('data-wrong');
  });

  it('and back again lets the proposal fall', () => {
    const found = made(takeWarning(open, withdrawn('reason-taken-back'), at(1)));
    const back = made(takeWarning(found, news(3, {}, { change: 'reopened' }), at(2)));
    expect(back.proposals[0]?.answer).toEqual({ accepted: false, by: 'system', at: instant(2) });
  });

  it('because everybody died proposes closing as dead', () => {
    expect(made(takeWarning(open, withdrawn('all-members-died'), at(1))).proposals[0]?.code).toBe('dead');
  });

  it('because the household went into another names the case that is open there', () => {
    const found = made(takeWarning(open, withdrawn('household-superseded', { mergedWith: caseId(2) }), at(1)));
    expect(found.proposals[0]).toMatchObject({ code: 'merged-with-case', text: { zh: expect.stringContaining(caseId(2)) } });
  });

  it('leaves departments at work alone', () => {
    const asked: Case = { ...open, stage: 'referral', referrals: [referral('R1', 'education')] };
    expect(made(takeWarning(asked, withdrawn('reason-taken-back'), at(1)))).toMatchObject({
      stage: 'referral',
      referrals: asked.referrals,
    });
  });

  it('before any case was opened needs nobody', () => {
    expect(takeWarning(undefined, withdrawn('reason-taken-back'), at(1))).toBeUndefined();
  });
});

describe('an entitlement', () => {
  const child = (version: number, changes: Partial<Warning> = {}): WarningNews => ({
    warning: warning(1, { id: 'W-child' as Warning['id'], family: 'entitlement', changedAt: instant(version), ...changes }),
    version,
    change: 'opened',
  });
  const task = made(takeWarning(undefined, child(1), at()));
  const delivered = child(2, { status: 'withdrawn', withdrawal: 'entitlement-delivered' });

  it('is a task that closes by itself when the feed shows it was delivered', () => {
    expect(task.source).toBe('entitlement');
    const waiting = { ...moveTo(task, 'visit', at()), waits: { visit: 'token-1' } };
    const change = takeWarning(waiting, delivered, at(1));
    expect(change?.case).toMatchObject({ stage: 'closed', outcome: { code: 'entitlement-delivered', by: 'system' }, waits: {} });
    expect(change?.events.map(({ type }) => type)).toEqual(['case.stepped', 'case.closed']);
    expect(change?.events[1]?.data).toMatchObject({ indicators: 'medical-self-paid-12m', outcome: 'entitlement-delivered' });
    expect(change?.messages.map(({ message }) => JSON.parse(message.body).kind)).toEqual(['wake-run']);
  });

  it('recalls what was asked of a department meanwhile, so that nobody works in vain', () => {
    const asked: Case = { ...task, stage: 'referral', referrals: [referral('R1', 'medical-insurance')] };
    expect(made(takeWarning(asked, delivered, at(1))).referrals[0]).toMatchObject({
      status: 'recalled',
      recall: { by: 'system' },
    });
  });

  it('beside a hardship closes nothing', () => {
    const both = made(takeWarning(task, news(2), at(1)));
    expect(both.source).toBe('warning');
    expect(made(takeWarning(both, { ...delivered, version: 3 }, at(2))).stage).toBe('opened');
  });

  it('whose time has passed is proposed for closing', () => {
    const lapsed = child(2, { status: 'withdrawn', withdrawal: 'entitlement-lapsed' });
    expect(made(takeWarning(task, lapsed, at(1))).proposals[0]?.code).toBe('lapsed');
  });
});

describe('an application', () => {
  const form: ApplicationForm = {
    channel: 'cadre',
    needs: ['medical', 'living'],
    measures: ['minimum-living-allowance'],
    statement: '女儿患白血病，父母打零工',
    urgent: false,
  };
  const lodging = {
    by: 'caseworker-1',
    request: 'request-a',
    household: householdId(1),
    area: '410102001',
    category: 'none',
    grade: GENERAL,
  } as const;

  it.each([
    ['family', 'application'],
    ['caseworker', 'application'],
    ['cadre', 'cadre-report'],
    ['hotline', 'hotline'],
  ] as const)('of the channel %s opens a case from %s', (channel, source) => {
    const change = takeApplication(undefined, { ...form, channel }, lodging, at());
    expect(change?.case).toMatchObject({ source, stage: 'opened', warnings: [], application: { channel } });
    expect(JSON.stringify(change?.events)).not.toContain('白血病');
  });

  it('that cannot wait is urgent', () => {
    expect(made(takeApplication(undefined, { ...form, urgent: true }, lodging, at())).grade).toEqual(URGENT);
  });

  it('joins the case that is open', () => {
    const change = takeApplication(open, form, lodging, at(1));
    expect(change?.case).toMatchObject({
      id: open.id,
      source: 'warning',
      application: { measures: ['minimum-living-allowance'] },
    });
    const more = { ...form, needs: ['education'] as const, measures: ['education-aid'] };
    const twice = made(takeApplication(made(change), more, { ...lodging, request: 'request-b' }, at(2)));
    expect(twice.application).toMatchObject({
      needs: ['medical', 'living', 'education'],
      measures: ['minimum-living-allowance', 'education-aid'],
    });
  });

  it('sent twice is one', () => {
    const once = made(takeApplication(undefined, form, lodging, at()));
    expect(takeApplication(once, form, lodging, at(1))).toBeUndefined();
  });

  it('after a closed case opens the next', () => {
    expect(takeApplication(aCase(1, { stage: 'closed' }), form, lodging, at())?.case.id).toBe(caseId(1, 2));
  });
});

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AccessError } from '../../../shared/access/policy.ts';
import { makeEvent } from '../../../shared/audit/make-event.ts';
import { performAction } from '../../../shared/casework/perform-action.ts';
import { noteWaiting } from '../../../shared/casework/run-step.ts';
import { NotFoundError, RetryLaterError } from '../../../shared/ports/errors.ts';
import { action, visitForm } from '../../builders/acting.ts';
import { accessOf, CaseOffice } from '../../builders/case-office.ts';
import { aCase, caseId, increment, referral, staffMember } from '../../builders/cases.ts';
import { instant } from '../../builders/facts.ts';
import { warning } from '../../builders/standings.ts';

const reviewed = aCase(1, { stage: 'review', increments: [increment(1)] });
const comment = action({ action: 'comment', note: '已联系家属' });
const close = action({ action: 'close', outcome: 'not-in-need' });
const CASEWORKER = accessOf({ roles: ['caseworker'] });

describe('acting on a case', () => {
  let office: CaseOffice;
  beforeEach(() => {
    office = new CaseOffice();
  });
  afterEach(() => office.close());

  const perform = (asked: Parameters<typeof performAction>[2], access = CASEWORKER) => performAction(office.deps, access, asked);

  it('saves the case and writes both the reading and the action as events', async () => {
    await office.has(aCase(1));
    const done = await perform({ case: caseId(1), action: action(visitForm()), key: 'k1' });
    expect(done).toMatchObject({ kind: 'done', case: { version: 2, stage: 'review' } });
    expect((await office.events()).map(({ type, actor }) => [type, actor])).toEqual([
      ['data.read', 'caseworker-1'],
      ['case.acted', 'caseworker-1'],
    ]);
  });

  it('answers the same request again as done already, though its version is old by then', async () => {
    await office.has(aCase(1));
    const asked = { case: caseId(1), action: comment, key: 'k1', version: 1 };
    await perform(asked);
    expect(await perform(asked)).toMatchObject({ kind: 'already', case: { version: 2 } });
  });

  it('refuses in words, with what would be possible', async () => {
    await office.has(aCase(1));
    const told = await perform({ case: caseId(1), action: close, key: 'k1' });
    expect(told).toMatchObject({
      kind: 'refused',
      refusal: { code: 'not-in-this-stage', text: { zh: expect.stringContaining('入户核查') } },
    });
    expect(told.kind === 'refused' && told.refusal.possible.map((one) => one.action)).toContain('record-visit');
  });

  it('lets nobody act outside their role, area or department', async () => {
    await office.has(aCase(1, { stage: 'referral', referrals: [referral('R1', 'education')] }));
    const asked = { case: caseId(1), action: comment, key: 'k1' };
    await expect(perform(asked, accessOf({ roles: ['auditor'] }))).rejects.toThrow(AccessError);
    await expect(perform(asked, accessOf({ roles: ['caseworker'], areas: ['370602'] }))).rejects.toThrow(AccessError);
    await expect(perform(asked, accessOf({ roles: ['handler'], departments: ['housing'] }))).rejects.toThrow(AccessError);
    expect(await perform(asked, accessOf({ roles: ['handler'], departments: ['education'] }))).toMatchObject({ kind: 'done' });
    await expect(perform({ ...asked, case: caseId(9) })).rejects.toThrow(NotFoundError);
  });

  it('tries again on the case as it is now when somebody was faster', async () => {
    await office.has(aCase(1));
    office.beforeSave = async () => void (await perform({ case: caseId(1), action: comment, key: 'faster' }));
    const done = await perform({ case: caseId(1), action: action({ action: 'claim' }), key: 'slower' });
    expect(done.case.history.map(({ request }) => request)).toEqual(['faster', 'slower']);
  });

  it('tells a client that stated a version of what happened meanwhile instead', async () => {
    await office.has(aCase(1));
    await perform({ case: caseId(1), action: comment, key: 'first' });
    const told = await perform({ case: caseId(1), action: action(visitForm()), key: 'second', version: 1 });
    expect(told).toMatchObject({ kind: 'conflict', case: { version: 2, stage: 'visit' } });
    expect(await perform({ case: caseId(1), action: comment, key: 'third', version: 2 })).toMatchObject({ kind: 'done' });
  });

  it('takes a version for current that only the workflow has written after', async () => {
    await office.has(aCase(1));
    await noteWaiting(office.deps, { case: caseId(1), run: 1, wait: 'visit', token: 'token-1' });
    const done = await perform({ case: caseId(1), action: action(visitForm()), key: 'k1', version: 1 });
    expect(done).toMatchObject({ kind: 'done', case: { version: 3 } });
    expect(await office.messages()).toEqual([{ v: 1, kind: 'wake-run', case: caseId(1), run: 1, token: 'token-1' }]);
  });

  it('gives up for now when the case never stands still', async () => {
    await office.has(aCase(1));
    const hurry = async (): Promise<void> => {
      const [found] = (await office.embedded.cases.ofHousehold(aCase(1).household)).slice(-1);
      if (found !== undefined)
        await office.embedded.cases.save([{ case: { ...found, version: found.version + 1 }, events: [], messages: [] }]);
      office.beforeSave = hurry;
    };
    office.beforeSave = hurry;
    await expect(perform({ case: caseId(1), action: comment, key: 'k1' })).rejects.toThrow(RetryLaterError);
  });

  it('assigns to staff whose role and area fit', async () => {
    await office.has(aCase(1, { area: '410102001203' }));
    const event = makeEvent('data.read', instant(), {}, {}, 'staff');
    await office.embedded.staff.put(staffMember('li'), event);
    await office.embedded.staff.put(staffMember('far', { areas: ['370602'] }), event);
    const to = (id: string) => perform({ case: caseId(1), action: action({ action: 'assign', to: id }), key: `to ${id}` });
    expect(await to('far')).toMatchObject({ kind: 'refused', refusal: { code: 'no-such-worker' } });
    expect(await to('li')).toMatchObject({ kind: 'done', case: { assignment: { user: 'li' } } });
  });

  it('asks the guard about each aid', async () => {
    await office.has(reviewed);
    const reason = { zh: '今年已救助两次。', en: 'Helped twice this year.' };
    const deps = { ...office.deps, guard: async () => [{ verdict: 'refuses', reason } as const] };
    const aid = { measure: 'temporary-aid', department: 'civil-affairs', amount: 1_000_00, rhythm: 'once', date: '2024-04-01' };
    const asked = { case: caseId(1), action: action({ action: 'decide', kind: 'help', aids: [aid] }), key: 'k1' };
    expect(await performAction(deps, CASEWORKER, asked)).toMatchObject({ kind: 'refused', refusal: { code: 'guard-refuses' } });
  });

  describe('closing it', () => {
    it('marks its warnings as handled with what was on the table', async () => {
      await office.hasWarning(1);
      await office.has(reviewed);
      await perform({ case: caseId(1), action: close, key: 'k1' });
      const [standing] = (await office.embedded.standings.load([reviewed.household])).get(reviewed.household) ?? [];
      expect(standing).toMatchObject({
        version: 2,
        warning: { status: 'handled' },
        handled: { gradeRank: 2, values: { 'medical-self-paid-12m': 500_000 } },
      });
      expect((await office.events()).map(({ type }) => type)).toContain('warning.handled');
    });

    it('leaves a warning open that holds news the case never heard of', async () => {
      await office.hasWarning(1, { warning: warning(1, { changedAt: instant(5), points: { low: 90, high: 90 } }) });
      await office.has(reviewed);
      await perform({ case: caseId(1), action: close, key: 'k1' });
      const [standing] = (await office.embedded.standings.load([reviewed.household])).get(reviewed.household) ?? [];
      expect(standing).toMatchObject({ version: 1, warning: { status: 'open' } });
    });

    it('is not undone when the warnings cannot be marked just now', async () => {
      await office.hasWarning(1);
      await office.has(reviewed);
      const standings = {
        load: async () => Promise.reject(new RetryLaterError('throttled')),
        save: office.embedded.standings.save,
      };
      const deps = { ...office.deps, standings };
      expect(await performAction(deps, CASEWORKER, { case: caseId(1), action: close, key: 'k1' })).toMatchObject({
        kind: 'done',
      });
      expect(office.logged).toEqual(['AW2009_WARNINGS_NOT_HANDLED']);
    });
  });
});

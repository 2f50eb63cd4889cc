import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AccessError } from '../../../shared/access/policy.ts';
import type { PlainDate } from '../../../shared/calendar/plain-date.ts';
import { lodgeApplication } from '../../../shared/casework/lodge-application.ts';
import { takeMessages } from '../../../shared/casework/take-messages.ts';
import type { WarningChanged } from '../../../shared/ports/case-messages.ts';
import { accessOf, CaseOffice } from '../../builders/case-office.ts';
import { aCase, caseId, referral } from '../../builders/cases.ts';
import { instant, personKey } from '../../builders/facts.ts';
import { GENERAL, householdId, standing, warning } from '../../builders/standings.ts';

const changed = (n: number, version = 1, change: WarningChanged['change'] = 'opened'): WarningChanged => ({
  v: 1,
  kind: 'warning-changed',
  household: householdId(n),
  warning: warning(n).id,
  change,
  version,
});

describe('a message to the casework', () => {
  let office: CaseOffice;
  beforeEach(() => {
    office = new CaseOffice();
  });
  afterEach(() => office.close());

  const current = async (n: number) => (await office.deps.cases.current([householdId(n)])).get(householdId(n));

  it('of changed warnings opens a case for each household, however often it comes', async () => {
    for (const n of [1, 2, 3]) await office.hasWarning(n);
    const messages = [1, 2, 3, 2].map((n) => changed(n));
    await takeMessages(office.deps, messages);
    await takeMessages(office.deps, messages);
    expect((await Promise.all([1, 2, 3].map(current))).map((one) => [one?.id, one?.version])).toEqual([
      [caseId(1), 1],
      [caseId(2), 1],
      [caseId(3), 1],
    ]);
    expect((await office.messages()).map((told) => [told.kind, 'case' in told ? told.case : '']).toSorted()).toEqual(
      [1, 2, 3].map((n) => ['start-run', caseId(n)]),
    );
  });

  it('of a warning reads it as it stands now: messages in any order end the same', async () => {
    await office.hasWarning(1);
    await takeMessages(office.deps, [changed(1)]);
    const withdrawn = warning(1, { status: 'withdrawn', withdrawal: 'reason-taken-back', changedAt: instant(5) });
    await office.embedded.standings.save([{ standing: standing(1, 2, { warning: withdrawn }), events: [], messages: [] }]);
    await takeMessages(office.deps, [changed(1, 2, 'withdrawn')]);
    const found = await current(1);
    await takeMessages(office.deps, [changed(1), changed(1, 2, 'withdrawn')]);
    expect(await current(1)).toEqual(found);
    expect(found).toMatchObject({ version: 2, stage: 'opened', proposals: [{ code: 'reason-taken-back' }] });
  });

  it('that meets a faster writer is taken in again', async () => {
    await office.hasWarning(1);
    office.beforeSave = () => takeMessages(office.deps, [changed(1)]);
    await takeMessages(office.deps, [changed(1)]);
    expect(await current(1)).toMatchObject({ version: 1 });
  });

  it('of a household whose members went into another names the case that is open there', async () => {
    const moved = {
      person: personKey(1),
      birth: '1980-01-01' as PlainDate,
      sex: 'male' as const,
      version: 1,
      memberships: [
        { household: householdId(1), to: '2024-03-31' as PlainDate },
        { household: householdId(2), from: '2024-04-01' as PlainDate },
      ].map((one) => ({
        basis: 'declared' as const,
        relation: 'head',
        head: true,
        category: 'none' as const,
        attributes: {},
        ...one,
      })),
    };
    await office.embedded.households.register([moved], instant());
    await office.has(aCase(1), aCase(2));
    const superseded = warning(1, { status: 'withdrawn', withdrawal: 'household-superseded' });
    await office.hasWarning(1, { warning: superseded });
    await takeMessages(office.deps, [changed(1, 1, 'withdrawn')]);
    expect((await current(1))?.proposals).toMatchObject([
      { code: 'merged-with-case', text: { zh: expect.stringContaining(caseId(2)) } },
    ]);
  });

  it('starts the run a case is at, and none that another has taken the place of', async () => {
    await office.has(aCase(1, { workflow: { definition: 'test', run: 2 } }));
    for (const run of [1, 2]) await takeMessages(office.deps, [{ v: 1, kind: 'start-run', case: caseId(1), run }]);
    await takeMessages(office.deps, [{ v: 1, kind: 'start-run', case: caseId(9), run: 1 }]);
    expect(office.runs.started).toEqual([{ case: caseId(1), run: 2 }]);
  });

  it('wakes a wait with where the case stands now, a branch with whether it goes on', async () => {
    const referrals = [referral('R1', 'education', { status: 'done' }), referral('R2', 'housing')];
    await office.has(aCase(1, { stage: 'referral', referrals }));
    const wake = { v: 1, kind: 'wake-run', case: caseId(1), run: 1 } as const;
    await takeMessages(office.deps, [
      { ...wake, token: 'a', referral: 'R1' },
      { ...wake, token: 'b', referral: 'R2' },
      { ...wake, token: 'c', run: 0 },
    ]);
    expect(office.runs.woken).toEqual([
      ['a', 'referral', false],
      ['b', 'referral', true],
      ['c', 'closed', false],
    ]);
  });
});

describe('lodging an application', () => {
  const form = { channel: 'cadre', needs: ['medical'], measures: [], statement: '家中有重病患者', urgent: false } as const;
  const lodging = { request: 'r1', household: householdId(1), area: '410102001', category: 'none', grade: GENERAL } as const;

  it('opens one case, joins it the next time, and takes a repeat for done', async () => {
    const office = new CaseOffice();
    try {
      const lodge = (request: string) =>
        lodgeApplication(office.deps, accessOf({ roles: ['coordinator'] }), form, { ...lodging, request });
      expect((await lodge('r1')).kind).toBe('opened');
      expect((await lodge('r2')).kind).toBe('joined');
      expect((await lodge('r1')).kind).toBe('already');
      const far = { ...lodging, area: '370602001' };
      await expect(lodgeApplication(office.deps, accessOf({ roles: ['coordinator'] }), form, far)).rejects.toThrow(AccessError);
    } finally {
      office.close();
    }
  });
});

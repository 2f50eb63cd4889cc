import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeEvent } from '../../../shared/audit/make-event.ts';
import { noteWaiting, runStep } from '../../../shared/casework/run-step.ts';
import { closeCase, moveTo } from '../../../shared/casework/stage-moves.ts';
import type { StepCall } from '../../../shared/casework/step.ts';
import { CaseOffice } from '../../builders/case-office.ts';
import { testRules } from '../../builders/case-rules.ts';
import { aCase, caseId, increment, referral, staffMember } from '../../builders/cases.ts';
import { instant } from '../../builders/facts.ts';
import { householdId } from '../../builders/standings.ts';

const mover = { now: instant(), rules: testRules };
const opened = aCase(1, { stage: 'opened' });
const step = (name: StepCall['step'], more: Partial<StepCall> = {}): StepCall => ({
  case: caseId(1),
  run: 1,
  step: name,
  ...more,
});

describe('a step of the workflow', () => {
  let office: CaseOffice;
  beforeEach(() => {
    office = new CaseOffice();
  });
  afterEach(() => office.close());

  it('reads the case, does its work and answers where to go on', async () => {
    await office.has(opened);
    expect(await runStep(office.deps, step('enter'))).toMatchObject({ stage: 'opened' });
    expect(await runStep(office.deps, step('desk-check'))).toEqual({
      stage: 'visit',
      referrals: [],
      seconds: 604_800,
      goesOn: false,
    });
    expect((await office.events()).map(({ type, actor }) => [type, actor])).toEqual([['case.stepped', 'system']]);
  });

  it('killed after the write and run again answers the same and writes nothing more', async () => {
    await office.has(opened);
    const first = await runStep(office.deps, step('desk-check'));
    expect(await runStep(office.deps, step('desk-check'))).toEqual(first);
    expect(await office.deps.cases.get(caseId(1))).toMatchObject({ version: 2 });
  });

  it('is computed again when a person was faster', async () => {
    await office.has(opened);
    office.beforeSave = () =>
      office.embedded.cases
        .save([{ case: { ...moveTo(opened, 'review', mover), version: 2 }, events: [], messages: [] }])
        .then(() => {});
    expect(await runStep(office.deps, step('desk-check'))).toMatchObject({ stage: 'review' });
  });

  it('of a run that another has taken the place of changes nothing and ends it', async () => {
    await office.has({ ...opened, workflow: { definition: 'test', run: 3 } });
    expect(await runStep(office.deps, step('desk-check'))).toMatchObject({ stage: 'closed', goesOn: false });
    expect(await office.deps.cases.get(caseId(1))).toMatchObject({ version: 1, stage: 'opened' });
  });

  it('sends a referral to a department with handlers, and tells the county of one without', async () => {
    const referrals = ['education', 'housing'].map((department, index) =>
      referral(`R${index + 1}`, department, { status: 'to-send' }),
    );
    await office.has(aCase(1, { stage: 'referral', referrals }));
    const event = makeEvent('data.read', instant(), {}, {}, 'staff');
    await office.embedded.staff.put(
      staffMember('chen', { roles: ['handler'], areas: ['410102'], departments: ['education'] }),
      event,
    );
    for (const id of ['R1', 'R2']) {
      expect(await runStep(office.deps, step('send-referral', { referral: id }))).toMatchObject({
        stage: 'referral',
        goesOn: true,
      });
    }
    const found = await office.deps.cases.get(caseId(1));
    expect(found?.referrals.map(({ status, escalatedFor }) => [status, escalatedFor])).toEqual([
      ['sent', undefined],
      ['sent', 'no-inbox'],
    ]);
  });

  it('looks at the household again when the follow-up is due, and only raises a light when it was', async () => {
    await office.has(moveTo(opened, 'follow-up', mover));
    office.now = instant(10 * 1440);
    await runStep(office.deps, step('follow-up'));
    expect(await office.deps.cases.get(caseId(1))).toMatchObject({ stage: 'follow-up', followUp: { outcome: 'not-in-need' } });
    office.now = instant(15 * 1440);
    await runStep(office.deps, step('follow-up'));
    expect(await office.deps.cases.get(caseId(1))).toMatchObject({ version: 3, clocks: [{ light: 'county' }] });
  });

  it('at the end marks the warnings as handled, as often as it is run', async () => {
    await office.hasWarning(1);
    const increments = [increment(1)];
    await office.has(aCase(1, { stage: 'closed', increments, outcome: { code: 'not-in-need', at: instant(), by: 'u' } }));
    await runStep(office.deps, step('close'));
    await runStep(office.deps, step('close'));
    const [standing] = (await office.embedded.standings.load([opened.household])).get(opened.household) ?? [];
    expect(standing).toMatchObject({ version: 2, warning: { status: 'handled' } });
  });

  it('at the end notes that the run has ended, unless another has taken its place or the next case has followed', async () => {
    const closed = closeCase(aCase(1), 'not-in-need', 'u', instant());
    await office.has(closed);
    await runStep(office.deps, step('close'));
    const ended = await office.deps.cases.get(caseId(1));
    expect(ended).toMatchObject({ version: 2, stage: 'closed', history: [], workflow: { definition: 'test', run: 1 } });
    expect(ended?.workflow.ending).toBeUndefined();

    const second = { id: caseId(2), household: householdId(2) };
    await office.has({ ...closed, ...second, workflow: { ...closed.workflow, run: 2 } });
    await runStep(office.deps, step('close', { case: caseId(2) }));
    expect(await office.deps.cases.get(caseId(2))).toMatchObject({ version: 1, workflow: { ending: true } });

    const past = { ...closed, id: caseId(3), household: householdId(3) };
    await office.has(past);
    const next = { ...aCase(3), id: caseId(3, 2) };
    expect(await office.embedded.cases.save([{ case: next, past, events: [], messages: [] }])).toEqual([]);
    await runStep(office.deps, step('close', { case: caseId(3) }));
    expect(await office.deps.cases.get(caseId(3))).toEqual(past);
  });

  it('that waits keeps its token; one nothing is waited for is woken at once', async () => {
    await office.has(moveTo(opened, 'visit', mover));
    const call = { case: caseId(1), run: 1, wait: 'visit', token: 'token-1' } as const;
    await noteWaiting(office.deps, call);
    await noteWaiting(office.deps, call);
    expect(await office.deps.cases.get(caseId(1))).toMatchObject({ version: 2, waits: { visit: 'token-1' } });
    await noteWaiting(office.deps, { ...call, wait: 'review', token: 'token-2' });
    await noteWaiting(office.deps, { ...call, run: 0, token: 'token-3' });
    expect(office.runs.woken).toEqual([
      ['token-2', 'visit', false],
      ['token-3', 'closed', false],
    ]);
  });
});

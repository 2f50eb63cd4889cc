import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { guardOver } from '../../../shared/assistance/household-assistance.ts';
import type { PlainDate } from '../../../shared/calendar/plain-date.ts';
import { type AidAsked, eventOf } from '../../../shared/casework/act/aid.ts';
import type { Aid, Case } from '../../../shared/casework/case.ts';
import { DEFAULTS_ONLY } from '../../../shared/casework/parameters.ts';
import { catalog } from '../../../shared/catalog/index.ts';
import { CaseOffice } from '../../builders/case-office.ts';
import { aCase, caseId } from '../../builders/cases.ts';

const asked = (changes: Partial<AidAsked> = {}): AidAsked => ({
  measure: 'temporary-aid',
  department: 'civil-affairs',
  amount: 3_000_00,
  rhythm: 'once',
  date: '2024-04-01' as PlainDate,
  ...changes,
});
const given = (id: string, date: string, event: string): Aid => ({
  ...asked({ date: date as PlainDate }),
  id,
  by: 'caseworker-1',
  event,
});

describe('the guard over a household’s chain', () => {
  let office: CaseOffice;
  beforeEach(() => {
    office = new CaseOffice();
  });
  afterEach(() => office.close());

  const guard = (found: Case, ...aids: readonly AidAsked[]) =>
    guardOver(
      {
        catalog,
        facts: office.embedded.facts,
        registry: office.embedded.households,
        cases: office.embedded.cases,
        parameters: DEFAULTS_ONLY,
        clock: office.deps.clock,
      },
      found,
      aids,
    );

  it('refuses the same help for the same event, saying what was given when', async () => {
    const found = aCase(1);
    const [verdict] = await guard({ ...found, aids: [given('A1', '2024-03-20', eventOf(found))] }, asked());
    expect(verdict).toMatchObject({ verdict: 'refuses', reason: { zh: expect.stringContaining('2024-03-20') } });
    // Whole sentences: a refusal goes on behind them with what to do.
    expect(verdict).toMatchObject({ reason: { zh: expect.stringMatching(/。$/), en: expect.stringMatching(/\.$/) } });
  });

  it('weighs aids asked for together one after the other', async () => {
    const verdicts = await guard(aCase(1), asked(), asked());
    expect(verdicts.map(({ verdict }) => verdict)).toEqual([expect.stringMatching(/ok|warns/), 'refuses']);
  });

  it('counts what earlier cases of the household gave this year', async () => {
    const aids = [given('A1', '2024-01-10', 'W-a'), given('A2', '2024-02-10', 'W-b')];
    await office.has(aCase(1, { stage: 'closed', aids }));
    const [verdict] = await guard(aCase(1, { id: caseId(1, 2) }), asked());
    expect(verdict).toMatchObject({ verdict: 'warns', reason: { zh: expect.stringContaining('2') } });
  });
});

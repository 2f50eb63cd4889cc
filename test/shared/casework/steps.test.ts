import { describe, expect, it } from 'vitest';
import type { Instant } from '../../../shared/calendar/plain-date.ts';
import type { Assignment, Case, ClosureProposal } from '../../../shared/casework/case.ts';
import { moveTo } from '../../../shared/casework/stage-moves.ts';
import {
  anotherRun,
  answerByFile,
  assignVisit,
  deskCheck,
  followUp,
  isFollowUpDue,
  noteWait,
  proposedOutcome,
  raiseLight,
  sendReferral,
} from '../../../shared/casework/steps.ts';
import { answerOf } from '../../../shared/casework/waits.ts';
import type { FileId } from '../../../shared/facts/fact.ts';
import type { CaseChange } from '../../../shared/ports/case-store.ts';
import { testRules } from '../../builders/case-rules.ts';
import { aCase, referral } from '../../builders/cases.ts';
import { instant } from '../../builders/facts.ts';

const DAY = 1440;
const at = (days: number) => ({ now: instant(days * DAY), rules: testRules });
const opened = aCase(1, { stage: 'opened' });
const refund: ClosureProposal = { code: 'refunded', text: { zh: '已冲销3,000元', en: 'refunded 3,000 yuan' }, evidence: [] };
const made = (change: CaseChange | undefined): Case => {
  if (change === undefined) throw new Error('the step found nothing to do');
  return change.case;
};

describe('the desk check', () => {
  it('leads to the visit at once when nothing speaks for closing', () => {
    const found = made(deskCheck(opened, [], at(0)));
    expect([found.stage, found.clocks.map(({ step }) => step)]).toEqual(['visit', ['visit']]);
  });

  it('waits for a person when something does', () => {
    const found = made(deskCheck(opened, [refund], at(0)));
    expect([found.stage, found.proposals]).toEqual(['desk-check', [refund]]);
  });

  it('repeated after it was saved changes nothing', () => {
    expect(deskCheck(made(deskCheck(opened, [refund], at(0))), [refund], at(0))).toBeUndefined();
  });

  it('does not propose twice what a withdrawal proposed before', () => {
    const found = made(deskCheck({ ...opened, proposals: [refund] }, [refund], at(0)));
    expect(found.proposals).toEqual([refund]);
  });
});

describe('assigning the visit', () => {
  const visit = made(deskCheck(opened, [], at(0)));
  const li: Assignment = { user: 'li', level: 'village', area: '410102001203', at: instant(), by: 'system' };

  it('gives it to the coordinator once', () => {
    const found = made(assignVisit(visit, li, at(0)));
    expect(found.assignment).toEqual(li);
    expect(assignVisit(found, li, at(0))).toBeUndefined();
  });

  it('takes it from nobody but an absent worker', () => {
    const claimed = { ...visit, assignment: { ...li, user: 'wang' } };
    expect(assignVisit(claimed, li, at(0))).toBeUndefined();
    expect(made(assignVisit(claimed, { ...li, reason: 'absence' }, at(0))).assignment?.user).toBe('li');
  });

  it('does nothing when the visit has been made', () => {
    expect(assignVisit({ ...visit, stage: 'review' }, li, at(0))).toBeUndefined();
  });
});

describe('sending a referral', () => {
  const asked = aCase(1, { stage: 'referral', referrals: [referral('R1', 'education', { status: 'to-send' })] });

  it('starts the department’s clock, once', () => {
    const found = made(sendReferral(asked, 'R1', true, at(0)));
    expect(found.clocks).toMatchObject([{ step: 'referral-answer', referral: 'R1', startedAt: instant() }]);
    expect(sendReferral(found, 'R1', true, at(1))).toBeUndefined();
    expect(sendReferral(asked, 'R7', true, at(0))).toBeUndefined();
  });
});

describe('a light', () => {
  const visit = moveTo(opened, 'visit', at(0));

  it('is marked when it is due and not before, each once', () => {
    expect(raiseLight(visit, 'visit', undefined, at(6))).toBeUndefined();
    const yellow = made(raiseLight(visit, 'visit', undefined, at(7)));
    expect(yellow.clocks[0]?.light).toBe('yellow');
    expect(raiseLight(yellow, 'visit', undefined, at(8))).toBeUndefined();
    expect(made(raiseLight(yellow, 'visit', undefined, at(15))).clocks[0]?.light).toBe('county');
  });

  it('never closes a case and does not shine on a stage that was left', () => {
    expect(made(raiseLight(visit, 'visit', undefined, at(400))).stage).toBe('visit');
    expect(raiseLight(visit, 'review', undefined, at(400))).toBeUndefined();
  });

  it('stays out while the clock is paused', () => {
    const paused = { ...visit, clocks: visit.clocks.map((clock) => testRules.clocks.pause(clock, 'in-hospital', instant())) };
    expect(raiseLight(paused, 'visit', undefined, at(30))).toBeUndefined();
  });

  it('tells the county of a department that is silent beyond its limit', () => {
    const asked = aCase(1, { stage: 'referral', referrals: [referral('R1', 'education', { status: 'to-send' })] });
    const sent = made(sendReferral(asked, 'R1', true, at(0)));
    const yellow = made(raiseLight(sent, 'referral', 'R1', at(7)));
    expect(yellow.referrals[0]?.escalatedAt).toBeUndefined();
    const red = made(raiseLight(yellow, 'referral', 'R1', at(10)));
    expect(red.referrals[0]).toMatchObject({ escalatedAt: instant(10 * DAY), escalatedFor: 'silence' });
    expect(red.stage).toBe('referral');
  });
});

describe('the follow-up', () => {
  const helped = moveTo(
    aCase(1, { stage: 'referral', referrals: [referral('R1', 'education', { status: 'done' })] }),
    'follow-up',
    at(0),
  );
  const look = { grade: null, points: { low: 20, high: 20 } };

  it('is due when its clock turns red, and looked at once', () => {
    expect(isFollowUpDue(helped, at(9))).toBe(false);
    expect(followUp(helped, look, at(9))).toBeUndefined();
    const seen = made(followUp(helped, look, at(10)));
    expect(seen.followUp).toEqual({ ...look, at: instant(10 * DAY), outcome: 'helped-new' });
    expect([seen.stage, seen.clocks[0]?.light]).toEqual(['follow-up', 'red']);
    expect(followUp(seen, look, at(11))).toBeUndefined();
  });

  it.each([
    ['helped-new', { referrals: [referral('R1', 'education', { status: 'done' })] }],
    ['charity', { referrals: [referral('R1', 'charity', { status: 'done' })] }],
    [
      'already-covered',
      {
        referrals: [
          referral('R1', 'education', {
            status: 'refused',
            answers: [{ id: 'k', at: instant(), by: 'h', kind: 'refuse', code: 'already-served' }],
          }),
        ],
      },
    ],
    ['not-in-need', {}],
  ] as const)('proposes %s by what is on record', (outcome, changes) => {
    expect(proposedOutcome(aCase(1, changes))).toBe(outcome);
  });

  it('proposes temporary aid where nothing else was given', () => {
    const aid = {
      id: 'A1',
      measure: 'temporary-aid',
      department: 'civil-affairs',
      amount: 5_040_00,
      rhythm: 'once',
      date: '2024-04-01',
      by: 'u',
      event: 'W',
    };
    expect(proposedOutcome({ ...aCase(1), aids: [aid as Case['aids'][number]] })).toBe('temporary-aid');
  });
});

describe('an answer by file', () => {
  const sent = made(
    sendReferral(
      aCase(1, { stage: 'referral', referrals: [referral('R1', 'education', { status: 'to-send' })] }),
      'R1',
      true,
      at(0),
    ),
  );
  const row = { file: 'f'.repeat(24) as FileId, row: 7 };
  const answer = { id: `${row.file}:7`, at: instant(), by: 'system', kind: 'done', amount: 2_000_00, from: row } as const;

  it('ends its referral and names the row, once', () => {
    const change = answerByFile(sent, 'R1', answer, at(1));
    expect(made(change)).toMatchObject({ stage: 'follow-up', referrals: [{ status: 'done', answers: [answer] }] });
    expect(change?.events[0]?.data).toMatchObject({ file: row.file, row: 7, fen: 2_000_00 });
    expect(answerByFile(made(change), 'R1', answer, at(2))).toBeUndefined();
  });
});

describe('a wait', () => {
  const visit = moveTo(opened, 'visit', at(0));
  const call = { run: 1, wait: 'visit', token: 'token-1' } as const;

  it('is noted without history or event, so that no worker’s copy of the case grows old by it', () => {
    const change = noteWait(visit, call);
    if (change === undefined || change === 'noted') throw new Error('not noted');
    expect(change).toMatchObject({ events: [], messages: [], case: { waits: { visit: 'token-1' }, history: visit.history } });
    expect(noteWait(change.case, call)).toBe('noted');
  });

  it('is to be woken when the case has moved on or another run follows it', () => {
    expect(noteWait({ ...visit, stage: 'review' }, call)).toBeUndefined();
    expect(noteWait(made(anotherRun(visit, at(0))), call)).toBeUndefined();
  });

  it('is told the seconds to the next light', () => {
    expect(answerOf(visit, instant(), testRules.clocks, { run: 1 })).toEqual({
      stage: 'visit',
      referrals: [],
      seconds: 7 * 86_400,
      goesOn: false,
    });
    expect(answerOf(visit, instant(8 * DAY), testRules.clocks, { run: 1 }).seconds).toBe(2 * 86_400);
    expect(answerOf(visit, '2024-04-08T11:59:59.900Z' as Instant, testRules.clocks, { run: 1 }).seconds).toBe(1);
  });

  it('of a run that another has taken the place of is told to end', () => {
    const next = made(anotherRun(visit, at(0)));
    expect(answerOf(next, instant(), testRules.clocks, { run: 1 })).toMatchObject({ stage: 'closed', goesOn: false });
  });
});

describe('another run', () => {
  it('is started for an open case, with the definition of today, and none for a closed one', () => {
    const change = anotherRun(moveTo(opened, 'visit', at(0)), at(0));
    expect(change?.case.workflow).toEqual({ definition: 'test-definition', run: 2 });
    expect(change?.messages.map(({ message }) => JSON.parse(message.body))).toEqual([
      { v: 1, kind: 'start-run', case: opened.id, run: 2 },
    ]);
    expect(anotherRun(aCase(1, { stage: 'closed' }), at(0))).toBeUndefined();
  });
});

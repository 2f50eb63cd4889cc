import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Role } from '../../../shared/access/principal.ts';
import { type Instant, instantOf } from '../../../shared/calendar/plain-date.ts';
import type { ActContext } from '../../../shared/casework/act/move.ts';
import { act } from '../../../shared/casework/act.ts';
import { CaseAction } from '../../../shared/casework/actions.ts';
import { type Case, clockSteps, hasEnded, type Stage, stages } from '../../../shared/casework/case.ts';
import {
  actionCodes,
  needCodes,
  outcomeCodes,
  pauseCodes,
  reassignCodes,
  recallCodes,
  refusalCodes,
  truthCodes,
} from '../../../shared/casework/codes.ts';
import { possibleActions } from '../../../shared/casework/possible-actions.ts';
import { moveTo } from '../../../shared/casework/stage-moves.ts';
import {
  anotherRun,
  assignVisit,
  deskCheck,
  followUp,
  noteWait,
  raiseLight,
  sendReferral,
} from '../../../shared/casework/steps.ts';
import { transitions } from '../../../shared/casework/transitions.ts';
import { answerOf } from '../../../shared/casework/waits.ts';
import type { CaseChange } from '../../../shared/ports/case-store.ts';
import { testRules } from '../../builders/case-rules.ts';
import { aCase, referral, staffMember } from '../../builders/cases.ts';
import { feedId, fileId, instant, personKey } from '../../builders/facts.ts';

/** Stands in every free text; nothing that leaves the case may hold it. */
const SECRET = '张三患白血病';
const DAY = 86_400_000;

const key = (codes: Readonly<Record<string, unknown>>) => fc.constantFrom(...Object.keys(codes));
const some = (codes: Readonly<Record<string, unknown>>) => fc.uniqueArray(key(codes), { maxLength: 3 });
const note = fc.constant(SECRET);
const hex = fc.constantFrom('a', 'b', 'c').map((digit) => digit.repeat(64));
const referralId = fc.constantFrom('R1', 'R2', 'R3', 'R9');
const measure = fc.record({
  measure: fc.constantFrom('public-welfare-job', 'education-aid'),
  department: fc.constantFrom('human-resources', 'education', 'charity'),
  ask: note,
});
const aid = fc.record({
  measure: fc.constantFrom('small-rapid-relief', 'temporary-aid'),
  department: fc.constantFrom('civil-affairs', 'charity'),
  amount: fc.constantFrom(100_00, 700_00, 900_00),
  rhythm: fc.constant('once'),
  date: fc.constant('2024-04-01'),
});
const visit = fc.record({
  id: fc.constantFrom(1, 2, 3, 4).map((n) => `00000000-0000-4000-8000-00000000000${n}`),
  means: fc.constantFrom('home', 'telephone'),
  visitedAt: fc.constant('2024-04-01T09:00:00Z'),
  investigators: fc.constantFrom([SECRET], [SECRET, '李强']),
  truth: key(truthCodes),
  needs: some(needCodes),
  proposed: some(actionCodes),
  raisesGrade: fc.boolean(),
  notes: note,
  baseVersion: fc.constant(1),
});

/** A row found wrong, with words for its department. */
const wrongRow = { file: fileId(1), row: 3, found: 'other', note: SECRET } as const;

/** Decisions of every kind as somebody might take them, and some that nobody could. */
const decision = fc
  .record({
    kind: fc.constantFrom('no-need', 'data-wrong', 'help', 'help', 'conference', 'urgent', 'observe'),
    outcome: key(outcomeCodes),
    actions: some(actionCodes),
    referrals: fc.array(measure, { minLength: 1, maxLength: 3 }),
    aids: fc.array(aid, { maxLength: 2 }),
    wild: fc.integer({ min: 0, max: 4 }).map((n) => n === 0),
  })
  .map(({ kind, outcome, actions, referrals, aids, wild }) => {
    const base = { action: 'decide', kind, note: SECRET };
    const relief = {
      measure: 'small-rapid-relief',
      department: 'civil-affairs',
      amount: 300_00,
      rhythm: 'once',
      date: '2024-04-01',
    };
    if (wild) return { ...base, outcome, actions, referrals, aids };
    if (kind === 'no-need') return { ...base, outcome: 'not-in-need', actions: ['A0'] };
    if (kind === 'data-wrong') return { ...base, outcome: 'data-wrong', wrongRows: [wrongRow] };
    if (kind === 'help') return { ...base, referrals, aids };
    if (kind === 'urgent') return { ...base, referrals, aids: [relief] };
    return kind === 'observe' ? { ...base, until: '2030-09-01' } : base;
  });

const asked = fc.oneof(
  fc.record({ action: fc.constant('answer-proposal'), index: fc.nat(2), accepted: fc.boolean(), note }),
  fc.record({ action: fc.constant('claim') }),
  fc.record({
    action: fc.constant('assign'),
    to: fc.constantFrom('li', 'wang'),
    reason: fc.option(key(reassignCodes), { nil: undefined }),
  }),
  fc.record({ action: fc.constant('return-to-pool'), reason: key(reassignCodes) }),
  { weight: 3, arbitrary: fc.record({ action: fc.constant('record-visit'), visit }) },
  fc.record({ action: fc.constant('choose-visit'), visit: visit.map(({ id }) => id), note }),
  { weight: 9, arbitrary: decision },
  fc.record({ action: fc.constant('file-papers'), papers: fc.array(hex, { minLength: 1, maxLength: 2 }), note }),
  fc.record({ action: fc.constant('add-referral'), referral: measure }),
  {
    weight: 4,
    arbitrary: fc.record({
      action: fc.constant('answer-referral'),
      referral: referralId,
      kind: fc.constantFrom('accept', 'refuse', 'ask-more', 'part-done', 'done'),
      code: key(refusalCodes),
      note,
      amount: fc.constantFrom(undefined, 836_00),
    }),
  },
  fc.record({ action: fc.constant('supply'), referral: referralId, note }),
  fc.record({ action: fc.constant('recall-referral'), referral: referralId, code: key(recallCodes) }),
  fc.record({ action: fc.constant('record-aid'), aid }),
  fc.record({ action: fc.constant('give-consent'), paper: hex }),
  fc.record({
    action: fc.constant('pause-clock'),
    step: fc.constantFrom(...clockSteps),
    referral: fc.option(referralId, { nil: undefined }),
    reason: key(pauseCodes),
  }),
  fc.record({
    action: fc.constant('resume-clock'),
    step: fc.constantFrom(...clockSteps),
    referral: fc.option(referralId, { nil: undefined }),
  }),
  fc.record({ action: fc.constant('raise-grade'), note }),
  fc.record({ action: fc.constant('look-again'), outcome: fc.option(key(outcomeCodes), { nil: undefined }), note }),
  fc.record({ action: fc.constant('close'), outcome: key(outcomeCodes), note }),
  fc.record({ action: fc.constant('comment'), note }),
  fc.record({
    action: fc.constant('attach'),
    id: hex,
    kind: fc.constant('photo'),
    type: fc.constant('image/png'),
    size: fc.constant(9),
  }),
);

/** What a person or the workflow does at a moment. */
type Deed =
  | { readonly who: 'person'; readonly role: Role; readonly request: number; readonly asked: unknown; readonly days: number }
  | {
      readonly who: 'workflow';
      readonly step: number;
      readonly referral: string;
      readonly proposes: boolean;
      readonly days: number;
    };

const role = fc.constantFrom<Role>('coordinator', 'caseworker', 'supervisor', 'handler', 'auditor');
const deed: fc.Arbitrary<Deed> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ who: fc.constant('person' as const), role, request: fc.nat(5_000), asked, days: fc.nat(4) }),
  },
  fc.record({
    who: fc.constant('workflow' as const),
    step: fc.nat(6),
    referral: referralId,
    proposes: fc.boolean(),
    days: fc.nat(20),
  }),
);
const story = fc.record({
  stage: fc.constantFrom<Stage>('opened', 'visit', 'review', 'review', 'referral', 'follow-up'),
  deeds: fc.array(deed, { minLength: 5, maxLength: 60, size: 'max' }),
});
type Story = typeof story extends fc.Arbitrary<infer Told> ? Told : never;

/** A case at a stage, as it comes there when all goes well. */
function begun(stage: Stage): Case {
  const opened = aCase(1, { stage: 'opened' });
  const mover = { now: instant(), rules: testRules };
  if (stage === 'opened') return opened;
  const at = moveTo(opened, stage === 'closed' ? 'review' : stage, mover);
  if (stage !== 'referral') return at;
  const referrals = ['R1', 'R2'].map((id) => referral(id, 'education', { measure: id, status: 'to-send' }));
  return ['R1', 'R2'].reduce<Case>((found, id) => sendReferral(found, id, true, mover)?.case ?? found, { ...at, referrals });
}

function contextOf(who: Role, request: number, now: Instant): ActContext {
  const departments = who === 'handler' ? ['*'] : [];
  return {
    actor: { id: `${who}-1`, roles: [who], departments },
    now,
    request: `key-${request}`,
    rules: testRules,
    rows: { named: [{ found: true, row: { ...wrongRow, feed: feedId(), person: personKey(1) } }], offered: [] },
    assignee: staffMember('li'),
  };
}

function changeBy(found: Case, one: Deed, now: Instant): CaseChange | undefined {
  if (one.who === 'person') {
    const made = act(found, CaseAction.parse(one.asked), contextOf(one.role, one.request, now));
    return made.kind === 'acted' ? made.change : undefined;
  }
  const mover = { now, rules: testRules };
  const proposals = one.proposes ? [{ code: 'refunded' as const, text: { zh: '退费', en: 'refund' }, evidence: [] }] : [];
  const to = { user: 'li', level: 'village' as const, area: found.area, at: now, by: 'system' };
  const wait = found.stage === 'opened' || found.stage === 'closed' ? 'visit' : found.stage;
  const ofReferral = found.stage === 'referral' ? one.referral : undefined;
  const steps = [
    () => deskCheck(found, proposals, mover),
    () => assignVisit(found, to, mover),
    () => sendReferral(found, one.referral, one.proposes, mover),
    () => raiseLight(found, wait, ofReferral, mover),
    () => followUp(found, { grade: null, points: { low: 0, high: 0 } }, mover),
    () => {
      const call = {
        run: found.workflow.run,
        wait,
        token: `token-${found.version}`,
        ...(ofReferral === undefined ? {} : { referral: ofReferral }),
      };
      const noted = noteWait(found, call);
      return noted === 'noted' ? undefined : noted;
    },
    () => anotherRun(found, mover),
  ];
  return steps[one.step]?.();
}

/** Plays a story on a case just opened; answers with every change made. */
function play({ stage, deeds }: Story, each: (before: Case, change: CaseChange, one: Deed) => void): Case {
  let found = begun(stage);
  let at = Date.parse(instant());
  for (const one of deeds) {
    at += one.days * DAY;
    const change = changeBy(found, one, instantOf(at));
    if (change === undefined) continue;
    each(found, change, one);
    found = change.case;
  }
  return found;
}

const CLOCK_OF: Readonly<Record<string, string | undefined>> = {
  'desk-check': 'desk-check',
  visit: 'visit',
  review: 'review',
  conference: 'conference',
  papers: 'papers',
  'follow-up': 'follow-up',
};

function expectSound(found: Case): void {
  expect(stages).toContain(found.stage);
  expect(found.stage === 'closed').toBe(found.outcome !== undefined);
  const running = found.clocks.filter((clock) => clock.stoppedAt === undefined);
  const ofStage = running.filter((clock) => clock.referral === undefined).map(({ step }) => step);
  expect(ofStage).toEqual([CLOCK_OF[found.stage]].filter((step) => step !== undefined));
  for (const { referral } of running.filter((clock) => clock.referral !== undefined)) {
    expect(running.filter((clock) => clock.referral === referral)).toHaveLength(1);
    const there = found.referrals.find(({ id }) => id === referral);
    expect(there !== undefined && !hasEnded(there)).toBe(true);
  }
  if (found.stage === 'referral') expect(found.referrals.some((one) => !hasEnded(one))).toBe(true);
  if (found.stage === 'closed' || found.stage === 'follow-up') expect(found.referrals.every(hasEnded)).toBe(true);
  expect(found.referrals.map(({ id }) => id)).toEqual(found.referrals.map((_, index) => `R${index + 1}`));
  for (const wait of Object.keys(found.waits)) expect(wait.startsWith(found.stage)).toBe(true);
}

describe('any sequence of what people and the workflow do to a case', () => {
  it('leaves it sound: one stage with its one clock, an outcome when closed, nothing lost', () => {
    fc.assert(
      fc.property(story, (told) => {
        play(told, (before, { case: next }) => {
          expectSound(next);
          expect(next.version).toBe(before.version + 1);
          expect(next.history.slice(0, before.history.length)).toEqual(before.history);
          for (const list of ['visits', 'decisions', 'referrals', 'aids', 'proposals', 'clocks', 'attachments'] as const) {
            expect(next[list].length).toBeGreaterThanOrEqual(before[list].length);
          }
          if (before.stage === 'closed') expect(next.outcome).toEqual(before.outcome);
        });
      }),
      { numRuns: 300 },
    );
  });

  it('moves it only where the table of transitions says', () => {
    fc.assert(
      fc.property(story, (told) => {
        play(told, (before, { case: next }, one) => {
          if (one.who !== 'person' || before.stage === next.stage) return;
          const row = transitions.find(({ action }) => action === next.history.at(-1)?.what);
          expect(row?.from).toContain(before.stage);
          expect(row?.to).toContain(next.stage);
          expect(row?.roles).toContain(one.role);
          const possible = possibleActions(before, { id: `${one.role}-1`, roles: [one.role], departments: ['*'] });
          expect(possible.map(({ action }) => action)).toContain(row?.action);
        });
      }),
      { numRuns: 300 },
    );
  });

  it('changes nothing when every request of it is sent again under its key', () => {
    fc.assert(
      fc.property(story, (told) => {
        const keyed = told.deeds.map((one, index) => (one.who === 'person' ? { ...one, request: index } : one));
        const sent: Deed[] = [];
        const found = play({ ...told, deeds: keyed }, (_, __, one) => sent.push(one));
        for (const one of sent) {
          if (one.who === 'workflow') continue;
          const again = act(
            found,
            CaseAction.parse(one.asked),
            contextOf(one.role, one.request, instantOf(Date.parse(found.changedAt))),
          );
          expect(again).toEqual({ kind: 'already', case: found });
        }
      }),
      { numRuns: 200 },
    );
  });

  it('tells nothing that somebody typed: not in events, not in messages, not in answers to the workflow', () => {
    fc.assert(
      fc.property(story, (told) => {
        play(told, (_, { case: next, events, messages }) => {
          const out = JSON.stringify([events, messages, answerOf(next, next.changedAt, testRules.clocks, { run: 99 })]);
          expect(out).not.toContain(SECRET);
          for (const { data } of events) expect(Object.keys(data)).toEqual(Object.keys(data).toSorted());
        });
      }),
      { numRuns: 200 },
    );
  });

  it('wakes every wait that it answers, once, and leaves those that still wait', () => {
    fc.assert(
      fc.property(story, (told) => {
        play(told, (before, { case: next, messages }) => {
          const woken = messages.map(({ message }) => JSON.parse(message.body)).filter(({ kind }) => kind === 'wake-run');
          const gone = Object.values(before.waits).filter((token) => !Object.values(next.waits).includes(token));
          // A wait noted again under another token takes the place of one that has run out.
          if (messages.length > 0 || next.history.length > before.history.length) {
            expect(woken.map(({ token }) => token).toSorted()).toEqual(gone.toSorted());
          }
        });
      }),
      { numRuns: 200 },
    );
  });
});

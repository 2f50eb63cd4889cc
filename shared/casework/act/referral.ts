import type { Instant } from '../../calendar/plain-date.ts';
import { type Case, type CaseClock, type Codes, hasEnded, type Referral, type ReferralAnswer } from '../case.ts';
import { answers } from '../possible-actions.ts';
import { refuse } from '../refusals.ts';
import { afterHelp, moveTo, restartRun, stopWhere } from '../stage-moves.ts';
import { type ActContext, type ActionOf, type Move, moved, unknownName } from './move.ts';

type Asked = ActionOf<'add-referral'>['referral'];
type Answer = ActionOf<'answer-referral'>;

/**
 * Referrals of one case that may be open at once. The workflow has a branch for each, and both engines go through at most 40
 * branches of a map at a time, whatever its MaxConcurrency says (Step Functions: inline map). A 41st would not be sent, nor
 * its clock begin, before another has ended: it is refused instead, so that nobody waits for what no department has seen.
 */
export const MOST_OPEN_REFERRALS = 40;

/** The referrals a case has after some more are asked for, or why one of them may not be. */
export function refer(
  found: Case,
  asked: readonly Asked[],
  { actor, rules }: ActContext,
): { readonly referrals: readonly Referral[] } | Extract<Move, { kind: 'refused' }> {
  const referrals = [...found.referrals];
  for (const one of asked) {
    const unknown = unknownName(one);
    if (unknown !== undefined) return unknown;
    if (rules.isCharity(one.department, one.measure) && found.consent === undefined) return refuse('consent-missing');
    const twice = referrals.find((there) => !hasEnded(there) && isSame(there, one));
    if (twice !== undefined) return refuse('referral-asked-twice', twice);
    if (referrals.filter((there) => !hasEnded(there)).length >= MOST_OPEN_REFERRALS) {
      return refuse('too-many-referrals', MOST_OPEN_REFERRALS);
    }
    referrals.push({ ...one, id: `R${referrals.length + 1}`, status: 'to-send', by: actor.id, answers: [] });
  }
  return { referrals };
}

/** One more referral. While the papers of help that came first are awaited it waits with the others. */
export function addReferral(found: Case, { referral }: ActionOf<'add-referral'>, context: ActContext): Move {
  const asked = refer(found, [referral], context);
  if ('kind' in asked) return asked;
  const next: Case = { ...found, ...asked };
  const codes = { referral: asked.referrals.at(-1)?.id ?? '', department: referral.department, measure: referral.measure };
  if (found.stage === 'papers') return moved(next, codes);
  // The branches of the run that waits are fixed: another run has one for the new referral too.
  return moved(found.stage === 'referral' ? restartRun(next, context) : moveTo(next, 'referral', context), codes);
}

/**
 * Whether the department has said this before: by the same request, or by what it said last. Another reason, sum or question is
 * none of it: answered as done already it would be lost.
 */
export function answerIsThere(found: Case, { referral, kind, code, note, amount }: Answer): boolean {
  const there = found.referrals.find(({ id }) => id === referral);
  const last = there?.answers.at(-1);
  switch (kind) {
    case 'accept':
      return there?.status === 'accepted' || there?.status === 'part-done';
    case 'refuse':
      return there?.status === 'refused' && (code === undefined || last?.code === code);
    case 'ask-more':
      return there?.status === 'more-asked' && last?.note === note;
    case 'done':
      return there?.status === 'done' && (amount === undefined || last?.amount === amount);
    case 'part-done':
      // Help may come in several parts: only the request tells a repeat.
      return false;
  }
}

/** What the department answers. Its clocks follow: answer, then finish, standing still while it waits for more papers. */
export function answerReferral(found: Case, action: Answer, context: ActContext): Move {
  const there = found.referrals.find(({ id }) => id === action.referral);
  if (there === undefined) return refuse('no-such-referral');
  if (!answers(context.actor, there)) return refuse('not-your-department');
  if (hasEnded(there)) return refuse('referral-ended', there);
  if (action.kind === 'refuse' && action.code === undefined) return refuse('refusal-code-missing');
  if (action.kind === 'ask-more' && action.note === undefined) return refuse('note-missing');
  const answer: ReferralAnswer = {
    id: context.request,
    at: context.now,
    by: context.actor.id,
    kind: action.kind,
    ...(action.kind === 'refuse' && action.code !== undefined ? { code: action.code } : undefined),
    ...(action.note === undefined ? undefined : { note: action.note }),
    ...(action.amount === undefined ? undefined : { amount: action.amount }),
    ...(action.rhythm === undefined ? undefined : { rhythm: action.rhythm }),
  };
  return moved(answered(found, there, answer, context), codesOfAnswer(there, answer), action.note);
}

/** What an event may tell of a department's answer. */
export function codesOfAnswer({ id, department, measure }: Referral, { kind, code, amount, rhythm }: ReferralAnswer): Codes {
  return { referral: id, department, measure, kind, code: code ?? null, fen: amount ?? null, rhythm: rhythm ?? null };
}

/** The case after an answer of a department, of a handler or by file. */
export function answered(found: Case, there: Referral, answer: ReferralAnswer, context: Pick<ActContext, 'now' | 'rules'>): Case {
  const next: Referral = { ...there, status: STATUS_AFTER[answer.kind], answers: [...there.answers, answer] };
  return afterHelp(withReferral(clocksAfter(found, there, answer, context), next), context);
}

/** What the department asked for, supplied: its clock runs on. */
export function supply(found: Case, { referral, note }: ActionOf<'supply'>, context: ActContext): Move {
  const there = found.referrals.find(({ id }) => id === referral);
  if (there === undefined) return refuse('no-such-referral');
  if (there.status !== 'more-asked') return refuse('nothing-asked');
  const { now, actor, rules } = context;
  const answer: ReferralAnswer = { id: context.request, at: now, by: actor.id, kind: 'supply', note };
  const taken = there.answers.some(({ kind }) => kind === 'accept' || kind === 'part-done');
  const next: Referral = { ...there, status: taken ? 'accepted' : 'sent', answers: [...there.answers, answer] };
  const clocks = eachRunning(found.clocks, there.id, (clock) =>
    clock.paused === undefined ? clock : rules.clocks.resume(clock, now, found.area),
  );
  return moved(withReferral({ ...found, clocks }, next), { referral, department: there.department }, note);
}

/** Whether it was called back before. */
export function recallIsThere(found: Case, { referral }: ActionOf<'recall-referral'>): boolean {
  return found.referrals.some(({ id, status }) => id === referral && status === 'recalled');
}

/** Called back by who sent it. */
export function recallReferral(found: Case, { referral, code }: ActionOf<'recall-referral'>, context: ActContext): Move {
  const there = found.referrals.find(({ id }) => id === referral);
  if (there === undefined) return refuse('no-such-referral');
  if (hasEnded(there)) return refuse('referral-ended', there);
  const { now, actor } = context;
  const next: Referral = { ...there, status: 'recalled', recall: { code, at: now, by: actor.id } };
  const stopped = { ...found, clocks: stopClocks(found.clocks, there.id, now) };
  return moved(afterHelp(withReferral(stopped, next), context), { referral, department: there.department, code });
}

const STATUS_AFTER: Readonly<Record<ReferralAnswer['kind'], Referral['status']>> = {
  accept: 'accepted',
  refuse: 'refused',
  'ask-more': 'more-asked',
  supply: 'sent',
  'part-done': 'part-done',
  done: 'done',
};

function isSame(there: Referral, asked: Asked): boolean {
  return there.department === asked.department && there.measure === asked.measure && there.person === asked.person;
}

function clocksAfter(
  found: Case,
  there: Referral,
  { kind }: ReferralAnswer,
  { now, rules }: Pick<ActContext, 'now' | 'rules'>,
): Case {
  if (kind === 'done' || kind === 'refuse') return { ...found, clocks: stopClocks(found.clocks, there.id, now) };
  if (kind === 'ask-more') {
    const pause = (clock: CaseClock) => (clock.paused === undefined ? rules.clocks.pause(clock, 'papers-awaited', now) : clock);
    return { ...found, clocks: eachRunning(found.clocks, there.id, pause) };
  }
  // Accepted, or begun without a word: from here on the time to finish counts.
  const finishing = found.clocks.some((clock) => clock.referral === there.id && clock.step === 'referral-finish');
  if (finishing) {
    const resume = (clock: CaseClock) => (clock.paused === undefined ? clock : rules.clocks.resume(clock, now, found.area));
    return { ...found, clocks: eachRunning(found.clocks, there.id, resume) };
  }
  const finish = rules.clocks.start('referral-finish', found, now, { referral: there.id });
  return { ...found, clocks: [...stopClocks(found.clocks, there.id, now), finish] };
}

function stopClocks(clocks: readonly CaseClock[], referral: string, now: Instant): readonly CaseClock[] {
  return stopWhere(clocks, now, (clock) => clock.referral === referral);
}

function eachRunning(
  clocks: readonly CaseClock[],
  referral: string,
  change: (clock: CaseClock) => CaseClock,
): readonly CaseClock[] {
  return clocks.map((clock) => (clock.referral === referral && clock.stoppedAt === undefined ? change(clock) : clock));
}

function withReferral(found: Case, next: Referral): Case {
  return { ...found, referrals: found.referrals.map((one) => (one.id === next.id ? next : one)) };
}

import type { Case, CaseClock, ClockStep } from '../case.ts';
import { refuse } from '../refusals.ts';
import { runningClock } from '../stage-moves.ts';
import { type ActContext, type ActionOf, ALREADY, type Move, moved } from './move.ts';

/** A clock stands still for a coded reason only. */
export function pauseClock(found: Case, { step, referral, reason }: ActionOf<'pause-clock'>, { rules, now }: ActContext): Move {
  const clock = clockOf(found, step, referral);
  if (clock === undefined) return refuse('no-such-clock', found);
  if (clock.paused !== undefined) return clock.paused.reason === reason ? ALREADY : refuse('clock-paused');
  return moved(withClock(found, clock, rules.clocks.pause(clock, reason, now)), { step, referral: referral ?? null, reason });
}

/** The clock runs on with what was left. */
export function resumeClock(found: Case, { step, referral }: ActionOf<'resume-clock'>, { rules, now }: ActContext): Move {
  const clock = clockOf(found, step, referral);
  if (clock === undefined) return refuse('no-such-clock', found);
  if (clock.paused === undefined) return refuse('clock-not-paused');
  return moved(withClock(found, clock, rules.clocks.resume(clock, now, found.area)), { step, referral: referral ?? null });
}

/** A worker finds it more urgent. The stage's clock is begun anew where that makes it end sooner; never later. */
export function raiseGrade(found: Case, { note }: ActionOf<'raise-grade'>, { rules, now }: ActContext): Move {
  const urgent = rules.urgentGrade(found.area);
  if (found.grade.rank <= urgent.rank) return ALREADY;
  const raised: Case = { ...found, grade: urgent };
  return moved(hastened(raised, { rules, now }), { grade: urgent.id, before: found.grade.id }, note);
}

/** After the grade rose: the shorter limit counts from now, unless what was left is shorter still. */
export function hastened(found: Case, { rules, now }: Pick<ActContext, 'rules' | 'now'>): Case {
  const clock = runningClock(found);
  if (clock === undefined || clock.paused !== undefined || clock.step === 'follow-up') return found;
  const anew = rules.clocks.start(clock.step, found, now);
  return anew.redAt < clock.redAt ? withClock(found, clock, { ...clock, stoppedAt: now }, anew) : found;
}

function clockOf(found: Case, step: ClockStep, referral: string | undefined): CaseClock | undefined {
  return found.clocks.findLast((one) => one.stoppedAt === undefined && one.step === step && one.referral === referral);
}

function withClock(found: Case, clock: CaseClock, ...instead: CaseClock[]): Case {
  return { ...found, clocks: found.clocks.flatMap((one) => (one === clock ? instead : [one])) };
}

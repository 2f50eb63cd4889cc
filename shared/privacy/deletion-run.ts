import { hash } from 'node:crypto';
import { dateInChina, type Instant, type PlainDate } from '../calendar/plain-date.ts';
import { PermanentError } from '../ports/errors.ts';
import {
  certificateId,
  certify,
  type DeletionCertificate,
  type DeletionDeps,
  type DeletionPlan,
  type Errand,
  errandsOn,
  goOn,
  NOTHING_YET,
  planOf,
  type Tally,
  tellBegun,
} from './delete-expired.ts';

/**
 * A deletion in portions, for a host that gives each portion minutes only: written down and gone on with. What
 * goes is planned first; a person confirms the plan by its digest; it is gone through once more and deleted only if it is
 * still the same.
 */
export type DeletionRun = PlannedRun | ConfirmedRun;

interface PlannedRun {
  readonly state: 'planning' | 'planned';
  readonly on: PlainDate;
  readonly plans: readonly DeletionPlan[];
  readonly tally: Tally;
}

interface ConfirmedRun extends Omit<PlannedRun, 'state'> {
  readonly state: 'checking' | 'deleting' | 'done';
  /** Digest of the plans that were confirmed, and who did. */
  readonly confirmed: string;
  readonly by: string;
  /** The plan whose turn it is to be deleted, and since when. */
  readonly turn: number;
  readonly at?: Instant;
  /** All of it is gone; what is left is to certify it. */
  readonly gone?: true;
  readonly certificates: readonly DeletionCertificate[];
}

/** A run that is to be planned as of a day. */
export function newDeletionRun(on: PlainDate): DeletionRun {
  return { state: 'planning', on, plans: [], tally: NOTHING_YET };
}

/** What a person confirms: over the day and every plan. */
export function digestOfPlans(on: PlainDate, plans: readonly DeletionPlan[]): string {
  const lines = plans.map(({ purpose, rule, before, digest }) => `${purpose} ${rule.feed ?? ''} ${before} ${digest}`);
  return hash('sha256', [on, ...lines].join('\n'), 'hex');
}

/**
 * The run confirmed by somebody.
 * @throws PermanentError `not-planned` when there is no finished plan, `other-plan` when it has another digest
 */
export function confirmed(run: DeletionRun, digest: string, by: string): DeletionRun {
  if (run.state !== 'planned') {
    throw new PermanentError('not-planned', '没有待确认的清单，请先生成 / there is no plan to confirm: make one first');
  }
  if (digest !== digestOfPlans(run.on, run.plans)) {
    throw new PermanentError(
      'other-plan',
      '摘要与清单不符，请核对后再确认 / the digest is not that of the plan: look at it again',
    );
  }
  const { on } = run;
  return { state: 'checking', on, plans: [], tally: NOTHING_YET, confirmed: digest, by, turn: 0, certificates: [] };
}

/**
 * Goes on with a run page by page until somebody is asked to confirm it, it is done, or time is up; `save` is called after each
 * page that was deleted, when the state changes, and at the end. A run that was broken off in between is gone on with from what was
 * saved; of a page that was deleted and not saved any more the certificate counts less than the plan.
 */
export async function proceed(
  deps: DeletionDeps,
  run: DeletionRun,
  save: (run: DeletionRun) => Promise<void>,
  timeIsUp: () => boolean,
): Promise<DeletionRun> {
  if (run.state === 'planned' || run.state === 'done') return run;
  const errands = await errandsOn(deps, run.on);
  let [now, saved]: [DeletionRun, DeletionRun] = [run, run];
  while (now.state !== 'planned' && now.state !== 'done' && !timeIsUp()) {
    now = await step(deps, errands, now);
    // Looking costs nothing to repeat.
    if (now.state === saved.state && now.state !== 'deleting') continue;
    await save(now);
    saved = now;
  }
  if (now !== saved) await save(now);
  return now;
}

async function step(deps: DeletionDeps, errands: readonly Errand[], run: DeletionRun): Promise<DeletionRun> {
  switch (run.state) {
    case 'planning':
    case 'checking':
      return planOn(errands, run);
    case 'deleting':
      return deleteOn(deps, errands, run);
    case 'planned':
    case 'done':
      return run;
  }
}

async function planOn(errands: readonly Errand[], run: DeletionRun): Promise<DeletionRun> {
  const errand = errands[run.plans.length];
  if (errand === undefined) return planFinished(run);
  const { tally, done } = await goOn(errand, run.tally);
  return done ? { ...run, plans: [...run.plans, planOf(errand, tally)], tally: NOTHING_YET } : { ...run, tally };
}

function planFinished(run: DeletionRun): DeletionRun {
  if (!('confirmed' in run)) return { ...run, state: 'planned' };
  const { on, plans, tally } = run;
  if (run.confirmed === digestOfPlans(on, plans)) return { ...run, state: 'deleting' };
  // What is past keeping is not what was confirmed any more: somebody has to look again.
  return { state: 'planned', on, plans, tally };
}

async function deleteOn(deps: DeletionDeps, errands: readonly Errand[], run: ConfirmedRun): Promise<ConfirmedRun> {
  const [plan, errand] = [run.plans[run.turn], errands[run.turn]];
  if (plan === undefined || errand === undefined) return { ...run, state: 'done' };
  if (plan.kinds.length === 0) return next(run);
  // First written down when it was begun, so that a repeat tells of the same beginning.
  if (run.at === undefined) return { ...run, at: deps.clock.now() };
  const { at, by } = run;
  if (run.gone === true) {
    const { deleted } = run.tally;
    const certificate = await certify(deps, plan, planOf(errand, run.tally), { at, by, deleted });
    return { ...next(run), certificates: [...run.certificates, certificate] };
  }
  if (run.tally.after === undefined) await tellBegun(deps, plan, at, by);
  const mark = { on: dateInChina(at), before: plan.before, certificate: certificateId(plan, at, by) };
  const { tally, done } = await goOn(errand, run.tally, mark);
  return done ? { ...run, tally, gone: true } : { ...run, tally };
}

function next({ at: _, gone: __, ...run }: ConfirmedRun): ConfirmedRun {
  return { ...run, turn: run.turn + 1, tally: NOTHING_YET };
}

import { hash } from 'node:crypto';
import { makeEvent } from '../audit/make-event.ts';
import { addMonths, beginningInChina, dateInChina, type Instant, type PlainDate } from '../calendar/plain-date.ts';
import type { Bilingual } from '../catalog/feed.ts';
import type { DeletionMark } from '../facts/fact.ts';
import type { Clock } from '../ports/clock.ts';
import { PermanentError } from '../ports/errors.ts';
import type { EventLog } from '../ports/event-log.ts';
import type { DeletablePurpose, ExpiredData, ExpiredPage, ExpiredThing } from '../ports/expired-data.ts';
import type { CompiledPack } from '../scoring/compiled.ts';
import { expiredFacts, type FactKeepingDeps } from './expired-facts.ts';
import {
  type RetentionPurpose,
  type RetentionRow,
  retentionFor,
  retentionPurposes,
  shorterThanWindows,
  tooShortText,
} from './retention.ts';

/** What deleting needs. */
export interface DeletionDeps extends FactKeepingDeps {
  readonly clock: Clock;
  readonly expired: ExpiredData;
  readonly eventLog: Pick<EventLog, 'append'>;
  /** What the deployment set itself. */
  readonly retention: readonly RetentionRow[];
  /** Every pack in force anywhere. */
  readonly packs: readonly CompiledPack[];
}

/** What would go for one purpose, and by which rule. Facts have a plan for each rule, and kinds that are feeds. */
export interface DeletionPlan {
  readonly purpose: RetentionPurpose;
  readonly title: Bilingual;
  readonly rule: RetentionRow;
  /** What was over before this day goes. */
  readonly before: PlainDate;
  readonly kinds: readonly { readonly kind: string; readonly count: number }[];
  /** Over kinds and keys of all that goes, in order: tells later whether a list of it is the one deleted. */
  readonly digest: string;
}

/** The certificate of a deletion: what was deleted, by which rule, when and by whom; nothing of anybody. */
export interface DeletionCertificate extends DeletionPlan {
  readonly id: string;
  readonly at: Instant;
  readonly by: string;
  readonly deleted: number;
}

/** How far one purpose was gone through. Can be written down and gone on with. */
export interface Tally {
  readonly counts: Readonly<Record<string, number>>;
  readonly digest: string;
  readonly deleted: number;
  /** The place to go on after. */
  readonly after?: string;
}

export const NOTHING_YET: Tally = { counts: {}, digest: '', deleted: 0 };

const OF_STORES = ['sent-files', 'attachments', 'vault', 'reads'] as const satisfies readonly DeletablePurpose[];

/** Things or people looked at in one go. */
const PAGE = 500;

/** One purpose under one rule: what of it is past keeping, found and deleted page by page. */
export interface Errand {
  readonly purpose: RetentionPurpose;
  readonly rule: RetentionRow;
  readonly before: PlainDate;
  page(after: string | undefined): Promise<ExpiredPage>;
  remove(things: readonly ExpiredThing[], mark: DeletionMark): Promise<number>;
}

/**
 * What there is to go through for things past keeping on a day, always in the same order.
 * @throws PermanentError `retention-too-short` when a pack in force still looks at facts that would be past keeping
 */
export async function errandsOn(deps: DeletionDeps, on: PlainDate): Promise<readonly Errand[]> {
  const short = shorterThanWindows(deps.retention, deps.packs, on);
  if (short.length > 0) {
    const lines = short.map(tooShortText).map(({ zh, en }) => `${zh} / ${en}`);
    throw new PermanentError('retention-too-short', [...new Set(lines)].join('\n'));
  }
  const errands: Errand[] = [];
  const feedsByRule = Map.groupBy(deps.catalog.keys(), (feed) => retentionFor(deps.retention, { purpose: 'facts', feed, on }));
  for (const [rule, feeds] of feedsByRule) {
    const before = addMonths(on, -rule.months);
    const facts = await expiredFacts(deps, { feeds: new Set(feeds), before, today: on, packs: deps.packs });
    errands.push({ purpose: 'facts', rule, before, page: (after) => facts.page(after, PAGE), remove: facts.remove });
  }
  for (const purpose of OF_STORES) {
    const rule = retentionFor(deps.retention, { purpose, on });
    const before = addMonths(on, -rule.months);
    const cut = beginningInChina(before);
    errands.push({
      purpose,
      rule,
      before,
      page: (after) => deps.expired.page(purpose, cut, after, PAGE),
      remove: (things) => deps.expired.remove(purpose, things, cut),
    });
  }
  return errands;
}

/** Looks at one more page, and deletes what it lists where a mark is given; `done` when it was the last. */
export async function goOn(errand: Errand, tally: Tally, mark?: DeletionMark): Promise<{ tally: Tally; done: boolean }> {
  const { things, next } = await errand.page(tally.after);
  const deleted = mark === undefined || things.length === 0 ? 0 : await errand.remove(things, mark);
  const counts: Record<string, number> = { ...tally.counts };
  let { digest } = tally;
  for (const { kind, key } of things) {
    counts[kind] = (counts[kind] ?? 0) + 1;
    digest = hash('sha256', `${digest}\n${kind}\n${key}`, 'hex');
  }
  const gone = { counts, digest, deleted: tally.deleted + deleted };
  return next === undefined ? { tally: gone, done: true } : { tally: { ...gone, after: next }, done: false };
}

/** What an errand came to, gone through to its end. */
export function planOf({ purpose, rule, before }: Errand, { counts, digest }: Tally): DeletionPlan {
  const { zh, en } = retentionPurposes[purpose];
  const kinds = Object.entries(counts).map(([kind, count]) => ({ kind, count }));
  return { purpose, title: { zh, en }, rule, before, kinds, digest };
}

/** The number of the certificate that a deletion by this plan goes under. */
export function certificateId(plan: DeletionPlan, at: Instant, by: string): string {
  return eventOf('data.deleted', plan, { at, by, plan: plan.digest }).id;
}

/** Tells what is about to go. A run that is broken off leaves this without the event of what went. */
export async function tellBegun(
  deps: Pick<DeletionDeps, 'eventLog'>,
  plan: DeletionPlan,
  at: Instant,
  by: string,
): Promise<void> {
  const certificate = certificateId(plan, at, by);
  await deps.eventLog.append([eventOf('data.deletion-begun', plan, { at, by, plan: plan.digest, certificate })]);
}

/** Tells what went. */
export async function certify(
  deps: Pick<DeletionDeps, 'eventLog'>,
  plan: DeletionPlan,
  went: DeletionPlan,
  { at, by, deleted }: { readonly at: Instant; readonly by: string; readonly deleted: number },
): Promise<DeletionCertificate> {
  const event = eventOf('data.deleted', went, { at, by, plan: plan.digest, deleted });
  await deps.eventLog.append([event]);
  return { ...went, id: event.id, at, by, deleted };
}

/** What would be deleted today. */
export async function planDeletion(deps: DeletionDeps): Promise<readonly DeletionPlan[]> {
  const plans: DeletionPlan[] = [];
  for (const errand of await errandsOn(deps, dateInChina(deps.clock.now()))) plans.push(await planned(errand));
  return plans;
}

async function planned(errand: Errand): Promise<DeletionPlan> {
  return planOf(errand, await wholeWay(errand));
}

async function wholeWay(errand: Errand, mark?: DeletionMark): Promise<Tally> {
  let tally = NOTHING_YET;
  for (;;) {
    const step = await goOn(errand, tally, mark);
    if (step.done) return step.tally;
    tally = step.tally;
  }
}

/**
 * Deletes what is past keeping, purpose by purpose, and answers with a certificate for each that had anything. What is about
 * to go is told in an event before (`data.deletion-begun`), what went after (`data.deleted`); a run that was broken off leaves
 * the first without the second, and the next run deletes the rest under a certificate of its own.
 */
export async function deleteExpired(deps: DeletionDeps, by: string): Promise<readonly DeletionCertificate[]> {
  const certificates: DeletionCertificate[] = [];
  for (const errand of await errandsOn(deps, dateInChina(deps.clock.now()))) {
    const plan = await planned(errand);
    if (plan.kinds.length === 0) continue;
    const at = deps.clock.now();
    await tellBegun(deps, plan, at, by);
    const tally = await wholeWay(errand, { on: dateInChina(at), before: plan.before, certificate: certificateId(plan, at, by) });
    certificates.push(await certify(deps, plan, planOf(errand, tally), { at, by, deleted: tally.deleted }));
  }
  return certificates;
}

interface Told {
  readonly at: Instant;
  readonly by: string;
  /** Digest of the plan: a deletion is named by it and its time. */
  readonly plan: string;
  readonly deleted?: number;
  readonly certificate?: string;
}

function eventOf(
  type: 'data.deletion-begun' | 'data.deleted',
  { purpose, rule, before, kinds, digest }: DeletionPlan,
  { at, by, plan, deleted, certificate }: Told,
) {
  const data = {
    before,
    ...(certificate === undefined ? {} : { certificate }),
    ...(deleted === undefined ? {} : { deleted }),
    digest,
    kinds: kinds.map(({ kind, count }) => [kind, count]),
    months: rule.months,
    ruleFrom: rule.from,
  };
  return makeEvent(type, at, { purpose }, data, `${at} ${plan}`, by);
}

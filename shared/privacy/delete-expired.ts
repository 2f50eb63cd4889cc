import { hash } from 'node:crypto';
import { makeEvent } from '../audit/make-event.ts';
import { addMonths, beginningInChina, dateInChina, type Instant, type PlainDate } from '../calendar/plain-date.ts';
import type { Bilingual } from '../catalog/feed.ts';
import type { Clock } from '../ports/clock.ts';
import { PermanentError } from '../ports/errors.ts';
import type { EventLog } from '../ports/event-log.ts';
import type { DeletablePurpose, ExpiredData, ExpiredThing } from '../ports/expired-data.ts';
import type { CompiledPack } from '../scoring/compiled.ts';
import { type RetentionRow, retentionFor, retentionPurposes, shorterThanWindows, tooShortText } from './retention.ts';

/** What deleting needs. */
export interface DeletionDeps {
  readonly clock: Clock;
  readonly expired: ExpiredData;
  readonly eventLog: EventLog;
  /** What the deployment set itself. */
  readonly retention: readonly RetentionRow[];
  /** Every pack in force anywhere. */
  readonly packs: readonly CompiledPack[];
}

/** What would go for one purpose, and by which rule. */
export interface DeletionPlan {
  readonly purpose: DeletablePurpose;
  readonly title: Bilingual;
  readonly rule: RetentionRow;
  /** What was over before this day goes. */
  readonly before: PlainDate;
  readonly kinds: readonly { readonly kind: string; readonly count: number }[];
  /** SHA-256 over kinds and keys of all that goes, in order: tells later whether a list of it is the one deleted. */
  readonly digest: string;
}

/** The certificate of a deletion: what was deleted, by which rule, when and by whom; nothing of anybody. */
export interface DeletionCertificate extends DeletionPlan {
  readonly id: string;
  readonly at: Instant;
  readonly by: string;
  readonly deleted: number;
}

const DELETABLE = ['sent-files', 'attachments', 'vault', 'reads'] as const satisfies readonly DeletablePurpose[];

/**
 * What would be deleted today.
 * @throws PermanentError `retention-too-short` when a pack in force still looks at facts that would be past keeping
 */
export async function planDeletion(deps: DeletionDeps): Promise<readonly DeletionPlan[]> {
  const plans: DeletionPlan[] = [];
  for await (const { plan } of planned(deps)) plans.push(plan);
  return plans;
}

async function* planned(
  deps: DeletionDeps,
): AsyncGenerator<{ readonly plan: DeletionPlan; readonly things: readonly ExpiredThing[]; readonly cut: Instant }> {
  const on = dateInChina(deps.clock.now());
  const short = shorterThanWindows(deps.retention, deps.packs, on);
  if (short.length > 0) {
    const lines = short.map(tooShortText).map(({ zh, en }) => `${zh} / ${en}`);
    throw new PermanentError('retention-too-short', [...new Set(lines)].join('\n'));
  }
  for (const purpose of DELETABLE) {
    const rule = retentionFor(deps.retention, { purpose, on });
    const before = addMonths(on, -rule.months);
    const cut = beginningInChina(before);
    const things = await deps.expired.of(purpose, cut);
    const { zh, en } = retentionPurposes[purpose];
    const counts = Map.groupBy(things, ({ kind }) => kind);
    const kinds = [...counts].map(([kind, list]) => ({ kind, count: list.length }));
    yield { plan: { purpose, title: { zh, en }, rule, before, kinds, digest: digestOf(things) }, things, cut };
  }
}

/**
 * Deletes what is past keeping, purpose by purpose, and answers with a certificate for each that had anything. What is about
 * to go is told in an event before (`data.deletion-begun`), what went after (`data.deleted`); a run that was broken off leaves
 * the first without the second, and the next run deletes the rest under a certificate of its own.
 */
export async function deleteExpired(deps: DeletionDeps, by: string): Promise<readonly DeletionCertificate[]> {
  const certificates: DeletionCertificate[] = [];
  for await (const { plan, things, cut } of planned(deps)) {
    if (things.length === 0) continue;
    const at = deps.clock.now();
    const begun = eventOf('data.deletion-begun', plan, { at, by });
    await deps.eventLog.append([begun]);
    const deleted = await deps.expired.remove(plan.purpose, things, cut);
    const done = eventOf('data.deleted', plan, { at, by, deleted });
    await deps.eventLog.append([done]);
    certificates.push({ ...plan, id: done.id, at, by, deleted });
  }
  return certificates;
}

function eventOf(
  type: 'data.deletion-begun' | 'data.deleted',
  { purpose, rule, before, kinds, digest }: DeletionPlan,
  { at, by, deleted }: { readonly at: Instant; readonly by: string; readonly deleted?: number },
) {
  const data = {
    before,
    ...(deleted === undefined ? {} : { deleted }),
    digest,
    kinds: kinds.map(({ kind, count }) => [kind, count]),
    months: rule.months,
    ruleFrom: rule.from,
  };
  return makeEvent(type, at, { purpose }, data, `${at} ${digest}`, by);
}

function digestOf(things: readonly ExpiredThing[]): string {
  return hash('sha256', things.map(({ kind, key }) => `${kind}\n${key}\n`).join(''), 'hex');
}

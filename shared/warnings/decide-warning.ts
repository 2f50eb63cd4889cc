import { hash } from 'node:crypto';
import type { Instant } from '../calendar/plain-date.ts';
import type { PersonKey } from '../facts/fact.ts';
import type { Assessment, Evidence, Grade, IndicatorResult } from '../scoring/assessment.ts';
import { entitlementPassed } from './entitlement-passed.ts';
import type { AssessmentSummary, HandledBaseline, Standing, Warning, WarningId, WithdrawalReason } from './warning.ts';

/** What happens to a warning when its household is looked at again. */
export type WarningChange = 'opened' | 'reopened' | 'merged' | 'raised' | 'lowered' | 'withdrawn';

/** What is known of a household, weighed by a pack. */
export interface Weighed {
  /** As of today. */
  readonly now: Assessment;
  /**
   * The same facts weighed as of the open warning's date. Tells a correction (the reason was taken back) from mere
   * passing of time (the reason still stands but has left the window); only the first may lower or withdraw.
   */
  readonly backThen: Assessment | undefined;
  /** Nobody belongs to the household any more: they moved to another one, or all have died. */
  readonly emptied: 'superseded' | 'died' | undefined;
  /** As of today, by what came since a person last handled the warning and nothing else; undefined where nobody did. */
  readonly since?: Assessment | undefined;
}

/** A changed warning with the word for the change; undefined when everything stays as it is. */
export interface WarningDecision {
  readonly change: WarningChange;
  readonly warning: Warning;
}

/**
 * Decides what a new look means for the household's warning of the pack's family. Pure: same standing, same weighed, same time,
 * same answer. Rules (design.md invariant 5):
 *
 * - no open warning and a grade reached: open one; one that was withdrawn by a correction comes back under its id; after
 *   a person has handled it, only new information opens the next (see `isNews`);
 * - open: more reasons or a larger sum merge into it, a higher grade raises it;
 * - open and a correction took a reason back: lowered, or withdrawn when no line is reached any more;
 * - a feed gone stale or a sum that left the window never lowers or withdraws;
 * - an entitlement is a task: it is withdrawn once it is known to have been delivered (see entitlement-passed.ts).
 */
export function decideWarning(
  standing: Pick<Standing, 'warning' | 'handled'> | undefined,
  weighed: Weighed,
  at: Instant,
): WarningDecision | undefined {
  const current = standing?.warning;
  if (current?.status === 'open') return decideOpen(current, weighed, at);
  const { grade } = weighed.now;
  if (grade === null || weighed.emptied !== undefined) return undefined;
  if (standing?.handled !== undefined && !isNews(weighed, grade, standing.handled)) return undefined;
  if (current?.status === 'withdrawn') {
    return { change: 'reopened', warning: { ...filled(current, weighed.now, grade, at), openedAt: at } };
  }
  const ordinal = current === undefined ? 1 : ordinalOf(current.id) + 1;
  return { change: 'opened', warning: opened(weighed.now, grade, ordinal, at) };
}

/** What a person had on the table when dealing with the warning; kept so that the same sum is not brought up again. */
export function baselineOf(warning: Warning, at: Instant): HandledBaseline {
  const hits = warning.reasons.filter((reason) => reason.result === 'hit' && reason.value !== null);
  return {
    at,
    gradeRank: warning.grade.rank,
    values: Object.fromEntries(hits.map((hit) => [hit.indicator, hit.value ?? 0])),
    rows: [...new Set(warning.reasons.flatMap(({ evidence }) => evidence.map(rowOf)))],
    ...(warning.family === 'entitlement' ? { people: [...new Set(hits.flatMap(peopleOf))] } : undefined),
  };
}

/** The assessment without its trace; `digest` changes whenever anything but the as-of date does. */
export function summaryOf(assessment: Assessment): AssessmentSummary {
  const { pack, version, asOf, points, completeness, grade } = assessment;
  return { pack, version, asOf, points, completeness, grade, digest: digestOf(assessment) };
}

function digestOf({ pack, version, area, category, points, completeness, grade, results }: Assessment): string {
  const head = JSON.stringify([pack, version, area, category, points, completeness, grade?.id ?? null]);
  let text = head;
  for (const result of results) text += `\n${statementOf(result)}`;
  return hash('sha256', text, 'hex').slice(0, 32);
}

/** What results without evidence come to, by the results that households share: nine in ten of all there are. */
const shared = new WeakMap<IndicatorResult, string>();

/** A result as the digest covers it: in full where rows of files speak, else by the hash of it. */
function statementOf(result: IndicatorResult): string {
  const known = shared.get(result);
  if (known !== undefined) return known;
  const text = JSON.stringify(result);
  if (result.evidence.length > 0) return text;
  const short = hash('sha256', text, 'hex').slice(0, 32);
  // Whoever freezes a result means to hand it out again.
  if (Object.isFrozen(result)) shared.set(result, short);
  return short;
}

function decideOpen(current: Warning, { now, backThen, emptied }: Weighed, at: Instant): WarningDecision | undefined {
  if (emptied !== undefined) {
    return withdrawn(current, emptied === 'died' ? 'all-members-died' : 'household-superseded', at);
  }
  const basis = backThen ?? now;
  const passed = current.family === 'entitlement' ? entitlementPassed(now, basis) : undefined;
  if (passed !== undefined) return withdrawn(asLeft(current, now), passed, at);
  const best = stronger(now, basis);
  if (best.grade === null) return withdrawn(asLeft(current, basis), 'reason-taken-back', at);
  const after = filled(current, best, best.grade, at);
  // When only time has passed, the reasons stay those of the warning's own date, corrections included.
  return compared(current, best === now ? after : { ...after, asOf: current.asOf }, at);
}

function stronger(now: Assessment, basis: Assessment): Assessment {
  if (now.grade === null) return basis;
  if (basis.grade === null || now.grade.rank < basis.grade.rank) return now;
  return now.grade.rank === basis.grade.rank && now.points.low >= basis.points.low ? now : basis;
}

function compared(before: Warning, after: Warning, at: Instant): WarningDecision | undefined {
  if (after.grade.rank < before.grade.rank) return { change: 'raised', warning: after };
  if (after.grade.rank > before.grade.rank) return { change: 'lowered', warning: after };
  if (sameReasons(before, after)) return undefined;
  return { change: 'merged', warning: { ...after, changedAt: at } };
}

function sameReasons(a: Warning, b: Warning): boolean {
  const key = (warning: Warning) =>
    JSON.stringify([
      warning.pack,
      warning.version,
      warning.area,
      warning.category,
      warning.points,
      warning.completeness,
      warning.reasons,
    ]);
  return key(a) === key(b);
}

function opened(assessment: Assessment, grade: Grade, ordinal: number, at: Instant): Warning {
  const { household, area, category, family, pack, version, asOf, points, completeness, results } = assessment;
  return {
    id: `W-${household}-${family}-${ordinal}` as WarningId,
    household,
    area,
    category,
    family,
    grade,
    status: 'open',
    openedAt: at,
    changedAt: at,
    asOf,
    pack,
    version,
    points,
    completeness,
    reasons: results,
  };
}

function filled(current: Warning, assessment: Assessment, grade: Grade, at: Instant): Warning {
  const { withdrawal: _, ...kept } = current;
  return { ...kept, ...content(assessment), grade, status: 'open', changedAt: at, asOf: assessment.asOf };
}

/** A withdrawn warning keeps its grade and date and shows what is left of its reasons. */
function asLeft(current: Warning, assessment: Assessment): Warning {
  return { ...current, ...content(assessment) };
}

function content({ area, category, pack, version, points, completeness, results }: Assessment) {
  return { area, category, pack, version, points, completeness, reasons: results };
}

function withdrawn(current: Warning, withdrawal: WithdrawalReason, at: Instant): WarningDecision {
  return { change: 'withdrawn', warning: { ...current, status: 'withdrawn', changedAt: at, withdrawal } };
}

/**
 * Whether there is more than what a person had on the table when dealing with the warning: a further reason, a larger value
 * or a higher grade, in which a row counts that was not on the table; of an entitlement, somebody it was not about.
 *
 * The value handled is not a bar for good: bills that were on the table leave the window, and new ones may stay below what they
 * came to. What came since is news too where it would be a warning by itself. The mere passing of time is none: rows that were
 * on the table may come to count under another question.
 */
function isNews({ now, since }: Weighed, grade: Grade, handled: HandledBaseline): boolean {
  if (now.family !== 'entitlement' && since !== undefined && since.grade !== null) return true;
  const onTheTable = handled.rows === undefined ? undefined : new Set(handled.rows);
  // Where no row is in question, or nobody noted those that were, the reason itself must tell.
  const isFresh = ({ evidence }: IndicatorResult) =>
    onTheTable === undefined || evidence.length === 0 || evidence.some((row) => !onTheTable.has(rowOf(row)));
  const hits = now.results.filter((result) => result.result === 'hit');
  if (grade.rank < handled.gradeRank && hits.some(isFresh)) return true;
  return hits.some((hit) => {
    const before = handled.values[hit.indicator];
    if ((before === undefined || (hit.value !== null && hit.value > before)) && isFresh(hit)) return true;
    return handled.people !== undefined && peopleOf(hit).some((person) => handled.people?.includes(person) !== true);
  });
}

/** A row of a department's file in short: what tells it from every other. */
function rowOf({ file, row }: Evidence): string {
  return `${file} ${row}`;
}

function peopleOf({ evidence }: IndicatorResult): readonly PersonKey[] {
  return evidence.map(({ person }) => person);
}

function ordinalOf(id: WarningId): number {
  return Number(id.slice(id.lastIndexOf('-') + 1));
}

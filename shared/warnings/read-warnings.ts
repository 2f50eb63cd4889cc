import { answerablePage } from '../access/answerable-page.ts';
import { allow, allowAreas } from '../access/policy.ts';
import { type Access, type ReadTrail, recordRead } from '../access/read-trail.ts';
import { NotFoundError } from '../ports/errors.ts';
import type { FileRegister } from '../ports/file-register.ts';
import type { StandingStore, WarningQuery } from '../ports/standing-store.ts';
import type { WarningFamily } from '../scoring/assessment.ts';
import { filesOf, presentWarning, type ReasonText, type WarningView } from './present-warning.ts';
import type { Warning, WarningId, WarningStatus } from './warning.ts';

export interface WarningReading extends ReadTrail {
  readonly standings: Pick<StandingStore, 'warnings' | 'warning'>;
  readonly files: Pick<FileRegister, 'getMany'>;
  readonly reasonText: ReasonText;
}

/** Which warnings to list; `area` narrows the user's own areas. A page is shorter than `limit` where its warnings rest on very many rows. */
export interface WarningListQuery {
  readonly area?: string;
  readonly status?: WarningStatus;
  readonly grade?: string;
  readonly family?: WarningFamily;
  readonly limit: number;
  readonly after?: string;
}

/**
 * Rows of evidence on one page: with the names of their files some 3 MB, at worst five; in the cloud an answer may have six. The
 * most urgent are those with most bills, so that 200 of them come to more.
 */
const PAGE_ROWS = 12_000;

function rowsOf({ reasons }: Warning): number {
  return reasons.reduce((sum, { evidence }) => sum + evidence.length, 0);
}

/** A page no longer than asked for that can be answered. */
function pageOf(standings: WarningReading['standings'], query: WarningQuery): ReturnType<StandingStore['warnings']> {
  return answerablePage(
    (asked) => standings.warnings(asked),
    query,
    (page) => page.warnings.map(rowsOf),
    PAGE_ROWS,
  );
}

/** Warnings in the user's areas, most urgent first. Recorded as one read that names every household shown. */
export async function listWarnings(
  deps: WarningReading,
  access: Access,
  query: WarningListQuery,
): Promise<{ readonly warnings: readonly WarningView[]; readonly next?: string }> {
  allow(access.principal, 'warnings.list');
  const { area, ...rest } = query;
  const page = await pageOf(deps.standings, { ...rest, areas: allowAreas(access.principal, area) });
  const households = [...new Set(page.warnings.map((warning) => warning.household))].join(' ');
  await recordRead(deps, access, 'warnings.list', { households }, page.warnings.length);
  const warnings = await presentAll(deps, page.warnings);
  return page.next === undefined ? { warnings } : { warnings, next: page.next };
}

/** One warning with its reasons and evidence. Throws NotFoundError, or AccessError when it lies outside the user's areas. */
export async function readWarning(deps: WarningReading, access: Access, id: string): Promise<WarningView> {
  const { view } = await warningFor(deps, access, id);
  return view;
}

/** `readWarning` with the warning itself, for what is said of it in other words. */
export async function warningFor(
  deps: WarningReading,
  access: Access,
  id: string,
): Promise<{ readonly warning: Warning; readonly view: WarningView }> {
  allow(access.principal, 'warnings.read');
  const warning = await deps.standings.warning(id as WarningId);
  if (warning === undefined) throw new NotFoundError('没有这条预警 / no such warning');
  allow(access.principal, 'warnings.read', { area: warning.area });
  await recordRead(deps, access, 'warnings.read', { household: warning.household, warning: warning.id }, 1);
  const [view] = await presentAll(deps, [warning]);
  if (view === undefined) throw new NotFoundError('没有这条预警 / no such warning');
  return { warning, view };
}

/** Public form of several warnings, their files looked up at once. */
export async function presentAll(
  deps: Pick<WarningReading, 'files' | 'reasonText'>,
  warnings: readonly Warning[],
): Promise<readonly WarningView[]> {
  const files = await deps.files.getMany(filesOf(warnings));
  return warnings.map((warning) => presentWarning(warning, files, deps.reasonText));
}

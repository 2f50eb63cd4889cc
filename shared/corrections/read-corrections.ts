import { allow, allowAreas, decide } from '../access/policy.ts';
import { type Access, type ReadTrail, recordRead } from '../access/read-trail.ts';
import type { Catalog } from '../catalog/feed.ts';
import type { CorrectionQuery, CorrectionStore } from '../ports/correction-store.ts';
import { NotFoundError } from '../ports/errors.ts';
import type { FactStore } from '../ports/fact-store.ts';
import type { FileRegister } from '../ports/file-register.ts';
import type { Sealer } from '../registry/sealing.ts';
import type { CorrectionId, CorrectionNotice, CorrectionStatus } from './notice.ts';
import { type CorrectionLine, type CorrectionPage, presentNotice, presentNoticePage } from './present-notice.ts';

/** What reading notices needs. */
export interface CorrectionReading extends ReadTrail {
  readonly catalog: Catalog;
  readonly corrections: Pick<CorrectionStore, 'get' | 'list'>;
  readonly facts: Pick<FactStore, 'ofPersons'>;
  readonly files: Pick<FileRegister, 'get'>;
  readonly sealer: Sealer;
}

/** Which notices to list. `open` are those that await an answer, overdue ones among them. */
export interface CorrectionListQuery {
  readonly status?: CorrectionStatus;
  readonly department?: string;
  /** Narrows the reader's own areas. */
  readonly area?: string;
  readonly limit: number;
  readonly after?: string;
}

/**
 * The notices a reader may know of, those sent first coming first: a department's own, a supervisor's or auditor's by area.
 * Recorded as one read that names every notice shown.
 */
export async function listCorrections(
  deps: CorrectionReading,
  access: Access,
  asked: CorrectionListQuery,
): Promise<{ readonly notices: readonly CorrectionLine[]; readonly next?: string }> {
  const { principal } = access;
  allow(principal, 'corrections.read', asked.department === undefined ? {} : { department: asked.department });
  const areas = allowAreas(principal, asked.area);
  const now = deps.clock.now();
  const { status, limit, after } = asked;
  const departments = departmentsFor(access, asked.department);
  const page = await deps.corrections.list({
    areas,
    limit,
    ...(departments === undefined ? {} : { departments }),
    ...(status === undefined ? {} : { awaiting: status !== 'answered' }),
    ...(status === 'overdue' ? { dueBefore: now } : {}),
    ...(after === undefined ? {} : { after }),
  });
  const ids = page.notices.map(({ id }) => id).join(' ');
  await recordRead(deps, access, 'corrections.read', { corrections: ids }, page.notices.length);
  const notices = page.notices.map((notice) => presentNotice(notice, principal, deps.catalog, now));
  return page.next === undefined ? { notices } : { notices, next: page.next };
}

/** The departments a list is narrowed to; undefined for whoever reads by area, and for a bureau that sends for everybody. */
function departmentsFor({ principal }: Access, asked: string | undefined): CorrectionQuery['departments'] {
  if (asked !== undefined) return [asked];
  const byArea = decide({ ...principal, departments: [] }, 'corrections.read', { department: 'any' }).allowed;
  return byArea || principal.departments.includes('*') ? undefined : principal.departments;
}

/** One notice with the row as it was sent. Throws NotFoundError, or AccessError for another department's or area's. */
export async function readCorrection(deps: CorrectionReading, access: Access, id: string): Promise<CorrectionPage> {
  allow(access.principal, 'corrections.read');
  const notice = await deps.corrections.get(id as CorrectionId);
  if (notice === undefined) throw new NotFoundError('no such correction notice');
  return readPage(deps, access, notice);
}

/** The page of a notice that was read or answered just now; the read is recorded. */
export async function readPage(deps: CorrectionReading, access: Access, notice: CorrectionNotice): Promise<CorrectionPage> {
  const { department, area, case: of, file, person } = notice;
  const disclosure = allow(access.principal, 'corrections.read', { department, area });
  await recordRead(deps, access, 'corrections.read', { case: of, correction: notice.id }, 1);
  const [record, chunks] = await Promise.all([deps.files.get(file), deps.facts.ofPersons([person])]);
  const line = presentNotice(notice, access.principal, deps.catalog, deps.clock.now());
  const row = { file: record, chunks: chunks.get(person) ?? [], sealer: deps.sealer, disclosure };
  return presentNoticePage(line, deps.catalog.get(notice.feed), row);
}

import * as z from 'zod';
import { discloseText } from '../access/masking.ts';
import { AccessError, allow, allowAreas, decide } from '../access/policy.ts';
import { type Access, type ReadTrail, recordRead } from '../access/read-trail.ts';
import { dayForm } from '../calendar/day-form.ts';
import { dateInChina, type PlainDate } from '../calendar/plain-date.ts';
import type { CaseId } from '../casework/case.ts';
import { writtenText } from '../casework/written-text.ts';
import { type Bilingual, type Catalog, departmentOf, type FeedId } from '../catalog/feed.ts';
import type { FileId } from '../facts/fact.ts';
import type { AuditFindingStore } from '../ports/audit-finding-store.ts';
import type { CaseStore } from '../ports/case-store.ts';
import { KeyReusedError, NotFoundError, RetryLaterError, WrongRequestError } from '../ports/errors.ts';
import type { FileRegister } from '../ports/file-register.ts';
import type { StandingStore } from '../ports/standing-store.ts';
import type { WarningId } from '../warnings/warning.ts';
import {
  type AuditFinding,
  type AuditFindingId,
  type FindingAct,
  type FindingCode,
  type FindingState,
  type FindingSubject,
  findingCodes,
  findingEvent,
  findingId,
  possibleActs,
  stateOf,
} from './finding.ts';

const words = writtenText(2_000);

function subject<Kind extends FindingSubject>(kind: Kind, id: RegExp) {
  return z.strictObject({ kind: z.literal(kind), id: z.string().regex(id) });
}

/** A finding as an auditor raises it. Where the subject does not say its area (files, feeds, reports), `area` does. */
export const AuditFindingForm = z.strictObject({
  subject: z.discriminatedUnion('kind', [
    subject('case', /^C-H[0-9a-f]{24}-\d{1,6}$/),
    subject('file', /^[0-9a-f]{24}$/),
    subject('feed', /^[a-z-]{1,60}\/[a-z-]{1,60}$/),
    subject('warning', /^W-[\w-]{1,120}$/),
    // No run of digits long enough to be an identity number.
    subject('report', /^(?!.*\d{15})[A-Za-z0-9][A-Za-z0-9._-]{0,119}$/),
  ]),
  code: z.enum(Object.keys(findingCodes) as [FindingCode, ...FindingCode[]]),
  text: words,
  due: dayForm,
  area: z
    .string()
    .regex(/^\d{2,12}$/)
    .optional(),
});
export type AuditFindingForm = z.infer<typeof AuditFindingForm>;

/** What was done, or what the auditor says to it. An answer says something; so does whoever opens a finding again. */
export const FindingStepForm = z.discriminatedUnion('act', [
  z.strictObject({ act: z.literal('answer'), text: words }),
  z.strictObject({ act: z.literal('close'), text: words.optional() }),
  z.strictObject({ act: z.literal('reopen'), text: words }),
  z.strictObject({ act: z.literal('withdraw'), text: words }),
]);
export type FindingStepForm = z.infer<typeof FindingStepForm>;

/** What the desk of findings needs. */
export interface FindingDeps extends ReadTrail {
  readonly catalog: Catalog;
  readonly findings: AuditFindingStore;
  readonly cases: Pick<CaseStore, 'get'>;
  readonly standings: Pick<StandingStore, 'warning'>;
  readonly files: Pick<FileRegister, 'get'>;
  readonly pause: (attempt: number) => Promise<void>;
}

/** A finding as its readers see it. */
export interface FindingView extends Omit<AuditFinding, 'steps' | 'department'> {
  readonly department: string | null;
  readonly codeTitle: Bilingual;
  readonly state: FindingState;
  /** Not answered though its last day is over. */
  readonly overdue: boolean;
  readonly steps: readonly { readonly at: string; readonly by: string; readonly act: FindingAct; readonly text: string | null }[];
  /** What this reader may do with it now. */
  readonly possible: readonly FindingAct[];
}

/** What came of a step. */
export type FindingDone =
  | { readonly kind: 'done' | 'already'; readonly finding: FindingView }
  | { readonly kind: 'refused'; readonly text: Bilingual };

/**
 * Raises a finding; `key` makes a repeat the same one. The subject must exist and lie in the auditor's areas; a finding about
 * a file or feed is its department's to answer, any other that of the supervisors of the area.
 * @throws NotFoundError when there is no such subject; PermanentError `bad-request` where the area is missing or the time over;
 * KeyReusedError when the key was another finding's
 */
export async function raiseFinding(deps: FindingDeps, access: Access, form: AuditFindingForm, key: string): Promise<FindingView> {
  const { principal } = access;
  allow(principal, 'findings.raise');
  const place = await placeOf(deps, form);
  allow(principal, 'findings.raise', { area: place.area });
  if (form.due < dateInChina(deps.clock.now())) {
    throw new WrongRequestError({
      zh: '整改期限（due）不得早于今天。',
      en: 'The last day for the answer (due) is over already.',
    });
  }
  const finding: AuditFinding = {
    id: findingId(principal.id, key),
    version: 1,
    subject: form.subject,
    code: form.code,
    text: discloseText(form.text),
    ...place,
    raisedAt: deps.clock.now(),
    by: principal.id,
    due: form.due,
    steps: [],
  };
  if (await deps.findings.save({ finding, events: [findingEvent(finding)] })) return shown(deps, access, finding);
  const there = await deps.findings.get(finding.id);
  if (there === undefined) throw new RetryLaterError('the finding was written and is not there yet');
  if (!saysTheSame(there, finding)) throw new KeyReusedError();
  return shown(deps, access, there);
}

/** Whether two findings under one key are the same one sent twice. */
function saysTheSame(there: AuditFinding, { subject, code, text, area, due }: AuditFinding): boolean {
  const sameSubject = there.subject.kind === subject.kind && there.subject.id === subject.id;
  return sameSubject && there.code === code && there.text === text && there.area === area && there.due === due;
}

/** Where the subject lies, and which department it comes from. */
async function placeOf(
  { cases, standings, files, catalog }: FindingDeps,
  { subject: { kind, id }, area }: AuditFindingForm,
): Promise<Pick<AuditFinding, 'area' | 'department'>> {
  const inArea = () => {
    if (area === undefined) {
      throw new WrongRequestError({
        zh: '此类对象须写明区划（area）。',
        en: 'A finding about this kind of subject says its area.',
      });
    }
    return area;
  };
  const found = <T>(one: T | undefined): T => {
    if (one === undefined) throw new NotFoundError('no such subject of a finding');
    return one;
  };
  if (kind === 'case') return { area: found(await cases.get(id as CaseId)).area };
  if (kind === 'warning') return { area: found(await standings.warning(id as WarningId)).area };
  if (kind === 'report') return { area: inArea() };
  const feed = kind === 'feed' ? found(catalog.get(id as FeedId)).id : found(await files.get(id as FileId)).feed;
  return { area: inArea(), department: departmentOf(feed) };
}

/** Which findings to list; `area` narrows the reader's own areas. */
export interface FindingListQuery {
  readonly state?: FindingState;
  readonly area?: string;
  readonly department?: string;
  readonly limit: number;
  readonly after?: string;
}

const LISTED: readonly FindingState[] = ['open', 'answered', 'closed'];

/** The findings of the reader's areas, or of the own departments there, those raised first coming first. Recorded as one read. */
export async function listFindings(
  deps: FindingDeps,
  access: Access,
  { state, area, department, limit, after }: FindingListQuery,
): Promise<{ readonly findings: readonly FindingView[]; readonly next?: string }> {
  const { principal } = access;
  const own = ownDepartment(access, department);
  allow(principal, 'findings.read', own === undefined ? {} : { department: own });
  const areas = allowAreas(principal, area);
  const page = await deps.findings.list({
    areas,
    states: state === undefined ? LISTED : [state],
    limit,
    ...(own === undefined ? {} : { department: own }),
    ...(after === undefined ? {} : { after }),
  });
  await recordRead(deps, access, 'findings.read', aboutOf(page.findings), page.findings.length);
  const findings = page.findings.map((finding) => viewOf(finding, access, dateInChina(deps.clock.now())));
  return page.next === undefined ? { findings } : { findings, next: page.next };
}

/** A department's account asks for its department; without saying which, for its only one. */
function ownDepartment({ principal }: Access, asked: string | undefined): string | undefined {
  if (asked !== undefined) return asked;
  const byArea = decide({ ...principal, departments: [] }, 'findings.read', { department: 'any' }).allowed;
  if (byArea || principal.departments.includes('*')) return undefined;
  const [only, ...others] = principal.departments;
  if (only === undefined || others.length > 0) {
    throw new WrongRequestError({ zh: '请写明部门（department）。', en: 'Say which department.' });
  }
  return only;
}

/** One finding. Throws NotFoundError, or AccessError for another area's or department's. */
export async function readFinding(deps: FindingDeps, access: Access, id: string): Promise<FindingView> {
  allow(access.principal, 'findings.read');
  const finding = await deps.findings.get(id as AuditFindingId);
  if (finding === undefined) throw new NotFoundError('no such finding of audit');
  allow(access.principal, 'findings.read', resourceOf(finding));
  return shown(deps, access, finding);
}

const TRIES = 6;

/**
 * Takes a step; `key` makes a repeat one step. Throws as `readFinding`, AccessError for a step that is another's to take, and
 * KeyReusedError when the key was another step's.
 */
export async function takeFindingStep(
  deps: FindingDeps,
  access: Access,
  { id, form, key }: { readonly id: string; readonly form: FindingStepForm; readonly key: string },
): Promise<FindingDone> {
  const { principal } = access;
  const action = actionOf(form.act);
  allow(principal, action);
  for (let attempt = 1; attempt <= TRIES; attempt += 1) {
    const found = await deps.findings.get(id as AuditFindingId);
    if (found === undefined) throw new NotFoundError('no such finding of audit');
    allow(principal, action, resourceOf(found));
    if (!mayTake(access, found, form.act)) throw new AccessError('role');
    const text = form.text === undefined ? undefined : discloseText(form.text);
    const before = found.steps.find((step) => step.id === key);
    if (before !== undefined) {
      if (before.kind !== form.act || before.text !== text) throw new KeyReusedError();
      return { kind: 'already', finding: await shown(deps, access, found) };
    }
    const state = stateOf(found);
    if (!possibleActs(state).includes(form.act)) return { kind: 'refused', text: refusalIn(state) };
    const step = {
      id: key,
      at: deps.clock.now(),
      by: principal.id,
      kind: form.act,
      ...(text === undefined ? {} : { text }),
    };
    const next: AuditFinding = { ...found, version: found.version + 1, steps: [...found.steps, step] };
    if (await deps.findings.save({ finding: next, events: [findingEvent(next)] })) {
      return { kind: 'done', finding: await shown(deps, access, next) };
    }
    await deps.pause(attempt);
  }
  throw new RetryLaterError('the finding kept changing');
}

function actionOf(act: FindingAct): 'findings.answer' | 'findings.judge' {
  return act === 'answer' ? 'findings.answer' : 'findings.judge';
}

/** What a finding names a department for is that department's to answer, everything else the supervisors'. */
function mayTake({ principal }: Access, finding: AuditFinding, act: FindingAct): boolean {
  if (!decide(principal, actionOf(act), resourceOf(finding)).allowed) return false;
  return act !== 'answer' || principal.roles.includes(finding.department === undefined ? 'supervisor' : 'department');
}

function resourceOf({ area, department }: AuditFinding): { readonly area: string; readonly department: string } {
  // None is no department's own, so that only who reads by area is let in.
  return { area, department: department ?? 'none' };
}

async function shown(deps: FindingDeps, access: Access, finding: AuditFinding): Promise<FindingView> {
  await recordRead(deps, access, 'findings.read', aboutOf([finding]), 1);
  return viewOf(finding, access, dateInChina(deps.clock.now()));
}

/** A subject's id may name a household, which is then told that somebody looked. */
function aboutOf(findings: readonly AuditFinding[]): Readonly<Record<string, string>> {
  return { about: findings.map(({ subject }) => subject.id).join(' '), findings: findings.map(({ id }) => id).join(' ') };
}

function viewOf(finding: AuditFinding, access: Access, today: PlainDate): FindingView {
  const { steps, department, ...rest } = finding;
  const state = stateOf(finding);
  return {
    ...rest,
    department: department ?? null,
    codeTitle: findingCodes[finding.code],
    state,
    overdue: state === 'open' && finding.due < today,
    steps: steps.map(({ at, by, kind, text }) => ({ at, by, act: kind, text: text ?? null })),
    possible: possibleActs(state).filter((act) => mayTake(access, finding, act)),
  };
}

const STATE_TITLES: Readonly<Record<FindingState, Bilingual>> = {
  open: { zh: '待整改', en: 'open' },
  answered: { zh: '已答复整改', en: 'answered' },
  closed: { zh: '已销号', en: 'closed' },
  withdrawn: { zh: '已撤销', en: 'withdrawn' },
};

function refusalIn(state: FindingState): Bilingual {
  const { zh, en } = STATE_TITLES[state];
  const next = possibleActs(state).join(', ');
  return {
    zh: `该审计发现${zh}，不能这样处理；可用：${next || '无'}。`,
    en: `The finding is ${en}, so this cannot be done with it; possible: ${next || 'nothing'}.`,
  };
}

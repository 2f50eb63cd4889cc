import type { DomainEvent } from '../shared/audit/event.ts';
import { makeEvent, SYSTEM } from '../shared/audit/make-event.ts';
import { addDays, beginningInChina, type Instant, instantOf, type PlainDate } from '../shared/calendar/plain-date.ts';

/** The first day of the year. */
export const YEAR_BEGINS = '2023-04-03' as PlainDate;
export const DAYS = 364;
/** Events a warning brings with it on average, its own included: with as many warnings a tenth, the rest is reads and files. */
const EVENTS_PER_WARNING = 10;

const COUNTIES = 20;
const TOWNSHIPS = 15;
const VILLAGES = 20;
const SHARE = 2 ** 32;

/** What happens to a household after the day its warning was opened: days later, and to how many of a hundred. */
interface Step {
  readonly after: number;
  readonly percent: number;
  /** Whether a household's second warning has it too. */
  readonly seconds?: true;
  readonly events: (of: Story, at: Instant) => readonly DomainEvent[];
}

/** A household with a warning. Everything about it follows from its number. */
interface Story {
  readonly n: number;
  readonly opened: PlainDate;
  readonly household: string;
  readonly family: string;
  readonly warning: string;
  readonly case: string;
  readonly area: string;
  readonly category: string;
  readonly grade: string;
  readonly worker: string;
  readonly department: string;
}

/** A fraction that is always the same for a number and what is asked. */
function chance(n: number, salt: number): number {
  let mixed = Math.imul(n ^ Math.imul(salt + 1, 0x9e3779b1), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return ((mixed ^ (mixed >>> 16)) >>> 0) / SHARE;
}

function pick<T>(list: readonly [T, ...T[]], n: number, salt: number): T {
  return list[Math.floor(chance(n, salt) * list.length)] ?? list[0];
}

/** Hex digits as ids have them: no two numbers share them, and they do not pack. */
function hexOf(n: number, salt: number, digits: number): string {
  let text = '';
  for (let part = 0; text.length < digits; part += 1) {
    text += Math.floor(chance(n, salt * 16 + part) * SHARE)
      .toString(16)
      .padStart(8, '0');
  }
  return `${text}${n.toString(16).padStart(8, '0')}`.slice(-digits);
}

/** Every fourth warning is the second of a household whose case is open: it joins that case and has no steps of its own. */
function isSecond(n: number): boolean {
  return n % 4 === 3;
}

function storyOf(n: number, opened: PlainDate): Story {
  if (isSecond(n)) return { ...storyOf(n - 1, opened), n, warning: `W-H${hexOf(n - 1, 1, 24)}-reject-1`, family: 'reject' };
  const household = `H${hexOf(n, 1, 24)}`;
  const village = Math.floor(chance(n, 2) * COUNTIES * TOWNSHIPS * VILLAGES);
  const county = 411_101 + Math.floor(village / (TOWNSHIPS * VILLAGES));
  const area = `${county}${100 + (Math.floor(village / VILLAGES) % TOWNSHIPS)}${200 + (village % VILLAGES)}`;
  return {
    n,
    opened,
    household,
    family: 'entry',
    warning: `W-${household}-entry-1`,
    case: `C-${household}-1`,
    area,
    category: pick(['none', 'none', 'none', 'minimum-living-allowance', 'near-poor', 'rigid-expenditure'], n, 3),
    grade: chance(n, 4) < 0.12 ? 'urgent' : 'general',
    worker: `worker-${area.slice(0, 9)}`,
    department: pick(['medical-insurance', 'civil-affairs', 'education', 'human-resources', 'womens-federation'], n, 5),
  };
}

const HITS = [
  ['medical-self-paid-12m', 25, 'medical-insurance/inpatient-settlement medical-insurance/outpatient-chronic-settlement'],
  ['education-net-cost-12m', 20, 'education/tuition-payment'],
  ['disability-severe', 30, 'disabled-persons-federation/disability-certificate'],
  ['unemployed-members', 15, 'human-resources/unemployment-registration'],
  ['housing-unsafe', 20, 'housing/unsafe-dwelling'],
] as const;

function hitsOf({ n }: Story): readonly (readonly (string | number)[])[] {
  const count = 1 + Math.floor(chance(n, 6) * 4);
  const first = Math.floor(chance(n, 7) * HITS.length);
  return Array.from({ length: count }, (_, index) => {
    const [indicator, points, feeds] = HITS[(first + index) % HITS.length] ?? HITS[0];
    return [indicator, index === 0 ? 500_000 + Math.floor(chance(n, 8) * 3_000_000) : 1, points, feeds];
  });
}

function pointsOf({ n }: Story) {
  const low = 60 + Math.floor(chance(n, 9) * 60);
  return { high: low + Math.floor(chance(n, 10) * 40), low };
}

function assessed(of: Story, at: Instant, version: number): DomainEvent {
  const { n, household, area, grade } = of;
  const persons = Array.from({ length: 1 + (n % 4) }, (_, person) => [hexOf(n, 20 + person, 32), 3, 3]);
  const data = {
    area,
    asOf: at.slice(0, 10),
    completeness: 0.8235,
    delivered: [[4 + (n % 5), hexOf(n + version, 19, 16)]],
    digest: hexOf(n * 7 + version, 11, 32),
    family: of.family,
    grade: version === 1 && chance(n, 12) < 0.5 ? null : grade,
    ...pointsOf(of),
    pack: 'henan-low-income',
    packVersion: at < '2023-10' ? '1' : '2',
    persons,
  };
  return makeEvent('household.assessed', at, { household }, data, `${of.family}\n${version}`);
}

function warned(of: Story, change: 'opened' | 'merged' | 'raised' | 'withdrawn', at: Instant): DomainEvent {
  const { household, warning, area, category, grade } = of;
  const { high, low } = pointsOf(of);
  const data = {
    area,
    asOf: at.slice(0, 10),
    category,
    family: of.family,
    grade: change === 'raised' ? 'urgent' : grade,
    high,
    hits: change === 'withdrawn' ? [] : hitsOf(of),
    low,
    pack: 'henan-low-income',
    packVersion: at < '2023-10' ? '1' : '2',
    reason: change === 'withdrawn' ? 'reason-taken-back' : null,
  };
  return makeEvent(`warning.${change}`, at, { household, warning }, data, `${change} ${at}`);
}

function cased(
  of: Story,
  type: 'case.opened' | 'case.joined' | 'case.acted' | 'case.stepped' | 'case.closed',
  at: Instant,
  codes: DomainEvent['data'],
  by = type === 'case.acted' ? of.worker : SYSTEM,
): DomainEvent {
  const { household, area, category, grade } = of;
  const data = Object.entries({ area, category, grade, ...codes }).sort(([a], [b]) => (a < b ? -1 : 1));
  const once = `${String(codes['action'])} ${at}`;
  return makeEvent(type, at, { case: of.case, household }, Object.fromEntries(data), once, by);
}

function told(of: Story, change: string) {
  const { family, warning, grade } = of;
  return { change, family, warning, warningGrade: grade, withdrawal: null };
}

function read(of: Story, at: Instant, action: 'household.read' | 'cases.read' | 'cases.act', by = of.worker): DomainEvent {
  const data = { action, departments: '', found: 1, purpose: of.case, roles: 'caseworker' };
  const about: DomainEvent['subject'] =
    action === 'household.read' ? { household: of.household } : { case: of.case, household: of.household };
  return makeEvent('data.read', at, about, data, `${action} ${at}`, by);
}

function dayOf(of: Story, after: number): Instant {
  return beginningInChina(addDays(of.opened, after));
}

function outcomeOf({ n }: Story): string {
  return pick(['not-in-need', 'already-covered', 'policy-explained', 'temporary-aid', 'helped-new', 'data-wrong'], n, 13);
}

function isReferred({ n }: Story): boolean {
  return chance(n, 14) < 0.3;
}

const WORKING = { opened: 1, visited: 8, decided: 9, sent: 10, answered: 15, finished: 27, closed: 60 };

function sent(of: Story, at: Instant): DomainEvent {
  const due = dayOf(of, WORKING.answered + 2);
  const { department } = of;
  const codes = { action: 'send-referral', department, due, escalated: null, from: 'referral', measure: 'medical-aid' };
  return cased(of, 'case.stepped', at, { ...codes, referral: 'R1', to: 'referral' });
}

function answered(of: Story, at: Instant, kind: 'accept' | 'done'): DomainEvent {
  const fen = kind === 'done' ? 20_000 + Math.floor(chance(of.n, 15) * 400_000) : null;
  const step = kind === 'accept' ? 'referral-answer' : 'referral-finish';
  const codes = { action: 'answer-referral', code: null, department: of.department, fen, from: 'referral', kind };
  const rhythm = kind === 'done' ? 'once' : null;
  const stopped = [[step, 'R1', dayOf(of, WORKING.sent), dayOf(of, kind === 'accept' ? WORKING.answered + 2 : 40)]];
  const more = { measure: 'medical-aid', referral: 'R1', rhythm, stopped, to: kind === 'done' ? 'follow-up' : 'referral' };
  return cased(of, 'case.acted', at, { ...codes, ...more }, `handler-${of.department}`);
}

function visited(of: Story, at: Instant): DomainEvent {
  const codes = { action: 'record-visit', conflict: false, from: 'visit', late: false, means: 'home', needs: 'medical living' };
  const visit = `${hexOf(of.n, 16, 8)}-0000-4000-8000-${hexOf(of.n, 17, 12)}`;
  const stopped = [['visit', '', dayOf(of, 0), dayOf(of, 10)]];
  const truth = pick(['T1', 'T1', 'T2', 'T3', 'T8', 'T9'], of.n, 18);
  const more = { proposed: 'A6 A8', stopped, to: 'review', truth, visit, visited: instantOf(Date.parse(at) - 5_400_000) };
  return cased(of, 'case.acted', at, { ...codes, ...more });
}

function decided(of: Story, at: Instant): DomainEvent {
  const stopped = [['review', '', dayOf(of, WORKING.visited), dayOf(of, WORKING.visited + 3)]];
  const codes = {
    action: 'decide',
    departments: isReferred(of) ? of.department : '',
    from: 'review',
    level: 'township',
    stopped,
  };
  if (isReferred(of)) {
    const asked = [['R1', of.department, 'medical-aid']];
    return cased(of, 'case.acted', at, { ...codes, actions: 'A8', asked, kind: 'help', outcome: null, to: 'referral' });
  }
  const outcome = outcomeOf(of);
  if (outcome !== 'temporary-aid') {
    return cased(of, 'case.acted', at, { ...codes, actions: 'A0', kind: 'no-need', outcome, to: 'closed' });
  }
  const aid = ['A1', 'civil-affairs', 'temporary-aid', 120_000, 'once', at.slice(0, 10), ''];
  const help = { aid: 'A1', fen: 120_000, given: [aid], kind: 'help', measure: 'temporary-aid', outcome: null, to: 'follow-up' };
  return cased(of, 'case.acted', at, { ...codes, ...help, actions: 'A6' });
}

function closed(of: Story, at: Instant): readonly DomainEvent[] {
  const outcome = isReferred(of) ? 'helped-new' : outcomeOf(of);
  const stopped = [['follow-up', '', dayOf(of, WORKING.finished), dayOf(of, WORKING.finished + 40)]];
  const about = { case: of.case, household: of.household, warning: of.warning };
  const handled = makeEvent('warning.handled', at, about, { area: of.area, family: of.family, outcome }, `handled ${at}`);
  if (isSecond(of.n)) return [handled];
  return [
    cased(of, 'case.acted', at, { action: 'look-again', from: 'follow-up', outcome, stopped, to: 'closed' }),
    cased(of, 'case.closed', at, {
      outcome,
      referrals: isReferred(of) ? 1 : 0,
      source: 'warning',
      visits: 1,
      warnings: of.warning,
    }),
    handled,
  ];
}

function opened(of: Story, at: Instant): readonly DomainEvent[] {
  const first = { action: 'desk-check', from: 'opened', proposals: '', to: 'visit' };
  const assigned = { action: 'assign-visit', before: null, from: 'visit', level: 'village', reason: null, to: 'visit' };
  if (isSecond(of.n)) {
    return [
      warned(of, 'opened', at),
      cased(of, 'case.joined', at, { ...told(of, 'opened'), action: 'join', from: 'visit', to: 'visit' }),
    ];
  }
  return [
    warned(of, 'opened', at),
    cased(of, 'case.opened', at, { ...told(of, 'opened'), source: 'warning', warnings: of.warning }),
    cased(of, 'case.stepped', at, first),
    cased(of, 'case.stepped', at, { ...assigned, user: `village-${of.area}` }),
  ];
}

function light(of: Story, at: Instant, step: string, colour: 'yellow' | 'red', referral?: string): DomainEvent {
  const on = step === 'visit' ? 'visit' : 'referral';
  const codes = { action: 'raise-light', from: on, light: colour, step, to: on };
  return cased(of, 'case.stepped', at, referral === undefined ? codes : { ...codes, referral });
}

function correction(of: Story, at: Instant, answer: boolean): DomainEvent {
  const about = { case: of.case, correction: `N-${of.household}`, household: of.household };
  const feed = 'medical-insurance/inpatient-settlement';
  const department = 'medical-insurance';
  if (answer) {
    const data = {
      answer: 'corrected',
      area: of.area,
      department,
      feed,
      file: null,
      late: of.n % 3 === 0,
      reason: null,
      to: null,
    };
    return makeEvent('correction.answered', at, about, data, '2', `clerk-${department}`);
  }
  const file = fileId(of.opened);
  const data = {
    area: of.area,
    department,
    dueAt: dayOf(of, 30),
    feed,
    field: 'selfPaid',
    file,
    found: 'amount',
    row: 2 + (of.n % 900),
  };
  return makeEvent('correction.sent', at, about, data, '1', of.worker);
}

function fileId(day: PlainDate): string {
  return `${day.replaceAll('-', '')}${'0'.repeat(16)}`;
}

const STEPS: readonly Step[] = [
  { after: 0, percent: 100, seconds: true, events: (of, at) => [assessed(of, at, 1), ...opened(of, at)] },
  { after: 0, percent: 30, events: (of, at) => [membership(of, at)] },
  { after: 2, percent: 75, events: (of, at) => [read(of, at, 'household.read')] },
  { after: 7, percent: 12, events: (of, at) => [light(of, at, 'visit', 'yellow')] },
  { after: WORKING.visited, percent: 62, events: (of, at) => [visited(of, at)] },
  { after: WORKING.decided, percent: 58, events: (of, at) => [decided(of, at)] },
  { after: WORKING.decided, percent: 2, events: (of, at) => [correction(of, at, false)] },
  { after: WORKING.sent, percent: 58, events: (of, at) => (isReferred(of) ? [sent(of, at)] : []) },
  { after: 11, percent: 9, events: (of, at) => [light(of, at, 'visit', 'red')] },
  { after: WORKING.answered, percent: 50, events: (of, at) => (isReferred(of) ? [answered(of, at, 'accept')] : []) },
  { after: WORKING.answered + 2, percent: 40, events: (of, at) => [read(of, at, 'cases.read', `auditor-${of.n % 7}`)] },
  {
    after: WORKING.answered + 3,
    percent: 20,
    events: (of, at) => (isReferred(of) ? [light(of, at, 'referral-answer', 'red', 'R1')] : []),
  },
  {
    after: 20,
    percent: 35,
    events: (of, at) => [
      assessed(of, at, 2),
      warned(of, 'merged', at),
      cased(of, 'case.joined', at, { ...told(of, 'merged'), action: 'join', from: 'review', to: 'review' }),
    ],
  },
  { after: 21, percent: 8, events: (of, at) => [assessed(of, at, 3), warned(of, 'raised', at)] },
  { after: 22, percent: 4, events: (of, at) => [assessed(of, at, 4), warned(of, 'withdrawn', at)] },
  { after: WORKING.finished, percent: 48, events: (of, at) => (isReferred(of) ? [answered(of, at, 'done')] : []) },
  { after: 25, percent: 2, events: (of, at) => [correction(of, at, true)] },
  { after: WORKING.closed, percent: 46, seconds: true, events: closed },
  { after: 90, percent: 40, events: (of, at) => [assessed(of, at, 5)] },
];

function membership({ n, household, category }: Story, at: Instant): DomainEvent {
  const people = [[hexOf(n, 20, 32), 1, household, 'declared', category, '2019-07-01', '']];
  return makeEvent('membership.changed', at, {}, { people }, JSON.stringify(people));
}

/** What a year writes down, day by day. The same numbers give the same events. */
export interface Year {
  readonly warnings: number;
  readonly events: number;
}

/** The events of one day, in the order in which they are archived; `day` counts from 0. */
export function eventsOfDay(year: Year, day: number): DomainEvent[] {
  const begins = Date.parse(beginningInChina(addDays(YEAR_BEGINS, day)));
  const events: DomainEvent[] = [];
  const at = (place: number) => instantOf(begins + 8 * 3_600_000 + Math.floor(place * 10 * 3_600_000));
  for (const { after, percent, seconds = false, events: make } of STEPS) {
    const [from, to] = [bound(year, day - after), bound(year, day - after + 1)];
    const began = addDays(YEAR_BEGINS, day - after);
    for (let n = from; n < to; n += 1) {
      // One draw a story: who is not visited is not decided on either.
      if (chance(n, 30) * 100 >= percent || (isSecond(n) && !seconds)) continue;
      events.push(...make(storyOf(n, began), at((n - from) / (to - from))));
    }
  }
  const rest = bound({ ...year, warnings: year.events }, day + 1) - bound({ ...year, warnings: year.events }, day);
  for (let n = 0; events.length < rest; n += 1) events.push(filler(day * 1_000_000 + n, day, at(chance(n, 40))));
  return events;
}

/** Number of the first warning of a day. */
function bound({ warnings }: Year, day: number): number {
  return Math.floor((Math.min(Math.max(day, 0), DAYS) * warnings) / DAYS);
}

/** What a day has besides: files and their facts, households without a warning, reads, reports. */
function filler(n: number, day: number, at: Instant): DomainEvent {
  const of = storyOf(0x40000000 + n, addDays(YEAR_BEGINS, day));
  const kind = n % 1_000;
  if (kind < 10) return taken(n, day, at);
  if (kind < 60) return recorded(n, day, at);
  if (kind === 60) return searched(n, at);
  if (kind === 61 && n % 50_000 === 61) return pulled(n, at);
  if (kind < 300) return read(of, at, 'household.read', `worker-${n % 900}`);
  return assessed(of, at, 1);
}

function taken(n: number, day: number, at: Instant): DomainEvent {
  const feed = pick(
    ['medical-insurance/inpatient-settlement', 'education/enrolment', 'civil-affairs/low-income-register'],
    n,
    41,
  );
  const month = addDays(YEAR_BEGINS, day).slice(0, 7);
  const sha256 = hexOf(n, 42, 64);
  if (n % 29 === 0) {
    const nothing = {
      accepted: 0,
      duplicate: 0,
      feed,
      period: month,
      read: 0,
      rejected: 0,
      sha256,
      size: 812,
      status: 'refused',
    };
    return makeEvent('file.refused', at, { file: hexOf(n, 43, 24) }, nothing, sha256);
  }
  const rows = { accepted: 9_400, areas: `4111${10 + (n % 10)}`, due: `${month}-10`, duplicate: 200 };
  const data = { ...rows, feed, period: month, read: 10_000, rejected: 400, sha256, size: 1_204_113, status: 'accepted' };
  const file = n % 1_000 === 0 ? fileId(addDays(YEAR_BEGINS, day)) : hexOf(n, 43, 24);
  return makeEvent('file.taken', at, { file }, data, sha256);
}

function recorded(n: number, day: number, at: Instant): DomainEvent {
  const chunks = Array.from({ length: 1 + (n % 60) }, (_, row) => [hexOf(n * 64 + row, 44, 32), row + 2, 1]);
  const data = { chunks, digest: hexOf(n, 45, 64), feed: 'medical-insurance/inpatient-settlement' };
  return makeEvent('facts.recorded', at, { file: fileId(addDays(YEAR_BEGINS, day)) }, data, String(n));
}

function searched(n: number, at: Instant): DomainEvent {
  const data = { action: 'search.exact', departments: '', found: 2, purpose: 'enquiry', roles: 'caseworker' };
  const households = `${storyOf(n % 1_000, YEAR_BEGINS).household} ${storyOf((n + 1) % 1_000, YEAR_BEGINS).household}`;
  return makeEvent('data.searched', at, { households }, data, String(n), `worker-${n % 900}`);
}

function pulled(n: number, at: Instant): DomainEvent {
  const data = { area: '411105', digest: hexOf(n, 46, 64), format: 'csv', purpose: 'audit', report: 'warning-ledger', rows: 812 };
  return makeEvent('report.pulled', at, {}, data, String(n), 'auditor');
}

/** How many events a year of so many warnings has. */
export function yearOf(warnings: number): Year {
  return { warnings, events: warnings * EVENTS_PER_WARNING };
}

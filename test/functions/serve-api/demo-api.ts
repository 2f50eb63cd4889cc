import type { ApiDeps } from '../../../functions/serve-api/api-deps.ts';
import { createApp } from '../../../functions/serve-api/app.ts';
import { openApiDocument } from '../../../functions/serve-api/openapi.ts';
import { readerPage } from '../../../functions/serve-api/reader-page.ts';
import type { Principal, Role } from '../../../shared/access/principal.ts';
import type { DomainEvent } from '../../../shared/audit/event.ts';
import { stateOf } from '../../../shared/audit/finding.ts';
import { readShown } from '../../../shared/audit/household-reads.ts';
import type { Period } from '../../../shared/calendar/period.ts';
import type { PlainDate } from '../../../shared/calendar/plain-date.ts';
import { caseRulesUnder } from '../../../shared/casework/case-rules.ts';
import { DEFAULTS_ONLY } from '../../../shared/casework/parameters.ts';
import { catalog } from '../../../shared/catalog/index.ts';
import type { FactChunk } from '../../../shared/facts/fact.ts';
import { NotFoundError } from '../../../shared/ports/errors.ts';
import type { FileRecord } from '../../../shared/ports/file-register.ts';
import type { PersonRegistration } from '../../../shared/ports/household-registry.ts';
import type { LogFields } from '../../../shared/ports/log.ts';
import { pseudonymsOf } from '../../../shared/registry/pseudonym.ts';
import { sealerOf, sealIdentity } from '../../../shared/registry/sealing.ts';
import { FIRST_DAY } from '../../builders/archive.ts';
import { auditFinding } from '../../builders/audit-findings.ts';
import { aCase, referral } from '../../builders/cases.ts';
import { notice } from '../../builders/corrections.ts';
import { factChunk, factRow, fileSequence, instant } from '../../builders/facts.ts';
import { arrival, deliveryBy, receiptFor } from '../../builders/files.ts';
import { identityNumberOf } from '../../builders/identity.ts';
import { RememberedPeriods } from '../../builders/periods.ts';
import { membership } from '../../builders/registrations.ts';
import { RememberedReportJobs } from '../../builders/report-jobs.ts';
import { householdId, standing, warning } from '../../builders/standings.ts';
import { expectDocumented } from './as-documented.ts';

export const VILLAGE = '411122100201';
export const OTHER_COUNTY = '370602001002';
const BIRTH = '1956-08-19' as PlainDate;

/** Two invented women of one name: one in a village of 411122, one in another province. */
export const inside = { number: identityNumberOf('411122', BIRTH, 2), name: '张桂兰', household: householdId(1), area: VILLAGE };
export const outside = {
  number: identityNumberOf('370602', BIRTH, 2),
  name: '张桂兰',
  household: householdId(2),
  area: OTHER_COUNTY,
};
export const DIAGNOSIS = '心力衰竭';

const secret = new Uint8Array(32).fill(7);
export const pseudonyms = pseudonymsOf(secret);
const sealer = sealerOf(new Uint8Array(32).fill(9));

export const medicalFile: FileRecord = {
  ...arrival(1),
  seq: fileSequence(1),
  receipt: receiptFor(arrival(1)),
};
export const educationFile: FileRecord = {
  ...arrival(2, { path: 'education/enrolment/2024-03/名单.csv', feed: 'education/enrolment' as FileRecord['feed'] }),
  seq: fileSequence(2),
};

/** Notices about the bill of each of the two women: one sent to this county's medical insurance, one to another's. */
export const medicalNotice = notice(1, { area: VILLAGE, file: medicalFile.id });
export const foreignNotice = notice(2, { area: OTHER_COUNTY, file: medicalFile.id });

/** Findings of audit: of this county and of another, for their supervisors; of this county, for its medical insurance. */
export const countyFinding = auditFinding(1, { area: VILLAGE });
export const foreignFinding = auditFinding(2, { area: OTHER_COUNTY });
export const medicalFinding = auditFinding(3, {
  area: '411122',
  department: 'medical-insurance',
  subject: { kind: 'file', id: medicalFile.id },
});

export interface DemoApi {
  readonly deps: ApiDeps;
  readonly app: ReturnType<typeof createApp>;
  readonly events: DomainEvent[];
  readonly logged: LogFields[];
  readonly warningQueries: unknown[];
}

/** The API over a handful of invented records, signed in as `principal`. Every answer is held against the OpenAPI document. */
export function demoApi(principal: Principal | undefined, changes: Partial<ApiDeps> = {}): DemoApi {
  const events: DomainEvent[] = [];
  const logged: LogFields[] = [];
  const warningQueries: unknown[] = [];
  const people = [inside, outside].map((one, index) => {
    const person = pseudonyms.person(one.number);
    const home = membership(index + 1, { category: 'near-poor' });
    const registration: PersonRegistration = {
      person,
      birth: BIRTH,
      sex: 'female',
      memberships: [home],
      version: 1,
    };
    const chunk: FactChunk = factChunk({
      person,
      file: medicalFile.id,
      rows: [factRow({ area: one.area, sealed: sealer.seal(person, JSON.stringify({ diagnosisName: DIAGNOSIS })) })],
    });
    const raised = warning(index + 1, { area: one.area });
    return { one, person, registration, chunk, raised, standing: standing(index + 1, 1, { area: one.area, warning: raised }) };
  });
  const cases = [inside, outside].map((one, index) =>
    aCase(index + 1, { area: one.area, referrals: [referral('R1', 'medical-insurance')] }),
  );
  const notices = [medicalNotice, foreignNotice].map((one, index) => ({ ...one, person: people[index]?.person ?? one.person }));
  const findings = [countyFinding, foreignFinding, medicalFinding];
  let requests = 0;
  const deps: ApiDeps = {
    catalog,
    clock: { now: () => instant(10) },
    reads: {
      ofHousehold: async ({ household }) => ({
        reads: events.flatMap((event) => {
          const shown = readShown(event);
          return shown?.households.includes(household) ? [shown.read] : [];
        }),
      }),
    },
    eventLog: {
      append: async (added) => {
        events.push(...added);
      },
    },
    registry: {
      membersOf: async (ids) =>
        new Map(ids.map((id) => [id, people.filter((p) => p.one.household === id).map((p) => p.registration)])),
      ofPersons: async (persons) =>
        new Map(people.filter((p) => persons.includes(p.person)).map((p) => [p.person, p.registration])),
    },
    facts: {
      ofPersons: async (persons) => new Map(people.filter((p) => persons.includes(p.person)).map((p) => [p.person, [p.chunk]])),
    },
    vault: {
      get: async (persons) =>
        new Map(
          people
            .filter((p) => persons.includes(p.person))
            .map((p) => [
              p.person,
              {
                person: p.person,
                nameKey: pseudonyms.name(p.one.name),
                sealed: sealIdentity(sealer, p.person, p.one),
                seq: fileSequence(1),
              },
            ]),
        ),
      byName: async (key) => people.filter((p) => pseudonyms.name(p.one.name) === key).map((p) => p.person),
    },
    standings: {
      load: async (ids) =>
        new Map(people.filter((p) => ids.includes(p.one.household)).map((p) => [p.one.household, [p.standing]])),
      save: async () => [],
      warnings: async (query) => {
        warningQueries.push(query);
        const found = people.filter((p) => query.areas.some((area) => p.one.area.startsWith(area))).map((p) => p.raised);
        return found.length > query.limit ? { warnings: found.slice(0, query.limit), next: 'page|2' } : { warnings: found };
      },
      warning: async (id) => people.find((p) => p.raised.id === id)?.raised,
      past: async () => [],
    },
    cases: {
      get: async (id) => cases.find((one) => one.id === id),
      current: async (ids) => new Map(cases.filter((one) => ids.includes(one.household)).map((one) => [one.household, one])),
      ofHousehold: async (id) => cases.filter((one) => one.household === id),
      save: async () => [],
      list: async (query) => ({ cases: cases.filter((one) => query.areas.some((area) => one.area.startsWith(area))) }),
      counts: async () => ({ byStage: {}, byLight: {}, byAssignee: {} }),
      openCounties: async (areas) => ['370602', '411122'].filter((county) => areas.some((area) => county.startsWith(area))),
    },
    corrections: {
      get: async (id) => notices.find((one) => one.id === id),
      ofCase: async (id) => notices.filter((one) => one.case === id),
      save: async () => [],
      list: async ({ areas, departments }) => ({
        notices: notices.filter(
          (one) => areas.some((area) => one.area.startsWith(area)) && (departments?.includes(one.department) ?? true),
        ),
      }),
    },
    tallies: {
      countedUpTo: async () => 3,
      add: async () => undefined,
      of: async () => [],
      below: async () => [],
    },
    archive: {
      head: async () => ({ ...FIRST_DAY, number: 3 }),
      async *roots() {},
    },
    findings: {
      get: async (id) => findings.find((one) => one.id === id),
      save: async ({ finding, events: written }) => {
        const at = findings.findIndex((one) => one.id === finding.id);
        if ((findings[at]?.version ?? 0) !== finding.version - 1) return false;
        findings.splice(at === -1 ? findings.length : at, 1, finding);
        events.push(...written);
        return true;
      },
      list: async ({ areas, department, states }) => ({
        findings: findings.filter(
          (one) =>
            areas.some((area) => one.area.startsWith(area)) &&
            (department === undefined || one.department === department) &&
            states.includes(stateOf(one)),
        ),
      }),
    },
    periods: new RememberedPeriods(events),
    reportJobs: new RememberedReportJobs(),
    staff: { inCharge: async () => [], get: async () => undefined, put: async () => undefined, list: async () => [] },
    rules: caseRulesUnder(DEFAULTS_ONLY, () => []),
    guard: async (_, asked) => asked.map(() => ({ verdict: 'ok' })),
    parameters: DEFAULTS_ONLY,
    packsFor: () => [],
    pause: async () => undefined,
    files: {
      list: async ({ feed }) => ({
        files: [educationFile, medicalFile].filter((file) => feed === undefined || file.feed === feed),
      }),
      get: async (id) => [educationFile, medicalFile].find((file) => file.id === id),
      getMany: async (ids) => new Map([educationFile, medicalFile].filter((f) => ids.includes(f.id)).map((f) => [f.id, f])),
      deliveries: async () => [
        deliveryBy(arrival(1), { county: '411122', period: '2024-03' as Period }),
        deliveryBy(arrival(1), { county: '370602', period: '2024-03' as Period }),
      ],
    },
    exchange: {
      info: async (key) => (key.startsWith('rejects/') ? { key, size: 6, version: '1', lastModified: instant() } : undefined),
      read: async function* (key) {
        if (!key.startsWith('rejects/')) throw new NotFoundError('none');
        yield new TextEncoder().encode('行号');
      },
      write: async () => undefined,
    },
    links: { uploadUrl: async (key, seconds) => `/api/v1/uploads/${encodeURIComponent(key)}?s=${seconds}` },
    pseudonyms,
    sealer,
    reasonText: (_, result) => ({ zh: `理由 ${result.indicator}`, en: `reason ${result.indicator}` }),
    authenticate: async () => principal,
    newId: () => {
      requests += 1;
      return `request-${requests}`;
    },
    log: {
      info: (code, fields) => logged.push({ code, ...fields }),
      warn: (code, fields) => logged.push({ code, ...fields }),
      error: (code, fields) => logged.push({ code, ...fields }),
    },
    metrics: { count: () => undefined },
    version: '0.0.0',
    openApi: async (language) => JSON.stringify(openApiDocument(language, '0.0.0')),
    readerPage,
    ...changes,
  };
  return { deps, app: asDocumented(createApp(deps)), events, logged, warningQueries };
}

/** Holds every answer of the API against the OpenAPI document. */
export function asDocumented(app: DemoApi['app']): DemoApi['app'] {
  const plain = app.request;
  app.request = async (input, init, ...rest) => {
    const answer = await plain(input, init, ...rest);
    const address = input instanceof Request ? input.url : String(input);
    await expectDocumented(init?.method ?? (input instanceof Request ? input.method : 'GET'), address, answer);
    return answer;
  };
  return app;
}

/** A user of one role with the county 411122 and the medical insurance department. */
export function userOf(role: Role, areas: readonly string[] = ['411122']): Principal {
  return { id: `user-${role}`, roles: [role], areas, departments: ['medical-insurance'] };
}

export const PURPOSE = { 'x-purpose': 'desk-check' };

/** A JSON body with its header. */
export function jsonBody(body: unknown, headers: Record<string, string> = PURPOSE): RequestInit {
  return { method: 'POST', body: JSON.stringify(body), headers: { ...headers, 'content-type': 'application/json' } };
}

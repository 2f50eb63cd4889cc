import { hash } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { packsOfFolder } from '../../../infra/pack-folder.ts';
import { type Period, periodEnd } from '../../../shared/calendar/period.ts';
import { addDays, type PlainDate } from '../../../shared/calendar/plain-date.ts';
import { catalog } from '../../../shared/catalog/index.ts';
import { coverageOf, type Delivery } from '../../../shared/facts/coverage.ts';
import { type FactChunk, type FactRow, type FactValue, firstRowOf, type PersonKey } from '../../../shared/facts/fact.ts';
import { foldFacts } from '../../../shared/facts/fold.ts';
import type { PersonRegistration } from '../../../shared/ports/household-registry.ts';
import { feedsAskedAtPresent, keysPastKeeping, withMarks } from '../../../shared/privacy/facts-past-keeping.ts';
import { registrationOf } from '../../../shared/registry/apply-updates.ts';
import { areaOf, placingsOf } from '../../../shared/registry/household-area.ts';
import { membershipOn, membersOn } from '../../../shared/registry/membership.ts';
import { pseudonymsOf } from '../../../shared/registry/pseudonym.ts';
import { assess } from '../../../shared/scoring/assess.ts';
import { compilePack } from '../../../shared/scoring/compile.ts';
import { loadPack } from '../../../shared/scoring/load-pack.ts';
import { inputOn } from '../../../shared/warnings/assess-households.ts';
import { summaryOf } from '../../../shared/warnings/decide-warning.ts';
import { factChunk, feedId, fileId, fileSequence, instant, personKey } from '../../builders/facts.ts';

/** Asks of a feed of events what holds at present, which no shipped pack does. */
const AT_PRESENT = `
id: at-present
version: '1'
family: entry
area: '41'
effectiveFrom: 2024-01-01
title: { zh: 现状, en: at present }
grades: [{ id: general, rank: 2, title: { zh: 一般, en: general }, from: 1, proposed: { zh: 试, en: trial } }]
indicators:
  - id: disaster
    title: { zh: 灾害, en: disaster }
    dimension: living
    measure: { count: emergency-management/disaster-relief, window: current }
    bands: [{ from: 1, points: 1 }]
    proposed: { zh: 试, en: trial }
`;

const TODAY = '2024-06-30' as PlainDate;
const BEFORE = '2021-06-30' as PlainDate;
const pseudonyms = pseudonymsOf(new Uint8Array(32).fill(7));
const packs = [...packsOfFolder('shared/scoring/packs'), loadPack(AT_PRESENT, 'at-present.yaml')].map((pack) =>
  compilePack(pack, catalog),
);
const PEOPLE = [1, 2, 3].map(personKey);

const INPATIENT = 'medical-insurance/inpatient-settlement';
const REGISTER = 'civil-affairs/low-income-register';
const POLICE = 'public-security/household-registration';
const DEATHS = 'public-security/death-registration';

/** What a row of each feed says beside its dates; `n` tells one from another. */
const fieldsOf: Readonly<Record<string, (n: number, from: PlainDate, to: PlainDate | undefined) => Record<string, FactValue>>> = {
  [INPATIENT]: (n) => ({ selfPaid: 150_000 * (n + 1), totalCost: 300_000 * (n + 1), visitType: '普通住院' }),
  [REGISTER]: (n, from, to) => ({
    householdNumber: `D${n % 2}`,
    relation: n === 0 ? 'head' : 'child',
    category: n === 2 ? 'near-poor' : 'minimum-living-allowance',
    benefitFrom: from,
    ...(to === undefined ? {} : { benefitTo: to }),
  }),
  [POLICE]: (n, from) => ({ householdNumber: `P${n % 2}`, relation: 'head', registeredOn: from }),
  [DEATHS]: (_, from) => ({ diedOn: from }),
  'human-resources/unemployment-registration': (n) => ({ monthlyBenefit: 10_000 * n }),
  'disabled-persons-federation/disability-certificate': (n) => ({ level: n + 1 }),
  'education/enrolment': (n) => ({ stage: n === 0 ? 'undergraduate' : 'senior-secondary' }),
  'medical-insurance/enrolment': () => ({ scheme: 'resident' }),
  'emergency-management/disaster-relief': (n) => ({ lossAmount: 100_000 * n }),
};
const FEEDS = Object.keys(fieldsOf);
const STATUSES = new Set([
  REGISTER,
  POLICE,
  'human-resources/unemployment-registration',
  'disabled-persons-federation/disability-certificate',
]);

/** One row as it is drawn: days count from the beginning of 2018. */
interface Drawn {
  readonly person: number;
  readonly key: number;
  readonly says: number;
  readonly from: number;
  readonly lasts: number | undefined;
  readonly reversal: boolean;
  readonly area: number;
}
interface DrawnFile {
  readonly feed: string;
  readonly month: number;
  readonly complete: boolean;
  readonly county: number;
  readonly rows: readonly Drawn[];
}

const AREAS = ['410322104201', '410322104202', '410325001001'];
const COUNTIES = ['410322', '410325', '*'];
const beginning = '2018-01-01' as PlainDate;

const drawnRow: fc.Arbitrary<Drawn> = fc.record({
  person: fc.nat(2),
  key: fc.nat(1),
  says: fc.nat(2),
  from: fc.nat(2_370),
  lasts: fc.option(fc.nat(900), { nil: undefined }),
  reversal: fc.boolean(),
  area: fc.nat(2),
});
const drawnFile: fc.Arbitrary<DrawnFile> = fc.record({
  feed: fc.constantFrom(...FEEDS),
  month: fc.nat(77),
  complete: fc.boolean(),
  county: fc.nat(2),
  rows: fc.array(drawnRow, { minLength: 1, maxLength: 5 }),
});

function periodOf({ month }: DrawnFile): Period {
  return `${2018 + Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, '0')}` as Period;
}

function rowOf(feed: string, drawn: Drawn, row: number, listed: PlainDate): FactRow {
  const spec = catalog.get(feedId(feed));
  const from = spec?.dates.from === undefined ? listed : addDays(beginning, drawn.from);
  const to = STATUSES.has(feed) && drawn.lasts !== undefined ? addDays(from, drawn.lasts) : undefined;
  const said = {
    key: `k${drawn.key}`,
    from,
    ...(to === undefined ? {} : { to }),
    ...(drawn.reversal && spec?.reversal !== undefined ? { reversal: true as const } : {}),
    ...(spec?.area === undefined ? {} : { area: AREAS[drawn.area] ?? '' }),
    fields: fieldsOf[feed]?.(drawn.says, from, to) ?? {},
  };
  return { row, ...said, content: hash('sha256', JSON.stringify(said), 'hex').slice(0, 16) };
}

/** The chunks of a file as the `arrival`-th to come. */
function chunksOf(file: DrawnFile, arrival: number): FactChunk[] {
  const end = periodEnd(periodOf(file));
  const of = Map.groupBy(
    file.rows.map((drawn, index) => ({ drawn, row: rowOf(file.feed, drawn, index + 2, end) })),
    ({ drawn }) => drawn.person,
  );
  return [...of].map(([person, rows]) =>
    factChunk({
      person: PEOPLE[person] ?? personKey(1),
      feed: feedId(file.feed),
      file: fileId(arrival),
      seq: fileSequence(arrival, end),
      recordedAt: instant(arrival),
      rows: rows.map(({ row }) => row),
    }),
  );
}

function deliveryOf(file: DrawnFile, arrival: number): Delivery {
  return {
    feed: feedId(file.feed),
    county: COUNTIES[file.county] ?? '*',
    period: periodOf(file),
    complete: file.complete,
    file: fileId(arrival),
  };
}

/** A county in memory, kept as the stores keep it: a chunk that is there is left as it is. */
class County {
  readonly chunks = new Map<PersonKey, FactChunk[]>();
  deliveries: Delivery[] = [];

  take(files: readonly DrawnFile[], firstArrival: number): this {
    for (const [index, file] of files.entries()) {
      this.append(chunksOf(file, firstArrival + index));
      this.deliveries = [...this.deliveries, deliveryOf(file, firstArrival + index)];
    }
    return this;
  }

  append(chunks: readonly FactChunk[]): void {
    for (const chunk of chunks) {
      const own = this.chunks.get(chunk.person) ?? [];
      const there = own.some((one) => one.seq === chunk.seq && one.feed === chunk.feed && firstRowOf(one) === firstRowOf(chunk));
      this.chunks.set(chunk.person, there ? own : [...own, chunk]);
    }
  }

  registrations(): PersonRegistration[] {
    return [...this.chunks].map(([person, chunks]) => registrationOf({ catalog, pseudonyms }, person, chunks));
  }

  /** Deletes what is past keeping; answers how many keys. `upTo` breaks off after so many changed chunks. */
  delete(upTo = Number.POSITIVE_INFINITY): number {
    const keeping = {
      catalog,
      before: BEFORE,
      feeds: new Set(catalog.keys()),
      askedAtPresent: feedsAskedAtPresent(packs),
      coverage: coverageOf(this.deliveries),
      today: TODAY,
    };
    const registrations = this.registrations();
    let deleted = 0;
    let left = upTo;
    for (const [person, chunks] of this.chunks) {
      const registration = registrations.find((one) => one.person === person);
      const household = membershipOn(registration?.memberships ?? [], TODAY)?.household;
      const county = household === undefined ? '' : this.areaOfHousehold(household, registrations).slice(0, 6);
      const keys = keysPastKeeping(chunks, county === '' ? undefined : county, keeping);
      deleted += keys.length;
      for (const { before, after } of withMarks(
        chunks,
        keys,
        { on: TODAY, before: BEFORE, certificate: 'c'.repeat(32) },
        catalog,
      )) {
        if (left <= 0) break;
        left -= 1;
        const own = this.chunks.get(person) ?? [];
        this.chunks.set(
          person,
          own.map((one) => (one === before ? after : one)),
        );
      }
    }
    return deleted;
  }

  private areaOfHousehold(household: string, registrations: readonly PersonRegistration[]): string {
    const here = membersOn(household, registrations, TODAY).flatMap(({ person }) => this.chunks.get(person) ?? []);
    return areaOf(placingsOf(this.factsOf(here), here), catalog, TODAY);
  }

  private factsOf(chunks: readonly FactChunk[]) {
    return [...Map.groupBy(chunks, ({ person }) => person).values()].flatMap((own) => foldFacts(own, catalog));
  }

  /** Every assessment of today, as the platform would tell of it. */
  assessments(registrations = this.registrations()): string[] {
    const coverage = coverageOf(this.deliveries);
    const factsOf = (person: PersonKey) => foldFacts(this.chunks.get(person) ?? [], catalog);
    const households = new Set(registrations.flatMap(({ memberships }) => memberships.map(({ household }) => household)));
    return [...households].sort().flatMap((household) => {
      const people = registrations.filter((one) => one.memberships.some((stretch) => stretch.household === household));
      if (membersOn(household, people, TODAY).length === 0) return [];
      const area = this.areaOfHousehold(household, people);
      const input = inputOn(TODAY, household, people, area, { factsOf, coverage }, catalog);
      return packs.map((pack) => `${household} ${area} ${pack.pack.id} ${summaryOf(assess(pack, input)).digest}`);
    });
  }
}

/** Files of which some say again what an earlier one said, as cumulative ones do. */
const county = fc
  .array(fc.tuple(drawnFile, fc.option(fc.nat(13), { nil: undefined })), { minLength: 1, maxLength: 14 })
  .map((drawn) =>
    drawn.map(([file, repeated], index): DrawnFile => {
      const earlier = repeated === undefined || repeated >= index ? undefined : drawn[repeated]?.[0];
      return earlier === undefined ? file : { ...file, feed: earlier.feed, rows: earlier.rows };
    }),
  );
/**
 * The same with one place a person by each basis. Old files that contradict each other about it and are saved anew may move a
 * household, when the last word on an old row is a newer one; where the row is deleted they move nobody.
 */
const settled = county.map((files) =>
  files.map((file) => ({
    ...file,
    rows: file.rows.map((row) => ({ ...row, area: (row.person + [REGISTER, POLICE].indexOf(file.feed) + 1) % 3 })),
  })),
);
const runs = { numRuns: 300 };

describe('deleting facts past keeping', () => {
  it('leaves every assessment of today as it was, with memberships as they stand and derived anew', () => {
    let deleted = 0;
    fc.assert(
      fc.property(county, (files) => {
        const kept = new County().take(files, 1);
        const before = kept.registrations();
        const assessed = kept.assessments();
        deleted += kept.delete();
        expect(kept.assessments(before)).toEqual(assessed);
        expect(kept.assessments()).toEqual(assessed);
        expect(kept.registrations().map(({ version }) => version)).toEqual(before.map(({ version }) => version));
      }),
      runs,
    );
    // So that it is known that something went at all.
    expect(deleted).toBeGreaterThan(100);
  });

  it('is not undone when the old files come again: as they were, or saved anew', () => {
    fc.assert(
      fc.property(settled, fc.boolean(), (files, savedAnew) => {
        const again = (one: County) => one.take(files, savedAnew ? 1_000 : 1).assessments();
        const kept = new County().take(files, 1);
        kept.delete();
        expect(again(kept)).toEqual(again(new County().take(files, 1)));
      }),
      runs,
    );
  });

  it('deletes nothing a second time, but what came again', () => {
    fc.assert(
      fc.property(county, (files) => {
        const kept = new County().take(files, 1);
        kept.delete();
        expect(kept.delete()).toBe(0);
        kept.take(files, 1);
        expect(kept.delete()).toBe(0);
        const assessed = kept.take(files, 1_000).assessments();
        kept.delete();
        expect(kept.assessments()).toEqual(assessed);
        expect(kept.delete()).toBe(0);
      }),
      runs,
    );
  });

  it('says the same wherever it is broken off', () => {
    fc.assert(
      fc.property(county, fc.nat(12), (files, upTo) => {
        const kept = new County().take(files, 1);
        const assessed = kept.assessments();
        kept.delete(upTo);
        expect(kept.assessments()).toEqual(assessed);
        kept.delete();
        expect(kept.assessments()).toEqual(assessed);
        expect(kept.delete()).toBe(0);
      }),
      runs,
    );
  });
});

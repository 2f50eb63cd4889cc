import { describe, expect, it } from 'vitest';
import type { FeedSpec, FieldSpec } from '../../../shared/catalog/feed.ts';
import { catalog } from '../../../shared/catalog/index.ts';

const feeds = [...catalog.values()].map((feed) => ({ id: feed.id, feed }));

function field(feed: FeedSpec, name: string): FieldSpec | undefined {
  return feed.fields.find((candidate) => candidate.name === name);
}

/** The comparison intake makes: full width to half width, blanks out, unit brackets off. */
function heading(text: string): string {
  return text
    .normalize('NFKC')
    .replaceAll(/\s/g, '')
    .replace(/\((?:元|万元|分|单位:元)\)$/, '');
}

function codes(feed: FeedSpec, name: string): string[] {
  const type = field(feed, name)?.type;
  return type?.kind === 'code' ? Object.keys(type.values) : [];
}

describe('the catalog', () => {
  it('has the thirteen feeds of the spine, the seven that tell of help given, and births', () => {
    expect([...catalog.keys()].sort()).toEqual([
      'charity/aid-payment',
      'civil-affairs/low-income-register',
      'civil-affairs/minimum-living-allowance-payment',
      'civil-affairs/temporary-aid',
      'disabled-persons-federation/disability-certificate',
      'education/aid-payment',
      'education/enrolment',
      'education/tuition-payment',
      'emergency-management/disaster-relief',
      'health/birth-certificate',
      'housing/dilapidated-housing',
      'human-resources/employment-registration',
      'human-resources/public-welfare-job',
      'human-resources/unemployment-registration',
      'medical-insurance/enrolment',
      'medical-insurance/inpatient-settlement',
      'medical-insurance/medical-aid-payment',
      'medical-insurance/outpatient-chronic-settlement',
      'medical-insurance/paid-enrolment',
      'public-security/death-registration',
      'public-security/household-registration',
    ]);
  });

  it('lists each feed under its own id', () => {
    for (const [id, feed] of catalog) expect(feed.id).toBe(id);
  });
});

describe.each(feeds)('feed $id', ({ feed }) => {
  it('has no column name that two fields claim', () => {
    const owners = new Map<string, string>();
    for (const { name, title, aliases, preferred = [] } of feed.fields) {
      for (const text of [title.zh, ...aliases, ...preferred, name, title.en]) {
        expect(`${text} → ${owners.get(heading(text)) ?? name}`).toBe(`${text} → ${name}`);
        owners.set(heading(text), name);
      }
    }
  });

  it('repeats no alias within a field', () => {
    for (const { title, aliases } of feed.fields) {
      const headings = [title.zh, ...aliases].map(heading);
      expect(headings.length).toBe(new Set(headings).size);
    }
  });

  it('has each field once, with a camelCase name and a title in both languages', () => {
    const names = feed.fields.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const { name, title } of feed.fields) {
      expect(name).toMatch(/^[a-z][a-zA-Z]*$/);
      expect(title.zh).toMatch(/\p{Script=Han}/u);
      expect(title.en).toMatch(/^[ -~]+$/);
    }
    for (const title of [feed.title, feed.departmentTitle]) {
      expect(title.zh).toMatch(/\p{Script=Han}/u);
      expect(title.en).toMatch(/^[ -~]+$/);
    }
  });

  it('knows the person by a required identity number and an optional name', () => {
    const identity = field(feed, feed.subject.identity);
    expect(identity?.type.kind).toBe('identity');
    expect(identity?.required).toBe(true);
    expect(field(feed, feed.subject.name)?.type.kind).toBe('name');
  });

  it('names only fields that exist, of the kind they are used as', () => {
    for (const name of feed.naturalKey) expect(field(feed, name), name).toBeDefined();
    for (const name of [feed.dates.from, feed.dates.to, feed.death?.date]) {
      if (name !== undefined) expect(field(feed, name)?.type.kind, name).toBe('date');
    }
    expect(field(feed, feed.area ?? 'area')?.type.kind).toBe('area');
    if (feed.reversal) {
      expect(field(feed, feed.reversal.flag)?.type.kind).toBe('flag');
      // A feed without numbers takes a payment back under its natural key.
      if (feed.reversal.original) expect(field(feed, feed.reversal.original)?.type.kind).toBe('text');
    }
    for (const check of feed.checks) {
      if (check.kind === 'order') {
        expect(field(feed, check.earlier)?.type.kind).toBe('date');
        expect(field(feed, check.later)?.type.kind).toBe('date');
      } else if (check.kind === 'not-before-birth') {
        expect(field(feed, check.field)?.type.kind).toBe('date');
      } else {
        for (const name of [...check.parts, check.whole]) expect(field(feed, name)?.type.kind).toBe('money');
      }
    }
  });

  it('keeps its key and its dates out of the sealed part', () => {
    const open = [...feed.naturalKey, feed.dates.from, feed.dates.to, feed.area];
    for (const { name, sensitive } of feed.fields) if (sensitive) expect(open).not.toContain(name);
  });

  it('has a date to hold to only when it is a status feed', () => {
    if (feed.kind !== 'status') expect(feed.dates.to).toBeUndefined();
    if (feed.kind === 'event') expect(feed.dates.from).toBeDefined();
    if (feed.kind === 'snapshot') expect(feed.dates.from).toBeUndefined();
    if (feed.kind !== 'event') expect(feed.reversal).toBeUndefined();
  });

  it('has a head among the relation codes when it declares households', () => {
    if (!feed.household) return;
    expect(field(feed, feed.household.number)?.required).toBe(true);
    expect(codes(feed, feed.household.relation)).toContain(feed.household.headRelation);
    if (feed.household.category) expect(codes(feed, feed.household.category)).toContain('minimum-living-allowance');
  });

  it('spells no code in two ways of reading', () => {
    for (const { type, name } of feed.fields) {
      if (type.kind !== 'code') continue;
      const owners = new Map<string, string>();
      for (const [code, spellings] of Object.entries(type.values)) {
        expect(spellings.length).toBeGreaterThan(0);
        for (const spelling of [code, ...spellings]) {
          expect(`${name} ${spelling} → ${owners.get(heading(spelling)) ?? code}`).toBe(`${name} ${spelling} → ${code}`);
          owners.set(heading(spelling), code);
        }
      }
    }
  });

  it('states when it is due and by which right it is asked for', () => {
    expect(feed.dueDay).toBeGreaterThanOrEqual(1);
    expect(feed.dueDay).toBeLessThanOrEqual(28);
    expect(feed.legalBasis.text).not.toBe('');
    expect(feed.uses.length).toBeGreaterThan(0);
  });
});

describe('what medical feeds say', () => {
  it('diagnoses are sensitive wherever they stand', () => {
    const told = [...catalog.values()].flatMap(({ id, fields }) =>
      fields.filter(({ name }) => /diagnosis|disease/.test(name)).map(({ name, sensitive }) => [id, name, sensitive]),
    );
    expect(told).toEqual([
      ['medical-insurance/inpatient-settlement', 'diagnosisCode', true],
      ['medical-insurance/inpatient-settlement', 'diagnosisName', true],
      ['medical-insurance/outpatient-chronic-settlement', 'diseaseName', true],
    ]);
  });

  it('both kinds of settlement can be taken back with a minus', () => {
    const paid = [...catalog.values()].filter((feed) => field(feed, 'selfPaid')?.type.kind === 'money');
    expect(paid.map(({ id }) => id)).toEqual([
      'medical-insurance/inpatient-settlement',
      'medical-insurance/outpatient-chronic-settlement',
    ]);
    for (const feed of paid) {
      expect(field(feed, 'selfPaid')?.type).toMatchObject({ negative: true });
      expect(feed.reversal).toEqual({ flag: 'reversal', original: 'originalNumber' });
    }
  });
});

describe('what feeds of help say', () => {
  const aids = [...catalog.values()].filter(({ uses }) => uses.length === 1 && uses[0] === 'chain');

  it('call the sum given `amount`, and none of them a burden that packs add up', () => {
    for (const feed of aids) {
      expect(field(feed, 'amount')?.type.kind, feed.id).toBe('money');
      for (const name of ['selfPaid', 'tuition', 'lossAmount']) expect(field(feed, name), feed.id).toBeUndefined();
    }
    expect(aids.length).toBe(6);
  });

  it('the causes of temporary aid and the numbers of birth certificates are sealed', () => {
    expect(field(catalog.get('civil-affairs/temporary-aid' as never) as FeedSpec, 'cause')?.sensitive).toBe(true);
    expect(field(catalog.get('health/birth-certificate' as never) as FeedSpec, 'certificateNumber')?.sensitive).toBe(true);
  });
});

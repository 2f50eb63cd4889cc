import { describe, expect, it } from 'vitest';
import type { PlainDate } from '../../../shared/calendar/plain-date.ts';
import { catalog } from '../../../shared/catalog/index.ts';
import type { Fact, PersonKey } from '../../../shared/facts/fact.ts';
import { inputOn } from '../../../shared/warnings/assess-households.ts';
import { feedId, fileId, fileSequence, instant, personKey } from '../../builders/facts.ts';
import { membership, registration } from '../../builders/registrations.ts';
import { householdId } from '../../builders/standings.ts';

const day = (text: string) => text as PlainDate;

function told(person: number, feed: string, changes: Partial<Fact> = {}): Fact {
  return {
    person: personKey(person),
    feed: feedId(feed),
    file: fileId(1),
    seq: fileSequence(1),
    row: 2,
    recordedAt: instant(),
    key: `${feed} ${person}`,
    from: day('2024-03-05'),
    fields: {},
    ...changes,
  };
}

const FACTS = [
  told(1, 'medical-insurance/inpatient-settlement'),
  told(1, 'disabled-persons-federation/disability-certificate'),
  told(1, 'education/enrolment'),
  told(2, 'education/enrolment'),
  told(3, 'medical-insurance/inpatient-settlement'),
];
const DEAD = registration(1, 1, [membership(1, { to: day('2024-04-10') })]);
const WIDOW = registration(2, 1, [membership(1, { relation: 'spouse', head: false })]);
const MOVED = registration(3, 1, [membership(1, { to: day('2024-02-29') }), membership(5, { from: day('2024-03-01') })]);

function feedsOn(asOf: string, people = [DEAD, WIDOW, MOVED]) {
  const known = { coverage: new Map(), factsOf: (person: PersonKey) => FACTS.filter((fact) => fact.person === person) };
  return inputOn(day(asOf), householdId(1), people, '410102001', known, catalog).facts.map(({ feed, person }) => [
    feed.slice(feed.indexOf('/') + 1),
    [DEAD, WIDOW, MOVED].findIndex((one) => one.person === person),
  ]);
}

describe('what an assessment looks at', () => {
  it('is everything of its members, and of its dead what befell them but not what they were', () => {
    expect(feedsOn('2024-04-11')).toEqual([
      ['enrolment', 1],
      ['inpatient-settlement', 0],
    ]);
  });

  it('is everything of who still lived on that day', () => {
    expect(feedsOn('2024-04-10').filter(([, who]) => who === 0)).toHaveLength(3);
  });

  it('is nothing when nobody is left', () => {
    expect(feedsOn('2024-04-11', [DEAD, MOVED])).toEqual([]);
  });
});

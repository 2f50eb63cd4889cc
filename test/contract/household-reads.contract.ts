import { describe, expect, it } from 'vitest';
import type { DomainEvent } from '../../shared/audit/event.ts';
import type { Instant } from '../../shared/calendar/plain-date.ts';
import type { EventLog } from '../../shared/ports/event-log.ts';
import type { HouseholdReadQuery, HouseholdReads } from '../../shared/ports/household-reads.ts';
import { caseId } from '../builders/cases.ts';
import { instant } from '../builders/facts.ts';
import { householdEvent, householdId } from '../builders/standings.ts';
import { type SubjectMaker, withSubject } from './subject.ts';

/** The n-th read, at the n-th moment, with what it was about. */
function read(n: number, subject: DomainEvent['subject'], changes: Partial<DomainEvent> = {}): DomainEvent {
  return {
    ...householdEvent(n, n, 'data.read'),
    at: instant(n),
    actor: `reader-${n}`,
    subject,
    data: { action: 'household.read', departments: 'education health', found: 1, purpose: 'visit', roles: 'caseworker' },
    ...changes,
  };
}

/** What every event log and its reads by household promise together. */
export function householdReadsContract(
  name: string,
  maker: SubjectMaker<{ readonly log: EventLog; readonly reads: HouseholdReads }>,
): void {
  const ofFirst = async (reads: HouseholdReads, query: Partial<HouseholdReadQuery> = {}) =>
    (await reads.ofHousehold({ household: householdId(1), limit: 100, ...query })).reads;

  describe(`reads by household: ${name}`, () => {
    it('tells who read a household, when, in which role, what and for what', () =>
      withSubject(maker, async ({ log, reads }) => {
        const event = read(1, { household: householdId(1) });
        await log.append([event]);
        expect(await ofFirst(reads)).toEqual([
          {
            event: event.id,
            type: 'data.read',
            at: instant(1),
            actor: 'reader-1',
            roles: ['caseworker'],
            departments: ['education', 'health'],
            action: 'household.read',
            purpose: 'visit',
            households: 1,
          },
        ]);
      }));

    it('finds the households of a list, of a search, and within the ids of cases', () =>
      withSubject(maker, async ({ log, reads }) => {
        await log.append([
          read(1, { households: `${householdId(1)} ${householdId(2)}` }),
          read(2, { households: householdId(1) }, { type: 'data.searched' }),
          read(3, { case: caseId(1), correction: `N-${caseId(1).slice(2)}-00aa` }),
          read(4, { household: householdId(2) }),
        ]);
        expect((await ofFirst(reads)).map(({ actor, type, households }) => [actor, type, households])).toEqual([
          ['reader-3', 'data.read', 1],
          ['reader-2', 'data.searched', 1],
          ['reader-1', 'data.read', 2],
        ]);
      }));

    it('keeps no read of other things, and none that was not appended', () =>
      withSubject(maker, async ({ log, reads }) => {
        await log.append([
          read(1, { file: 'F-1' }),
          read(2, { household: householdId(1) }, { type: 'message.put-back' }),
          read(3, { households: '' }),
        ]);
        expect(await ofFirst(reads)).toEqual([]);
        expect(await reads.ofHousehold({ household: householdId(9), limit: 1 })).toEqual({ reads: [] });
      }));

    it('tells of a read once, however often it is appended', () =>
      withSubject(maker, async ({ log, reads }) => {
        const again = read(1, { household: householdId(1) });
        await log.append([again]);
        await log.append([again]);
        expect(await ofFirst(reads)).toHaveLength(1);
      }));

    it('pages from the newest to the oldest, within a stretch of time', () =>
      withSubject(maker, async ({ log, reads }) => {
        const many = Array.from({ length: 60 }, (_, n) => read(n, { household: householdId(1) }));
        await log.append(many.slice(0, 40));
        await log.append(many.slice(40));
        const told = async (query: Partial<HouseholdReadQuery>) => {
          const seen: string[] = [];
          let after: string | undefined;
          do {
            const page = await reads.ofHousehold({ household: householdId(1), limit: 7, ...query, ...(after && { after }) });
            seen.push(...page.reads.map(({ actor }) => actor));
            after = page.next;
          } while (after !== undefined);
          return seen;
        };
        const names = many.map(({ actor }) => actor).toReversed();
        expect(await told({})).toEqual(names);
        const stretch: Partial<HouseholdReadQuery> = { from: instant(10) as Instant, before: instant(30) as Instant };
        expect(await told(stretch)).toEqual(names.slice(30, 50));
      }));

    it('takes a list longer than one batch of any store holds', () =>
      withSubject(maker, async ({ log, reads }) => {
        const households = Array.from({ length: 200 }, (_, n) => householdId(n)).join(' ');
        await log.append([read(1, { households })]);
        expect(await ofFirst(reads)).toMatchObject([{ households: 200 }]);
        expect((await reads.ofHousehold({ household: householdId(199), limit: 1 })).reads).toHaveLength(1);
      }));
  });
}

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeEvent } from '../../../shared/audit/make-event.ts';
import type { PlainDate } from '../../../shared/calendar/plain-date.ts';
import { stepKnowledge } from '../../../shared/casework/step-knowledge.ts';
import { catalog } from '../../../shared/catalog/index.ts';
import { CaseOffice } from '../../builders/case-office.ts';
import { aCase, staffMember } from '../../builders/cases.ts';
import { factChunk, factRow, instant } from '../../builders/facts.ts';
import { GENERAL, standing, warning } from '../../builders/standings.ts';

const found = aCase(1, { area: '410102001203', stage: 'visit' });
const away = [{ from: '2024-04-01' as PlainDate, to: '2024-04-05' as PlainDate, cover: 'cover' }];

describe('what the workflow’s steps know', () => {
  let office: CaseOffice;
  beforeEach(() => {
    office = new CaseOffice();
  });
  afterEach(() => office.close());

  const knowledge = () =>
    stepKnowledge({
      ...office.deps,
      cases: office.embedded.cases,
      staff: office.embedded.staff,
      catalog,
      facts: office.embedded.facts,
      registry: office.embedded.households,
    });
  const staff = async (...members: Parameters<typeof staffMember>[]) => {
    for (const given of members) {
      await office.embedded.staff.put(staffMember(...given), makeEvent('data.read', instant(), {}, {}, given[0]));
    }
  };
  const held = (user: string) =>
    ({ ...found, assignment: { user, level: 'village', area: '410102001203', at: instant(), by: 'system' } }) as const;

  describe('of who is to visit', () => {
    it('gives a case to the coordinator of the village with least in hand, counting what it gives out', async () => {
      await staff(['li'], ['wang']);
      const { visitor } = knowledge();
      const given = [];
      for (let count = 0; count < 4; count += 1) given.push((await visitor(found))?.user);
      expect(given).toEqual(['li', 'wang', 'li', 'wang']);
    });

    it('leaves it with a worker who is there, and with one the directory does not know', async () => {
      await staff(['li']);
      expect(await knowledge().visitor(held('li'))).toBeUndefined();
      expect(await knowledge().visitor(held('somebody'))).toBeUndefined();
    });

    it('lets the cover stand in for a worker who is away, with that as the reason', async () => {
      await staff(['li', { absences: away }], ['cover']);
      expect(await knowledge().visitor(held('li'))).toMatchObject({ user: 'cover', reason: 'absence', by: 'system' });
    });

    it('does not throw a worker’s case back into the pool when nobody is there', async () => {
      await staff(['li', { absences: away }]);
      expect(await knowledge().visitor(held('li'))).toBeUndefined();
      expect(await knowledge().visitor(found)).toEqual({ level: 'county', area: '410102', at: instant(), by: 'system' });
    });
  });

  describe('of closures', () => {
    const taken = { warnings: [warning(1).id] };

    it('proposes nothing while what the warning rests on stands', async () => {
      await office.hasWarning(1);
      await office.embedded.facts.append([factChunk()]);
      expect(await knowledge().proposals(aCase(1, taken))).toEqual([]);
    });

    it('proposes a withdrawn warning’s case to be closed', async () => {
      await office.hasWarning(1, { warning: warning(1, { status: 'withdrawn', withdrawal: 'reason-taken-back' }) });
      expect((await knowledge().proposals(aCase(1, taken))).map(({ code }) => code)).toContain('reason-taken-back');
    });

    it('knows the help of the household’s earlier case for the same event', async () => {
      await office.hasWarning(1);
      await office.embedded.facts.append([factChunk({ rows: [factRow()] })]);
      const aid = {
        id: 'A1',
        measure: 'temporary-aid',
        department: 'civil-affairs',
        amount: 5_040_00,
        rhythm: 'once',
        date: '2024-03-20' as PlainDate,
        by: 'caseworker-1',
        event: warning(1).id,
      } as const;
      const earlier = aCase(1, { stage: 'closed', aids: [aid] });
      await office.has(earlier);
      const next = aCase(1, { ...taken, id: `${earlier.id.slice(0, -1)}2` as typeof earlier.id });
      expect(await knowledge().proposals(next)).toMatchObject([
        { code: 'already-served', text: { zh: expect.stringContaining('5,040') } },
      ]);
    });
  });

  describe('of the household after help', () => {
    it('is the most urgent assessment behind the case’s warnings', async () => {
      await office.hasWarning(1);
      await office.embedded.standings.save([{ standing: standing(1, 1, { family: 'reject' }), events: [], messages: [] }]);
      expect(await knowledge().look(aCase(1))).toEqual({ grade: GENERAL.id, points: { low: 60, high: 75 } });
    });

    it('is nothing where nobody was ever assessed', async () => {
      expect(await knowledge().look(aCase(1, { warnings: [] }))).toEqual({ grade: null, points: { low: 0, high: 0 } });
    });
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StaffMember } from '../../../shared/access/staff.ts';
import {
  type BulkAssignment,
  notAssigned,
  placeCase,
  planAssignments,
  standInFor,
  type Workforce,
} from '../../../shared/casework/assignment.ts';
import type { CaseId } from '../../../shared/casework/case.ts';
import { day } from '../../builders/clocks.ts';
import { instant } from '../../builders/facts.ts';

const township = '411122101';
const village = `${township}003`;

function worker(id: string, areas: readonly string[], changes: Partial<StaffMember> = {}): StaffMember {
  return { id, name: id, roles: ['coordinator'], areas, departments: [], absences: [], ...changes };
}
const away = (cover?: string) => ({
  absences: [{ from: day('2026-03-01'), to: day('2026-03-07'), ...(cover === undefined ? {} : { cover }) }],
});
const wang = worker('wang', [village]);
const li = worker('li', [village]);
const office = worker('office', [township], { roles: ['caseworker'] });

function workforce(staff: readonly StaffMember[], load: Readonly<Record<string, number>> = {}, on = '2026-03-02'): Workforce {
  return { staff, load: new Map(Object.entries(load)), on: day(on) };
}

describe('giving a case to somebody', () => {
  it('goes to the coordinator of the village', () => {
    const other = worker('zhao', [`${township}004`]);
    expect(placeCase(village, workforce([other, wang, office]))).toEqual({ user: 'wang', level: 'village', area: village });
  });

  it('goes to who has least in hand, then by id', () => {
    expect(placeCase(village, workforce([wang, li], { li: 4, wang: 3 })).user).toBe('wang');
    expect(placeCase(village, workforce([wang, li], { li: 3, wang: 3 })).user).toBe('li');
  });

  it('goes to whoever is there before anybody’s cover, however busy', () => {
    const covered = { ...wang, ...away('office') };
    expect(placeCase(village, workforce([covered, li, office], { li: 50 })).user).toBe('li');
  });

  it('goes to the cover while the coordinator is away, on the first and the last day, and back after', () => {
    const staff = [{ ...wang, ...away('li') }, worker('li', [township])];
    const expected = { user: 'li', level: 'village', area: village, coverFor: ['wang'] };
    expect(placeCase(village, workforce(staff, {}, '2026-03-01'))).toEqual(expected);
    expect(placeCase(village, workforce(staff, {}, '2026-03-07'))).toEqual(expected);
    expect(placeCase(village, workforce(staff, {}, '2026-03-08')).user).toBe('wang');
  });

  it('follows a chain of covers to the first who is there', () => {
    const staff = [{ ...wang, ...away('li') }, worker('li', [township], away('office')), office];
    expect(placeCase(village, workforce(staff))).toEqual({
      user: 'office',
      level: 'township',
      area: village,
      coverFor: ['wang', 'li'],
    });
  });

  it('does not run in circles: two who cover for each other and are both away leave it to the pool', () => {
    const staff = [{ ...wang, ...away('li') }, { ...li, ...away('wang') }, office];
    expect(placeCase(village, workforce(staff))).toEqual({ level: 'township', area: township });
  });

  it('does not follow a cover who may not see the village, or is no field worker, or is not there any more', () => {
    const stranger = worker('stranger', ['411122102']);
    const auditor = worker('auditor', [township], { roles: ['auditor'] });
    for (const cover of ['stranger', 'auditor', 'gone', undefined]) {
      const member = { ...wang, ...away(cover) };
      expect(standInFor(member, village, workforce([member, stranger, auditor]))).toBeUndefined();
    }
  });

  it('goes to a coordinator of the whole township when the village has none', () => {
    expect(placeCase(village, workforce([worker('roving', [township]), office])).user).toBe('roving');
  });

  it('waits in the township’s pool, or in the county’s when nobody is there or the township is unknown', () => {
    expect(placeCase(village, workforce([office]))).toEqual({ level: 'township', area: township });
    expect(placeCase(village, workforce([{ ...office, ...away() }]))).toEqual({ level: 'county', area: '411122' });
    expect(placeCase(village, workforce([]))).toEqual({ level: 'county', area: '411122' });
    expect(placeCase('411122', workforce([worker('county', ['411122'], { roles: ['caseworker'] })]))).toEqual({
      level: 'county',
      area: '411122',
    });
    expect(placeCase('', workforce([office]))).toEqual({ level: 'county', area: '' });
  });

  it('never gives a case to somebody who is away or may not see it', () => {
    const ids = ['a', 'b', 'c', 'd'];
    const absence = fc.option(
      fc.record({
        from: fc.constant(day('2026-03-01')),
        to: fc.constantFrom(day('2026-03-01'), day('2026-03-09')),
        cover: fc.constantFrom(...ids),
      }),
      { nil: undefined },
    );
    const anybody = fc.tuple(fc.constantFrom(village, township, '411122', '3706'), absence);
    fc.assert(
      fc.property(fc.tuple(anybody, anybody, anybody, anybody), (all) => {
        const staff = all.map(([area, absent], n) =>
          worker(ids[n] ?? '', [area], absent === undefined ? {} : { absences: [absent] }),
        );
        const { user } = placeCase(village, workforce(staff));
        const member = staff.find(({ id }) => id === user);
        if (user !== undefined) expect(member?.areas.some((area) => village.startsWith(area))).toBe(true);
        expect(member?.absences.some(({ to }) => to >= day('2026-03-02')) ?? false).toBe(false);
      }),
    );
  });
});

describe('a bulk assignment', () => {
  const inPool = { level: 'township', area: township, at: instant(), by: 'system' } as const;
  const one = (id: string, changes: Partial<BulkAssignment['cases'][number]> = {}) => ({
    id: id as CaseId,
    area: village,
    stage: 'visit' as const,
    assignment: inPool,
    ...changes,
  });
  const inHandOf = (user: string) => ({ assignment: { ...inPool, user, level: 'village' as const } });
  const receipt = (bulk: BulkAssignment, force: Workforce) =>
    planAssignments(bulk, force).map((line) => [line.case, line.done ? (line.placement.user ?? line.placement.level) : line.why]);

  it('answers for every case asked for, in that order', () => {
    const cases = [
      one('C-1'),
      one('C-2', { stage: 'closed' }),
      one('C-3', { area: '411122102001' }),
      one('C-4', inHandOf('wang')),
      one('C-5', inHandOf('li')),
      one('C-1'),
    ];
    expect(receipt({ cases, to: 'wang' }, workforce([wang, li]))).toEqual([
      ['C-1', 'wang'],
      ['C-2', 'closed'],
      ['C-3', 'outside-area'],
      ['C-4', 'already-theirs'],
      ['C-5', 'reason-missing'],
      ['C-1', 'listed-twice'],
    ]);
  });

  it('takes a case from one worker to another with a reason', () => {
    const cases = [one('C-5', inHandOf('li'))];
    expect(receipt({ cases, to: 'wang', reason: 'workload' }, workforce([wang, li]))).toEqual([['C-5', 'wang']]);
  });

  it('refuses workers who are unknown, away or no field workers', () => {
    const cases = [one('C-1')];
    const auditor = worker('auditor', [township], { roles: ['auditor'] });
    const force = workforce([{ ...wang, ...away('li') }, auditor]);
    expect(receipt({ cases, to: 'nobody' }, force)).toEqual([['C-1', 'no-such-worker']]);
    expect(receipt({ cases, to: 'auditor' }, force)).toEqual([['C-1', 'wrong-role']]);
    expect(receipt({ cases, to: 'wang' }, force)).toEqual([['C-1', 'away']]);
  });

  it('spreads a pool evenly over those in charge of each area', () => {
    const cases = Array.from({ length: 5 }, (_, n) => one(`C-${n}`));
    expect(receipt({ cases, to: { by: 'area' } }, workforce([wang, li], { li: 2 }))).toEqual([
      ['C-0', 'wang'],
      ['C-1', 'wang'],
      ['C-2', 'li'],
      ['C-3', 'wang'],
      ['C-4', 'li'],
    ]);
  });

  it('leaves in the pool what nobody can take, and in hand what is in hand', () => {
    const cases = [one('C-1', { area: '411122102001' }), one('C-2', { area: '411122102001', ...inHandOf('zhao') })];
    expect(receipt({ cases, to: { by: 'area' }, reason: 'absence' }, workforce([wang, office]))).toEqual([
      ['C-1', 'nobody-there'],
      ['C-2', 'nobody-there'],
    ]);
  });

  it('has words for every reason', () => {
    for (const { zh, en } of Object.values(notAssigned)) expect([zh, en].every((text) => text.length > 2)).toBe(true);
  });
});

import { describe, expect, it } from 'vitest';
import type { StaffMember } from '../../shared/access/staff.ts';
import type { DomainEvent } from '../../shared/audit/event.ts';
import { makeEvent } from '../../shared/audit/make-event.ts';
import type { PlainDate } from '../../shared/calendar/plain-date.ts';
import type { StaffDirectory } from '../../shared/ports/staff-directory.ts';
import { staffMember } from '../builders/cases.ts';
import { instant } from '../builders/facts.ts';
import { type SubjectMaker, withSubject } from './subject.ts';

function changed(member: StaffMember, once = '1'): DomainEvent {
  return makeEvent('staff.changed', instant(), { staff: member.id }, {}, once, 'secadmin');
}

/** What every StaffDirectory promises. */
export function staffDirectoryContract(name: string, maker: SubjectMaker<StaffDirectory>): void {
  describe(`staff directory: ${name}`, () => {
    it('gives back members as they were put, the last word counting', () =>
      withSubject(maker, async (directory, subject) => {
        const away = { from: '2024-04-01' as PlainDate, to: '2024-04-05' as PlainDate, cover: 'b' };
        const member = staffMember('a', { absences: [away, { from: away.from, to: away.to }] });
        await directory.put(staffMember('a'), changed(member));
        await directory.put(member, changed(member, '2'));
        await directory.put(staffMember('b'), changed(staffMember('b')));
        expect(await directory.get('a')).toEqual(member);
        expect(await directory.list()).toEqual([member, staffMember('b')]);
        expect(await directory.get('c')).toBeUndefined();
        expect((await subject.events()).map((event) => event.subject)).toEqual([{ staff: 'a' }, { staff: 'a' }, { staff: 'b' }]);
      }));

    it('finds who is in charge of an area and a department', () =>
      withSubject(maker, async (directory) => {
        const village = staffMember('village');
        const township = staffMember('township', { roles: ['caseworker'], areas: ['410102001'] });
        const medical = staffMember('medical', { roles: ['handler'], areas: ['410102'], departments: ['medical-insurance'] });
        const bureau = staffMember('bureau', { roles: ['handler'], areas: ['4101'], departments: ['*'] });
        for (const member of [village, township, medical, bureau]) await directory.put(member, changed(member));
        const ids = async (...asked: Parameters<StaffDirectory['inCharge']>) =>
          (await directory.inCharge(...asked)).map(({ id }) => id);
        expect(await ids('coordinator', '410102001203')).toEqual(['village']);
        expect(await ids('coordinator', '410102001204')).toEqual([]);
        expect(await ids('caseworker', '410102001203')).toEqual(['township']);
        expect(await ids('handler', '410102001203', 'medical-insurance')).toEqual(['bureau', 'medical']);
        expect(await ids('handler', '410102001203', 'education')).toEqual(['bureau']);
      }));
  });
}

import { describe, expect, it } from 'vitest';
import type { PlainDate } from '../../shared/calendar/plain-date.ts';
import type { VerifiedDay, VerifiedDays } from '../../shared/ports/verified-days.ts';
import { type SubjectMaker, withSubject } from './subject.ts';

const found = (day: string, digest: string): VerifiedDay => ({ day: day as PlainDate, root: `root of ${day}`, digest });

/** What every VerifiedDays promises. */
export function verifiedDaysContract(name: string, maker: SubjectMaker<VerifiedDays>): void {
  describe(`verified days: ${name}`, () => {
    it('remember none at first, then all that were kept, in order', () =>
      withSubject(maker, async (days) => {
        expect(await days.all()).toEqual([]);
        const many = Array.from({ length: 30 }, (_, n) => found(`2024-03-${String(30 - n).padStart(2, '0')}`, `${n}`));
        await days.keep(many);
        await days.keep([]);
        expect(await days.all()).toEqual(many.toReversed());
      }));

    it('let what was found last take the place of what was remembered', () =>
      withSubject(maker, async (days) => {
        await days.keep([found('2024-03-15', 'a'), found('2024-03-16', 'b')]);
        await days.keep([found('2024-03-15', 'c')]);
        expect(await days.all()).toEqual([found('2024-03-15', 'c'), found('2024-03-16', 'b')]);
      }));

    it('tell no event: that the archive was looked at changes nothing of a household', () =>
      withSubject(maker, async (days, { events }) => {
        await days.keep([found('2024-03-15', 'a')]);
        expect(await events()).toEqual([]);
      }));
  });
}

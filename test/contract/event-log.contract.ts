import { describe, expect, it } from 'vitest';
import type { EventLog } from '../../shared/ports/event-log.ts';
import { householdEvent } from '../builders/standings.ts';
import { type SubjectMaker, withSubject } from './subject.ts';

/** What every EventLog promises. */
export function eventLogContract(name: string, maker: SubjectMaker<EventLog>): void {
  describe(`event log: ${name}`, () => {
    it('keeps events that go with no change, as they are', () =>
      withSubject(maker, async (log, subject) => {
        const read = { ...householdEvent(1, 1, 'data.read'), actor: 'u-17', data: { purpose: '入户核查', rows: 3, more: null } };
        await log.append([read]);
        expect(await subject.events()).toEqual([read]);
      }));

    it('keeps an event appended twice once', () =>
      withSubject(maker, async (log, subject) => {
        await log.append([householdEvent(1, 1), householdEvent(1, 1)]);
        await Promise.all([log.append([householdEvent(1, 1)]), log.append([householdEvent(1, 1)])]);
        expect(await subject.events()).toEqual([householdEvent(1, 1)]);
      }));

    it('takes more than one batch of any store holds, and none', () =>
      withSubject(maker, async (log, subject) => {
        const events = Array.from({ length: 130 }, (_, n) => householdEvent(n, 1));
        await log.append(events);
        await log.append([]);
        expect((await subject.events()).map((event) => event.id).sort()).toEqual(events.map((event) => event.id).sort());
      }));
  });
}

import { describe, expect, it } from 'vitest';
import { linesOf } from '../../../shared/audit/event.ts';
import { membershipChangedEvents } from '../../../shared/audit/make-event.ts';
import { instant } from '../../builders/facts.ts';
import { membership, registration } from '../../builders/registrations.ts';

describe('the events of changed memberships', () => {
  it('tell of many people together, of each once and in order', () => {
    const changed = Array.from({ length: 300 }, (_, n) => registration(n, 1, [membership(n)]));
    const events = membershipChangedEvents(changed, instant());
    expect(events.map(({ data }) => linesOf(data['people']).length)).toEqual([128, 128, 44]);
    expect(events.flatMap(({ data }) => linesOf(data['people']).map(([person]) => person))).toEqual(
      changed.map(({ person }) => person),
    );
  });

  it('have the same id for the same people at the same versions, and another for a later version', () => {
    const ids = [1, 1, 2].map(
      (version) => membershipChangedEvents([registration(1, version, [membership(1)])], instant())[0]?.id,
    );
    expect(ids[0]).toBe(ids[1]);
    expect(ids[2]).not.toBe(ids[0]);
  });

  it('say of somebody who belongs nowhere any more that there is nothing to say', () => {
    const [event] = membershipChangedEvents([registration(1, 4, [])], instant());
    expect(linesOf(event?.data['people'])).toEqual([[registration(1, 4, []).person, 4, '', '', '', '', '']]);
  });

  it('are none when nothing changed', () => {
    expect(membershipChangedEvents([], instant())).toEqual([]);
  });
});

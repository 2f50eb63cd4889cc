import { describe, expect, it } from 'vitest';
import { eventsOfStreamRecords, type StreamRecord } from '../../../../shared/adapters/aws/stream-events.ts';
import { eventTypes } from '../../../../shared/audit/event.ts';

const event = {
  M: {
    id: { S: '0'.repeat(32) },
    type: { S: 'household.assessed' },
    at: { S: '2024-04-01T12:00:00.000Z' },
    actor: { S: 'system' },
    subject: { M: { household: { S: 'H000000000000000000000001' } } },
    data: { M: { version: { N: '3' }, grade: { NULL: true }, changed: { BOOL: false } } },
  },
};

function record(changes: Partial<StreamRecord> & { readonly events?: readonly (typeof event)[] } = {}): StreamRecord {
  const { events = [event], ...rest } = changes;
  return {
    eventName: 'MODIFY',
    dynamodb: { SequenceNumber: '300000000001', NewImage: { pk: { S: 'H#x' }, events: { L: events } } },
    ...rest,
  };
}

describe('events of the stream', () => {
  it.each(eventTypes)('may be %s', (type) => {
    const [read] = eventsOfStreamRecords([record({ events: [{ M: { ...event.M, type: { S: type } } }] })]);
    expect(read?.events[0]?.type).toBe(type);
  });

  it('come as they were written, with a place that compares as text', () => {
    const [first, second] = eventsOfStreamRecords([
      record({ dynamodb: { SequenceNumber: '999', NewImage: { events: { L: [event] } } } }),
      record(),
    ]);
    expect(first?.events).toEqual([
      {
        id: '0'.repeat(32),
        type: 'household.assessed',
        at: '2024-04-01T12:00:00.000Z',
        actor: 'system',
        subject: { household: 'H000000000000000000000001' },
        data: { version: 3, grade: null, changed: false },
      },
    ]);
    expect((first?.position ?? '') < (second?.position ?? '')).toBe(true);
  });

  it('leave out writes without events, items without any, and removals', () => {
    expect(
      eventsOfStreamRecords([
        record({ events: [] }),
        record({ dynamodb: { SequenceNumber: '1', NewImage: { pk: { S: 'CHAIN' }, sk: { S: 'HEAD' } } } }),
        record({ eventName: 'REMOVE', dynamodb: { SequenceNumber: '2' } }),
        {},
      ]),
    ).toEqual([]);
  });

  it('refuse an event of an unexpected shape instead of archiving it', () => {
    const strange = { M: { ...event.M, type: { S: 'something.else' } } };
    expect(() => eventsOfStreamRecords([record({ events: [strange] })])).toThrow('unexpected shape');
  });
});

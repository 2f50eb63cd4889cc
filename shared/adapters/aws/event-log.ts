import type { EventLog } from '../../ports/event-log.ts';
import type { Table } from './table.ts';

/** Events that go with no change, each an item of its own, which the stream carries to the archive like all others. */
export function dynamoEventLog(table: Table): EventLog {
  return {
    append: (events) => table.putAll(events.map((event) => ({ pk: `EV#${event.id}`, sk: 'EV', events: [event] }))),
  };
}

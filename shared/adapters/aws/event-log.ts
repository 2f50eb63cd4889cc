import type { EventLog } from '../../ports/event-log.ts';
import { readItems } from './household-reads.ts';
import type { Table } from './table.ts';

/** Events that go with no change, each an item of its own, which the stream carries to the archive like all others. */
export function dynamoEventLog(table: Table): EventLog {
  return {
    async append(events) {
      // Before the event: whoever looked may be named for an answer that was never given, but none is given unnamed.
      await table.putAll(events.flatMap(readItems));
      await table.putAll(events.map((event) => ({ pk: `EV#${event.id}`, sk: 'EV', events: [event] })));
    },
  };
}

import * as z from 'zod';
import type { BuriedEvents, BuriedWrite } from '../../ports/buried-events.ts';
import { NotFoundError } from '../../ports/errors.ts';
import { inParallel } from './bounded-parallel.ts';
import { packJson, parseStored, unpackJson } from './packed-json.ts';
import { eventsIn, type StreamRecord, type StreamValue } from './stream-events.ts';
import { ABSENT, type Condition, type Table, WIDTH } from './table.ts';

/** The partition they lie in. */
export const BURIED_EVENTS = 'BURIED-EVENTS';

const storedWrite = z.object({ sk: z.string(), item: z.string(), reason: z.string() });
/** What the stream gave, whatever it was: only whoever reads its events judges it. */
const storedImage = z.custom<StreamValue>((value) => value !== undefined);

const WAITING: Condition = { expression: 'attribute_not_exists(#back)', names: { '#back': 'putBack' } };
const WAITING_THERE: Condition = { ...WAITING, expression: `attribute_exists(pk) AND ${WAITING.expression}` };

/**
 * Writes whose events could not be read, in DynamoDB: an item each with the events as the stream told them. It carries the event
 * of its burial, so that the archive tells of the gap. Put back, its events become items of their own, which the stream
 * carries like all others.
 */
export function dynamoBuriedEvents(table: Table): BuriedEvents<StreamRecord> {
  return {
    bury({ dynamodb }, { place, reason }, event) {
      const image = dynamodb?.NewImage;
      const [pk, sk] = [image?.['pk']?.S ?? '', image?.['sk']?.S ?? ''];
      const told = packJson(image?.['events'] ?? {});
      return table.put({ pk: BURIED_EVENTS, sk: place, item: `${pk} ${sk}`, reason, told, events: [event] }, ABSENT);
    },
    async placesOf(source) {
      const places = new Set<string>();
      for await (const stored of table.query({ partition: BURIED_EVENTS, prefix: `${source}#` })) {
        places.add(parseStored(storedWrite, stored, 'buried write').sk);
      }
      return places;
    },
    async list() {
      const found: BuriedWrite[] = [];
      for await (const stored of table.query({ partition: BURIED_EVENTS, filter: WAITING })) {
        const { sk: place, item, reason } = parseStored(storedWrite, stored, 'buried write');
        found.push({ place, item, reason });
      }
      return found;
    },
    async putBack(place, event) {
      const key = { pk: BURIED_EVENTS, sk: place };
      const stored = await table.get(key);
      if (stored === undefined) throw new NotFoundError('没有这条记录 / nothing is buried under this place');
      const events = eventsIn(unpackJson(storedImage, stored['told'], 'buried write'));
      // Each under its own id, so that a repetition puts nothing on the stream a second time.
      await inParallel(WIDTH, events, (one) => table.put({ pk: `EV#${one.id}`, sk: 'EV', events: [one] }, ABSENT));
      const told = event(events.length);
      await table.update(key, { putBack: told.at, events: [told] }, WAITING_THERE);
      return events.length;
    },
  };
}

import { type ClockSetting, clockOf } from '../../infra/local/clock.ts';
import { openPlatform } from '../../infra/local/platform.ts';
import type { Instant } from '../../shared/calendar/plain-date.ts';
import { silentLog } from './silent-log.ts';
import { finishAll } from './waiting-county.ts';

/** A process of its own that brings every open case of a county to its end, a line for every deed; made to be killed. */
const [dataDir = '', at = '', threads = '0'] = process.argv.slice(2);
const clock: ClockSetting = { kind: 'stopped', at: at as Instant };
const platform = openPlatform(dataDir, clockOf(clock), silentLog, {
  count: Number(threads),
  atOnce: true,
  clock,
  logFrom: 'error',
});
await platform.stores.queue.takeBackAll();
await finishAll(platform, (deed) => process.stdout.write(`${deed}\n`));
await platform.close();

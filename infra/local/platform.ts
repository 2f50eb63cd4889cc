import { availableParallelism } from 'node:os';
import { WriteTurn } from '../../shared/adapters/embedded/write-turn.ts';
import { dateInChina } from '../../shared/calendar/plain-date.ts';
import type { TendCases } from '../../shared/ports/case-messages.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { Log } from '../../shared/ports/log.ts';
import { type County, openCounty } from './county.ts';
import { prepareDataDirectory } from './data-directory.ts';
import { Pump } from './pump.ts';
import { Schedule } from './schedule.ts';
import { eventsWaiting, workOf } from './work.ts';
import { type WorkerSettings, WorkerThread } from './worker-thread.ts';

/** A county on one machine with the pump that runs the functions over it. */
export interface Platform extends County {
  readonly pump: Pump;
  /** What a new day asks for: every household is looked at again, and so is every open case. */
  beginDay(): Promise<void>;
  /** Lets what is in hand end, then closes the stores. */
  close(): Promise<void>;
}

/** How the work is spread over threads. */
export interface Threads extends Pick<WorkerSettings, 'clock' | 'logFrom'> {
  /** 0: the work is done in this thread. */
  readonly count: number;
  /** Started with the first task; otherwise only once so much waits that they pay. */
  readonly atOnce: boolean;
}

/** Households of a sweep assessed in one go. */
const SWEEP_PAGE = 1_000;
/** More threads than this wait for their turn to write. */
const MOST_THREADS = 4;

/**
 * Opens the data directory, making it with fresh keys when it is new. Reads no file and starts no work. Without `threads`
 * all work is done in this one.
 * @throws PermanentError when keys, settings or database are not as they must be, saying what to do
 */
export function openPlatform(dataDir: string, clock: Clock, log: Log, threads?: Threads): Platform {
  prepareDataDirectory(dataDir);
  const turn = new WriteTurn();
  const county = openCounty(dataDir, clock, log, turn);
  const { stores, metrics } = county;
  const started: WorkerThread[] = [];
  const start = (settings: Threads) => {
    const { clock: clockSetting, logFrom } = settings;
    for (let n = 0; n < settings.count; n += 1) {
      started.push(new WorkerThread({ dataDir, clock: clockSetting, logFrom, turn: turn.shared }, metrics));
    }
    return started.map((thread) => thread.work.bind(thread));
  };
  const pump = new Pump({
    queue: stores.queue,
    schedule: new Schedule({
      queue: stores.queue,
      exchange: stores.objects,
      households: (after) =>
        stores.households.households({
          limit: SWEEP_PAGE,
          livedInFrom: dateInChina(clock.now()),
          ...(after === undefined ? undefined : { after }),
        }),
      runsDue: () => stores.workflow.isDue(),
      eventsWaiting: () => eventsWaiting(stores),
    }),
    work: workOf(county),
    ...(threads === undefined || threads.count === 0
      ? undefined
      : { threads: { atOnce: threads.atOnce, start: () => start(threads) } }),
  });
  return {
    ...county,
    pump,
    async beginDay() {
      pump.requestSweep();
      const message: TendCases = { v: 1, kind: 'tend-cases' };
      await stores.queue.send('cases', [{ body: JSON.stringify(message), key: 'tend-cases' }]);
    },
    async close() {
      // What failed was told where it was waited for, or comes again at the next start.
      await pump.rest().catch(() => undefined);
      await Promise.all(started.map((thread) => thread.close()));
      stores.close();
    },
  };
}

/** As many threads as there are processors, in reason. */
export function threadsOfMachine(): number {
  return Math.min(availableParallelism(), MOST_THREADS);
}

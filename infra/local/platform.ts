import { availableParallelism } from 'node:os';
import { LogFolding } from '../../shared/adapters/embedded/log-folding.ts';
import { WriteTurn } from '../../shared/adapters/embedded/write-turn.ts';
import { dateInChina } from '../../shared/calendar/plain-date.ts';
import type { TendCases } from '../../shared/ports/case-messages.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { Log } from '../../shared/ports/log.ts';
import type { TendReports } from '../../shared/ports/queue-messages.ts';
import { type County, openCounty } from './county.ts';
import { prepareDataDirectory } from './data-directory.ts';
import { Pump } from './pump.ts';
import { Schedule } from './schedule.ts';
import { eventsWaiting, workOf } from './work.ts';
import { type WorkerSettings, WorkerThread } from './worker-thread.ts';

/** A county on one machine with the pump that runs the functions over it. */
export interface Platform extends County {
  readonly pump: Pump;
  /** What a new day asks for: every household is looked at again, so is every open case, and reports that fell due are made. */
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
  const folding = threads === undefined || threads.count === 0 ? undefined : new LogFolding(dataDir);
  const started: WorkerThread[] = [];
  const start = ({ clock: clockSetting, logFrom }: Threads) => {
    const thread = new WorkerThread({ dataDir, clock: clockSetting, logFrom, turn: turn.shared }, metrics);
    started.push(thread);
    return thread.work.bind(thread);
  };
  const pump = new Pump({
    queue: stores.queue,
    reports: () => (threads === undefined || threads.count === 0 ? workOf(county, { alone: false }) : start(threads)),
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
    work: workOf(county, { alone: false }),
    ...(threads === undefined || threads.count === 0
      ? undefined
      : { threads: { atOnce: threads.atOnce, start: () => Array.from({ length: threads.count }, () => start(threads)) } }),
  });
  return {
    ...county,
    pump,
    async beginDay() {
      pump.requestSweep();
      const message: TendCases = { v: 1, kind: 'tend-cases' };
      await stores.queue.send('cases', [{ body: JSON.stringify(message), key: 'tend-cases' }]);
      // Where no report is scheduled or kept there is nothing to tend, and no thread to start for it.
      const { reports } = county.casework.parameters;
      if (reports.length === 0 && (await stores.reportJobs.kept(clock.now(), 1)).length === 0) return;
      const tend: TendReports = { v: 1, kind: 'tend-reports' };
      await stores.queue.send('reports', [{ body: JSON.stringify(tend), key: 'tend-reports' }]);
    },
    async close() {
      // What failed was told where it was waited for, or comes again at the next start.
      await pump.rest().catch(() => undefined);
      await Promise.all([folding, ...started].map((thread) => thread?.close()));
      stores.close();
    },
  };
}

/** As many threads as there are processors, in reason. */
export function threadsOfMachine(): number {
  return Math.min(availableParallelism(), MOST_THREADS);
}

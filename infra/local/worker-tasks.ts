import { parentPort, workerData } from 'node:worker_threads';
import { WriteTurn } from '../../shared/adapters/embedded/write-turn.ts';
import { clockOf } from './clock.ts';
import { openCounty } from './county.ts';
import { stderrLog } from './stderr-log.ts';
import { type Task, workOf } from './work.ts';
import { type Answer, type WorkerSettings, wrapped } from './worker-thread.ts';

/** The thread that WorkerThread starts: opens the county for itself and does the tasks it is sent, one after the other. */
const settings = workerData as WorkerSettings;
const clock = clockOf(settings.clock);
const county = openCounty(settings.dataDir, clock, stderrLog(clock, settings.logFrom), new WriteTurn(settings.turn));
const work = workOf(county, { alone: true });

parentPort?.on('message', (task: Task | 'close') => {
  if (task === 'close') {
    county.stores.close();
    parentPort?.close();
    return;
  }
  void answerTo(task).then((answer) => parentPort?.postMessage(answer));
});

async function answerTo(task: Task): Promise<Answer> {
  try {
    return { done: await work(task), counts: county.metrics.take() };
  } catch (error) {
    return { error: wrapped(error), counts: county.metrics.take() };
  }
}

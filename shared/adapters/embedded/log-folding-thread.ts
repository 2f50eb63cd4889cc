import { statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import type { FoldingSettings } from './log-folding.ts';

/** The thread that LogFolding starts. It loads nothing else of the program, so that it costs next to nothing to start. */
const { path, every } = workerData as FoldingSettings;
/** Nothing is lost by looking late: the log is some megabytes longer then. */
const LOOK_MS = 200;

const database = new DatabaseSync(path);
// As the writers have it: what is folded is on the disk before its place in the log is used again.
database.exec('PRAGMA synchronous = NORMAL');
const fold = database.prepare('PRAGMA wal_checkpoint(PASSIVE)');
let folded = 0;

function lookAtLog(): void {
  const length = statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0;
  // Begun anew since.
  if (length < folded) folded = 0;
  if (length - folded < every) return;
  folded = length;
  try {
    fold.get();
  } catch {
    // No room on the disk, or it cannot be written: tried again when the log has grown by as much, and said by whoever writes.
  }
}

const timer = setInterval(lookAtLog, LOOK_MS);
parentPort?.on('message', () => {
  clearInterval(timer);
  database.close();
  parentPort?.close();
});

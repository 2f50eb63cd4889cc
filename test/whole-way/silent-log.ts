import type { Log } from '../../shared/ports/log.ts';

/** A log for tests that look at stores only. */
export const silentLog: Log = { info: () => {}, warn: () => {}, error: () => {} };

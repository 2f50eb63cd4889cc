import { type Log, LogCode } from '../../shared/ports/log.ts';
import type { ReportArchive } from '../../shared/ports/report-engine.ts';

/** The archive, with a line that sounds the alarm when it is not as it was written: a red cover is seen by its reader alone. */
export function watched(log: Log, archive: ReportArchive): ReportArchive {
  return {
    snapshot: () => archive.snapshot(),
    async verify(snapshot) {
      const verdict = await archive.verify(snapshot);
      if (!verdict.ok) {
        const { fault, number, where, day } = verdict;
        log.error(LogCode.ArchiveBroken, { fault, number, where, ...(day === undefined ? {} : { day }) });
      }
      return verdict;
    },
  };
}

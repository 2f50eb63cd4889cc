import { rm } from 'node:fs/promises';
import { type ArchiveVerdict, verifyArchive } from '../../audit/verify-archive.ts';
import type { ArchiveSnapshot, ReportArchive } from '../../ports/report-engine.ts';
import type { FolderEventArchive } from './folder-event-archive.ts';

/** The archive of a county on one machine, for reports. */
export class FolderReportArchive implements ReportArchive {
  readonly #archive: FolderEventArchive;
  readonly #scratch: string;
  /** `scratch`: where copies lie while a report is made. */
  constructor(archive: FolderEventArchive, scratch: string) {
    this.#archive = archive;
    this.#scratch = scratch;
  }

  async snapshot(): Promise<ArchiveSnapshot> {
    const { head, files, copy } = await this.#archive.snapshot(this.#scratch);
    return {
      head,
      files,
      release: async () => {
        if (copy !== undefined) await rm(copy, { force: true });
      },
    };
  }

  verify({ head }: ArchiveSnapshot): Promise<ArchiveVerdict> {
    return verifyArchive(this.#archive, { head });
  }
}

import { type ArchiveVerdict, verifyArchive } from '../../audit/verify-archive.ts';
import type { ArchiveSnapshot, ReportArchive } from '../../ports/report-engine.ts';
import { openScratchFolder } from '../scratch-folder.ts';
import type { FolderEventArchive } from './folder-event-archive.ts';

/** The archive of a county on one machine, for reports. */
export class FolderReportArchive implements ReportArchive {
  readonly #archive: FolderEventArchive;
  readonly #scratch: string;
  /** `scratch`: where copies lie while a report is made, each in a folder of its own. */
  constructor(archive: FolderEventArchive, scratch: string) {
    this.#archive = archive;
    this.#scratch = scratch;
  }

  async snapshot(): Promise<ArchiveSnapshot> {
    const scratch = openScratchFolder(this.#scratch);
    try {
      const { head, files } = await this.#archive.snapshot(scratch.path);
      return { head, files, release: async () => scratch.close() };
    } catch (error) {
      scratch.close();
      throw error;
    }
  }

  verify({ head }: ArchiveSnapshot): Promise<ArchiveVerdict> {
    return verifyArchive(this.#archive, { head });
  }
}
